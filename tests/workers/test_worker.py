"""One worker process, without a crew."""

import multiprocessing
import os
import pickle
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing.connection import Connection, Pipe
from pathlib import Path

import pytest

from monitor.core.lifecycle import INDUSTRIAL
from monitor.workers.jobs import Bench, Recipe, set_out
from monitor.workers.limits import Limits
from monitor.workers.worker import Done, Job, Readiness, _answer, serve
from tests.builders import make_project
from tests.readers.hits import HITS

Do = Callable[[int], Done]


def take(_: Bench, megabytes: int) -> None:
    """A job that needs so much memory."""
    bytearray(b"x") * (megabytes * 1_000_000)


#: Room for the tests' own jobs: a worker that has prepared itself holds about half a gigabyte.
LIMITS = Limits(memory=1_500_000_000)


def make_recipe(folder: Path) -> Recipe:
    return Recipe(
        projects=(make_project(),),
        lifecycles={INDUSTRIAL.name: INDUSTRIAL},
        reader=HITS,
        folder=folder,
        secrets=frozenset(),
        fingerprint="",
    )


def _work(connection: Connection, recipe: Recipe) -> None:
    held: list[bytearray] = []
    serve(connection, replace(set_out(recipe), todo=_preparation(held, connection)), LIMITS)


def _preparation(held: list[bytearray], connection: Connection) -> Iterator[Callable[[], None]]:
    """Take 400 MB, and say so when nothing is left to prepare: the worker takes no job in between."""
    yield lambda: held.append(bytearray(b"x") * 400_000_000)
    connection.send_bytes(b"ready")


@pytest.fixture
def do(tmp_path: Path) -> Iterator[Do]:
    """Does jobs in a worker that holds 400 MB when it is prepared.

    It is forked from a small process: the peak of a program begins with the memory of the process that starts it.
    """
    ours, theirs = Pipe()
    worker = multiprocessing.get_context("forkserver").Process(target=_work, args=(theirs, make_recipe(tmp_path)))
    worker.start()
    theirs.close()

    def done(megabytes: int) -> Done:
        ours.send_bytes(pickle.dumps(Job(work=take, args=(megabytes,), options={})))
        answer: Done = pickle.loads(ours.recv_bytes())
        return answer

    with ours:
        # The worker prepares itself while it is idle. If it dies, this ends with it.
        assert ours.recv_bytes() == b"ready"
        yield done
    worker.join(30)
    assert worker.exitcode == 0
    worker.close()


def test_what_a_worker_holds_when_it_is_prepared_does_not_wear_it_out(do: Do) -> None:
    assert [do(1).is_worn for _ in range(3)] == [False, False, False]


def test_a_job_that_needs_most_of_the_memory_left_wears_its_worker_out(do: Do) -> None:
    assert do(700).is_worn


def test_a_worker_that_a_better_one_can_replace_is_replaced_after_its_job(tmp_path: Path) -> None:
    is_superseded = False
    bench = set_out(make_recipe(tmp_path))

    def ask() -> bool:
        return is_superseded

    request = pickle.dumps(Job(work=take, args=(1,), options={}))
    before = pickle.loads(_answer(request, bench, sys.maxsize, ask))
    is_superseded = True
    after = pickle.loads(_answer(request, bench, sys.maxsize, ask))

    assert (before.is_worn, after.is_worn) == (False, True)


def test_a_worker_learns_that_the_template_it_was_forked_from_has_become_ready() -> None:
    readiness = Readiness()
    asked, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        is_ready = readiness.of_parent()
        early = is_ready()
        os.write(told, b"x")
        while not is_ready():
            pass
        os._exit(1 if early else 0)
    os.read(asked, 1)
    readiness.reach()

    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert not readiness.of_parent()()
    os.close(asked)
    os.close(told)
