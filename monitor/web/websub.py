"""``/websub/…``: where hubs verify subscriptions and push news (https://www.w3.org/TR/websub/).

Only the hub knows its callback address. Any other address gets a 404. A push is acknowledged once its signature is
verified, and read afterwards. A push with a wrong signature is acknowledged too, as the recommendation requires, so
that nobody learns whether a signature was right.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TypeVar

import structlog

from monitor.core.plain import clean
from monitor.core.polling.websub import CALLBACK_PATH, HubSubscription, denied, is_signed, lease_of, pushed, verified
from monitor.errors import LedgerError
from monitor.poll.intake import Intake, Push
from monitor.ports import HubSubscriptions
from monitor.web.routes import NOT_FOUND, Answer, Asked, Route

_TAKEN = Answer(status=HTTPStatus.ACCEPTED)
_GONE = Answer(status=HTTPStatus.GONE)
_LATER = Answer(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "60"})
# The most characters of a hub's reason that are logged.
_REASON = 200

A = TypeVar("A", Answer, Answer | None)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Callbacks:
    """Answers hubs."""

    hubs: HubSubscriptions
    #: Receives the pushes.
    intake: Intake
    #: Returns the present instant, aware, in UTC.
    clock: Callable[[], datetime]
    #: Returns a number in [0, 1), for jitter.
    chance: Callable[[], float]

    def route(self, *, max_bytes: int) -> Route:
        """All callbacks as one route. A push may have at most ``max_bytes``."""
        answers = {"GET": _kept(self._answer), "POST": _kept(self._take)}
        return Route(path=CALLBACK_PATH, answers=answers, max_bytes=max_bytes, admits=_kept(self._admit))

    async def _answer(self, asked: Asked) -> Answer:
        """The hub verifies that a request was meant, or denies it."""
        mode, topic = asked.query.get("hub.mode", ""), asked.query.get("hub.topic", "")
        if mode == "denied":
            return await self._bear(asked.rest, topic, clean(asked.query.get("hub.reason", ""))[:_REASON])
        challenge, lease = asked.query.get("hub.challenge", ""), lease_of(asked.query.get("hub.lease_seconds", ""))

        def step(it: HubSubscription) -> HubSubscription | None:
            return verified(it, self.clock(), mode=mode, topic=topic, lease=lease, jitter=self.chance())

        meant = await asyncio.to_thread(self.hubs.change, asked.rest, step) if challenge else None
        if meant is None:
            log.info("hub.question_refused", mode=clean(mode)[:_REASON], topic=clean(topic)[:_REASON])
            return NOT_FOUND
        until = meant.until.isoformat() if meant.until else None
        log.info("hub.verified", feed=meant.feed, hub=meant.hub, mode=mode, until=until)
        return Answer(body=challenge)

    async def _bear(self, token: str, topic: str, reason: str) -> Answer:
        refused = await asyncio.to_thread(
            self.hubs.change, token, lambda it: denied(it, self.clock(), topic=topic, reason=reason)
        )
        if refused is None:
            return NOT_FOUND
        log.warning("hub.denied", feed=refused.feed, hub=refused.hub, reason=reason)
        return Answer()

    async def _admit(self, asked: Asked) -> Answer | None:
        """Refuse a push, before its body is read, if no hub has this address."""
        found = await asyncio.to_thread(self.hubs.find, asked.rest)
        if found is None:
            return NOT_FOUND
        return _GONE if found.is_leaving else None

    async def _take(self, asked: Asked) -> Answer:
        """The hub pushes news."""
        found = await asyncio.to_thread(self.hubs.find, asked.rest)
        if found is None:
            return NOT_FOUND
        signature = asked.headers.get("x-hub-signature", "")
        if not is_signed(asked.body, signature, found.secret):
            log.warning("hub.push_ignored", feed=found.feed, hub=found.hub, reason="not signed by its hub")
            return _TAKEN
        if not self.intake.reserve(found.token, len(asked.body)):
            return _LATER
        taken = None
        try:
            taken = await asyncio.to_thread(
                self.hubs.change,
                found.token,
                lambda it: pushed(it, self.clock(), body=asked.body, signature=signature),
            )
        finally:
            if taken is None:
                self.intake.release(found.token, len(asked.body))
        if taken is None or taken.pushed_at is None:
            log.info("hub.push_ignored", feed=found.feed, hub=found.hub, reason="was pushed before")
            return _TAKEN
        kind = asked.headers.get("content-type", "")
        self.intake.put(
            Push(token=taken.token, feed=taken.feed, at=taken.pushed_at, body=asked.body, content_type=kind)
        )
        return _TAKEN


def _kept(handler: Callable[[Asked], Awaitable[A]]) -> Callable[[Asked], Awaitable[A | Answer]]:
    """Wrap a handler: if the database refuses, answer 503, so that the hub tries again."""

    async def answer(asked: Asked) -> A | Answer:
        try:
            return await handler(asked)
        except LedgerError as error:
            log.error("hub.not_answered", error=str(error))  # noqa: TRY400 - the message says all
            return _LATER

    return answer
