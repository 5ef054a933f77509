"""The process that workers are forked from. It loads all libraries and vocabularies, and does no job itself.

So a killed worker is replaced in milliseconds, and the vocabularies are compiled once for all workers. A worker that
was forked before they were compiled is replaced after its next job. The process has only one thread, which makes
forking safe.
"""

import os
import select
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.reduction import send_handle

from monitor.logs import keep_secret, set_up_logs
from monitor.workers.jobs import Bench, Recipe, set_out
from monitor.workers.limits import Limits
from monitor.workers.warming import set_apart
from monitor.workers.worker import serve

#: The supervisor's request for another worker. The answer is its process id and one end of its connection.
FORK = b"fork"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The order for a template."""

    recipe: Recipe
    #: The limits of each worker.
    limits: Limits
    #: Whether to compile in advance, while idle, what jobs will need.
    warm: bool


def run(control: Connection, order: Order) -> None:
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
