"""The budget of requests, and manners at each site."""

import asyncio

import pytest

from monitor.errors import FetchError
from monitor.feeds import pacing
from monitor.feeds.pacing import RequestPace, Sites


async def test_no_more_than_the_budget_begin_in_a_minute_and_the_rest_wait_their_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pacing, "_MINUTE", 0.05)
    pace = RequestPace(2)
    begun: list[int] = []

    async def ask(number: int) -> None:
        await pace.turn()
        begun.append(number)

    tasks = [asyncio.create_task(ask(number)) for number in range(4)]
    for _ in range(10):
        await asyncio.sleep(0)
    assert begun == [0, 1]
    await asyncio.gather(*tasks)
    assert begun == [0, 1, 2, 3]


# ---------------------------------------------------------------- sites


class Hours:
    """A clock that the test holds: whoever sleeps moves it."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.begun: list[tuple[str, float]] = []

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.now += seconds

    def sites(self, per_site: int = 2) -> Sites:
        return Sites(per_site, clock=lambda: self.now, sleep=self.sleep)

    async def ask(self, sites: Sites, name: str, *, spacing: float = 1.0, takes: float = 0.0) -> None:
        async with sites.place(name):
            async with sites.beginning(name, spacing, asked=f"https://{name}/"):
                pass
            self.begun.append((name, self.now - 1_000.0))
            self.now += takes


async def test_requests_to_one_site_begin_at_a_distance_and_those_to_others_do_not_wait() -> None:
    hours = Hours()
    sites = hours.sites()

    for name in ("a", "b", "a", "b", "a"):
        await hours.ask(sites, name)

    assert hours.begun == [("a", 0.0), ("b", 0.0), ("a", 1.0), ("b", 1.0), ("a", 2.0)]


async def test_a_page_may_ask_for_a_longer_distance_behind_it() -> None:
    hours = Hours()
    sites = hours.sites()

    await hours.ask(sites, "a", spacing=10.0)
    await hours.ask(sites, "a")
    await hours.ask(sites, "a")

    assert [at for _, at in hours.begun] == [0.0, 10.0, 11.0]


async def test_many_at_once_keep_their_distance_and_their_number() -> None:
    hours = Hours()
    sites = hours.sites(per_site=2)
    inside, most = 0, 0

    async def ask() -> None:
        nonlocal inside, most
        async with sites.place("a"):
            inside += 1
            most = max(most, inside)
            async with sites.beginning("a", 1.0, asked="x"):
                pass
            hours.begun.append(("a", hours.now - 1_000.0))
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(ask() for _ in range(6)))

    assert [at for _, at in hours.begun] == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    assert most == 2


async def test_a_jump_of_the_time_of_day_changes_no_distance(monkeypatch: pytest.MonkeyPatch) -> None:
    hours = Hours()
    sites = hours.sites()
    await hours.ask(sites, "a")

    monkeypatch.setattr("time.time", lambda: 0.0)
    await hours.ask(sites, "a")
    monkeypatch.setattr("time.time", lambda: 9e9)
    await hours.ask(sites, "a")

    assert [at for _, at in hours.begun] == [0.0, 1.0, 2.0]


async def test_a_site_that_wants_to_be_left_alone_is_and_others_are_asked() -> None:
    hours = Hours()
    sites = hours.sites()
    sites.pause("a", 30.0)
    sites.pause("a", 5.0)  # a shorter wish does not end a longer one

    with pytest.raises(FetchError, match="left alone for another 30 seconds") as told:
        await hours.ask(sites, "a")
    await hours.ask(sites, "b")
    assert (told.value.transient, told.value.retry_after, told.value.status) == (True, 30.0, None)

    hours.now += 30.0
    await hours.ask(sites, "a")
    assert [name for name, _ in hours.begun] == ["b", "a"]


@pytest.mark.parametrize(("asked", "left"), [(1e12, 3600.0), (-5.0, None)])
async def test_no_wish_is_followed_for_ever(asked: float, left: float | None) -> None:
    hours = Hours()
    sites = hours.sites()
    sites.pause("a", asked)

    if left is None:
        await hours.ask(sites, "a")
    else:
        with pytest.raises(FetchError) as told:
            await hours.ask(sites, "a")
        assert told.value.retry_after == left


async def test_sites_of_which_nothing_need_be_remembered_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "REMEMBERED", 3)
    hours = Hours()
    sites = hours.sites()
    await hours.ask(sites, "old")
    hours.now += 10.0
    sites.pause("paused", 60.0)
    async with sites.place("inside"):
        for number in range(5):
            await hours.ask(sites, f"n{number}", spacing=0.0)

        assert {"paused", "inside"} <= set(sites._sites)
        assert "old" not in sites._sites
