"""``/websub/…``: where hubs verify subscriptions and push news (https://www.w3.org/TR/websub/).

Only the hub knows its callback address. Any other address gets a 404. A push is acknowledged once its signature is
verified, and read afterwards. A push with a wrong signature is acknowledged too, as the recommendation requires, so
that nobody learns whether a signature was right.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import PlainTextResponse

from monitor.core.plain import clean
from monitor.core.polling.websub import CALLBACK_PATH, HubSubscription, denied, is_signed, lease_of, pushed, verified
from monitor.logs import get_logger
from monitor.poll.push import Intake, Push
from monitor.ports import HubSubscriptions

# The most characters of a hub's reason that are logged.
_REASON = 200

log = get_logger()


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

    def router(self, *, max_bytes: int) -> APIRouter:
        """All callbacks. A push may have at most ``max_bytes``."""
        router = APIRouter(include_in_schema=False)
        path = f"{CALLBACK_PATH}{{token}}"
        router.add_api_route(path, self._answer, methods=["GET", "HEAD"])
        router.add_api_route(path, self._take, methods=["POST"], max_body_size=max_bytes)
        return router

    async def _answer(self, token: str, request: Request) -> Response:
        """The hub verifies that a request was meant, or denies it."""
        asked = arguments(request)
        mode, topic = asked.get("hub.mode", ""), asked.get("hub.topic", "")
        if mode == "denied":
            return await self._bear(token, topic, clean(asked.get("hub.reason", ""))[:_REASON])
        challenge, lease = asked.get("hub.challenge", ""), lease_of(asked.get("hub.lease_seconds", ""))

        def step(it: HubSubscription) -> HubSubscription | None:
            return verified(it, self.clock(), mode=mode, topic=topic, lease=lease, jitter=self.chance())

        meant = await asyncio.to_thread(self.hubs.change, token, step) if challenge else None
        if meant is None:
            log.info("hub.question_refused", mode=clean(mode)[:_REASON], topic=clean(topic)[:_REASON])
            raise HTTPException(HTTPStatus.NOT_FOUND)
        until = meant.until.isoformat() if meant.until else None
        log.info("hub.verified", feed=meant.feed, hub=meant.hub, mode=mode, until=until)
        return PlainTextResponse(challenge)

    async def _bear(self, token: str, topic: str, reason: str) -> Response:
        refused = await asyncio.to_thread(
            self.hubs.change, token, lambda it: denied(it, self.clock(), topic=topic, reason=reason)
        )
        if refused is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        log.warning("hub.denied", feed=refused.feed, hub=refused.hub, reason=reason)
        return Response()

    async def _take(self, token: str, request: Request) -> Response:
        """The hub pushes news. The body is read only if a hub has this address."""
        found = await asyncio.to_thread(self.hubs.find, token)
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        if found.is_leaving:
            raise HTTPException(HTTPStatus.GONE)
        body, signature = await request.body(), request.headers.get("x-hub-signature", "")
        if not is_signed(body, signature, found.secret):
            log.warning("hub.push_ignored", feed=found.feed, hub=found.hub, reason="not signed by its hub")
            return Response(status_code=HTTPStatus.ACCEPTED)
        if not self.intake.reserve(token, len(body)):
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "60"})
        taken = None
        try:
            taken = await asyncio.to_thread(
                self.hubs.change,
                token,
                lambda it: pushed(it, self.clock(), body=body, signature=signature),
            )
        finally:
            if taken is None:
                self.intake.release(token, len(body))
        if taken is None or taken.pushed_at is None:
            log.info("hub.push_ignored", feed=found.feed, hub=found.hub, reason="was pushed before")
            return Response(status_code=HTTPStatus.ACCEPTED)
        kind = request.headers.get("content-type", "")
        self.intake.put(Push(token=token, feed=taken.feed, at=taken.pushed_at, body=body, content_type=kind))
        return Response(status_code=HTTPStatus.ACCEPTED)


def arguments(request: Request) -> dict[str, str]:
    """The first argument of each name."""
    return dict(reversed(request.query_params.multi_items()))
