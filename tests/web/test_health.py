"""/health."""

from types import SimpleNamespace
from typing import cast

from fastapi.routing import APIRoute

from monitor.web.site import health


async def test_all_is_well_as_long_as_the_check_says_so_and_nobody_can_keep_it_busy() -> None:
    told, now = [True, False], [0.0]

    async def check() -> bool:
        return told.pop(0)

    (route,) = health(check, clock=lambda: now[0]).routes

    async def ask() -> SimpleNamespace:
        response = await cast(APIRoute, route).endpoint()
        return SimpleNamespace(status=response.status_code, body=response.body.decode())

    assert [(await ask()).status for _ in range(3)] == [200, 200, 200]
    now[0] += 10
    again = await ask()
    assert (again.status, again.body) == (503, "not well; see the log\n")
