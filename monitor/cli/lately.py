"""What the service did lately, as the events of its log tell. Without I/O."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from monitor.core.plain import clean

Event = Mapping[str, object]

#: The most lines of each kind that are kept.
MOST = 50
#: Where an event says in words what happened, the best of them first.
_WORDS = ("detail", "error", "problem", "reason", "problems")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One thing that happened."""

    at: datetime
    #: Whom or what it is about.
    subject: str
    words: str
    is_good: bool = True


@dataclass(slots=True, kw_only=True)
class Lately:
    """What happened since the start. Another thread may read it at any time: each field is replaced as a whole."""

    started_at: datetime
    #: What the service is doing at its start and at its end. Empty in between.
    doing: str = ""
    is_stopping: bool = False
    #: What it means that there is no network. Empty while there is one.
    no_network: str = ""
    #: The address of the pages. Empty while they are not served.
    pages: str = ""
    #: The newest first.
    polls: tuple[LogLine, ...] = ()
    moves: tuple[LogLine, ...] = ()
    #: What is wrong, by what it is about, the newest last.
    problems: Mapping[str, LogLine] = field(default_factory=dict)
    polled: int = 0
    changed: int = 0
    sent: int = 0

    def take(self, event: Event, now: datetime) -> None:
        """Take in one event of the log."""
        name = str(event.get("event", ""))
        if (taken := self._taken.get(name)) is not None:
            taken(self, event, now)
        elif event.get("level") not in {"debug", "info"}:
            self._wrong(name, _words(event), now)

    def _starting(self, event: Event, now: datetime) -> None:  # noqa: ARG002 - as all that take an event
        self.doing = _words(event)

    def _started(self, event: Event, now: datetime) -> None:  # noqa: ARG002
        self.doing = ""

    def _stopping(self, event: Event, now: datetime) -> None:  # noqa: ARG002
        self.doing, self.is_stopping = "Stopping…", True

    def _network_lost(self, event: Event, now: datetime) -> None:  # noqa: ARG002
        self.no_network = _words(event)

    def _network_back(self, event: Event, now: datetime) -> None:
        self.no_network = ""
        self._happened(LogLine(at=now, subject="Network", words=_words(event)))

    def _serving(self, event: Event, now: datetime) -> None:  # noqa: ARG002
        self.pages = _text(event, "address")
        self._right("web.not_served")

    def _found_wrong(self, event: Event, now: datetime) -> None:
        self._wrong(_text(event, "feed") or _trouble(event), _words(event), now)

    def _found_right(self, event: Event, now: datetime) -> None:  # noqa: ARG002
        self._right(_trouble(event))

    def _configured(self, event: Event, now: datetime) -> None:  # noqa: ARG002
        self._right("configuration.refused")

    def _changed(self, event: Event, now: datetime) -> None:
        self.changed += 1
        self._moved(LogLine(at=now, subject=_text(event, "project"), words=_move(event)))

    def _polled(self, event: Event, now: datetime) -> None:
        feed, error = _text(event, "feed"), _text(event, "error")
        self.polled += 1
        if error:
            # The error begins with the address, which the name stands for.
            self._wrong(feed, error.partition(": ")[2] or error, now)
        else:
            self._right(feed)
        self._happened(LogLine(at=now, subject=feed, words="failed" if error else _brought(event), is_good=not error))

    def _attempted(self, event: Event, now: datetime) -> None:
        destination, outcome = _text(event, "destination"), _text(event, "outcome")
        is_sent = outcome == "sent"
        if is_sent:
            self.sent += 1
            self._right(destination)
        else:
            self._wrong(destination, ": ".join(filter(None, (outcome, _words(event)))), now)
        words = f"{'told' if is_sent else 'not told'} {destination}"
        self._moved(LogLine(at=now, subject=_text(event, "project"), words=words, is_good=is_sent))

    def _happened(self, line: LogLine) -> None:
        self.polls = (line, *self.polls)[:MOST]

    def _moved(self, line: LogLine) -> None:
        self.moves = (line, *self.moves)[:MOST]

    def _wrong(self, subject: str, words: str, now: datetime) -> None:
        others = [(key, line) for key, line in self.problems.items() if key != subject]
        line = LogLine(at=now, subject=subject, words=words, is_good=False)
        self.problems = dict([*others, (subject, line)][-MOST:])

    def _right(self, subject: str) -> None:
        self.problems = {key: line for key, line in self.problems.items() if key != subject}

    #: What is made of each event. Any other event that is a warning or an error is a problem.
    _taken: ClassVar[Mapping[str, Callable[["Lately", Event, datetime], None]]] = {
        "service.starting": _starting,
        "past.reading": _starting,
        "service.started": _started,
        "service.stopping": _stopping,
        "feed.polled": _polled,
        "feed.problem": _found_wrong,
        "change.found": _changed,
        "clock.raised": _changed,
        "reread.raised": _changed,
        "delivery.attempted": _attempted,
        "web.serving": _serving,
        "network.lost": _network_lost,
        "network.back": _network_back,
        "health.raised": _found_wrong,
        "health.recovered": _found_right,
        "configuration.taken": _configured,
        "configuration.restored": _configured,
    }


def _text(event: Event, key: str) -> str:
    value = event.get(key)
    return clean(str(value)) if value is not None else ""


def _words(event: Event) -> str:
    found = next((event[key] for key in _WORDS if event.get(key)), "")
    return clean("; ".join(map(str, found)) if isinstance(found, list) else str(found))


def _trouble(event: Event) -> str:
    return " · ".join(filter(None, (_text(event, "trouble"), _text(event, "subject"))))


def _brought(event: Event) -> str:
    """What a poll brought."""
    new = event.get("new")
    if not new:
        return "nothing new"
    parts = [f"{new} new", f"{event.get('relevant')} about projects" if event.get("relevant") else ""]
    past = "its past: alerts nobody" if event.get("history") else ""
    return ", ".join(filter(None, (*parts, past)))


def _move(event: Event) -> str:
    """``status: agreed → construction``."""
    about = _text(event, "about") if event.get("type") != "status" else ""
    what = ", ".join(filter(None, (_text(event, "type"), about)))
    sides = " → ".join(filter(None, (_text(event, "before"), _text(event, "after"))))
    return f"{what}: {sides}" if sides else what
