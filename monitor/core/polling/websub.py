"""Subscriptions at hubs, by the W3C recommendation WebSub (https://www.w3.org/TR/websub/). Pure.

A feed may name a hub that pushes new entries. The monitor asks the hub for a subscription. The hub asks back whether
that was intended, and for how long the subscription holds (the lease). Then it pushes, and signs each push with a
shared secret. Each function here returns the subscription after an event. It trusts only what the monitor asked for.
"""

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from monitor.core.backoff import SKEW, as_duration, believed

#: The lease that is requested. Hubs grant what they like.
LEASE = timedelta(days=10)
#: The longest lease that is believed. It is renewed at least this often.
LONGEST = timedelta(days=90)
#: How long a hub may take to ask back. After that the request counts as failed.
PATIENCE = timedelta(hours=1)
#: How long after a request the hub may ask back, and again if our answer was lost.
WINDOW = timedelta(hours=24)
#: The pause after the first failure. It doubles with each further one, up to the longest.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=24)
#: The pause after a hub refused. It may have been wrong.
DENIED_PAUSE = timedelta(days=7)
#: After this many failed attempts to unsubscribe, the subscription is left to its lease.
FAREWELLS = 5
#: The number of pushes that are remembered, so that a recorded one cannot be replayed.
REMEMBERED = 32
_DIGEST = 8
#: The path of callbacks below the monitor's public address.
CALLBACK_PATH = "/websub/"
_METHODS = frozenset({"sha1", "sha256", "sha384", "sha512"})


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSubscription:
    """One subscription at one hub, and its progress.

    The callback is a secret: a client that knows it can speak as the hub.
    """

    #: The end of the callback. Unguessable.
    token: str = field(repr=False)
    #: The monitor's public address at the time of the request: the first part of the callback.
    public: str
    #: The address of the feed in the configuration.
    feed: str
    hub: str
    #: The address that the feed gives for itself. The hub knows it by this address.
    topic: str
    #: The key for the hub's signatures.
    secret: str = field(repr=False)
    #: Whether it is being cancelled.
    is_leaving: bool = False
    #: When the hub was last asked for the current request. None if it was not asked yet, or if it refused.
    asked_at: datetime | None = None
    #: Whether the hub has not asked back yet.
    is_pending: bool = False
    #: When the lease ends. None if there is no lease.
    until: datetime | None = None
    #: When the next action is due.
    next_at: datetime
    #: Failed requests in a row, and the last error.
    failures: int = 0
    error: str = ""
    #: The number of genuine pushes, when the last one came, and up to which instant pushes were processed.
    pushes: int = 0
    pushed_at: datetime | None = None
    taken_at: datetime | None = None
    #: Concatenated digests of the last pushes.
    seen: bytes = field(default=b"", repr=False)

    @property
    def callback(self) -> str:
        return f"{self.public}{CALLBACK_PATH}{self.token}"

    def is_live(self, now: datetime) -> bool:
        """Whether the hub pushes new entries."""
        return not self.is_leaving and self.until is not None and now < believed(self.until, now, LONGEST)

    def is_due(self, now: datetime) -> bool:
        """Whether the next action is due. At once if a clock that ran ahead has postponed it."""
        longest = LONGEST if self.until is not None else DENIED_PAUSE
        return self.is_ahead(now) or believed(self.next_at, now, longest) <= now

    def is_ahead(self, now: datetime) -> bool:
        """Whether its hub was asked in the future: by a clock that ran ahead, which also set the end of the lease."""
        return self.asked_at is not None and self.asked_at > now + SKEW

    @property
    def is_untaken(self) -> bool:
        """Whether a push was not processed yet."""
        return self.pushed_at is not None and (self.taken_at is None or self.taken_at < self.pushed_at)


# ---------------------------------------------------------------- what is to be done


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do now. Subscriptions are given by their tokens."""

    #: Feeds without a subscription, with hub and topic.
    new: tuple[tuple[str, str, str], ...] = ()
    #: They are no longer wanted and must be cancelled.
    leave: tuple[str, ...] = ()
    #: Their hubs did not ask back in time.
    lapse: tuple[str, ...] = ()
    #: Their hubs must be asked, to subscribe or to unsubscribe.
    ask: tuple[str, ...] = ()
    forget: tuple[str, ...] = ()


def is_fit(feed: str, hub: str) -> bool:
    """Whether a feed may come through its hub: it is no file, and an https feed does not come through an http hub."""
    schemes = (urlsplit(feed).scheme.lower(), urlsplit(hub).scheme.lower())
    return schemes in {("https", "https"), ("http", "https"), ("http", "http")}


def plan(
    wanted: Mapping[str, tuple[str, str]], subscriptions: Collection[HubSubscription], public: str, now: datetime
) -> Plan:
    """What to do now.

    Args:
        wanted: the feeds of the configuration that come through a hub: address → hub, topic.
        subscriptions: all existing subscriptions.
        public: the monitor's public address.
        now: the present instant.
    """
    kept: dict[str, str] = {}
    leave: list[str] = []
    forget: list[str] = []
    due: list[HubSubscription] = []
    for each in subscriptions:
        if each.public != public or (each.is_leaving and each.is_due(now) and _is_over(each, now)):
            # No request of a hub arrives at a former public address.
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
    """Whether a cancelled subscription has ended, or its hub cannot be told."""
    return leaving.until is None or leaving.until <= now or leaving.failures >= FAREWELLS


# ---------------------------------------------------------------- what we do


def asking(subscription: HubSubscription, now: datetime) -> HubSubscription:
    """Its hub is about to be asked. Store this before the request, since hubs ask back at once."""
    until = None if subscription.is_ahead(now) else subscription.until
    return replace(subscription, asked_at=now, is_pending=True, until=until, next_at=now + PATIENCE)


def request(subscription: HubSubscription) -> Mapping[str, str]:
    """The form fields of the request to its hub."""
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
    """Its hub could not be asked, refused the request, or did not ask back. It is asked again at growing intervals."""
    # The exponent is bounded before the product: a hub may fail for years.
    ceiling = min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(subscription.failures, 16)))
    pause = max(ceiling * (0.5 + 0.5 * jitter), min(LONGEST_PAUSE, as_duration(retry_after or 0.0)))
    return replace(subscription, failures=subscription.failures + 1, error=error, is_pending=False, next_at=now + pause)


def leaving(subscription: HubSubscription, now: datetime) -> HubSubscription:
    """It is to be cancelled. Without a lease it is kept for a while, to answer no if the hub still asks."""
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
    """The lease that a hub names in whole seconds. None if the text is not a lease."""
    seconds = int(text) if text.isascii() and text.isdigit() and len(text) <= len("9999999999") else 0
    return min(LONGEST, timedelta(seconds=seconds)) or None


def verified(
    subscription: HubSubscription, now: datetime, *, mode: str, topic: str, lease: timedelta | None, jitter: float
) -> HubSubscription | None:
    """Its hub asks whether a request was intended. None if it was not, which must be answered with 404.

    It was intended if exactly this was requested recently. A hub asks again if our answer was lost.
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
    """Its hub refuses, now or after it had agreed. None if the refusal does not concern this subscription."""
    if topic != subscription.topic:
        return None
    if subscription.is_leaving:
        return replace(subscription, until=None, is_pending=False, next_at=now + WINDOW)
    error = "the hub says no" + (f": {reason}" if reason else "")
    return replace(subscription, asked_at=None, is_pending=False, until=None, error=error, next_at=now + DENIED_PAUSE)


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether the X-Hub-Signature (``sha256=…``) is that of the body with this secret. Compares in constant time."""
    method, _, digest = signature.strip().partition("=")
    method = method.strip().lower()
    if method not in _METHODS or not digest.isascii():
        return False
    return hmac.compare_digest(hmac.new(secret.encode(), body, method).hexdigest(), digest.strip().lower())


def pushed(subscription: HubSubscription, now: datetime, *, body: bytes, signature: str) -> HubSubscription | None:
    """Its hub pushed this. None if it was not the hub or is a repetition: then the push must be ignored."""
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
        # What was processed at a future instant was not this push.
        taken_at=subscription.taken_at if subscription.taken_at is None or subscription.taken_at < now else None,
        seen=(seen + digest)[-REMEMBERED * _DIGEST :],
    )


def taken(subscription: HubSubscription, at: datetime) -> HubSubscription:
    """The pushes up to this instant have been processed."""
    return replace(subscription, taken_at=max(at, subscription.taken_at or at))
