"""Shows what the service does on a terminal, in place of its log lines."""

import io
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import accumulate, chain
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console, RenderableType
from rich.live import Live
from rich.text import Text

from monitor.cli.lately import Lately, LogLine
from monitor.cli.output import out
from monitor.cli.render import count, text
from monitor.core.model import Feed
from monitor.core.polling.polling import span
from monitor.errors import LedgerError
from monitor.logs import listened
from monitor.ports import DeliveryState

# The screen of the running service: what it did lately, what comes next, what is wrong. Fits any terminal -------------


#: The most lines of the screen. What was printed before it stays in view on a larger terminal.
TALLEST = 24
#: Lines without room for a blank one between sections.
_LOW = 16
#: The widest column of subjects. On a narrow terminal it takes a third.
_COLUMN = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """What comes next."""

    feeds: int
    projects: int
    #: The next polls: the name of each feed, and when.
    polls: tuple[tuple[str, datetime], ...] = ()
    #: The number of feeds that wait for the network.
    waiting: int = 0
    #: Messages that wait to be sent, and when the next one is due.
    messages: int = 0
    message_at: datetime | None = None


def screen(
    lately: Lately, coming: Coming | None, *, now: datetime, zone: tzinfo | None, width: int, height: int
) -> Text:
    """At most ``height`` lines, each cut to the width. As long as the time zone is not known, no time is shown.

    What is wrong may take several lines, so that it can be read to its end.
    """
    height, column = max(1, min(height, TALLEST)), min(_COLUMN, max(1, width // 3))
    head = _head(lately, coming, zone, width)
    if lately.pages:
        head.append(Text.assemble("Pages: ", text(lately.pages, "bold")))
    if lately.doing:
        head.append(Text.assemble(f"{_turning(now)} ", text(lately.doing, "bold cyan")))
    if lately.no_network:
        head.append(text(lately.no_network, "bold yellow"))
    sections: list[tuple[str, Sequence[Sequence[Text]]]] = [
        ("Polled lately", [[_line(line, zone, column)] for line in lately.polls]),
        ("Changes and alerts", [[_line(line, zone, column)] for line in lately.moves]),
        ("Next", [[row] for row in _next(coming, now, zone)]),
        ("Problems", [_problem(line, zone, column, width) for line in reversed(tuple(lately.problems.values()))]),
    ]
    sections = [(name, items) for name, items in sections if items]
    gap = 1 if height >= _LOW else 0
    room = height - len(head) - len(sections) * (1 + gap)
    shares = shared([sum(map(len, items)) for _, items in sections], room)
    lines = head
    for (name, items), share in zip(sections, shares, strict=True):
        begins = accumulate(map(len, items[:-1]), initial=0)
        hidden = sum(begin >= share for begin in begins)
        lines += [Text()] * gap
        lines.append(Text.assemble((name, "bold"), (f"  {hidden:,} more" if hidden else "", "dim")))
        lines += list(chain.from_iterable(items))[:share]
    for line in lines[:height]:
        line.truncate(max(1, width), overflow="ellipsis")
    return Text("\n", no_wrap=True, overflow="crop").join(lines[:height])


def shared(wanted: Sequence[int], room: int) -> list[int]:
    """Share the lines of a screen: each section gets one more in turn, while it wants more and there is room."""
    shares = [0] * len(wanted)
    while room > 0 and shares != list(wanted):
        for index, most in enumerate(wanted):
            if room > 0 and shares[index] < most:
                shares[index] += 1
                room -= 1
    return shares


def _turning(now: datetime) -> str:
    """A mark that turns with the time, as long as something is under way."""
    return "|/-\\"[int(now.timestamp() * 2) % 4]


def _head(lately: Lately, coming: Coming | None, zone: tzinfo | None, width: int) -> list[Text]:
    """One line, or two if the terminal is narrow. It names the time zone of all times on the screen."""
    watched = f"  {count(coming.projects, 'project')}, {count(coming.feeds, 'feed')}" if coming else ""
    name = Text.assemble(("Milestone monitor", "bold"), watched, ("  Ctrl-C ends it", "dim"))
    if zone is None:
        return [name]
    done = [count(lately.polled, "poll"), count(lately.changed, "change"), f"{count(lately.sent, 'alert')} sent"]
    since = Text(f"{' · '.join(done)} since {lately.started_at.astimezone(zone):%H:%M} {zone}", "dim")
    gap = Text("  ")
    return [name + gap + since] if len(name) + len(gap) + len(since) <= width else [name, since]


def _line(line: LogLine, zone: tzinfo | None, column: int) -> Text:
    return _begin(line, zone, column).append_text(text(line.words, "" if line.is_good else "red"))


def _begin(line: LogLine, zone: tzinfo | None, column: int) -> Text:
    """What stands before the words of a line."""
    shown = Text.assemble((f" {line.at.astimezone(zone):%H:%M:%S}  " if zone else " ", "dim"))
    subject = text(line.subject)
    subject.truncate(column, overflow="ellipsis", pad=True)
    return shown.append_text(subject).append("  ")


def _problem(line: LogLine, zone: tzinfo | None, column: int, width: int) -> list[Text]:
    """The line, and below it the rest of its words if they are long and the terminal is wide enough."""
    begin, words = _begin(line, zone, column), text(line.words, "red")
    room = width - begin.cell_len
    if room < column:
        return [begin + words]
    first, *rest = words.wrap(out, room) or [Text()]
    margin = Text(" " * begin.cell_len)
    return [begin + first, *(margin + each for each in rest)]


def _next(coming: Coming | None, now: datetime, zone: tzinfo | None) -> list[Text]:
    if coming is None or zone is None:
        return []
    rows = []
    if coming.messages:
        due = f", the next at {coming.message_at.astimezone(zone):%Y-%m-%d %H:%M}" if coming.message_at else ""
        rows.append(Text(f" {count(coming.messages, 'message')} to send{due}"))
    for name, at in coming.polls:
        wait = f"in {span(at - now)}" if at - now >= timedelta(seconds=1) else "now"
        rows.append(Text.assemble((f" {wait:<12} ", "dim"), text(name)))
    if coming.waiting:
        rows.append(Text(f" {count(coming.waiting, 'feed')} when the network is back"))
    return rows


if TYPE_CHECKING:
    from monitor.app.build import App

#: Seconds between two pictures.
_REFRESH = 0.5
#: Seconds between two looks at what comes next. Many feeds take longer to look through.
_LOOK, _LOOK_FOR_EACH = 5.0, 0.01
#: The most polls to come, and the most waiting messages, that are looked at.
_POLLS, _MESSAGES = 10, 1000


class Screen:
    """The screen. It stays as it was last when it is closed, and vanishes if an error ends it."""

    def __init__(self, console: Console, *, quiet: bool) -> None:
        """Prepare.

        Args:
            console: a terminal.
            quiet: whether log lines would go to the same terminal.
        """
        self.lately = Lately(started_at=datetime.now(UTC))
        self._console = console
        self._quiet = quiet
        self._listening = listened(lambda event: self.lately.take(event, datetime.now(UTC)), quiet=quiet)
        self._app: App | None = None
        self._zone: tzinfo | None = None
        self._coming: Coming | None = None
        self._size = console.size
        #: The last picture.
        self._shown = Text()
        self._live = self._make()
        #: Prints above the screen, for alerts on the terminal.
        self.console = Console(file=_Above(self, console.encoding), force_terminal=True, highlight=False)
        #: Held while the terminal is written to: a picture is replaced by the height of the one before.
        self._drawing = threading.RLock()
        self._closed = threading.Event()
        #: Held while the database is looked at.
        self._looking = threading.Lock()
        self._thread = threading.Thread(target=self._keep, name="screen", daemon=True)

    def __enter__(self) -> Self:
        self._listening.__enter__()
        self._live.start(refresh=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed.set()
        self._thread.join()
        self.lately.doing = ""
        with self._drawing, suppress(OSError):  # a terminal that is gone shows nothing
            self._live.transient = isinstance(error, Exception)
            self._live.update(self._picture(), refresh=True)
            self._live.stop()
        self._listening.__exit__(kind, error, trace)

    @contextmanager
    def over(self, app: "App") -> Iterator[None]:
        """Also show what comes next, until the end of the ``with`` block. Raises LedgerError."""
        # Here and not in the other thread: the app makes its parts when they are first used.
        self._coming = coming(app)
        self._app, self._zone = app, app.watch.timezone
        try:
            yield
        finally:
            with self._looking:
                self._app = None

    def show(self, result: RenderableType) -> None:
        """Print a result above the screen, where it stays."""
        with self._drawing:
            self._console.print(result, soft_wrap=isinstance(result, Text))

    def progress(self, feed: Feed, read: int, articles: int) -> None:
        """Show how far the past of a feed is read."""
        self.lately.doing = f"Reading the past: {read:,} of {articles:,} articles of {feed.name}…"

    def _keep(self) -> None:
        looked_at = 0.0
        while not self._closed.wait(_REFRESH):
            pause = max(_LOOK, self._coming.feeds * _LOOK_FOR_EACH if self._coming else 0.0)
            if time.monotonic() - looked_at >= pause:
                self._look()
                looked_at = time.monotonic()
            try:
                self._draw()
            except OSError:
                return  # the terminal is gone, and the service goes on

    def _draw(self) -> None:
        with self._drawing:
            if self._console.size != self._size:
                # The terminal may have wrapped the lines of the last picture, so it cannot be replaced line by line.
                self._size = self._console.size
                self._live.stop()
                self._console.clear()
                self._live = self._make()
                self._live.start(refresh=True)
            elif (picture := self._picture()) != self._shown:
                self._shown = picture
                self._live.update(picture, refresh=True)

    def _look(self) -> None:
        with self._looking, suppress(LedgerError):  # the service reports what is wrong with the database
            if self._app is not None and not self.lately.is_stopping:
                self._coming = coming(self._app)

    def _make(self) -> Live:
        self._shown = self._picture()
        return Live(
            self._shown,
            console=self._console,
            auto_refresh=False,
            redirect_stderr=self._quiet,
            vertical_overflow="crop",
        )

    def _picture(self) -> Text:
        width, height = self._size
        return screen(
            self.lately,
            self._coming,
            now=datetime.now(UTC),
            zone=self._zone,
            # The last column and the last line stay free: a terminal would wrap or scroll.
            width=width - 1,
            height=height - 1,
        )


class _Above(io.StringIO):
    """A file whose texts, of whole lines, are printed above the screen."""

    def __init__(self, screen: Screen, encoding: str) -> None:
        super().__init__()
        self._screen = screen
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]  # the base class has a variable
        return self._encoding

    def write(self, text: str) -> int:
        self._screen.show(Text.from_ansi(text.removesuffix("\n")))
        return len(text)


def coming(app: "App") -> Coming:
    """What comes next, as the database has it. Raises LedgerError."""
    feeds, network = app.poller.feeds(), app.poller.network
    polls = [
        (feed.name, at) for feed, record in feeds if (at := record.next_poll_at) and not network.keeps_waiting(feed.url)
    ]
    waiting = app.outbox.deliveries(state=DeliveryState.PENDING, limit=_MESSAGES)
    return Coming(
        feeds=len(feeds),
        projects=len(app.config.projects),
        waiting=network.waiting() if network.is_lost else 0,
        polls=tuple(sorted(polls, key=lambda poll: poll[1])[:_POLLS]),
        messages=len(waiting),
        message_at=min((record.due_at for record in waiting), default=None),
    )
