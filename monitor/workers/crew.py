"""Supervises workers: starts them, hands jobs to them, and replaces those that a job has broken.

A worker does one job at a time, so a limit costs the one document that broke it. Who has one next, ``turns.py`` says.
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
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from monitor.errors import ParseError
from monitor.workers import template
from monitor.workers.jobs import Bench, Recipe
from monitor.workers.limits import Limits
from monitor.workers.turns import SPARE, Turns
from monitor.workers.worker import Done, Job

#: A job whose worker ended for no reason that is known is tried so often; somebody may have killed it.
TRIES = 3
#: Seconds that the kernel is given to end a worker, before it is ended from here.
_OVERDUE = 5.0
#: Seconds after which a crew that was retired ends its processes, if it has had no job.
_RETIRES = 60.0

_CLOSED = "the workers are closed"
_NOT_STARTED = "no worker process can be started; the log of its start stands above"

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")


class OverLimitError(Exception):
    """A document broke its worker: it took too long, or too much memory, or ended the process. Says which."""


class JobError(RuntimeError):
    """A job failed in a way that its method does not declare: a bug. Holds the worker's traceback."""


@dataclass(slots=True, eq=False)
class _Worker:
    pid: int
    connection: Connection

    def do(self, request: bytes, patience: float) -> Done | None:
        """What came of the job; None where the process ended over it."""
        try:
            self.connection.send_bytes(request)
            if self.connection.poll(patience):
                done: Done = pickle.loads(self.connection.recv_bytes())  # noqa: S301 - from our own worker
                return done
        except (OSError, EOFError):
            pass
        return None

    def end(self) -> None:
        # A worker in a job does not notice that its connection is closed. The process is ours as long as that is open.
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.connection.close()


class _Template:
    """The supervisor's side of ``template.py``."""

    def __init__(self, order: template.Order) -> None:
        ours, theirs = socket.socketpair()
        # Not by multiprocessing, whose helper processes would cost as much memory as a worker. A group of its own keeps
        # the Ctrl-C of a terminal from it.
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-P", "-m", "monitor.workers", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=sys.__stderr__,
                process_group=0,
            )
        self._control = Connection(ours.detach())
        # Plain values, so that it is the configuration that the service works by, whatever is edited meanwhile.
        self._control.send((sys.path, order))

    def fork(self) -> _Worker:
        """Another worker. Raises EOFError or OSError where the template has ended."""
        self._control.send_bytes(template.FORK)
        return _Worker(int(self._control.recv_bytes()), Connection(recv_handle(self._control)))

    def kill(self) -> None:
        """Let whoever waits for its answer hear that there is none."""
        self._process.kill()

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._control.close()


@dataclass(slots=True, eq=False)
class Crew:
    """The workers of one configuration. Nothing is started before the first job; close it when done.

    Safe to share between threads and event loops.
    """

    recipe: Recipe
    limits: Limits
    #: Workers that are kept; up to ``SPARE`` more while jobs take long.
    processes: int = 1
    #: Whether workers compile what jobs need sooner or later, while they have nothing else to do.
    warm: bool = False
    _idle: list[_Worker] = field(init=False, default_factory=list)
    _busy: set[_Worker] = field(init=False, default_factory=set)
    _template: _Template | None = field(init=False, default=None)
    #: Held for moments only, by whoever changes what stands above.
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)
    #: Held by whoever talks to the template, which may be loading for a while.
    _talking: threading.Lock = field(init=False, default_factory=threading.Lock)
    _threads: ThreadPoolExecutor | None = field(init=False, default=None)
    _turns: WeakKeyDictionary[asyncio.AbstractEventLoop, Turns] = field(init=False, default_factory=WeakKeyDictionary)
    _used_at: float = field(init=False, default=0.0)
    _is_closed: bool = field(init=False, default=False)

    async def do(self, size: int, work: Callable[Concatenate[Bench, P], T], /, *args: P.args, **options: P.kwargs) -> T:
        """Have a worker call a method of its ``Bench``.

        Args:
            size: of the foreign text, in characters or bytes; what is small goes first.
            work: the method.
            args: of the method.
            options: of the method.

        Raises:
            ParseError: as the method.
            OverLimitError: the job broke its worker, and would do so again.
            JobError: the method raised what it does not declare.
        """
        if self._is_closed:
            raise RuntimeError(_CLOSED)
        loop = asyncio.get_running_loop()
        turns = self._turns.setdefault(loop, Turns(self.processes))
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self.processes + SPARE, "worker")
        async with turns.one(size):
            job = Job(work=work, args=args, options=options)
            value: T = await loop.run_in_executor(self._threads, self._run, job)
            return value

    def do_all(
        self, work: Callable[[Bench, Sequence[T]], Sequence[R]], items: Sequence[T], *, at_a_time: int
    ) -> Iterator[R | OverLimitError]:
        """Have the workers call this method, which gives a list of results for a list of items.

        Gives the result of each item, in order; an OverLimitError for one that breaks its worker. Blocks while there is
        nothing to give, so it is not for the thread of an event loop.

        Raises:
            JobError: the method raised what it does not declare.
        """

        def results(batch: Sequence[T]) -> Sequence[R | OverLimitError]:
            try:
                found: Sequence[R] = self._run(Job(work=work, args=(batch,), options={}))
            except OverLimitError as error:
                # One of them breaks its worker: alone, each is judged for itself.
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
        """Whether the workers of the other would do just what these do."""
        mine, theirs = ((crew.recipe, crew.limits, crew.processes, crew.warm) for crew in (self, other))
        return mine == theirs

    def retire(self) -> None:
        """End the processes as soon as nobody has asked them for anything for a while."""
        self._end_later()

    def close(self) -> None:
        """End all processes at once; jobs under way are given up. It cannot be used again."""
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
                # One may have come back meanwhile.
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
            return self._idle.pop() if self._idle else None

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
        return _Template(template.Order(recipe=self.recipe, limits=self.limits, warm=self.warm))

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
