"""The service among feeds and pages that are made to wear it out: does it still answer, poll, alert and stop in time?

    python -m benchmarks.hostile                      # three minutes
    python -m benchmarks.hostile --seconds 60 --size 300000
    python -m benchmarks.hostile --only "dates" "names of entities"

Every family of ``tests/hostile.py`` is a feed of its own, or a page behind a new entry of one on a watched project. No
two answers are the same, so neither 304 nor what is known of a document saves any work. Beside them stand ordinary
feeds, in each of which every third answer brings an article that makes a change. Servers and sink are other processes
than the service.
"""

import argparse
import http.client
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.family import children, cpu, memory, own_cpu
from benchmarks.polling import ROOT
from tests.hostile import FEEDS, PAGES, SECRETIVE, Make, item, rss
from tests.servers import LoopbackServer, Reply, Request
from tests.sinks import WebhookSink, refusing_port

#: Below ``fetch.max_bytes``; pages of more than the second are refused unread.
SIZE, PAGE = 4_900_000, 1_990_000
#: Seconds between two polls of a feed, as configured; until the service is at its pace, once it has nothing to compile
#: any more; until it must have stopped.
EVERY, WARM_UP, PATIENCE = 4, 10, 60
#: Of an ordinary feed, each so many answers bring an article.
NEWS = 3
#: In the place of the number of a document while it is kept.
MARK = 987_654_321
#: The companies whose projects the ordinary feeds tell of.
COMPANIES = ("Alvora", "Bexten", "Cordalis", "Dravik", "Elsana", "Fenwara", "Gistal", "Hallorin", "Ivarsk", "Jontera")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=150, help="how long it is looked at")
    parser.add_argument("--size", type=int, default=SIZE, help="characters of a hostile document")
    parser.add_argument("--only", nargs="*", help="of the families, these")
    parser.add_argument("--keep", type=Path, help="an empty folder for configuration, database and log")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        folder = arguments.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(exist_ok=True)
        ours, theirs = multiprocessing.Pipe()
        serving = multiprocessing.Process(target=serve, args=(theirs, arguments.size, arguments.only), daemon=True)
        serving.start()
        stack.callback(serving.terminate)
        measure(folder, ours, arguments.seconds)


# ---------------------------------------------------------------- the publishers


@dataclass(frozen=True, slots=True)
class Asked:
    """What the publishers have seen."""

    #: When each feed was asked, by its name.
    polls: Mapping[str, Sequence[float]]
    #: When each ordinary article was shown first, by the path of its page.
    shown: Mapping[str, float]


def serve(control: Connection, size: int, only: Sequence[str] | None) -> None:
    """Serve all feeds, each on an address of its own, until terminated; tell what was asked whenever somebody asks."""
    polls: dict[str, list[float]] = defaultdict(list)
    shown: dict[str, float] = {}
    with ExitStack() as stack:
        feeds: dict[str, str] = {}
        ways: list[tuple[str, Callable[[LoopbackServer], Callable[[int], str]]]] = [
            *((f"feed: {name}", hostile_feed(make, size)) for name, make in FEEDS.items()),
            *((f"page: {name}", hostile_page(make, min(size, PAGE))) for name, make in PAGES.items()),
            ("address: secrets", secretive),
        ]
        chosen = [way for way in ways if only is None or way[0].partition(": ")[2] in only]
        chosen += [(f"ordinary: {company}", ordinary(company, shown)) for company in COMPANIES]
        for number, (name, way) in enumerate(chosen):
            server = stack.enter_context(LoopbackServer(host=f"127.0.0.{number + 1}"))
            server.routes["/feed"] = answering(way(server), polls[name])
            feeds[name] = server.url("/feed")
        control.send(feeds)
        while control.recv():
            control.send(Asked(dict(polls), dict(shown)))


def answering(write: Callable[[int], str], polls: list[float]) -> Callable[[Request], Reply]:
    def answer(_: Request) -> Reply:
        polls.append(time.monotonic())
        # The first answer is the past, so that the service begins by reading none of it.
        document = write(len(polls)) if len(polls) > 1 else rss()
        return Reply(body=document.encode(), headers={"Content-Type": "application/rss+xml; charset=utf-8"})

    return answer


def numbered(make: Make, size: int) -> Callable[[int], str]:
    """Documents by their numbers; they are made once, since that takes as long as reading some."""
    made = make(size, MARK)
    return lambda number: made.replace(str(MARK), str(number))


def hostile_feed(make: Make, size: int) -> Callable[[LoopbackServer], Callable[[int], str]]:
    return lambda _: numbered(make, size)


def hostile_page(make: Make, size: int) -> Callable[[LoopbackServer], Callable[[int], str]]:
    def way(server: LoopbackServer) -> Callable[[int], str]:
        write = numbered(make, size)
        server.routes["/page"] = lambda request: Reply(
            body=write(int(request.path.partition("?")[2])).encode(), headers={"Content-Type": "text/html"}
        )
        return lambda number: on_btr(server.url(f"/page?{number}"), number)

    return way


def secretive(server: LoopbackServer) -> Callable[[int], str]:
    """Nothing is at the address, which is logged."""
    return lambda number: on_btr(server.url(f"/{number}{SECRETIVE}"), number)


def on_btr(link: str, number: int) -> str:
    return rss(item(link=link, title=f"BTR cathode plant in Morocco, report {number}"))


def ordinary(company: str, shown: dict[str, float]) -> Callable[[LoopbackServer], Callable[[int], str]]:
    def way(server: LoopbackServer) -> Callable[[int], str]:
        def write(number: int) -> str:
            told = range(1, number // NEWS + 1)
            for each in told[-1:]:
                shown.setdefault(server.url(f"/news-{each}"), time.monotonic())
            return rss(*reversed([article(each) for each in told[-10:]]))

        def article(number: int) -> str:
            verb = ("suspended", "resumed")[number % 2]
            text = f"{company} has {verb} work on its cathode plant in Morocco. Report number {number} of the series."
            title = f"{company} has {verb} work on its cathode plant in Morocco, {number}"
            page = f"<html><head><title>{title}</title></head><body><article><p>{text}</p></article></body></html>"
            server.routes[f"/news-{number}"] = Reply(body=page.encode(), headers={"Content-Type": "text/html"})
            return item(link=server.url(f"/news-{number}"), title=title, text=text)

        return write

    return way


# ---------------------------------------------------------------- the look at the service


@dataclass(slots=True)
class Seen:
    """What was seen of the service while it ran."""

    #: Seconds until /health answered; how often it answered something else than 200, or not at all.
    health: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    #: Megabytes of all processes, each time.
    memory: list[float] = field(default_factory=list)


def measure(folder: Path, publishers: Connection, seconds: int) -> None:
    """Run the service, look at it, stop it, and print what it came to."""
    feeds: Mapping[str, str] = publishers.recv()
    port, arrived, seen, stop = refusing_port(), dict[str, float](), Seen(), threading.Event()
    with WebhookSink() as hook:
        hook.routes["/hook"] = lambda request: arriving(request, arrived)
        configured(folder, feeds, hook.address, port)
        with (folder / "said").open("w") as said:
            # As docs/operating.md has it installed.
            environment = os.environ | {"PYTHONPATH": str(ROOT), "MALLOC_ARENA_MAX": "2"}
            command = [sys.executable, "-m", "monitor", "run", "--config", str(folder / "config")]
            service = subprocess.Popen(command, env=environment, stdout=said, stderr=said)
        try:
            wait_until_warm(service.pid)
            time.sleep(WARM_UP)
            if service.poll() is not None:
                sys.exit(f"the service ended: {(folder / 'said').read_text(encoding='utf-8')}")
            begun, before = time.monotonic(), cpu(service.pid)
            looks = [
                threading.Thread(target=look, args=(stop, seen, service.pid)),
                threading.Thread(target=probe, args=(stop, seen, port)),
            ]
            for each in looks:
                each.start()
            time.sleep(seconds)
            ended, took = time.monotonic(), cpu(service.pid) - before
            stop.set()
            for each in looks:
                each.join()
            publishers.send("?")
            asked: Asked = publishers.recv()
            service.send_signal(signal.SIGTERM)
            status = service.wait(PATIENCE)
            stopping = time.monotonic() - ended
        finally:
            service.kill()
    # What came to be shown in the last seconds may be under way; it is told apart from what was lost.
    shown = {url: at for url, at in asked.shown.items() if begun <= at}
    tell(seen, asked, begun, ended)
    late = [arrived[url] - at for url, at in shown.items() if url in arrived]
    missing = sorted(round(ended - at) for url, at in shown.items() if url not in arrived)
    print(
        f"  from the answer to the alert: {told(late)}; not there at the end, shown s before it: {missing}\n"
        f"  processor {took / seconds:.0%} of a core; memory of all processes at most {max(seen.memory):.0f} MB,"
        f" half of the time below {sorted(seen.memory)[len(seen.memory) // 2]:.0f} MB\n"
        f"  from SIGTERM to the end {stopping:.1f} s, exit {status}\n"
        f"  in the log: {events(folder / 'said')}\n"
        f"  load of the machine: {' '.join(f'{each:.1f}' for each in os.getloadavg())}",
        flush=True,
    )


def configured(folder: Path, feeds: Mapping[str, str], sink: str, port: int) -> None:
    config = folder / "config"
    config.mkdir()
    files = {
        "monitor": {
            "polling": {
                "every": f"{EVERY}s",
                "fastest": "1s",
                "slowest": f"{EVERY}s",
                "requests_per_minute": 6000,
                "spacing": "0s",
            },
            "fetch": {"allow_private": ["127.0.0.0/8"]},
            "web": {"port": port},
        },
        "feeds": {"feeds": [{"url": url, "name": name, "every": f"{EVERY}s"} for name, url in feeds.items()]},
        "projects": {
            "projects": [
                {"id": company.lower(), "name": company, "who": [company], "what": ["cathode"], "where": ["Morocco"]}
                for company in (*COMPANIES, "BTR")
            ]
        },
        "subscribers": {"subscribers": [{"name": "Desk", "to": [sink], "at_most": "1000/h"}]},
    }
    for name, content in files.items():
        (config / f"{name}.yaml").write_text(json.dumps(content), encoding="utf-8")


def arriving(request: Request, arrived: dict[str, float]) -> Reply:
    for url in json.loads(request.body)["data"]["sources"]:
        arrived.setdefault(url, time.monotonic())
    return Reply()


def probe(stop: threading.Event, seen: Seen, port: int) -> None:
    """Ask for /health five times a second."""
    while not stop.wait(0.2):
        asked = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", "/health")
            status = connection.getresponse().status
            if status != http.HTTPStatus.OK:
                seen.refused[str(status)] += 1
        except OSError as error:
            seen.refused[type(error).__name__] += 1
        finally:
            connection.close()
        seen.health.append(time.monotonic() - asked)


def wait_until_warm(service: int) -> None:
    """Until what workers are made from takes no more of the processor, for at most four minutes."""
    until, spent = time.monotonic() + 240, [-1.0] * 5
    while time.monotonic() < until and (spent[-1] <= 0 or spent[-1] - spent[-5] > 0):
        time.sleep(1)
        spent.append(max((own_cpu(child) for child in children(service)), default=0.0))


def look(stop: threading.Event, seen: Seen, service: int) -> None:
    while not stop.wait(0.5):
        seen.memory.append(memory(service))


def tell(seen: Seen, asked: Asked, begun: float, ended: float) -> None:
    within = {name: [at for at in polls if begun <= at < ended] for name, polls in asked.polls.items()}
    minutes = (ended - begun) / 60
    print(f"{len(within)} feeds for {ended - begun:.0f} s")
    for kind in ("ordinary", "feed", "page", "address"):
        polls = {name: ats for name, ats in within.items() if name.startswith(f"{kind}: ")}
        if polls:
            rates = sorted((len(ats) / minutes, name) for name, ats in polls.items())
            gaps = [later - sooner for ats in polls.values() for sooner, later in pairwise(ats)]
            print(
                f"  {kind}: {len(polls)}, polled {sum(len(ats) for ats in polls.values()) / minutes / len(polls):.1f}"
                f" times a minute, the least {rates[0][0]:.1f} ({rates[0][1]}); between two polls: {told(gaps)}"
            )
    refused = f", refused: {dict(seen.refused)}" if seen.refused else ", always 200"
    print(f"  /health: {told(seen.health)}{refused}")


def told(seconds: Sequence[float]) -> str:
    found = sorted(seconds)
    if not found:
        return "none"
    middle, late, latest = (found[int(len(found) * share)] for share in (0.5, 0.9, 0.99))
    return f"p50 {middle:.2f}, p90 {late:.2f}, p99 {latest:.2f}, worst {found[-1]:.2f} s (of {len(found)})"


def events(log: Path) -> Mapping[str, int]:
    return Counter(line["event"] for line in said(log))


def said(log: Path) -> Iterator[Mapping[str, str]]:
    for line in log.read_text(encoding="utf-8").splitlines():
        with suppress(ValueError):
            yield json.loads(line)


if __name__ == "__main__":
    main()
