"""The worker process: does jobs one after the other until its supervisor closes the connection or a limit ends it."""

import gc
import pickle
import resource
import signal
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any

from monitor.errors import ParseError
from monitor.workers.jobs import Bench
from monitor.workers.limits import Limits, limit_memory, limited_time

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
