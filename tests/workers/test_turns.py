"""Who has a worker next: small documents do not wait for large ones, and large ones do not wait for ever."""

import asyncio

import pytest

from monitor.workers import crew
from monitor.workers.crew import LARGE, JobTurns

SMALL = 100


class Jobs:
    """Jobs that run until they are told to end."""

    def __init__(self, count: int = 1) -> None:
        self.turns = JobTurns(count)
        self.begun: list[str] = []
        self.ends: dict[str, asyncio.Event] = {}

    async def begin(self, name: str, size: int) -> "asyncio.Task[None]":
        task = asyncio.create_task(self._run(name, size))
        await settle()
        return task

    async def end(self, name: str) -> None:
        self.ends[name].set()
        await settle()

    async def _run(self, name: str, size: int) -> None:
        self.ends[name] = asyncio.Event()
        async with self.turns.one(size):
            self.begun.append(name)
            await self.ends[name].wait()


async def settle() -> None:
    """Let all go on that can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_small_documents_go_before_large_ones() -> None:
    jobs = Jobs()
    for name, size in (("first", SMALL), ("large", LARGE), ("small", SMALL)):
        await jobs.begin(name, size)
    for name in ("first", "small"):
        await jobs.end(name)

    assert jobs.begun == ["first", "small", "large"]


async def test_a_large_document_that_has_waited_for_its_time_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "A_SECOND", LARGE * 100)
    jobs = Jobs()
    await jobs.begin("first", SMALL)
    await jobs.begin("large", LARGE)
    await asyncio.sleep(0.02)
    await jobs.begin("small", SMALL)
    await jobs.end("first")

    assert jobs.begun == ["first", "large"]


async def test_large_documents_leave_turns_that_are_lent_to_small_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(crew, "PATIENCE", 0.0)
    jobs = Jobs()
    for number in range(3):
        await jobs.begin(f"large {number}", LARGE)
    await asyncio.sleep(0.01)
    await jobs.begin("small", SMALL)

    assert jobs.begun == ["large 0", "small"]
    await jobs.end("large 0")
    await asyncio.sleep(0.01)
    assert jobs.begun[2:] == ["large 1"]


@pytest.mark.parametrize("steps", [0, 1, None], ids=["as its turn comes", "once it has come", "while it waits"])
async def test_who_is_cancelled_keeps_nobody_waiting(steps: int | None) -> None:
    jobs = Jobs()
    first = await jobs.begin("first", SMALL)
    waiting = await jobs.begin("cancelled", SMALL)
    await jobs.begin("next", SMALL)
    if steps is not None:
        # The turn is given in the next step of the loop.
        jobs.ends["first"].set()
        for _ in range(steps):
            await asyncio.sleep(0)
    waiting.cancel()
    await jobs.end("first")

    await first
    assert jobs.begun == ["first", "next"]


async def test_what_was_lent_is_lent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "PATIENCE", 0.0)
    jobs = Jobs()
    names = [f"{number}" for number in range(crew.SPARE * 2)]
    for name in names:
        await jobs.begin(name, SMALL)
        await asyncio.sleep(0.01)
        await jobs.end(name)
    for name in ("long", "beside it"):
        await jobs.begin(name, SMALL)
        await asyncio.sleep(0.01)

    assert jobs.begun == [*names, "long", "beside it"]


async def test_all_turns_come_back() -> None:
    jobs = Jobs(2)
    for number in range(6):
        await jobs.begin(f"{number}", LARGE * (number % 2))
    for number in (0, 1, 2, 4, 3, 5):
        await jobs.end(f"{number}")

    assert sorted(jobs.begun) == [f"{number}" for number in range(6)]
    assert jobs.turns.free == 2
