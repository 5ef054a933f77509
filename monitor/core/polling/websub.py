"""Subscriptions to hubs, by the W3C recommendation of WebSub (https://www.w3.org/TR/websub/). Pure.

A feed may name a hub that pushes what is new. The monitor asks the hub for a subscription; the hub asks back whether
that was meant, and for how long it holds (the lease); then it pushes, and signs what it pushes with a secret of both.
Each step here gives the subscription after something happened; nothing is trusted but what the monitor asked for.
"""

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from monitor.core.timing import SKEW, as_duration, believed

#: The lease that is asked for; hubs give what they like.
LEASE = timedelta(days=10)
#: No lease is believed to last longer: one is asked for again at least so often.
LONGEST = timedelta(days=90)
#: A hub may take so long to ask back; then the request counts as failed.
PATIENCE = timedelta(hours=1)
#: So long after a request the hub may ask back, again where our answer was lost.
WINDOW = timedelta(hours=24)
#: After the first failure; twice as long after each further one, up to the longest.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=24)
#: A hub that said no is asked again after so long: it may have been wrong.
DENIED_PAUSE = timedelta(days=7)
#: A hub that does not take back a subscription is left to its lease after so many attempts.
FAREWELLS = 5
#: Pushes that are remembered, so that a recorded one cannot be played again.
REMEMBERED = 32
_DIGEST = 8
#: Where callbacks are, below the address at which the monitor is reached.
CALLBACK_PATH = "/websub/"
_METHODS = frozenset({"sha1", "sha256", "sha384", "sha512"})


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSubscription:
    """One subscription at one hub, and where it stands. Who knows the callback may speak as the hub: it is a secret."""

    #: What the callback ends with; unguessable.
    token: str = field(repr=False)
    #: The address at which the monitor was reached when it was asked for: the callback's other part.
    public: str
    #: The address of the feed in the configuration.
    feed: str
    hub: str
    #: What the feed calls itself: the address by which the hub knows it.
    topic: str
    #: The key of the hub's signatures.
    secret: str = field(repr=False)
    #: Whether it is being taken back.
    is_leaving: bool = False
    #: When the hub was last asked for what is wanted now; None where that was not yet, or it has said no.
    asked_at: datetime | None = None
    #: Whether it has still to ask back.
    is_pending: bool = False
    #: When the lease ends; None while there is none.
    until: datetime | None = None
    #: When the next thing is to be done for it.
    next_at: datetime
    #: Failed requests in a row, and what went wrong last.
    failures: int = 0
    error: str = ""
    #: Pushes that were genuine; when the last came, and when what was pushed until then had been taken down the road.
    pushes: int = 0
    pushed_at: datetime | None = None
    taken_at: datetime | None = None
    #: Digests of the last pushes, one behind the other.
    seen: bytes = field(default=b"", repr=False)

    @property
    def callback(self) -> str:
        return f"{self.public}{CALLBACK_PATH}{self.token}"

    def is_live(self, now: datetime) -> bool:
        """Whether the hub pushes what is new."""
        return not self.is_leaving and self.until is not None and now < believed(self.until, now, LONGEST)

    def is_due(self, now: datetime) -> bool:
        """Whether the next thing is to be done for it; at once where a clock that ran ahead has put it off."""
        longest = LONGEST if self.until is not None else DENIED_PAUSE
        return self.is_ahead(now) or believed(self.next_at, now, longest) <= now

    def is_ahead(self, now: datetime) -> bool:
        """Whether its hub was asked later than now: by a clock that ran ahead, which told when its lease ends too."""
        return self.asked_at is not None and self.asked_at > now + SKEW

    @property
    def is_untaken(self) -> bool:
        """Whether something was pushed that was not taken down the road yet."""
        return self.pushed_at is not None and (self.taken_at is None or self.taken_at < self.pushed_at)


# ---------------------------------------------------------------- what is to be done


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done now; subscriptions by their tokens."""

    #: Feeds of which there is no subscription, with hub and topic.
    new: tuple[tuple[str, str, str], ...] = ()
    #: Nobody wants them any more: they are to be taken back.
    leave: tuple[str, ...] = ()
    #: Their hubs did not ask back in time.
    lapse: tuple[str, ...] = ()
    #: Their hubs are to be asked, to subscribe or to unsubscribe.
    ask: tuple[str, ...] = ()
    forget: tuple[str, ...] = ()


def is_fit(feed: str, hub: str) -> bool:
    """Whether a feed may come by its hub: it is no file, and not encrypted on the way while the hub is in the open."""
    schemes = (urlsplit(feed).scheme.lower(), urlsplit(hub).scheme.lower())
    return schemes in {("https", "https"), ("http", "https"), ("http", "http")}


def plan(
    wanted: Mapping[str, tuple[str, str]], subscriptions: Collection[HubSubscription], public: str, now: datetime
) -> Plan:
    """What is to be done now.

    Args:
        wanted: the feeds of the configuration that come by a hub: address → hub, topic.
        subscriptions: all that there are.
        public: the address at which the monitor is reached.
        now: the present instant.
    """
    kept: dict[str, str] = {}
    leave: list[str] = []
    forget: list[str] = []
    due: list[HubSubscription] = []
    for each in subscriptions:
        if each.public != public or (each.is_leaving and each.is_due(now) and _is_over(each, now)):
            # Where the monitor was reached once, no hub's question arrives any more.
            forget.append(each.token)
            continue
        if not each.is_leaving:
            if each.feed in kept or wanted.get(each.feed) != (each.hub, each.topic):
                leave.append(each.token)
                continue
            kept[each.feed] = each.token
        if each.is_due(now):
            due.append(each)
    return Plan(
        new=tuple((feed, hub, topic) for feed, (hub, topic) in wanted.items() if feed not in kept),
        leave=tuple(leave),
        lapse=tuple(each.token for each in due if each.is_pending),
        ask=tuple(each.token for each in due if not each.is_pending),
        forget=tuple(forget),
    )


def _is_over(leaving: HubSubscription, now: datetime) -> bool:
    """Whether a subscription that is taken back is none any more, or the hub cannot be told."""
    return leaving.until is None or leaving.until <= now or leaving.failures >= FAREWELLS


# ---------------------------------------------------------------- what we do


def asking(subscription: HubSubscription, now: datetime) -> HubSubscription:
    """Its hub is about to be asked; to be kept before, since hubs ask back at once."""
    until = None if subscription.is_ahead(now) else subscription.until
    return replace(subscription, asked_at=now, is_pending=True, until=until, next_at=now + PATIENCE)


def request(subscription: HubSubscription) -> Mapping[str, str]:
    """The form by which its hub is asked."""
    form = {
        "hub.callback": subscription.callback,
        "hub.mode": "unsubscribe" if subscription.is_leaving else "subscribe",
        "hub.topic": subscription.topic,
    }
    if subscription.is_leaving:
        return form
    return form | {"hub.lease_seconds": str(round(LEASE.total_seconds())), "hub.secret": subscription.secret}


def failed(
    subscription: HubSubscription, now: datetime, *, error: str, jitter: float, retry_after: float | None = None
) -> HubSubscription:
    """Its hub could not be asked, refused the request, or did not ask back; it is asked again, ever more seldom."""
    # The exponent is bounded before the product: a hub may fail for years.
    ceiling = min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(subscription.failures, 16)))
    pause = max(ceiling * (0.5 + 0.5 * jitter), min(LONGEST_PAUSE, as_duration(retry_after or 0.0)))
    return replace(subscription, failures=subscription.failures + 1, error=error, is_pending=False, next_at=now + pause)


def leaving(subscription: HubSubscription, now: datetime) -> HubSubscription:
    """It is to be taken back; where no lease was given it is kept for a while, to say no should the hub ask yet."""
    return replace(
        subscription,
        is_leaving=True,
        asked_at=None,
        is_pending=False,
        failures=0,
        error="",
        next_at=now if subscription.until is not None else now + WINDOW,
    )


# ---------------------------------------------------------------- what the hub does


def lease_of(text: str) -> timedelta | None:
    """The lease that a hub names, in whole seconds; None where that is no lease."""
    seconds = int(text) if text.isascii() and text.isdigit() and len(text) <= len("9999999999") else 0
    return min(LONGEST, timedelta(seconds=seconds)) or None


def verified(
    subscription: HubSubscription, now: datetime, *, mode: str, topic: str, lease: timedelta | None, jitter: float
) -> HubSubscription | None:
    """Its hub asks whether a request was meant; None where it was not, which is to be answered by 404.

    It was where just this was asked for not long ago; a hub asks again where our answer was lost.
    """
    meant = "unsubscribe" if subscription.is_leaving else "subscribe"
    was_asked = subscription.asked_at is not None and abs(now - subscription.asked_at) < WINDOW
    if not was_asked or mode != meant or topic != subscription.topic:
        return None
    done = replace(subscription, is_pending=False, failures=0, error="")
    if subscription.is_leaving:
        return replace(done, until=None, next_at=now + WINDOW)
    if lease is None:
        return None
    return replace(done, until=now + lease, next_at=now + max(FIRST_PAUSE, lease * (0.7 + 0.1 * jitter)))


def denied(subscription: HubSubscription, now: datetime, *, topic: str, reason: str) -> HubSubscription | None:
    """Its hub says no, now or after it had said yes; None where that is not about this subscription."""
    if topic != subscription.topic:
        return None
    if subscription.is_leaving:
        return replace(subscription, until=None, is_pending=False, next_at=now + WINDOW)
    error = "the hub says no" + (f": {reason}" if reason else "")
    return replace(subscription, asked_at=None, is_pending=False, until=None, error=error, next_at=now + DENIED_PAUSE)


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether the X-Hub-Signature (``sha256=…``) is that of the body by this secret. Takes as long, right or wrong."""
    method, _, digest = signature.strip().partition("=")
    method = method.strip().lower()
    if method not in _METHODS or not digest.isascii():
        return False
    return hmac.compare_digest(hmac.new(secret.encode(), body, method).hexdigest(), digest.strip().lower())


def pushed(subscription: HubSubscription, now: datetime, *, body: bytes, signature: str) -> HubSubscription | None:
    """Its hub pushed this; None where it was not the hub, or this was pushed before: it is to be ignored."""
    if subscription.is_leaving or not is_signed(body, signature, subscription.secret):
        return None
    digest = sha256(body).digest()[:_DIGEST]
    seen = subscription.seen
    if digest in (seen[start : start + _DIGEST] for start in range(0, len(seen), _DIGEST)):
        return None
    return replace(
        subscription,
        pushes=subscription.pushes + 1,
        pushed_at=now,
        # What was taken in the future was not this.
        taken_at=subscription.taken_at if subscription.taken_at is None or subscription.taken_at < now else None,
        seen=(seen + digest)[-REMEMBERED * _DIGEST :],
    )


def taken(subscription: HubSubscription, at: datetime) -> HubSubscription:
    """What was pushed until then has been taken down the road."""
    return replace(subscription, taken_at=max(at, subscription.taken_at or at))
