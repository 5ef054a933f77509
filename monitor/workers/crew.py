"""Supervises workers: starts them, gives them jobs, and replaces those that a job has broken.

A worker does one job at a time, so a limit costs only the document that broke it. ``turns.py`` decides which job is
next.
"""

import asyncio
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from monitor.errors import ParseError
from monitor.workers import worker as template
from monitor.workers.jobs import Bench, Recipe
from monitor.workers.limits import Limits
from monitor.workers.worker import Done, Job

# Decides which job gets a worker next. Small jobs go before large ones, and never wait for many of them ---------------
#
# The time of a job grows at most with the size of its document. So the size tells in advance what it may cost the
# others.


#: Seconds after which a job lends its turn to the next one, and how many may do so at a time.
PATIENCE, SPARE = 1.0, 2
#: Characters or bytes from which a document is large. Most feeds have less than a third of that.
LARGE = 200_000
#: Later jobs may pass a waiting one for a second per this many characters or bytes of its document, no longer.
A_SECOND = 50_000


@dataclass(frozen=True, slots=True, eq=False)
class _WaitingJob:
    size: int
    #: By the clock of the event loop. Of the waiting jobs, the one with the earliest time is next.
    due: float
    turn: asyncio.Future[None]

    @property
    def is_large(self) -> bool:
        return self.size >= LARGE


@dataclass(slots=True)
class JobTurns:
    """The turns of one event loop. Only small documents get lent turns."""

    #: Jobs that may run at a time, without those on a lent turn.
    free: int
    _lent: int = field(init=False, default=0)
    _large: int = field(init=False, default=0)
    _most_large: int = field(init=False)
    _waiting: list[_WaitingJob] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._most_large = self.free

    @asynccontextmanager
    async def one(self, size: int) -> AsyncIterator[None]:
        """Wait for a turn for a job on a document of this size."""
        loop = asyncio.get_running_loop()
        mine = _WaitingJob(size=size, due=loop.time() + size / A_SECOND, turn=loop.create_future())
        await self._wait(mine)
        is_held = True

        def lend() -> None:
            nonlocal is_held
            if self._lent < SPARE:
                is_held = False
                self._lent += 1
                self.free += 1
                self._give()

        timer = loop.call_later(PATIENCE, lend)
        try:
            yield
        finally:
            timer.cancel()
            self._lent -= not is_held
            self._give_back(mine, is_held=is_held)

    async def _wait(self, mine: _WaitingJob) -> None:
        self._waiting.append(mine)
        self._give()
        try:
            await mine.turn
        except asyncio.CancelledError:
            if mine in self._waiting:
                self._waiting.remove(mine)
            else:
                self._give_back(mine, is_held=True)
            raise

    def _give(self) -> None:
        while self.free and (able := [one for one in self._waiting if self._may_go(one)]):
            first = min(able, key=lambda one: one.due)
            self._waiting.remove(first)
            self.free -= 1
            self._large += first.is_large
            first.turn.set_result(None)

    def _may_go(self, one: _WaitingJob) -> bool:
        # A cancelled job takes no turn, although it stays in the list until it is told.
        return not one.turn.cancelled() and not (one.is_large and self._large >= self._most_large)

    def _give_back(self, mine: _WaitingJob, *, is_held: bool) -> None:
        self.free += is_held
        self._large -= mine.is_large
        self._give()


#: Attempts at a job whose worker ended for an unknown reason: somebody may have killed it.
TRIES = 3
#: Seconds after the limit in which the kernel should have ended a worker. Then the supervisor ends it.
_OVERDUE = 5.0
#: A retired crew ends its processes after this many seconds without a job.
_RETIRES = 60.0

_CLOSED = "the workers are closed"
_NOT_STARTED = "no worker process can be started; the log of its start stands above"

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")


class OverLimitError(Exception):
    """A document broke its worker: it took too long or too much memory, or ended the process. Says which."""


class JobError(RuntimeError):
    """A job raised an error that its method does not declare: a bug. Has the worker's traceback as a note."""


@dataclass(slots=True, eq=False)
class _Worker:
    pid: int
    connection: Connection

    def do(self, request: bytes, patience: float) -> Done | None:
        """Send a job and return its result. None if the process ended or did not answer in time."""
        try:
            self.connection.send_bytes(request)
            if self.connection.poll(patience):
                done: Done = pickle.loads(self.connection.recv_bytes())  # noqa: S301 - from our own worker
                return done
        except (OSError, EOFError):
            pass
        return None

    def has_ended(self) -> bool:
        """Whether it ended while it had no job: one that has none sends nothing."""
        return self.connection.poll()

    def end(self) -> None:
        # A worker in a job does not notice that its connection is closed. The process is ours as long as that is open.
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.connection.close()


class _Template:
    """The supervisor's side of ``template.py``."""

    def __init__(self, order: template.TemplateOrder) -> None:
        ours, theirs = socket.socketpair()
        # Not by multiprocessing: its helper processes would cost as much memory as a worker. In a process group of its
        # own the template does not get the Ctrl-C of a terminal.
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-P", "-m", "monitor.workers", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=sys.__stderr__,
                process_group=0,
            )
        self._control = Connection(ours.detach())
        # Sent as plain values, so that later edits do not change the configuration the workers use.
        self._control.send((sys.path, order))

    def fork(self) -> _Worker:
        """Fork another worker. Raises EOFError or OSError if the template has ended."""
        self._control.send_bytes(template.FORK)
        return _Worker(int(self._control.recv_bytes()), Connection(recv_handle(self._control)))

    def kill(self) -> None:
        """Kill the process, so that a thread waiting for its answer gets an error."""
        self._process.kill()

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._control.close()


@dataclass(slots=True, eq=False)
class Crew:
    """The workers of one configuration. No process starts before the first job. Close it when done.

    Safe to share between threads and event loops.
    """

    recipe: Recipe
    limits: Limits
    #: Workers to keep. There are up to ``SPARE`` more while jobs take long.
    processes: int = 1
    #: Whether idle workers compile in advance what jobs will need.
    warm: bool = False
    _idle: list[_Worker] = field(init=False, default_factory=list)
    _busy: set[_Worker] = field(init=False, default_factory=set)
    _template: _Template | None = field(init=False, default=None)
    #: Guards the attributes above. Held only briefly.
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)
    #: Held while talking to the template, which may be loading for a while.
    _talking: threading.Lock = field(init=False, default_factory=threading.Lock)
    _threads: ThreadPoolExecutor | None = field(init=False, default=None)
    _turns: WeakKeyDictionary[asyncio.AbstractEventLoop, JobTurns] = field(
        init=False, default_factory=WeakKeyDictionary
    )
    _used_at: float = field(init=False, default=0.0)
    _is_closed: bool = field(init=False, default=False)

    async def do(self, size: int, work: Callable[Concatenate[Bench, P], T], /, *args: P.args, **options: P.kwargs) -> T:
        """Run a method of ``Bench`` in a worker.

        Args:
            size: the size of the foreign text, in characters or bytes; small jobs go first.
            work: the method.
            args: its arguments.
            options: its keyword arguments.

        Raises:
            ParseError: as the method.
            OverLimitError: the job broke its worker, and would do so again.
            JobError: the method raised an error that it does not declare.
        """
        if self._is_closed:
            raise RuntimeError(_CLOSED)
        loop = asyncio.get_running_loop()
        turns = self._turns.setdefault(loop, JobTurns(self.processes))
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self.processes + SPARE, "worker")
        async with turns.one(size):
            job = Job(work=work, args=args, options=options)
            value: T = await loop.run_in_executor(self._threads, self._run, job)
            return value

    def do_all(
        self, work: Callable[[Bench, Sequence[T]], Sequence[R]], items: Sequence[T], *, at_a_time: int
    ) -> Iterator[R | OverLimitError]:
        """Run a method that maps a list of items to a list of results in the workers.

        Yields the result of each item, in order. An item that breaks its worker yields an OverLimitError. Blocks, so do
        not call it in the thread of an event loop.

        Raises:
            JobError: the method raised an error that it does not declare.
        """

        def results(batch: Sequence[T]) -> Sequence[R | OverLimitError]:
            try:
                found: Sequence[R] = self._run(Job(work=work, args=(batch,), options={}))
            except OverLimitError as error:
                # One of the items breaks the worker. Each is tried alone.
                return [error] if len(batch) == 1 else [each for item in batch for each in results([item])]
            return found

        batches = [items[start : start + at_a_time] for start in range(0, len(items), at_a_time)]
        with ThreadPoolExecutor(self.processes, "worker") as threads:
            for found in threads.map(results, batches):
                yield from found

    def start(self) -> None:
        """Start a worker, so that the first job need not wait for it. Blocks for about two seconds."""
        self._put_back(self._take(), is_good=True)

    def does_the_same(self, other: "Crew") -> bool:
        """Whether the workers of the other crew would do exactly what these do."""
        mine, theirs = ((crew.recipe, crew.limits, crew.processes, crew.warm) for crew in (self, other))
        return mine == theirs

    def retire(self) -> None:
        """End the processes once they have had no job for a while."""
        self._end_later()

    def close(self) -> None:
        """End all processes at once. Running jobs are abandoned. The crew cannot be used again."""
        with self._lock:
            self._is_closed = True
        self._end()
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)

    # ------------------------------------------------------------ one job, in a thread

    def _run(self, job: Job) -> Any:  # noqa: ANN401 - what the method returns
        request = pickle.dumps(job, pickle.HIGHEST_PROTOCOL)
        for _ in range(TRIES):
            worker = self._take()
            begun = time.monotonic()
            done = worker.do(request, self.limits.by_the_clock + _OVERDUE)
            if done is not None:
                self._put_back(worker, is_good=not done.is_worn)
                return _value(job, done, self.limits)
            self._put_back(worker, is_good=False)
            if time.monotonic() - begun >= self.limits.time:
                raise OverLimitError(f"it takes longer than {self.limits.time:g} seconds to read")
            if self._is_closed:
                break
        raise OverLimitError("it ends the process that reads it")

    def _take(self) -> _Worker:
        worker = self._idle_one()
        if worker is None:
            with self._talking:
                # A worker may have come back in the meantime.
                worker = self._idle_one() or self._fork()
        with self._lock:
            self._busy.add(worker)
            if not self._is_closed:
                return worker
        worker.end()
        raise RuntimeError(_CLOSED)

    def _idle_one(self) -> _Worker | None:
        with self._lock:
            if self._is_closed:
                raise RuntimeError(_CLOSED)
            self._used_at = time.monotonic()
            while self._idle:
                worker = self._idle.pop()
                if not worker.has_ended():
                    return worker
                worker.connection.close()
            return None

    def _fork(self) -> _Worker:
        for _ in range(TRIES):
            with self._lock:
                if self._is_closed:
                    break
                template_ = self._template = self._template or self._new_template()
            try:
                return template_.fork()
            except (OSError, EOFError):
                template_.end()
            with self._lock:
                if self._template is template_:
                    self._template = None
        raise RuntimeError(_CLOSED if self._is_closed else _NOT_STARTED)

    def _new_template(self) -> _Template:
        return _Template(template.TemplateOrder(recipe=self.recipe, limits=self.limits, warm=self.warm))

    def _put_back(self, worker: _Worker, *, is_good: bool) -> None:
        with self._lock:
            self._busy.discard(worker)
            if is_good and not self._is_closed and len(self._idle) < self.processes:
                self._idle.append(worker)
                return
        worker.end()

    # ------------------------------------------------------------ the end

    def _end_later(self) -> None:
        def end() -> None:
            if self._is_closed:
                return
            if self._busy or time.monotonic() - self._used_at < _RETIRES:
                self._end_later()
            else:
                self._end()

        timer = threading.Timer(_RETIRES, end)
        timer.daemon = True
        timer.start()

    def _end(self) -> None:
        with self._lock:
            ended, self._idle = [*self._idle, *self._busy], []
            template_, self._template = self._template, None
        for worker in ended:
            worker.end()
        if template_ is not None:
            template_.kill()
            with self._talking:
                template_.end()


def _value(job: Job, done: Done, limits: Limits) -> Any:  # noqa: ANN401 - what the method returned
    if done.is_out_of_memory:
        raise OverLimitError(f"it takes more than {limits.memory // 1_000_000:,} MB of memory to read")
    if done.refusal is not None:
        raise ParseError(*done.refusal)
    if done.fault is not None:
        error = JobError(f"{job.work.__name__} failed: {done.fault.strip().splitlines()[-1]}")
        error.add_note(done.fault)
        raise error
    return done.value
