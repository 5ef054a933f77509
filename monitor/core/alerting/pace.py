"""How quickly a service may be sent to: token buckets, and the limits that services are known to have. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.core.timing import believed


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many messages in a period of time; all of them may go at once when none went before."""

    messages: int
    per: timedelta

    @property
    def interval(self) -> timedelta:
        """The time in which one more is allowed."""
        return self.per / self.messages


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What a service takes."""

    #: At one address of it: a channel, a chat, a topic.
    each: Limit | None = None
    #: At all addresses that share an account or a host.
    all: Limit | None = None


_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)

#: By scheme of the address. Where each figure is from stands in docs/alerts.md.
PACES: Mapping[str, Pace] = {
    "slack": Pace(each=Limit(messages=1, per=_SECOND)),
    "tgram": Pace(each=Limit(messages=1, per=_SECOND), all=Limit(messages=30, per=_SECOND)),
    "discord": Pace(each=Limit(messages=5, per=2 * _SECOND), all=Limit(messages=50, per=_SECOND)),
    "msteams": Pace(each=Limit(messages=4, per=_SECOND)),
    "workflow": Pace(each=Limit(messages=4, per=_SECOND)),
    "ntfy": Pace(all=Limit(messages=60, per=5 * _MINUTE)),
    "ntfys": Pace(all=Limit(messages=60, per=5 * _MINUTE)),
}
#: What is the operator's own, and says itself when it has enough.
UNBOUNDED = frozenset({"console", "form", "forms", "json", "jsons", "mailto", "mailtos", "xml", "xmls"})
#: Of all others nothing is known; nobody minds one message a second.
UNKNOWN = Pace(each=Limit(messages=1, per=_SECOND))


def pace_of(scheme: str) -> Pace:
    """What the service behind these addresses takes."""
    return Pace() if scheme in UNBOUNDED else PACES.get(scheme, UNKNOWN)


@dataclass(frozen=True, slots=True)
class Bucket:
    """When the next message is allowed: the instant at which the bucket would be full again tells all (GCRA)."""

    full_at: datetime | None = field(default=None)

    def ready_at(self, limit: Limit, now: datetime) -> datetime:
        """The earliest instant at which one message more may go; not before now."""
        return max(now, self._full_at(limit, now) - (limit.per - limit.interval))

    def take(self, limit: Limit, now: datetime) -> "Bucket":
        """The bucket after one message went."""
        return Bucket(max(now, self._full_at(limit, now)) + limit.interval)

    def _full_at(self, limit: Limit, now: datetime) -> datetime:
        return now if self.full_at is None else believed(self.full_at, now, limit.per)
