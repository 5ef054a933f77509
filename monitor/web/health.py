"""``/health``: whether the service works, for monitoring systems."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

#: Seconds for which an answer is cached, so that requests cannot keep the database busy.
_STANDS = 2.0


def health(check: Callable[[], Awaitable[bool]], *, clock: Callable[[], float] = time.monotonic) -> APIRouter:
    """200 and ``ok`` while the check succeeds, else 503. It says no more, because anybody may ask.

    Args:
        check: whether all is well.
        clock: returns monotonic seconds.
    """
    last: tuple[float, bool] | None = None
    looking = asyncio.Lock()
    router = APIRouter(include_in_schema=False)

    @router.api_route("/health", methods=["GET", "HEAD"])
    async def answer() -> PlainTextResponse:
        nonlocal last
        async with looking:
            if last is None or clock() - last[0] >= _STANDS:
                last = (clock(), await check())
        if last[1]:
            return PlainTextResponse("ok\n")
        return PlainTextResponse("not well; see the log\n", HTTPStatus.SERVICE_UNAVAILABLE)

    return router
