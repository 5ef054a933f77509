"""Whether the web server can listen on its address, and if not, who holds it."""

import errno
import socket
from contextlib import suppress
from pathlib import Path

_PROCESSES = Path("/proc")
#: The state of a listening socket in Linux's tables of sockets.
_LISTENS = "0A"


def why_not(host: str, port: int, error: Exception) -> str:
    """What an error means that kept a server from listening, and what to do."""
    if getattr(error, "errno", None) == errno.EADDRINUSE:
        return (
            f"web: port {port} of {host} is taken by {_holder(port)}; the pages come once it is free, so stop that "
            "program, or change web.host or web.port and start the service again"
        )
    reason = getattr(error, "strerror", None) or "it is not an address of this machine"
    return f"web: cannot listen on {host}:{port}: {reason}; change web.host or web.port and start the service again"


def hindrance(host: str, port: int) -> str:
    """Why a server cannot listen there now. "" if it can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except (OSError, OverflowError, UnicodeError) as error:
        return why_not(host, port, error)
    return ""


def _holder(port: int) -> str:
    """The process that listens on a port. Linux tells, and of other people's processes only to the administrator."""
    sockets = {f"socket:[{number}]" for number in _listening(port)}
    for process in _PROCESSES.glob("[0-9]*"):
        with suppress(OSError):
            if any(str(link.readlink()) in sockets for link in (process / "fd").iterdir()):
                return f"{(process / 'comm').read_text().strip()} (process {process.name})"
    return "another program"


def _listening(port: int) -> set[str]:
    """The numbers of the sockets that listen on a port."""
    numbers = set()
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in (_PROCESSES / "net" / table).read_text().splitlines()[1:]:
                _, local, _, state, *rest = line.split()
                if state == _LISTENS and int(local.rpartition(":")[2], 16) == port:
                    numbers.add(rest[5])
    return numbers
