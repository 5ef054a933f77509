"""Limits on how much is sent to a service, and on what people who subscribe alone may ask for. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.core.backoff import believed

# Rate limits for services: token buckets, and the known limits of each service. Pure ----------------------------------


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
class ServicePace:
    """The rate limits of a service."""

    #: For one address of the service: a channel, a chat, a topic.
    each: Limit | None = None
    #: For all addresses that share an account or a host.
    all: Limit | None = None


_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)

#: By the scheme of the address. docs/alerts.md gives the source of each figure.
PACES: Mapping[str, ServicePace] = {
    "slack": ServicePace(each=Limit(messages=1, per=_SECOND)),
    "tgram": ServicePace(each=Limit(messages=1, per=_SECOND), all=Limit(messages=30, per=_SECOND)),
    "discord": ServicePace(each=Limit(messages=5, per=2 * _SECOND), all=Limit(messages=50, per=_SECOND)),
    "msteams": ServicePace(each=Limit(messages=4, per=_SECOND)),
    "workflow": ServicePace(each=Limit(messages=4, per=_SECOND)),
    "ntfy": ServicePace(all=Limit(messages=60, per=5 * _MINUTE)),
    "ntfys": ServicePace(all=Limit(messages=60, per=5 * _MINUTE)),
}
#: Destinations that the operator runs. They report themselves when they are overloaded.
UNBOUNDED = frozenset({"console", "form", "forms", "json", "jsons", "mailto", "mailtos", "xml", "xmls"})
#: The limit of every other service. One message a second disturbs no service.
UNKNOWN = ServicePace(each=Limit(messages=1, per=_SECOND))


def pace_of(scheme: str) -> ServicePace:
    """The rate limits of the service behind addresses with this scheme."""
    return ServicePace() if scheme in UNBOUNDED else PACES.get(scheme, UNKNOWN)


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


# Limits on what may be asked for by people who subscribe alone. Pure --------------------------------------------------


#: How long the link in the mail can be used.
VALID = timedelta(hours=48)
#: Mails to one address. Whoever asks need not own the address.
_EACH, _EACH_WITHIN = 3, timedelta(days=1)
#: Mails that one network may ask for, and in all. Whoever asks for many must not stop the mails of others.
_OF_NETWORK, _ALL, _ALL_WITHIN = 20, 300, timedelta(hours=1)
#: The longest period that a limit looks at.
LATELY = _EACH_WITHIN
_LONGEST = 254
#: Plain addresses only. No quotes, no comments, nothing that a header would take for more than an address.
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")


def mail_address(typed: str) -> str:
    """The mail address in lower case. "" if it is not one."""
    address = typed.strip()
    return address.lower() if len(address) <= _LONGEST and _ADDRESS.fullmatch(address) else ""


def is_too_much(asked: Sequence[tuple[str, datetime]], address: str, now: datetime) -> bool:
    """Whether no further mail goes to this address now. Nobody is told: it would show that the address was used.

    Args:
        asked: the address and the instant of each former request within ``LATELY``.
        address: whom the mail would go to.
        now: the present instant.
    """
    return sum(one == address and at > now - _EACH_WITHIN for one, at in asked) >= _EACH


def is_crowded(asked: Sequence[tuple[str, datetime]], network: str, sent: Sequence[datetime], now: datetime) -> bool:
    """Whether so many mails were asked for that no further one goes out for this network now, to whatever address.

    Args:
        asked: the network and the instant of each former request.
        network: where the request comes from.
        sent: the instants of mails within ``LATELY``.
        now: the present instant.
    """
    since = now - _ALL_WITHIN
    of_network = sum(one == network and at > since for one, at in asked)
    return of_network >= _OF_NETWORK or sum(at > since for at in sent) >= _ALL
