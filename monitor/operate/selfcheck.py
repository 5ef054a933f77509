"""Checks the monitor itself: finds problems and reports them to its operator."""

import errno
import os
import shutil
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from monitor.core.alerting.bundling import Storm
from monitor.core.health import Bulletin, Finding, Trouble, feed_findings, news, observe, told
from monitor.core.message.compose import write
from monitor.core.model import Feed
from monitor.core.news import Destination, Subscriber
from monitor.delivery.pacing import Failing
from monitor.ports import HealthRecord, HostileDocument, Outcome, Sender

#: Deliveries that have been due for so long and were never tried show that sending is stuck.
BACKLOG = timedelta(minutes=15)
#: A disk is nearly full with less free space than this, as a share of the whole or in bytes: the smaller of both.
_FREE_SHARE, _FREE_BYTES = 0.05, 1_000_000_000
#: A clock that deviates by more than this between two checks has jumped.
_JUMP = timedelta(seconds=60)
_NO_STORMS: Mapping[str, Storm] = MappingProxyType({})


@dataclass(slots=True, kw_only=True)
class Physician:
    """One for each process. Between two checks it keeps only what a restart may forget."""

    record: HealthRecord
    sender: Sender
    clock: Callable[[], datetime]
    #: Returns monotonic seconds.
    ticks: Callable[[], float] = time.monotonic
    _told_at: datetime | None = None
    _last_look: tuple[datetime, float] | None = field(default=None)

    def look(self, findings: Iterable[Finding], operator: Sequence[Destination]) -> Bulletin:
        """Take in the current findings and report the new ones to the operator. Returns what was reported.

        A report counts as delivered if one of the operator's addresses took it or may have. If all refuse, a later
        check reports again. If the operator has no address, the caller logs the returned bulletin. A kill before the
        ailments are stored repeats the report.

        Raises:
            LedgerError: the database refused; the next check reports the problems.
        """
        now = self.clock()
        ailments = observe(self.record.ailments(), (*findings, *self._jumped(now)), now)
        bulletin = news(ailments, now=now, told_at=self._told_at)
        if bulletin:
            # Also set if nobody could be reached: they are tried again after a pause.
            self._told_at = now
            if self._tell(bulletin, operator, now):
                ailments = told(ailments, bulletin, now)
            else:
                bulletin = Bulletin()
        self.record.keep_ailments(ailments)
        return bulletin

    def _tell(self, bulletin: Bulletin, operator: Sequence[Destination], now: datetime) -> bool:
        message = write(bulletin, now)
        outcomes = [self.sender.send(each.url, message).outcome for each in operator if not each.fault]
        return not operator or not {Outcome.SENT, Outcome.UNKNOWN}.isdisjoint(outcomes)

    def _jumped(self, now: datetime) -> Iterator[Finding]:
        """Find a jump of the clock since the last check. Due times, quiet hours and ages depend on the clock."""
        ticks, last = self.ticks(), self._last_look
        self._last_look = (now, ticks)
        if last is None:
            return
        jump = now - last[0] - timedelta(seconds=ticks - last[1])
        if abs(jump) > _JUMP:
            way = "forward" if jump > timedelta(0) else "back"
            detail = f"{way} by {abs(jump)}: what is due goes by the new time; see that the machine keeps it by NTP"
            yield Finding(trouble=Trouble.CLOCK_JUMPED, subject="", detail=detail)


def findings(
    record: HealthRecord,
    feeds: Sequence[Feed],
    *,
    now: datetime,
    failing: Iterable[Failing] = (),
    unusable: Iterable[tuple[Subscriber, Destination]] = (),
    storms: Mapping[str, Storm] = _NO_STORMS,
    refused_edit: str = "",
    unserved: str = "",
    hostile: Iterable[HostileDocument] = (),
    offline: str = "",
    data: Path | None = None,
) -> Iterator[Finding]:
    """Yield the current problems.

    Args:
        record: the health of the feeds and of the outbox.
        feeds: the configured feeds; others are ignored.
        now: the present instant.
        failing: destinations that keep failing.
        unusable: destinations whose address is incomplete, each with its subscriber.
        storms: current storms, by the names of the subscribers.
        refused_edit: what is wrong with the current files, if the configuration before them is still used.
        unserved: why the web server does not listen; "" if it does.
        hostile: documents that were given up and are kept out.
        offline: what it means that there is no network; "" if there is one.
        data: the folder of an embedded database.

    Raises:
        LedgerError: the database refused.
    """
    if offline:
        yield Finding(trouble=Trouble.NO_NETWORK, subject="", detail=offline)
    names = {feed.url: feed.name for feed in feeds}
    known = (replace(feed, name=names[feed.name]) for feed in record.feeds() if feed.name in names)
    yield from feed_findings(known, now)
    waiting = record.waiting(now - BACKLOG)
    if waiting:
        detail = f"{waiting} messages are due for more than {BACKLOG.seconds // 60} minutes and were not tried"
        yield Finding(trouble=Trouble.DELIVERIES_LATE, subject="", detail=detail)
    for each in failing:
        detail = f"{each.failures} attempts in a row: {each.detail}"
        yield Finding(trouble=Trouble.DESTINATION_FAILING, subject=each.destination.label, detail=detail)
    for subscriber, destination in unusable:
        detail = f"{destination.fault}; its messages wait: set it, and start the service again"
        subject = f"{subscriber.name}: {destination.label}"
        yield Finding(trouble=Trouble.DESTINATION_UNUSABLE, subject=subject, detail=detail)
    for name, storm in storms.items():
        goes = "it goes as one message, to webhooks event by event"
        detail = f"{storm.reason}; {goes}: see that no feed or edit tells too much"
        yield Finding(trouble=Trouble.STORM, subject=name, detail=detail)
    if refused_edit:
        yield Finding(trouble=Trouble.EDIT_REFUSED, subject="", detail=f"the one before stays at work: {refused_edit}")
    if unserved:
        yield Finding(trouble=Trouble.UNSERVED, subject="", detail=unserved)
    for document in hostile:
        # The query may contain a secret.
        subject = document.url.partition("?")[0]
        yield Finding(trouble=Trouble.HOSTILE_DOCUMENT, subject=subject, detail=f"it was given up: {document.reason}")
    if data is not None:
        yield from _disk(data)


def _disk(folder: Path) -> Iterator[Finding]:
    try:
        space = shutil.disk_usage(folder)
    except OSError:
        return  # The database reports more about a folder that cannot be read.
    if space.free < min(_FREE_SHARE * space.total, _FREE_BYTES):
        detail = f"{space.free // 1_000_000} MB are free; nothing can be recorded once there are none"
        yield Finding(trouble=Trouble.DISK_FULL, subject=os.fspath(folder), detail=detail)


# Whether the web server can listen on its address, and if not, who holds it -------------------------------------------


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
