"""The process that workers are forked from: it loads and compiles once what takes seconds, and does no job itself.

So a worker that was killed is replaced in milliseconds, and all of them share the memory of what they read by. It has
one thread, which is what makes forking sound.
"""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.reduction import send_handle

from monitor.logs import keep_secret, set_up_logs
from monitor.workers.jobs import Bench, Recipe, set_out
from monitor.workers.limits import Limits
from monitor.workers.warming import steps
from monitor.workers.worker import serve

#: What the supervisor asks for: another worker. Answered by its process id and one end of its connection.
FORK = b"fork"
#: What the template says by itself, once: workers that are forked from now on have nothing to compile.
WARM = b"warm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a template is to be."""

    recipe: Recipe
    #: Of each worker.
    limits: Limits
    #: Compile beforehand what jobs need sooner or later. Else each worker compiles what it needs.
    warm: bool


def run(control: Connection, order: Order) -> None:
    """Fork a worker whenever the supervisor asks for one. Returns when it closes the connection."""
    set_up_logs()
    keep_secret(order.recipe.secrets)
    # The kernel forgets workers that have ended; nobody here waits for them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    is_warm, limits = not order.warm, order.limits
    bench, lexicons = set_out(order.recipe)
    todo: Iterator[Callable[[], object]] = steps(lexicons) if order.warm else iter(())
    while True:
        if not is_warm and not control.poll():
            step = next(todo, None)
            if step is not None:
                step()
                continue
            is_warm = True
            control.send_bytes(WARM)
        try:
            control.recv_bytes()
        except (EOFError, OSError):
            return
        _fork(control, bench, limits)


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
