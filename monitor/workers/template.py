"""The process that workers are forked from: it loads all libraries and the configuration, and does no job itself.

So a worker that was killed is replaced in milliseconds, and all of them share that memory. What is compiled for
reading is not among it: a worker writes to nearly all of that, and a second copy would lie here for nothing. The
process has one thread, which is what makes forking sound.
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

#: What the supervisor asks for: another worker. Answered by its process id and one end of its connection.
FORK = b"fork"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a template is to be."""

    recipe: Recipe
    #: Of each worker.
    limits: Limits
    #: Whether workers compile what jobs need sooner or later, while they have nothing else to do.
    warm: bool


def run(control: Connection, order: Order) -> None:
    """Fork a worker whenever the supervisor asks for one. Returns when it closes the connection."""
    set_up_logs()
    keep_secret(order.recipe.secrets)
    # The kernel forgets workers that have ended; nobody here waits for them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    bench = set_out(order.recipe, warm=order.warm)
    # What is shared stays shared: the collector of a worker would touch all of it.
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
    """What the child of the fork does. It never returns: what the parent has open is not its business."""
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        serve(connection, bench, limits)
        status = 0
    finally:
        os._exit(status)
