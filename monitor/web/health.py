"""``/health``: whether the service works, for monitoring systems."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from monitor.web.routes import Answer, Asked, Route

#: Seconds for which an answer is cached, so that requests cannot keep the database busy.
_STANDS = 2.0


def health(check: Callable[[], Awaitable[bool]], *, clock: Callable[[], float] = time.monotonic) -> Route:
    """200 and ``ok`` while the check succeeds, else 503. It says no more, because anybody may ask.

    Args:
        check: whether all is well.
        clock: returns monotonic seconds.
    """
    last: tuple[float, bool] | None = None
    looking = asyncio.Lock()

    async def answer(_: Asked) -> Answer:
        nonlocal last
        async with looking:
            if last is None or clock() - last[0] >= _STANDS:
                last = (clock(), await check())
        if last[1]:
            return Answer(body="ok\n")
        return Answer(status=HTTPStatus.SERVICE_UNAVAILABLE, body="not well; see the log\n")

    return Route(path="/health", answers={"GET": answer})
