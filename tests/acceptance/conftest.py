"""The installed command as a process, on a folder whose feeds, mails and webhooks are real servers on loopback."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Any

import pytest

from tests.servers import LoopbackServer, Reply
from tests.sinks import SmtpSink, WebhookSink

PROJECTS = """
projects:
  - id: btr-anode
    name: {en: BTR anode plant, fr: Usine d'anodes BTR}
    who: [BTR New Material, BTR]
    what: [anode, anodes]
    where: [Maroc, Morocco, Tanger]
  - id: btr-cathode
    name: {en: BTR cathode plant, fr: Usine de cathodes BTR}
    who: [BTR New Material, BTR]
    what: [cathode, cathodes]
    where: [Maroc, Morocco, Tanger]
"""
#: These tests are of the road and its processes, not of a reader: the rules read what they publish, and quickly.
MONITOR = """
reader: {use: 'tests.readers.hits:HitReader'}
timezone: Africa/Casablanca
polling: {every: 1s, fastest: 1s}
fetch: {allow_private: [127.0.0.0/8]}
"""
#: Seconds within which a service that is told to stop has ended: its grace, and some for the machine.
STOPS_WITHIN = 20


@dataclass
class Site:
    """A publisher on loopback: feeds whose items link to pages of the same server."""

    server: LoopbackServer
    items: dict[str, list[str]] = field(default_factory=dict)

    def publish(self, feed: str, *, slug: str, title: str, text: str, at: datetime | None = None) -> None:
        """Add an item to a feed, and its page."""
        published = format_datetime(at or datetime.now(UTC))
        self.items.setdefault(feed, []).insert(
            0,
            f"<item><title>{escape(title)}</title><link>{self.server.url(f'/{slug}')}</link>"
            f"<description>{escape(text)}</description><pubDate>{published}</pubDate></item>",
        )
        paragraphs = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())
        page = f"<html><head><title>{escape(title)}</title></head><body><article>{paragraphs}</article></body></html>"
        self.server.routes[f"/{slug}"] = Reply(body=page.encode(), headers={"Content-Type": "text/html; charset=utf-8"})
        body = f"<rss version='2.0'><channel><title>{feed}</title>{''.join(self.items[feed])}</channel></rss>"
        self.server.routes[f"/{feed}"] = Reply(body=body.encode(), headers={"Content-Type": "application/rss+xml"})

    def publish_past(self, feed: str) -> None:
        """Something old, so that the first import has something to import."""
        at = datetime(2023, 5, 1, tzinfo=UTC)
        self.publish(feed, slug=f"old-{feed}", title="An old story", text="Nothing of note.", at=at)


@dataclass
class Installation:
    """A configuration folder and the command on it."""

    folder: Path

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "monitor", *arguments, "--config", str(self.folder)]

    def run(self, *arguments: str) -> list[Any]:
        """Run a command to its end; what it printed, as JSON lines."""
        done = subprocess.run(
            self.command(*arguments, "--json"),
            check=True,
            capture_output=True,
            text=True,
            env=environment(),
            timeout=60,
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    def start(self) -> subprocess.Popen[bytes]:
        """Start the service."""
        return subprocess.Popen(
            self.command("run"), env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )


class Running:
    """The service as a process, and what it says."""

    def __init__(self, installation: Installation, file: Path) -> None:
        self._file = file
        with file.open("w") as said:
            self.process = subprocess.Popen(
                installation.command("run"), env=environment(), stdout=subprocess.DEVNULL, stderr=said
            )

    def said(self) -> str:
        return self._file.read_text()

    def lines(self) -> list[dict[str, Any]]:
        # The last line may still be on its way.
        return [json.loads(line) for line in self.said().splitlines() if line.startswith("{") and line.endswith("}")]

    def events(self) -> list[str]:
        return [line["event"] for line in self.lines()]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOPS_WITHIN)


def wait_until(is_so: Callable[[], bool], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it does not come to be so"
        time.sleep(0.02)


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


@pytest.fixture
def site() -> Iterator[Site]:
    with LoopbackServer() as server:
        yield Site(server)


@pytest.fixture
def installation(tmp_path: Path, site: Site, hook: WebhookSink, mail: SmtpSink) -> Installation:
    """Two feeds, two plants, and a desk that is told by mail and by webhook."""
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "monitor.yaml").write_text(MONITOR)
    (folder / "projects.yaml").write_text(PROJECTS)
    feeds = [{"url": site.server.url(f"/{name}"), "name": name} for name in ("one.xml", "two.xml")]
    (folder / "feeds.yaml").write_text(json.dumps({"feeds": feeds}))
    to = [hook.address, mail.address("desk@example.org")]
    subscribers = [{"name": "Desk", "to": to, "language": "fr"}]
    (folder / "subscribers.yaml").write_text(json.dumps({"subscribers": subscribers}))
    return Installation(folder)
