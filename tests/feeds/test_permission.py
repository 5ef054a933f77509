"""What sites ask is asked of them seldom, and kept to."""

import asyncio

import pytest

from monitor.errors import DisallowedError, FetchError
from monitor.feeds.robots import Permissions

SITE = "https://example.org"
HOUR = 3600.0


class Robots:
    """The robots.txt of all sites."""

    def __init__(self, *answers: bytes | FetchError) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self.now = 0.0
        self.permissions = Permissions(self.get, clock=lambda: self.now)

    async def get(self, url: str) -> bytes:
        self.asked.append(url)
        await asyncio.sleep(0)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, FetchError):
            raise answer
        return answer

    async def delay(self, path: str = "/a") -> float:
        return await self.permissions.delay(SITE, f"{SITE}{path}")


def error(status: int | None, *, transient: bool) -> FetchError:
    return FetchError(f"{SITE}/robots.txt", "no", transient=transient, status=status, retry_after=7.0)


async def test_a_site_is_asked_once_a_day_however_many_want_to_know() -> None:
    robots = Robots(b"User-agent: *\nCrawl-delay: 3\nDisallow: /b")

    assert await asyncio.gather(*(robots.delay() for _ in range(5))) == [3.0] * 5
    robots.now += 23 * HOUR
    with pytest.raises(DisallowedError, match=r"robots\.txt"):
        await robots.delay("/b")
    assert robots.asked == [f"{SITE}/robots.txt"]

    robots.now += 2 * HOUR
    await robots.delay()
    assert len(robots.asked) == 2


@pytest.mark.parametrize("status", [429, 500, 503, None])
async def test_a_site_that_cannot_say_is_not_asked_for_pages_for_a_while(status: int | None) -> None:
    robots = Robots(error(status, transient=True), b"")

    with pytest.raises(FetchError, match="what its site allows cannot be read: no") as told:
        await robots.delay()
    assert (told.value.transient, told.value.retry_after) == (True, 7.0)
    with pytest.raises(FetchError):
        await robots.delay()
    assert len(robots.asked) == 1

    robots.now += 601
    assert await robots.delay() == 0.0


async def test_who_gives_up_waiting_does_not_keep_the_others_from_knowing() -> None:
    robots = Robots(b"User-agent: *\nCrawl-delay: 3")
    first, second = asyncio.create_task(robots.delay()), asyncio.create_task(robots.delay())
    await asyncio.sleep(0)

    first.cancel()

    assert await second == 3.0


async def test_only_so_many_sites_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.feeds.robots._REMEMBERED", 2)
    robots = Robots(b"")

    for site in ("a", "b", "c", "c", "a"):
        await robots.permissions.delay(site, f"{site}/x")

    assert robots.asked == ["a/robots.txt", "b/robots.txt", "c/robots.txt", "a/robots.txt"]


async def test_a_site_that_cannot_be_reached_says_so_and_is_asked_again_soon() -> None:
    unreached = FetchError(f"{SITE}/robots.txt", "no connection", transient=True, is_unreached=True)
    robots = Robots(unreached, b"")

    with pytest.raises(FetchError, match="no connection") as caught:
        await robots.delay()
    robots.now += 60
    delay = await robots.delay()

    assert (caught.value.is_unreached, delay) == (True, 0.0)
