"""The process that workers are forked from. It loads all libraries and the configuration, and does no job itself.

So a killed worker is replaced in milliseconds, and all workers share that memory. What is compiled for reading is not
loaded here: a worker writes to nearly all of that memory, and a copy here would be useless. The process has only one
thread, which makes forking safe.
"""

import os
import signal
import socket
from dataclasses import dataclass
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
    #: Whether idle workers compile in advance what jobs will need.
    warm: bool


def run(control: Connection, order: Order) -> None:
    """Fork a worker whenever the supervisor asks for one. Returns when it closes the connection."""
    set_up_logs()
    keep_secret(order.recipe.secrets)
    # The kernel reaps ended workers, since nobody waits for them here.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    bench = set_out(order.recipe, warm=order.warm)
    # Keep shared memory shared: the garbage collector of a worker would write to all of it.
    set_apart()
    while True:
        try:
            control.recv_bytes()
        except (EOFError, OSError):
            return
        _fork(control, bench, order.limits)


def _fork(control: Connection, bench: Bench, limits: Limits) -> None:
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        control.close()
        _work(Connection(theirs.detach()), bench, limits)
    with ours, theirs:
        control.send_bytes(b"%d" % pid)
        send_handle(control, ours.fileno(), None)


def _work(connection: Connection, bench: Bench, limits: Limits) -> None:
    """The work of the forked child. It never returns, so it runs no clean-up of what the parent has open."""
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        serve(connection, bench, limits)
        status = 0
    finally:
        os._exit(status)
