"""A delivery that dies at a line: what the tests of failpoints run in a process of its own."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any

import monitor
from monitor.app.build import App
from monitor.delivery.apprise import resolve
from monitor.settings.lexicons import load_lexicons
from monitor.settings.loading import load

#: Where a delivery may die: all that is on its way from the outbox to a destination and back.
MODULES = tuple(
    str(Path(monitor.__file__).parent / name)
    for name in (
        "deliver/send.py",
        "deliver/dispatch.py",
        "ledger/outbox.py",
        "ledger/outbox.py",
        "core/alerting/bundling.py",
        "delivery/",
    )
)
Line = tuple[str, int]
# Loaded before the process is forked: Apprise's plug-ins take half a second.
resolve("json://127.0.0.1/hook")


def deliver(out: Connection, folder: str, dies_at: Line | None) -> None:
    """Start as the service does, deliver all that is due, and name the lines that were come by; or die at that line."""
    app = App(load(Path(folder), {}), load_lexicons())
    app.outbox.release()
    seen: dict[Line, None] = {}
    trace = _tracer(seen, dies_at)
    threading.settrace(trace)
    sys.settrace(trace)
    for _ in app.courier.deliver("w"):
        pass
    sys.settrace(None)
    threading.settrace(None)
    app.close()
    out.send(list(seen))


def _tracer(seen: dict[Line, None], dies_at: Line | None) -> Callable[[FrameType, str, Any], Any]:
    def at_line(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            line = (frame.f_code.co_filename, frame.f_lineno)
            if line == dies_at:
                os.kill(os.getpid(), signal.SIGKILL)
            seen.setdefault(line)
        return at_line

    def at_call(frame: FrameType, event: str, argument: Any) -> Any:
        return at_line(frame, event, argument) if frame.f_code.co_filename.startswith(MODULES) else None

    return at_call
