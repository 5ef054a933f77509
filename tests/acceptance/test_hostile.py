"""The service among documents that are made to wear it out: it answers, alerts, says what it gave up, and stops."""

import http.client
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from tests.acceptance.conftest import Installation, Running, Site, environment, wait_until
from tests.hostile import FEEDS, PAGES, SECRETIVE, item, rss
from tests.servers import Reply
from tests.sinks import WebhookSink

#: Characters of a hostile document: where time grew by the square, each would take minutes.
SIZE = 100_000
SETTINGS = """
polling: {every: 1s, fastest: 1s, requests_per_minute: 6000}
fetch: {allow_private: [127.0.0.0/8]}
web: {port: 0}
"""
#: What is ordinary is read by the rules, as in the other tests of the road.
BY_HITS = "reader: {use: 'tests.readers.hits:HitReader'}\n"
#: What no limit holds back but that of the kernel, with what is said of it.
FATAL = {
    "spin": "it takes longer than 5 seconds to read",
    "eat": "it takes more than 700 MB of memory to read",
    "crash": "it ends the process that reads it",
}


class Health:
    """Asks for /health all the time."""

    def __init__(self, port: int) -> None:
        self.answers: list[int | str] = []
        self._port = port
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(0.1):
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
            try:
                connection.request("GET", "/health")
                self.answers.append(connection.getresponse().status)
            except OSError as error:
                self.answers.append(repr(error))
            finally:
                connection.close()


class Desk:
    """An ordinary feed on a watched project, and whoever is told of it."""

    FEED = "two.xml"

    def __init__(self, site: Site, hook: WebhookSink) -> None:
        self._site, self._hook = site, hook
        self._published = 0

    def publish(self) -> None:
        verb = ("suspended", "resumed")[self._published % 2]
        self._published += 1
        title = f"BTR has {verb} work on its anode plant in Morocco, {self._published}"
        text = f"BTR has {verb} work on its anode plant in Morocco. Report number {self._published} of the series."
        self._site.publish(self.FEED, slug=f"news-{self._published}", title=title, text=text)

    def told(self) -> int:
        """Of how many of its articles alerts have come."""
        sources = {source for event in self._hook.events for source in event["data"]["sources"]}
        return sum("/news-" in source for source in sources)


@contextmanager
def served(
    installation: Installation, site: Site, folder: Path, *, feeds: list[str], more: str = BY_HITS
) -> Iterator[Running]:
    """The service, with /health asked all the time, once the past of these feeds and that of the desk was read."""
    names = ["two.xml", *feeds]
    listed = [{"url": site.server.url(f"/{name}"), "name": name} for name in names]
    (installation.folder / "feeds.yaml").write_text(json.dumps({"feeds": listed}))
    (installation.folder / "monitor.yaml").write_text(SETTINGS + more)
    for name in names:
        site.publish_past(name)
    service = Running(installation, folder / "said.txt")
    try:
        wait_until(lambda: "service.started" in service.events())  # the pages answer before that
        [port] = [line["port"] for line in service.lines() if line["event"] == "web.serving"]
        with Health(port) as health:
            yield service
        assert set(health.answers) == {200}
        assert service.stop() == 0
    finally:
        service.kill()


def test_nothing_that_is_made_to_be_slow_to_read_stops_it(
    installation: Installation, site: Site, hook: WebhookSink, tmp_path: Path
) -> None:
    feeds = {f"feed-{number}.xml": make for number, make in enumerate(FEEDS.values())}
    desk = Desk(site, hook)
    with served(installation, site, tmp_path, feeds=[*feeds, "pages.xml"]) as service:
        begun = len(service.lines())
        for name, make in feeds.items():
            site.server.routes[f"/{name}"] = Reply(body=make(SIZE, 1).encode())
        links = ["/nothing" + SECRETIVE]
        for number, make in enumerate(PAGES.values()):
            links.append(f"/page-{number}")
            site.server.routes[links[-1]] = Reply(body=make(SIZE, 1).encode(), headers={"Content-Type": "text/html"})
        items = [item(link=site.server.url(link), title=f"BTR cathode plant in Morocco, {link[:9]}") for link in links]
        site.server.routes["/pages.xml"] = Reply(body=rss(*items).encode())
        desk.publish()
        wait_until(lambda: desk.told() == 1)

        wait_until(lambda: {*feeds, "pages.xml"} <= read_since(service, begun))
        desk.publish()
        wait_until(lambda: desk.told() == 2)

    assert all(site.server.asked(link) for link in links)
    assert "document.hostile" not in service.events()


def read_since(service: Running, begun: int) -> set[str]:
    """The feeds that were polled since then and found to be others than before."""
    outcomes = ("read", "failed")
    lines = service.lines()[begun:]
    return {line["feed"] for line in lines if line["event"] == "feed.polled" and line["outcome"] in outcomes}


def test_documents_that_break_their_reader_are_given_up_told_and_not_tried_again(
    installation: Installation, site: Site, hook: WebhookSink, tmp_path: Path
) -> None:
    more = "reader: {use: 'tests.workers.misbehaving:Moody'}\nworkers: {time: 5s}\n"
    desk = Desk(site, hook)
    with served(installation, site, tmp_path, feeds=["one.xml"], more=more) as service:
        for name in FATAL:
            publish_fatal(site, name, slug=name)
        wait_until(lambda: len(given_up(service)) == len(FATAL), seconds=150)
        # On a machine that is busy an ordinary article may take as long; the next one comes soon.
        while not desk.told():
            desk.publish()
            time.sleep(2)
        for name in FATAL:
            publish_fatal(site, name, slug=f"{name}-again")
        wait_until(lambda: len(refused(service)) == len(FATAL) * 2, seconds=150)

    assert len(given_up(service)) == len(FATAL)
    for name, reason in FATAL.items():
        assert [line["reason"] for line in given_up(service) if line["url"].endswith(f"/{name}")] == [reason]
    done = subprocess.run(
        installation.command("doctor", "--json"), check=False, capture_output=True, text=True, env=environment()
    )
    assert done.returncode == 1
    ailments = [json.loads(line) for line in done.stdout.splitlines()]
    told = {ailment["detail"] for ailment in ailments if ailment["trouble"] == "hostile document"}
    assert {f"it was given up: {reason}" for reason in FATAL.values()} <= told


def publish_fatal(site: Site, name: str, *, slug: str) -> None:
    """The same words at each address."""
    site.publish("one.xml", slug=slug, title=f"{name} BTR cathode plant in Morocco", text="BTR has a plant. " * 20)


def given_up(service: Running) -> list[dict[str, Any]]:
    lines = [line for line in service.lines() if line["event"] == "document.hostile"]
    return [line for line in lines if line["url"].rpartition("/")[2].partition("-")[0] in FATAL]


def refused(service: Running) -> list[str]:
    """What is told of articles in which nothing was read."""
    problems = [
        line["problem"] for line in service.lines() if line["event"] == "feed.problem" and line["feed"] == "one.xml"
    ]
    return [problem for problem in problems if "it was given up and is not tried again before" in problem]
