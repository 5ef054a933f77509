"""The service under the load of many feeds: processor, memory, lag of the loop, and how soon news is in the outbox.

    python -m benchmarks.load sizes            # 100, 1,000 and 10,000 feeds, every 15 minutes: eight minutes
    python -m benchmarks.load latency          # 10,000 feeds, 200 articles that make a change: eight minutes
    python -m benchmarks.load sizes --feeds 3300 --every 300 --seconds 60

The past of all feeds is imported first, by another process. Then the real service polls them: of a hundred polls three
find something new, the others are told that nothing has changed. What it takes is that of the service and its workers.
For the latency all of that news, else half of it, is on projects, each time another one of which nothing was told
before; and feeds are asked every eight minutes, so that as many articles come in the time.
"""

import argparse
import asyncio
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.family import cpu, memory
from benchmarks.polled import warm
from benchmarks.polling import ROOT, Served, configured, passed, serving

#: Of the polls, how many bring something new.
NEWS = 0.03
#: Entries that a feed shows at a time.
SHOWN = 10
#: Seconds until the service is at its pace; more where its vocabularies are not compiled by then.
WARM_UP = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is looked at: how many feeds each time, and seconds between two polls of one, and of the look."""

    feeds: Sequence[int]
    every: int
    seconds: int
    #: Of the news, how much is on a project.
    on_projects: float


RUNS = {
    "sizes": Run(feeds=(100, 1_000, 10_000), every=900, seconds=75, on_projects=0.5),
    "latency": Run(feeds=(10_000,), every=480, seconds=350, on_projects=1.0),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("run", nargs="?", choices=RUNS, help="what is looked at")
    parser.add_argument("--feeds", type=int, nargs="*", help="how many, instead")
    parser.add_argument("--every", type=int, help="seconds between two polls of a feed, instead")
    parser.add_argument("--seconds", type=int, help="how long it is looked at, instead")
    parser.add_argument("--in", dest="folder", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.folder:
        asyncio.run(serve(Path(arguments.folder), arguments.seconds))
        return
    if arguments.run is None:
        parser.error(f"name one of {', '.join(RUNS)}")
    given = {name: getattr(arguments, name) for name in ("feeds", "every", "seconds")}
    run = replace(RUNS[arguments.run], **{name: value for name, value in given.items() if value is not None})
    for feeds in run.feeds:
        measure(feeds, run)


def measure(feeds: int, run: Run) -> None:
    """Import, serve, and print what it came to."""
    every, seconds = run.every, run.seconds
    with (
        serving(feeds, 0.0, hosts=min(250, feeds), later=run.on_projects, shown=SHOWN, unheard=True) as served,
        tempfile.TemporaryDirectory() as name,
    ):
        configured(Path(name), served.feeds, every=f"{every}s")
        imported = passed(sys.executable, "ours", name)
        spread_polls(Path(name), every)
        command = [
            sys.executable,
            "-m",
            "benchmarks.load",
            "--in",
            name,
            "--seconds",
            str(seconds),
        ]
        # As docs/operating.md has it installed.
        environment = os.environ | {"PYTHONPATH": str(ROOT), "MALLOC_ARENA_MAX": "2"}
        ready, stop = Path(name) / "ready", threading.Event()
        # What it logs and what it alerts of are written, as they are in earnest.
        with (Path(name) / "said").open("w") as said:
            service = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)
            while not ready.exists() and service.poll() is None:
                time.sleep(0.1)
            threading.Thread(target=publish, args=(served, Path(name), feeds / every * NEWS, stop), daemon=True).start()
            service.wait()
            stop.set()
        found = json.loads((Path(name) / "found.json").read_text(encoding="utf-8"))
    each = 1000 * found["cpu"] / max(found["polls"], 1)
    print(
        f"{feeds} feeds every {every} s for {seconds} s: {found['polls']} polls, {found['new']} of them with news, "
        f"{found['relevant']} articles on projects, {found['changes']} changes\n"
        f"  processor {found['cpu'] / seconds:.1%} of a core, {each:.2f} ms a poll;"
        f" memory at most {found['peak']:.0f} MB; to start {found['start']:.1f} s, to import {imported['work']:.1f} s\n"
        f"  lag of the event loop, ms: {told(found['lags'])}\n"
        f"  from the answer to the outbox, ms: {told(found['delays'])}\n",
        flush=True,
    )


def told(seconds: Sequence[float]) -> str:
    found = sorted(1000 * each for each in seconds)
    if not found:
        return "none"
    middle, late, latest = (found[int(len(found) * share)] for share in (0.5, 0.9, 0.99))
    return f"p50 {middle:.1f}, p90 {late:.1f}, p99 {latest:.1f}, at most {found[-1]:.1f} (of {len(found)})"


def spread_polls(folder: Path, every: int) -> None:
    """Let the feeds be due one after the other, as they are once chance has spread them."""
    now = datetime.now(UTC).replace(tzinfo=None)
    with closing(sqlite3.connect(folder / "monitor.db")) as database, database:
        numbers = [number for [number] in database.execute("SELECT id FROM feeds ORDER BY id")]
        due = [
            (str(now + timedelta(seconds=every * place / len(numbers))), number) for place, number in enumerate(numbers)
        ]
        database.executemany("UPDATE feeds SET next_poll_at = ? WHERE id = ?", due)


def publish(served: Served, folder: Path, a_second: float, stop: threading.Event) -> None:
    """Add an entry to a feed that is about to be polled, so many times a second by chance."""
    chance = random.Random(1)
    with closing(sqlite3.connect(f"file:{folder}/monitor.db?mode=ro", uri=True)) as database:
        while not stop.wait(chance.expovariate(a_second)):
            served.add(1, first=next_polled(database))


def next_polled(database: sqlite3.Connection) -> int:
    """The number of the feed that is due next, but not before the server can have heard of it."""
    soon = datetime.now(UTC).replace(tzinfo=None) + timedelta(seconds=1)
    [url] = database.execute(
        "SELECT url FROM feeds WHERE next_poll_at > ? ORDER BY next_poll_at LIMIT 1", [str(soon)]
    ).fetchone()
    return int(url.rpartition("/")[2].removesuffix(".xml"))


# ---------------------------------------------------------------- the service's process


async def serve(folder: Path, seconds: int) -> None:
    """Run the service on this folder, and look at it for so long."""
    began = cpu()
    from monitor.app import service as ticks  # noqa: PLC0415 - start-up is measured
    from monitor.app.opening import load_folder  # noqa: PLC0415 - as above
    from monitor.app.service import Service  # noqa: PLC0415 - as above
    from monitor.cli.session import opened  # noqa: PLC0415 - start-up is measured
    from monitor.feeds.fetch import GuardedFetcher  # noqa: PLC0415 - start-up is measured
    from monitor.ports import NO_VALIDATORS, Fetched, NotModified, Validators  # noqa: PLC0415 - start-up is measured
    from monitor.web.site import site  # noqa: PLC0415 - as above

    answered: dict[str, float] = {}
    lags: list[float] = []
    delays: list[float] = []
    polls: list[Any] = []
    fetch = GuardedFetcher.fetch

    async def timed(
        self: GuardedFetcher, url: str, *, validators: Validators = NO_VALIDATORS, is_page: bool = False
    ) -> Fetched | NotModified:
        answer = await fetch(self, url, validators=validators, is_page=is_page)
        answered[url] = time.monotonic()
        return answer

    def heard(result: Any) -> None:  # noqa: ANN401 - a PollResult, whose module is loaded late
        polls.append(result)
        if result.changes:
            delays.append(time.monotonic() - answered[result.feed.url])

    async def look() -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            lags.append(max(0.0, time.monotonic() - before - 0.01))

    with opened(folder, warm=True) as app, app.exclusively() as lock:
        ticks.log_poll = heard
        GuardedFetcher.fetch = timed  # type: ignore[assignment, method-assign]  # measured on its way
        service = Service(app, load_folder, site)
        running = asyncio.create_task(service.run(lock))
        running.add_done_callback(lambda done: sys.exit(f"the service ended: {done}"))
        (folder / "ready").touch()
        started = cpu() - began
        await asyncio.sleep(WARM_UP)
        await asyncio.to_thread(warm, app.crew)
        looking = asyncio.create_task(look())
        for each in (polls, lags, delays):
            each.clear()
        before = cpu()
        await asyncio.sleep(seconds)
        took = cpu() - before
        looking.cancel()
        found = {
            "polls": len(polls),
            "new": sum(1 for result in polls if result.new),
            "relevant": sum(result.relevant for result in polls),
            "changes": sum(len(result.changes) for result in polls),
            "cpu": took,
            "start": started,
            "lags": list(lags),
            "delays": list(delays),
            "peak": memory(),
        }
        (folder / "found.json").write_text(json.dumps(found), encoding="utf-8")
        # How it ends is not what is looked at.
        os._exit(0)


if __name__ == "__main__":
    main()
