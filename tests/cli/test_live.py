"""What the screen of the running service shows, and that it fits."""

import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fcntl import ioctl
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from monitor.cli.lately import MOST, Event, Lately
from monitor.cli.live import TALLEST, Coming, screen, shared
from tests.cli.conftest import news
from tests.cli.test_service import service

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
COMING = Coming(
    feeds=80,
    projects=10,
    polls=(("Example Daily", NOW + timedelta(seconds=12)), ("Port", NOW - timedelta(seconds=3))),
    messages=2,
    message_at=NOW + timedelta(hours=1),
)


def polled(feed: str = "Example Daily", *, error: str = "", **more: object) -> Event:
    said = {"error": error, "level": "warning"} if error else {"level": "info"}
    return {"event": "feed.polled", "feed": feed, "new": 0, "relevant": 0, "history": False, **said, **more}


def change(**more: object) -> Event:
    return {"event": "change.found", "level": "info", "project": "btr-cathode", **more}


def sent(outcome: str = "sent", **more: object) -> Event:
    level = "info" if outcome == "sent" else "warning"
    told = {"project": "btr-cathode", "destination": "slack://desk", "outcome": outcome}
    return {"event": "delivery.attempted", "level": level, **told, **more}


def health(event: str) -> Event:
    return {"event": event, "level": "warning", "trouble": "disk nearly full", "subject": "/var", "detail": "9 MB"}


def lately(*events: Event) -> Lately:
    it = Lately(started_at=NOW - timedelta(hours=1))
    for event in events:
        it.take(event, NOW)
    return it


def shown(*events: Event, coming: Coming | None = COMING, width: int = 100, height: int = 24) -> str:
    return screen(lately(*events), coming, now=NOW, zone=UTC, width=width, height=height).plain


@pytest.mark.parametrize(
    ("events", "line"),
    [
        pytest.param([polled()], "Example Daily             nothing new", id="nothing new"),
        pytest.param([polled(new=3)], "Example Daily             3 new", id="new"),
        pytest.param([polled(new=3, relevant=1)], "3 new, 1 about projects", id="about a project"),
        pytest.param([polled(new=61, history=True)], "61 new, its past: alerts nobody", id="history"),
        pytest.param([polled(error="https://e.org/: gone (410)")], "Example Daily             gone (410)", id="failed"),
        pytest.param(
            [change(type="status", about="agreed", before="announced", after="agreed")],
            "btr-cathode               status: announced → agreed",
            id="a status",
        ),
        pytest.param(
            [change(type="schedule", about="operating", before=None, after="2027")],
            "schedule, operating: 2027",
            id="a date",
        ),
        pytest.param(
            [change(type="quiet", before=None, after=None)], "btr-cathode               quiet", id="a silence"
        ),
        pytest.param([sent()], "btr-cathode               told slack://desk", id="told"),
        pytest.param([sent("failed", detail="no such channel")], "failed: no such channel", id="not told"),
        pytest.param([health("health.raised")], "disk nearly full · /var   9 MB", id="health"),
        pytest.param(
            [{"event": "web.not_served", "level": "warning", "error": "port taken"}],
            "web.not_served            port taken",
            id="any other warning",
        ),
        pytest.param(
            [{"event": "configuration.refused", "level": "warning", "problems": ["a.yaml:1: wrong", "b"]}],
            "configuration.refused     a.yaml:1: wrong; b",
            id="an edit",
        ),
        pytest.param(
            [{"event": "feed.problem", "level": "warning", "feed": "Port", "problem": "no title"}],
            "Port                      no title",
            id="a problem of a feed",
        ),
    ],
)
def test_each_event_is_a_line(events: list[Event], line: str) -> None:
    assert line in shown(*events)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        pytest.param(polled(error="https://e.org/: gone"), polled(), id="a feed answers"),
        pytest.param(sent("failed"), sent(), id="a destination takes a message"),
        pytest.param(health("health.raised"), health("health.recovered"), id="the disk has room"),
        pytest.param(
            {"event": "web.not_served", "level": "warning", "error": "port taken"},
            {"event": "web.serving", "level": "info", "address": "http://127.0.0.1:8080/"},
            id="the port is free",
        ),
        pytest.param(
            {"event": "configuration.refused", "level": "warning", "problems": ["x"]},
            {"event": "configuration.taken", "level": "info"},
            id="an edit is right",
        ),
        pytest.param(
            {"event": "configuration.refused", "level": "warning", "problems": ["x"]},
            {"event": "configuration.restored", "level": "info"},
            id="an edit is taken back",
        ),
    ],
)
def test_what_is_right_again_is_no_problem_any_more(wrong: Event, right: Event) -> None:
    assert "Problems" in shown(wrong)
    assert "Problems" not in shown(wrong, right)


def test_all_times_are_in_one_zone_which_is_named_once() -> None:
    done = lately(polled())
    zone = ZoneInfo("Africa/Casablanca")
    before = screen(done, None, now=NOW, zone=None, width=80, height=24).plain
    after = screen(done, COMING, now=NOW, zone=zone, width=80, height=24).plain

    assert ":00" not in before
    assert "13:00:00  Example Daily" in after
    assert after.count("since 12:00 Africa/Casablanca\n") == after.count("Casablanca") == 1


def test_the_network_is_one_line_until_it_is_back() -> None:
    lost = {"event": "network.lost", "level": "warning", "detail": "No network: 79 feeds not asked"}
    back = {"event": "network.back", "level": "info", "detail": "Network is back after 12 minutes"}

    assert shown(lost, lost).count("No network: 79 feeds not asked") == 1
    assert "No network" not in shown(lost, back)
    assert "Network                   Network is back after 12 minutes" in shown(lost, back)


def test_the_start_and_the_end_say_what_is_done() -> None:
    reading = {"event": "past.reading", "level": "info", "detail": "Reading the past of 80 feeds…"}

    assert "Reading the past of 80 feeds…" in shown(reading)
    assert "Reading the past" not in shown(reading, {"event": "service.started", "level": "info"})
    assert "Stopping…" in shown({"event": "service.stopping", "level": "info"})


def test_the_address_of_the_pages_is_shown() -> None:
    serving = {"event": "web.serving", "level": "info", "address": "http://127.0.0.1:8080/"}

    assert "\nPages: http://127.0.0.1:8080/\n" in shown(serving)


def test_what_is_wrong_can_be_read_to_its_end() -> None:
    words = " ".join(f"word{number}" for number in range(20))
    wrong = {"event": "web.not_served", "level": "warning", "error": words}

    lines = shown(wrong, width=80).partition("Problems")[2].split("\n")[1:]

    assert len(lines) > 1
    assert " ".join(line[37:].strip() for line in lines) == words


def test_a_problem_of_several_lines_counts_once_among_those_that_are_hidden() -> None:
    wrong = [polled(f"Feed {number}", error="https://e.org/: " + "gone " * 20) for number in range(9)]

    assert re.search(r"Problems  [67] more", shown(*wrong, width=80))


def test_what_comes_next_is_shown_with_its_wait() -> None:
    text = shown(polled(), change(type="status"), sent())

    assert "\n1 poll · 1 change · 1 alert sent since 11:00 UTC\n" in text
    assert "2 messages to send, the next at 2026-11-29 13:00" in text
    assert "in 12 s      Example Daily" in text
    assert "now          Port" in text
    assert "79 feeds when the network is back" in shown(coming=Coming(feeds=80, projects=10, waiting=79))
    assert "Next" not in shown(polled(), coming=None)


def test_the_newest_are_shown_first_and_the_oldest_are_forgotten() -> None:
    many = lately(*(polled(f"Feed {number}", error="https://e.org/: gone") for number in range(MOST + 1)))

    assert (many.polls[0].subject, len(many.polls), len(many.problems)) == (f"Feed {MOST}", MOST, MOST)
    assert "Feed 0" not in many.problems


def test_what_a_feed_says_cannot_move_the_cursor() -> None:
    text = shown(polled("Bad\x1b[2J\nnews", error="https://e.org/: \x1b[31mred"), change(type="\x1b[1m"))

    assert "\x1b" not in text
    assert len(text.splitlines()) == len(shown(polled(error="https://e.org/: red"), change(type="status")).splitlines())


@given(width=st.integers(1, 250), height=st.integers(1, 60), events=st.integers(0, 40), busy=st.booleans())
def test_the_screen_fits_any_terminal(width: int, height: int, events: int, busy: bool) -> None:
    said = [
        each
        for number in range(events)
        for each in (polled(f"贝特瑞新材料 {number}", error="https://e.org/: gone " * 9), change(type="status"), sent())
    ]
    start = [{"event": "past.reading", "level": "info", "detail": "Reading the past…"}] * busy

    lines = shown(*said, *start, width=width, height=height).split("\n")

    assert len(lines) <= min(height, TALLEST)
    assert max(map(cell_len, lines)) <= width


@given(wanted=st.lists(st.integers(0, 50), max_size=5), room=st.integers(-5, 60))
def test_the_lines_are_shared_fairly_and_none_is_wasted(wanted: list[int], room: int) -> None:
    shares = shared(wanted, room)

    assert all(share <= most for share, most in zip(shares, wanted, strict=True))
    assert sum(shares) == min(max(room, 0), sum(wanted))
    short = [share for share, most in zip(shares, wanted, strict=True) if share < most]
    assert all(share >= max(shares) - 1 for share in short)


# ---------------------------------------------------------------- the command on a terminal


class Terminal:
    """The command on a terminal of this size."""

    def __init__(
        self, folder: Path, *arguments: str, rows: int = 24, columns: int = 80, stderr: IO[str] | None = None
    ) -> None:
        master, slave = pty.openpty()
        self._master = master
        self.resize(rows, columns)
        # The size is that of the terminal, also where the tests have another one.
        environment = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "monitor", "run", *arguments],
            env={**environment, "MONITOR_CONFIG": str(folder), "TERM": "xterm-256color"},
            stdin=slave,
            stdout=slave,
            stderr=stderr or slave,
            start_new_session=True,
        )
        os.close(slave)
        self.said = ""

    def resize(self, rows: int, columns: int) -> None:
        ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def wait_for(self, words: str) -> str:
        """Read until the words are there, from now on; what was read."""
        begin, deadline = len(self.said), time.monotonic() + 60
        while words not in self.said[begin:]:
            assert time.monotonic() < deadline, self.said
            if not self._read():
                break
        assert words in self.said[begin:], self.said
        return self.said[begin:]

    def stop(self) -> str:
        """Stop the command; what it showed since."""
        begin = len(self.said)
        self.process.send_signal(signal.SIGINT)
        while self._read():
            pass
        assert self.process.wait(timeout=30) == 0
        return self.said[begin:]

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)

    def _read(self) -> bool:
        """Read what is there. False at the end."""
        if not select.select([self._master], [], [], 1)[0]:
            return True
        try:
            piece = os.read(self._master, 65_536)
        except OSError:  # Linux says so when the last process has closed its side
            return False
        self.said += piece.decode(errors="replace")
        return bool(piece)


@pytest.fixture
def quick(folder: Path) -> Path:
    """The folder, whose service is quick and in nobody's way."""
    settings = "reader: {use: 'tests.readers.hits:HitReader'}\nweb: {port: 0}\npolling: {fastest: 1s, every: 1s}\n"
    (folder / "monitor.yaml").write_text(settings)
    return folder


@pytest.fixture
def terminal(quick: Path) -> Iterator[Terminal]:
    terminal = Terminal(quick)
    yield terminal
    terminal.close()


def test_on_a_terminal_the_service_shows_what_it_does(quick: Path, terminal: Terminal) -> None:
    start = terminal.wait_for("In full, with proof") + terminal.wait_for("Next")
    terminal.resize(rows=14, columns=60)
    terminal.wait_for("\x1b[2J")
    (quick / "history.xml").write_text(news())
    moved = terminal.wait_for("told console://")
    end = terminal.stop()

    assert "Reading the past: 0 of 1 articles of Chronicle…" in start
    assert "Cathode plant" in start
    assert "BTR broke ground" in moved
    # The line of the change stands below that of the alert, and may be read after it.
    assert "status: agreed" in moved + end
    assert "Milestone monitor" in end
    assert "Stopping…" not in end.rpartition("Milestone monitor")[2]
    for line in (start, moved, end):
        assert "feed.polled" not in line


def test_an_error_at_the_start_is_all_that_stays_on_the_terminal(quick: Path) -> None:
    (quick / "projects.yaml").write_text("projects: 1")
    terminal = Terminal(quick)
    try:
        terminal.wait_for("must be a list")
        code = terminal.process.wait(timeout=30)
    finally:
        terminal.close()

    assert code == 2
    assert "Milestone monitor" not in terminal.said.rpartition("\x1b[2K")[2]


def test_on_a_terminal_log_lines_are_shown_instead_if_they_are_asked_for(quick: Path) -> None:
    terminal = Terminal(quick, "--log", "json")
    try:
        said = terminal.wait_for('"event": "service.started"')
        end = terminal.stop()
    finally:
        terminal.close()

    assert said.startswith('{"detail": "Reading the configuration…", "event": "service.starting"')
    assert '"event": "service.stopped"' in end
    assert "Milestone monitor" not in said


def test_a_file_gets_the_log_lines_beside_the_screen(quick: Path, tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as file:
        terminal = Terminal(quick, stderr=file)
    try:
        shown = terminal.wait_for("Next")
        shown += terminal.stop()
    finally:
        terminal.close()
    events = [json.loads(line)["event"] for line in (tmp_path / "log").read_text().splitlines()]

    assert (events[0], events[-1]) == ("service.starting", "service.stopped")
    assert "service.started" not in shown


@pytest.mark.parametrize(
    ("log", "beginning"), [((), '{"detail": "Reading the conf'), (("--log", "text"), "20")], ids=["json", "text"]
)
def test_without_a_terminal_the_service_says_at_once_what_it_does(
    quick: Path, log: tuple[str, ...], beginning: str
) -> None:
    process = service(quick, *log)
    assert process.stderr
    first = process.stderr.readline()
    # The web server listens meanwhile, and says so.
    following = [process.stderr.readline() for _ in range(2)]
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)

    assert first.startswith(beginning)
    assert "Reading the configuration…" in first
    assert any("Reading the past of Chronicle" in line for line in following)
