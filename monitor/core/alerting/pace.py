"""Rate limits for services: token buckets, and the known limits of each service. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.core.backoff import believed


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A number of messages per period. All of them may go at once if none went before."""

    messages: int
    per: timedelta

    @property
    def interval(self) -> timedelta:
        """The time after which one more message is allowed."""
        return self.per / self.messages


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The rate limits of a service."""

    #: For one address of the service: a channel, a chat, a topic.
    each: Limit | None = None
    #: For all addresses that share an account or a host.
    all: Limit | None = None


_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)

#: By the scheme of the address. docs/alerts.md gives the source of each figure.
PACES: Mapping[str, Pace] = {
    "slack": Pace(each=Limit(messages=1, per=_SECOND)),
    "tgram": Pace(each=Limit(messages=1, per=_SECOND), all=Limit(messages=30, per=_SECOND)),
    "discord": Pace(each=Limit(messages=5, per=2 * _SECOND), all=Limit(messages=50, per=_SECOND)),
    "msteams": Pace(each=Limit(messages=4, per=_SECOND)),
    "workflow": Pace(each=Limit(messages=4, per=_SECOND)),
    "ntfy": Pace(all=Limit(messages=60, per=5 * _MINUTE)),
    "ntfys": Pace(all=Limit(messages=60, per=5 * _MINUTE)),
}
#: Destinations that the operator runs. They report themselves when they are overloaded.
UNBOUNDED = frozenset({"console", "form", "forms", "json", "jsons", "mailto", "mailtos", "xml", "xmls"})
#: The limit of every other service. One message a second disturbs no service.
UNKNOWN = Pace(each=Limit(messages=1, per=_SECOND))


def pace_of(scheme: str) -> Pace:
    """The rate limits of the service behind addresses with this scheme."""
    return Pace() if scheme in UNBOUNDED else PACES.get(scheme, UNKNOWN)


@dataclass(frozen=True, slots=True)
class Bucket:
    """A token bucket as GCRA (generic cell rate algorithm). Its only state is when the bucket is full again."""

    full_at: datetime | None = field(default=None)

    def ready_at(self, limit: Limit, now: datetime) -> datetime:
        """The earliest instant at which one more message may go. Never before ``now``."""
        return max(now, self._full_at(limit, now) - (limit.per - limit.interval))

    def take(self, limit: Limit, now: datetime) -> "Bucket":
        """The bucket after one message was sent."""
        return Bucket(max(now, self._full_at(limit, now)) + limit.interval)

    def _full_at(self, limit: Limit, now: datetime) -> datetime:
        return now if self.full_at is None else believed(self.full_at, now, limit.per)
