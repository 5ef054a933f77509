"""A configuration folder with a past of its own, and the command as its user calls it."""

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from monitor.cli import main, output
from monitor.readers.trained import reader
from monitor.readers.trained.reader import Weights, load_weights
from tests.readers.hits import BY_HITS

PROJECTS = """
projects:
  - id: plant
    name: {en: Cathode plant, fr: Usine de cathodes}
    who: [BTR]
    what: [cathode]
    where: [Morocco]
    known:
      - {stage: announced, state: reached, date: 2023-12, source: "https://example.org/known"}
"""

FEEDS = """
feeds:
  - {url: "file:history.xml", name: Chronicle, trust: 0.7}
"""
SUBSCRIBERS = """
subscribers:
  - {name: Desk, to: ["console://"]}
"""
SIGNED = "BTR signed the investment agreement for its cathode plant in Morocco on 29 March 2024."
STARTED = "BTR broke ground on its cathode plant in Morocco."


def rss(*items: tuple[str, datetime]) -> str:
    """A feed of these texts, each at its own address."""
    entries = "".join(
        f"<item><title>{text}</title><link>https://example.org/{text.split()[1]}</link>"
        f"<description>{text}</description><pubDate>{format_datetime(at)}</pubDate></item>"
        for text, at in items
    )
    return f"<rss version='2.0'><channel><title>Chronicle</title>{entries}</channel></rss>"


HISTORY = rss((SIGNED, datetime(2024, 3, 30, tzinfo=UTC)), ("Something else", datetime(2024, 4, 1, tzinfo=UTC)))


def news(days_ago: float = 0.5) -> str:
    """The chronicle with something new in it."""
    at = datetime.now(UTC) - timedelta(days=days_ago)
    return rss((SIGNED, datetime(2024, 3, 30, tzinfo=UTC)), (STARTED, at))


@dataclass(frozen=True)
class Done:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """Standard output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def json(self) -> Any:
        """Standard output as the one JSON text that it is."""
        (value,) = self.lines
        return value


class Terminal(io.TextIOWrapper):
    """Standard input as a person types it."""

    def isatty(self) -> bool:
        return True


Monitor = Callable[..., Done]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    for name, content in {
        "monitor.yaml": f"{BY_HITS}web: {{port: 0}}\n",
        "projects.yaml": PROJECTS,
        "feeds.yaml": FEEDS,
        "subscribers.yaml": SUBSCRIBERS,
        "history.xml": HISTORY,
    }.items():
        (folder / name).write_text(content)
    return folder


@cache
def _weights(folder: Path) -> Weights:
    return load_weights(folder)


@pytest.fixture
def default_reader(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves the choice of the reader to the program, for tests of reading. Its weights are loaded once for all."""
    (folder / "monitor.yaml").unlink()
    monkeypatch.setattr(reader, "load_weights", _weights)


@pytest.fixture
def monitor(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    restored_logging: None,
) -> Monitor:
    """Calls the command with the folder as its configuration."""
    monkeypatch.setenv("MONITOR_CONFIG", str(folder))
    monkeypatch.setenv("COLUMNS", "100")
    for console in (output.out, output.err):
        # The width of the process at its start does not count.
        monkeypatch.setattr(console, "_width", None)

    def call(*args: str, stdin: str | bytes = b"", terminal: bool = False) -> Done:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "argv", ["monitor", *args])
        monkeypatch.setattr(sys, "stdin", (Terminal if terminal else io.TextIOWrapper)(io.BytesIO(given)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            main()
        said = capsys.readouterr()
        return Done(code=int(stop.value.code or 0), out=said.out, err=said.err)

    return call
