"""Ticks go on to come, however the clock is set."""

import asyncio
from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from apscheduler.schedulers import base

from monitor.app.service import Every, make_scheduler, put_right


class Clock(datetime):
    """The clock of a machine that somebody sets."""

    ahead = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # the plain class is what is wanted
        return datetime.now(tz) + cls.ahead


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    monkeypatch.setattr(base, "datetime", Clock)
    monkeypatch.setattr(Clock, "ahead", timedelta())
    return Clock


class Ticking:
    """A scheduler with one job."""

    def __init__(self, seconds: float = 0.01) -> None:
        self.ticks = 0
        self._ticked = asyncio.Event()
        self.scheduler = make_scheduler()
        self.scheduler.add_job(self._tick, Every(seconds), id="tick")
        self.scheduler.start()

    async def _tick(self) -> None:
        self.ticks += 1
        self._ticked.set()

    async def another(self) -> None:
        self._ticked.clear()
        await asyncio.wait_for(self._ticked.wait(), 20)


async def test_ticks_that_a_clock_has_put_off_come_once_it_is_set_back(clock: type[Clock]) -> None:
    clock.ahead = timedelta(days=1)
    ticking = Ticking()
    await ticking.another()

    clock.ahead = timedelta()
    # The one that the library waits for already finds itself a day early.
    await asyncio.sleep(0.1)
    seen = ticking.ticks
    await asyncio.sleep(0.1)
    assert ticking.ticks == seen
    put_right(ticking.scheduler, clock.now(UTC))

    await ticking.another()
    await ticking.another()
    ticking.scheduler.shutdown()


async def test_a_clock_that_jumps_ahead_by_decades_makes_one_tick_due(clock: type[Clock]) -> None:
    ticking = Ticking()
    await ticking.another()

    clock.ahead = timedelta(days=365 * 50)

    await ticking.another()
    await ticking.another()
    ticking.scheduler.shutdown()


async def test_ticks_that_come_in_time_are_left_alone() -> None:
    ticking = Ticking(seconds=3600)
    [job] = ticking.scheduler.get_jobs()
    due = job.next_run_time

    put_right(ticking.scheduler, datetime.now(UTC) - timedelta(seconds=30))
    assert ticking.scheduler.get_jobs()[0].next_run_time == due
    assert ticking.ticks == 0
    ticking.scheduler.shutdown()
