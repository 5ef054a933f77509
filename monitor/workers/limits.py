"""The limits of one job. The kernel enforces them, even while the interpreter is stuck in one instruction."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of a worker."""

    #: Seconds of CPU time for one job. On a busy machine it takes longer by the clock.
    time: float = 30.0
    #: Bytes of data of the whole worker, including what it shares with its template.
    memory: int = 700_000_000

    @property
    def by_the_clock(self) -> float:
        """Seconds after which a job is ended even if it has only waited."""
        return self.time * 5


def limit_memory(limits: Limits) -> None:
    """Limit the memory of this process, in the kernel. A crash leaves no core file."""
    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextmanager
def limited_time(limits: Limits) -> Iterator[None]:
    """Let the kernel end this process if it is still inside when its seconds are over.

    SIGPROF and SIGALRM must have their default disposition. A handler written in Python would wait for the interpreter.
    """
    signal.setitimer(signal.ITIMER_PROF, limits.time)
    signal.setitimer(signal.ITIMER_REAL, limits.by_the_clock)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)
