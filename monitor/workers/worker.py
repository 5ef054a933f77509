"""The worker process: does jobs one after the other until its supervisor closes the connection or a limit ends it."""

import gc
import os
import pickle
import resource
import select
import signal
import socket
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.reduction import send_handle
from typing import Any

from monitor.errors import ParseError
from monitor.logs import keep_secret, set_up_logs
from monitor.workers.jobs import Bench, Recipe, set_out
from monitor.workers.limits import Limits, limit_memory, limited_time
from monitor.workers.warming import set_apart

#: A worker rarely gives memory back. It is replaced when its peak has passed this share of the way from what it holds
#: when it is prepared to its limit.
_WORN = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A method of ``Bench``, with its arguments."""

    work: Callable[..., Any]
    args: tuple[Any, ...]
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The result of a job."""

    #: The return value of the method.
    value: Any = None
    #: The address and the reason of the ParseError that it raised.
    refusal: tuple[str, str] | None = None
    #: The traceback of any other error that it raised.
    fault: str | None = None
    #: Whether the job needed more memory than the worker may have.
    is_out_of_memory: bool = False
    #: Whether the worker should be replaced.
    is_worn: bool = False


def serve(
    connection: Connection, bench: Bench, limits: Limits, is_superseded: Callable[[], bool] = lambda: False
) -> None:
    """Do the jobs that arrive over the connection. Returns when it is closed.

    Call this in a separate process that ends with it.

    Args:
        connection: jobs arrive and answers leave here.
        bench: does the jobs.
        limits: of this process and of each job.
        is_superseded: whether a better prepared worker can take its place.
    """
    for number in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    limit_memory(limits)
    worn_at = limits.memory
    is_prepared = False
    while True:
        while not is_prepared and not connection.poll():
            is_prepared = not bench.prepare()
            if is_prepared:
                worn_at = int(_WORN * limits.memory + (1 - _WORN) * _peak())
        try:
            request = connection.recv_bytes()
        except EOFError:
            return
        with limited_time(limits):
            answer = _answer(request, bench, worn_at, is_superseded)
        try:
            connection.send_bytes(answer)
        except OSError:
            return  # the supervisor is gone


def _answer(request: bytes, bench: Bench, worn_at: int, is_superseded: Callable[[], bool]) -> bytes:
    try:
        done = _do(pickle.loads(request), bench)  # noqa: S301 - from our own supervisor
        if _peak() > worn_at or is_superseded():
            done = replace(done, is_worn=True)
        return pickle.dumps(done, pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        gc.collect()
        return pickle.dumps(Done(is_out_of_memory=True, is_worn=True), pickle.HIGHEST_PROTOCOL)


def _peak() -> int:
    """The most memory that this process has held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _do(job: Job, bench: Bench) -> Done:
    try:
        return Done(value=job.work(bench, *job.args, **job.options))
    except MemoryError:
        raise
    except ParseError as error:
        return Done(refusal=(error.url, error.reason))
    except Exception:  # noqa: BLE001 - passed to the supervisor, which raises it
        return Done(fault=traceback.format_exc())


def begin() -> None:
    """Ignore SIGINT and SIGTERM: only the supervisor and the limits end this process."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


# The process that workers are forked from. It loads all libraries and vocabularies, and does no job itself ------------
#
# So a killed worker is replaced in milliseconds, and the vocabularies are compiled once for all workers. A worker that
# was forked before they were compiled is replaced after its next job. The process has only one thread, which makes
# forking safe.


#: The supervisor's request for another worker. The answer is its process id and one end of its connection.
FORK = b"fork"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateOrder:
    """The order for a template."""

    recipe: Recipe
    #: The limits of each worker.
    limits: Limits
    #: Whether to compile in advance, while idle, what jobs will need.
    warm: bool


def run(control: Connection, order: TemplateOrder) -> None:
    """Fork a worker whenever the supervisor asks for one. Returns when it closes the connection."""
    set_up_logs()
    keep_secret(order.recipe.secrets)
    # The kernel reaps ended workers, since nobody waits for them here.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # If CPU time is short, the service has priority.
    os.nice(5)
    bench = set_out(order.recipe, warm=order.warm)
    # Keep shared memory shared: the garbage collector of a worker would write to all of it.
    set_apart()
    readiness = Readiness()
    if not order.warm:
        readiness.reach()
    while True:
        while not readiness.is_reached and not control.poll():
            if not bench.prepare():
                readiness.reach()
        try:
            control.recv_bytes()
        except (EOFError, OSError):
            return
        _fork(control, bench, order.limits, readiness)


class Readiness:
    """Tells the workers that were forked before the template was prepared that it is: the end of a pipe is closed."""

    def __init__(self) -> None:
        self._seen, self._held = os.pipe()
        self.is_reached = False

    def reach(self) -> None:
        self.is_reached = True
        os.close(self._held)

    def of_parent(self) -> Callable[[], bool]:
        """In a forked child: whether the template has become ready since."""
        if self.is_reached:
            return lambda: False
        os.close(self._held)
        return lambda: bool(select.select([self._seen], [], [], 0)[0])


def _fork(control: Connection, bench: Bench, limits: Limits, readiness: Readiness) -> None:
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        control.close()
        own = replace(bench, todo=iter(bench.own))
        _work(Connection(theirs.detach()), own, limits, readiness)
    with ours, theirs:
        control.send_bytes(b"%d" % pid)
        send_handle(control, ours.fileno(), None)


def _work(connection: Connection, bench: Bench, limits: Limits, readiness: Readiness) -> None:
    """The work of the forked child. It never returns, so it runs no clean-up of what the parent has open."""
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        serve(connection, bench, limits, readiness.of_parent())
        status = 0
    finally:
        os._exit(status)
