"""The budget of requests."""

import asyncio

import pytest

from monitor.feeds import pacing
from monitor.feeds.pacing import Pace


async def test_no_more_than_the_budget_begin_in_a_minute_and_the_rest_wait_their_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pacing, "_MINUTE", 0.05)
    pace = Pace(2)
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
