"""Worker processes: whatever a job does to one, it costs that job and nothing else."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from monitor.core.model import Article
from monitor.errors import ParseError
from monitor.workers import crew as crew_module
from monitor.workers import crew as turns
from monitor.workers.crew import TRIES, Crew, JobError, OverLimitError
from monitor.workers.jobs import Bench
from tests.workers.conftest import MakeCrew, article

ROOT = Path(__file__).parents[2]


async def read(crew: Crew, title: str) -> None:
    await crew.do(0, Bench.read, article(title), language=None)


async def pid_of_worker(crew: Crew, folder: Path) -> int:
    await read(crew, f"pid {folder / 'pid'}")
    return int((folder / "pid").read_text())


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def wait_until_gone(*pids: int) -> None:
    deadline = time.monotonic() + 30
    while any(map(is_alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(map(is_alive, pids))


def wait_until_ended(child: int) -> None:
    """As far as a child ends whom nobody has waited for."""
    while Path(f"/proc/{child}/stat").read_text().rpartition(") ")[2][0] != "Z":
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("title", "time", "reason"),
    [
        ("sleep 60", 1.0, "longer than 1 seconds"),
        ("spin", 1.0, "longer than 1 seconds"),
        ("eat", 30.0, "more than 700 MB of memory"),
        ("crash", 30.0, "ends the process that reads it"),
    ],
)
async def test_a_job_over_its_limits_costs_itself(make_crew: MakeCrew, title: str, time: float, reason: str) -> None:
    crew = make_crew(time=time)

    with pytest.raises(OverLimitError, match=reason):
        await read(crew, title)

    await read(crew, "fine")


async def test_a_job_that_waits_for_the_processor_is_not_given_up(make_crew: MakeCrew, tmp_path: Path) -> None:
    crew = make_crew(time=1.0)
    worker = await pid_of_worker(crew, tmp_path)
    job = asyncio.create_task(read(crew, f"wait-for {tmp_path / 'flag'}"))
    await asyncio.sleep(0.5)
    os.kill(worker, signal.SIGSTOP)
    await asyncio.sleep(1.5)
    (tmp_path / "flag").touch()
    os.kill(worker, signal.SIGCONT)

    await job


async def test_a_worker_that_somebody_kills_loses_no_job(make_crew: MakeCrew, tmp_path: Path) -> None:
    await read(make_crew(), f"die-once {tmp_path / 'died'}")

    assert (tmp_path / "died").exists()


async def test_workers_that_ended_while_they_were_idle_count_against_no_job(
    make_crew: MakeCrew, tmp_path: Path
) -> None:
    crew = make_crew(processes=TRIES)
    pids = [tmp_path / f"pid-{number}" for number in range(TRIES)]
    async with asyncio.TaskGroup() as jobs:
        for pid in pids:
            jobs.create_task(read(crew, f"meet {TRIES} {pid}"))
    workers = {int(pid.read_text()) for pid in pids}
    assert len(workers) == TRIES

    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    await asyncio.to_thread(wait_until_gone, *workers)

    assert await pid_of_worker(crew, tmp_path) not in workers


async def test_a_template_that_somebody_kills_is_replaced(make_crew: MakeCrew, tmp_path: Path) -> None:
    crew = make_crew()
    worker = await pid_of_worker(crew, tmp_path)
    template = parent_of(worker)

    os.kill(template, signal.SIGKILL)
    await asyncio.to_thread(wait_until_ended, template)
    os.kill(worker, signal.SIGKILL)

    assert await pid_of_worker(crew, tmp_path) not in {worker, template}


async def test_a_template_that_is_busy_keeps_no_worker_that_there_is_waiting(
    make_crew: MakeCrew, tmp_path: Path
) -> None:
    crew = make_crew()
    template = parent_of(await pid_of_worker(crew, tmp_path))
    os.kill(template, signal.SIGSTOP)
    slow = asyncio.create_task(read(crew, f"wait-for {tmp_path / 'flag'}"))
    await asyncio.sleep(0)
    # It needs a worker of its own, once the first one has lent its turn.
    other = asyncio.create_task(read(crew, "fine"))
    await asyncio.sleep(turns.PATIENCE * 2)

    (tmp_path / "flag").touch()
    await slow
    await read(crew, "fine")
    assert not other.done()
    os.kill(template, signal.SIGCONT)
    await other


async def test_one_worker_does_one_job_after_the_other(make_crew: MakeCrew, tmp_path: Path) -> None:
    crew = make_crew()

    assert await pid_of_worker(crew, tmp_path) == await pid_of_worker(crew, tmp_path)


async def test_what_ends_the_service_does_not_end_a_job(make_crew: MakeCrew, tmp_path: Path) -> None:
    crew = make_crew()
    worker = await pid_of_worker(crew, tmp_path)

    for number in (signal.SIGTERM, signal.SIGINT):
        os.kill(worker, number)

    assert await pid_of_worker(crew, tmp_path) == worker


async def test_a_job_that_takes_long_keeps_no_other_waiting(make_crew: MakeCrew, tmp_path: Path) -> None:
    crew = make_crew()
    slow = asyncio.create_task(read(crew, f"wait-for {tmp_path / 'flag'}"))
    await asyncio.sleep(0)

    # It would wait for ever for this one, if this one had to wait for it.
    await read(crew, "fine")
    assert not slow.done()
    (tmp_path / "flag").touch()
    await slow


async def test_so_many_jobs_at_a_time_keep_the_others_waiting(make_crew: MakeCrew, tmp_path: Path) -> None:
    crew = make_crew()
    most = crew.processes + turns.SPARE
    slow = [asyncio.create_task(read(crew, f"wait-for {tmp_path / 'flag'}")) for _ in range(most)]
    other = asyncio.create_task(read(crew, "fine"))

    await asyncio.sleep(turns.PATIENCE * (most + 1))
    assert not other.done()
    (tmp_path / "flag").touch()
    await asyncio.gather(*slow, other)


async def test_what_a_job_refuses_is_raised_as_it_was(make_crew: MakeCrew) -> None:
    with pytest.raises(ParseError, match="this is a PDF document") as caught:
        await make_crew().do(0, Bench.extract, b"%PDF", url="https://example.org/", content_type="")

    assert (caught.value.url, caught.value.reason) == ("https://example.org/", "this is a PDF document, not a page")


async def test_a_bug_is_told_with_its_traceback(make_crew: MakeCrew) -> None:
    with pytest.raises(JobError, match="read failed: ZeroDivisionError: by the article") as caught:
        await read(make_crew(), "raise")

    assert any("misbehaving.py" in note for note in caught.value.__notes__)


def test_of_many_items_one_that_breaks_its_worker_costs_itself(make_crew: MakeCrew) -> None:
    crew = make_crew(time=1.0, processes=2)
    items = [article(title) for title in ("one", "spin", "three", "four")]

    found = list(crew.do_all(read_each, items, at_a_time=2))

    assert [isinstance(each, OverLimitError) for each in found] == [False, True, False, False]


def read_each(bench: Bench, articles: Sequence[Article]) -> Sequence[str]:
    for each in articles:
        bench.reader.read(each)
    return [each.title for each in articles]


async def test_a_reader_that_cannot_be_loaded_is_said(make_crew: MakeCrew) -> None:
    with pytest.raises(RuntimeError, match="no worker process can be started"):
        await read(make_crew(reader="tests.no_such_module:Reader"), "fine")


async def test_a_worker_that_cannot_load_something_ahead_of_time_goes_on(
    make_crew: MakeCrew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "trafilatura.py").write_text("raise ImportError('of what it needs')")
    monkeypatch.syspath_prepend(tmp_path)
    crew = make_crew(warm=True)
    worker = await pid_of_worker(crew, tmp_path)

    logged = ""
    while "worker.unprepared" not in logged and is_alive(worker):
        await asyncio.sleep(0.01)
        logged += capfd.readouterr().err

    assert await pid_of_worker(crew, tmp_path) == worker


async def test_nothing_is_left_of_a_crew_that_is_closed(make_crew: MakeCrew, tmp_path: Path) -> None:
    crew = make_crew()
    worker = await pid_of_worker(crew, tmp_path)
    stuck = asyncio.create_task(read(crew, "sleep 60"))
    await asyncio.sleep(0.1)

    crew.close()

    wait_until_gone(worker)
    with pytest.raises((OverLimitError, RuntimeError, asyncio.CancelledError)):
        await stuck
    with pytest.raises(RuntimeError, match="closed"):
        await read(crew, "fine")


async def test_a_crew_that_was_retired_ends_once_nobody_needs_it(
    make_crew: MakeCrew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew_module, "_RETIRES", 0.05)
    crew = make_crew()
    worker = await pid_of_worker(crew, tmp_path)

    crew.retire()

    await asyncio.to_thread(wait_until_gone, worker)
    # Who began under its configuration may still end under it.
    assert await pid_of_worker(crew, tmp_path) != worker


def test_nothing_is_left_of_a_service_that_is_killed(tmp_path: Path) -> None:
    program = f"""
        import asyncio, os
        from pathlib import Path
        from monitor.core.lifecycle import INDUSTRIAL
        from monitor.workers.crew import Crew
        from monitor.workers.jobs import Bench, Recipe
        from monitor.workers.limits import Limits
        from tests.workers.conftest import article

        async def main():
            recipe = Recipe(projects=(), lifecycles={{}}, reader="tests.workers.misbehaving:Misbehaving",
                            folder=Path({str(tmp_path)!r}), secrets=frozenset(), fingerprint="")
            crew = Crew(recipe=recipe, limits=Limits(time=2.0))
            await crew.do(0, Bench.read, article("pid {tmp_path}/pid"), language=None)
            os.kill(os.getpid(), 9)

        asyncio.run(main())
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], cwd=ROOT, env=environment, check=False)

    assert done.returncode == -signal.SIGKILL
    wait_until_gone(int((tmp_path / "pid").read_text()))
