"""Shows what the service does on a terminal, in place of its log lines."""

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, tzinfo
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console, RenderableType
from rich.live import Live
from rich.text import Text

from monitor.cli.lately import Lately
from monitor.cli.render_live import Coming, screen
from monitor.core.model import Feed
from monitor.errors import LedgerError
from monitor.logs import listened
from monitor.ports import DeliveryState

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
