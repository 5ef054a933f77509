"""/health."""

from monitor.web.health import health
from monitor.web.routes import Asked


async def test_all_is_well_as_long_as_the_check_says_so_and_nobody_can_keep_it_busy() -> None:
    told, now = [True, False], [0.0]

    async def check() -> bool:
        return told.pop(0)

    answer = health(check, clock=lambda: now[0]).answers["GET"]

    assert [(await answer(Asked())).status for _ in range(3)] == [200, 200, 200]
    now[0] += 10
    again = await answer(Asked())
    assert (again.status, again.body) == (503, "not well; see the log\n")
