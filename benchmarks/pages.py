"""How quickly the pages answer with many projects, and what polling loses by it.

    python -m benchmarks.pages fill /tmp/large                        # 2,000 projects, 1,000,000 claims: some minutes
    python -m benchmarks.pages measure /tmp/large                     # the 95th percentiles, the weights
    python -m benchmarks.pages events /tmp/large                      # 50 browsers that listen for changes
    python -m benchmarks.pages polling /tmp/large                     # a poll while 20 people browse

See README.md beside this file.
"""

import argparse
import asyncio
import contextlib
import gzip
import hashlib
import multiprocessing
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection as Connected
from pathlib import Path
from random import Random
from statistics import median, quantiles

import aiohttp
from sqlalchemy import Connection, insert, text

from monitor.app.build import App
from monitor.app.opening import load_folder
from monitor.core.articles import source_of
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Article, Claim, Fact, FactKind, Reading, State
from monitor.core.news import Change, ChangeType, Proof
from monitor.core.periods import Period
from monitor.core.state import Confidence
from monitor.ledger import rows
from monitor.ledger.tables import ARTICLES, CHANGES, CLAIMS, CONCERNS, DELIVERIES, FACTS, FEEDS, READINGS
from monitor.poll.push import Intake
from monitor.ports import Decision, DeliveryState, FeedRecord, Outgoing, Poll, ReadArticle, ReadFor
from monitor.watch.watch import News, decider
from monitor.web.site import site

PROJECTS, ARTICLES_EACH, CLAIMS_EACH = 2_000, 100, 5
CHANGES_EACH, NEWS_EACH = 24, 4
BEGIN, NOW = datetime(2022, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
#: Projects inserted in one transaction.
_AT_A_TIME = 50
#: Requests of each page that is measured.
ROUNDS = 40
PEOPLE, LISTENERS = 20, 50
#: How often the time of polls is taken without people and with them.
TURNS = 4
#: Seconds between two pages that one of the people looks at.
PAUSE = 5.0
PLACES = ("Tanger Tech", "Kenitra", "Jorf Lasfar", "Dakhla", "Nador West Med")
THINGS = ("cathode plant", "anode plant", "hydrogen terminal", "desalination plant", "wind farm", "rail link")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", choices=("fill", "measure", "events", "polling"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--projects", type=int, default=PROJECTS)
    arguments = parser.parse_args()
    if arguments.what == "fill":
        fill(arguments.folder, arguments.projects)
        return
    work = {"measure": measure, "events": events, "polling": polling}[arguments.what]
    asyncio.run(work(arguments.folder))


def opened(folder: Path) -> App:
    config, lexicons = load_folder(folder)
    return App(config, lexicons, clock=lambda: NOW)


# ---------------------------------------------------------------- what is browsed


def fill(folder: Path, projects: int) -> None:
    """A configuration, and a database as years of polls would have left it."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"p{number:04}" for number in range(projects)]
    (folder / "projects.yaml").write_text("projects:\n" + "".join(map(_project, names)))
    (folder / "subscribers.yaml").write_text(
        "subscribers:\n  - {name: Investment desk, to: ['json://127.0.0.1:9/hook'], projects: ['*']}\n"
    )
    (folder / "monitor.yaml").write_text(
        f"database: sqlite:///{folder}/monitor.db\nreader: {{use: rules}}\nweb: {{port: 0}}\n"
        "fetch: {allow_private: [127.0.0.0/8]}\n"
    )
    start = time.monotonic()
    app = opened(folder)
    with app.engine.begin() as connection:
        connection.execute(insert(FEEDS), rows.feed_values(FeedRecord(url="bench:")) | {"id": 1, "url": "bench:"})
    for first in range(0, projects, _AT_A_TIME):
        with app.engine.begin() as connection:
            for number, name in enumerate(names[first : first + _AT_A_TIME], first):
                _save(connection, name, number)
    with app.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    print(f"written in {time.monotonic() - start:.0f} s")
    start = time.monotonic()
    app.knowledge.keep_states()
    print(f"folded in {time.monotonic() - start:.0f} s; {(folder / 'monitor.db').stat().st_size / 2**20:,.0f} MB")
    app.close()


def _project(name: str) -> str:
    number = int(name[1:])
    thing, place = THINGS[number % len(THINGS)], PLACES[number % len(PLACES)]
    phases = ", phases: [{name: First phase, words: [first phase]}]" if number % 3 == 0 else ""
    return (
        f"  - {{id: {name}, name: {{en: 'Nemo {number} {thing}, {place}', fr: 'Nemo {number}, {place}'}}, "
        f"who: [Nemo {number}], what: [{thing}], where: [{place}]{phases}}}\n"
    )


def _save(connection: Connection, project: str, number: int) -> None:
    """Everything of one project."""
    chance = Random(number)
    first = number * ARTICLES_EACH + 1
    items = {n: article(str(n), project, chance) for n in range(first, first + ARTICLES_EACH)}
    changes = [_change(project, each, chance) for each in range(CHANGES_EACH)]
    owed = [
        rows.delivery_values(
            Outgoing(
                change_id=change.id, subscriber="Investment desk", destination="desk", chain="desk", due_at=change.at
            ),
            project=project,
        )
        | {"state": DeliveryState.SENT.value, "sent_at": change.at, "last_outcome": "sent: 204"}
        for change in changes
        if not change.is_history
    ]
    for table, values in (
        (ARTICLES, [rows.article_values(item, 1) | {"id": n} for n, item in items.items()]),
        (READINGS, [rows.reading_values(item, n, ReadFor.POLL) | {"id": n} for n, item in items.items()]),
        (CONCERNS, [{"reading": n, "project": project, "position": 0} for n in items]),
        (CLAIMS, [rows.claim_values(claim, n) for n, item in items.items() for claim in item.reading.claims]),
        (FACTS, [rows.fact_values(fact, n) for n, item in items.items() for fact in item.reading.facts]),
        (CHANGES, [rows.change_values(change) for change in changes]),
        (DELIVERIES, owed),
    ):
        connection.execute(insert(table), values)


def article(key: str, project: str, chance: Random, at: datetime | None = None) -> ReadArticle:
    """An article that tells of a project what may be true of it then."""
    published = at or BEGIN + timedelta(minutes=chance.randrange(4 * 365 * 24 * 60 - 1))
    progress = min(4, (published - BEGIN).days // 300)
    claims = tuple(_claim(project, chance, progress) for _ in range(CLAIMS_EACH))
    fact = Fact(
        project=project,
        kind=chance.choice([FactKind.INVESTMENT, FactKind.CAPACITY, FactKind.JOBS]),
        value=chance.choice([3e9, 3.6e9, 2.5e9]),
        unit="MAD",
        evidence=f"The investment comes to about three billion dirhams in all, says source {key}.",
    )
    outlet = f"Outlet {chance.randrange(200)}"
    written = Article(
        key=f"{key:0>64}",
        url=f"https://example.org/{outlet.replace(' ', '-')}/{key}",
        title=f"What article {key} has for its title, which is as long as titles are",
        text=f"The text of article {key}. " * 40,
        published=Period.day(published.date()),
        language="en",
        outlet=outlet,
    )
    source = source_of(written, trust=chance.choice([0.3, 0.5, 0.5, 1.0]), published_at=published, seen_at=published)
    reading = Reading(language="en", projects=(project,), claims=claims, facts=(fact,) if chance.random() < 0.3 else ())
    return ReadArticle(article=written, source=source, reading=reading, reader="one")


def _claim(project: str, chance: Random, progress: int) -> Claim:
    stage = chance.randrange(7)
    date = (BEGIN + timedelta(days=300 * stage)).date()
    is_reached = stage <= progress
    evidence = f"Sentence {chance.randrange(10**9)} of an article, as long as a sentence of a newspaper usually is."
    return Claim(
        project=project,
        stage=INDUSTRIAL.stages[stage],
        state=State.REACHED if is_reached else State.EXPECTED,
        date=Period.day(date) if is_reached else Period.quarter(date.year + chance.randrange(2), (date.month + 2) // 3),
        confidence=0.9,
        evidence=evidence,
        phase="First phase" if chance.random() < 0.1 else None,
    )


def _change(project: str, number: int, chance: Random) -> Change:
    is_history = number < CHANGES_EACH - NEWS_EACH
    at = NOW - timedelta(days=40) if is_history else NOW - timedelta(hours=chance.randrange(24 * 30))
    url = f"https://example.org/{project}/{number}"
    sentence = f"Sentence {number} on the project, as long as a sentence of a newspaper usually is."
    return Change(
        id=hashlib.sha256(f"{project} {number}".encode()).hexdigest(),
        type=ChangeType.SCHEDULE,
        project=project,
        stage="operating",
        from_=f"{2026 + number % 3}",
        to=f"{2027 + number % 3}",
        at=at,
        effective=Period.year(2027 + number % 3),
        confidence=Confidence.REPORTED,
        sources=(url,),
        evidence=(sentence,),
        proof=(Proof(sentence=sentence, url=url, outlet="Outlet 7", title="A title", published=at),),
        is_history=is_history,
    )


# ---------------------------------------------------------------- what is measured


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[tuple[App, str]]:
    app = opened(folder)
    app.knowledge.keep_states()  # folded by other rules if the program has been edited since
    server = site(app, Intake(1_000))
    await server.start()
    try:
        yield app, f"http://127.0.0.1:{server.port}"
    finally:
        await server.close()
        app.close()


def _paths(chance: Random) -> Sequence[tuple[str, Callable[[], str]]]:
    def project() -> str:
        return f"p{chance.randrange(PROJECTS):04}"

    return (
        ("overview", lambda: "/"),
        ("overview, in Arabic", lambda: "/?lang=ar"),
        ("overview, searched", lambda: "/?q=nemo+12&order=next"),
        ("overview, overdue", lambda: "/?only=overdue&order=next"),
        ("project", lambda: f"/projects/{project()}"),
        ("project, then", lambda: f"/projects/{project()}?as_of=2024-06-30"),
        ("changes", lambda: "/changes"),
        ("brief", lambda: "/brief"),
        ("brief of a project", lambda: f"/projects/{project()}/brief"),
    )


async def measure(folder: Path) -> None:
    """What one browser waits, page by page. The server runs in another process."""
    with served_elsewhere(folder) as (address, server):
        print(f"{'page':22} {'first':>7} {'p50':>7} {'p95':>7} ms {'CPU':>7} ms {'kB':>7} {'gzipped':>8}")
        async with aiohttp.ClientSession() as session:
            for name, path in _paths(Random(1)):
                first, body = await fetch(session, address + path())
                worked = processor_time(server)
                times = [(await fetch(session, address + path()))[0] for _ in range(ROUNDS)]
                worked = (processor_time(server) - worked) / ROUNDS
                waits = f"{first * 1e3:7.0f} {median(times) * 1e3:7.0f} {quantiles(times, n=20)[18] * 1e3:7.0f}"
                weighs = f"{len(body) / 1e3:7.0f} {len(gzip.compress(body)) / 1e3:8.0f}"
                print(
                    f"{name:22} {waits}    {worked * 1e3:7.0f}    {weighs}",
                    flush=True,
                )


def processor_time(process: int) -> float:
    """Seconds that a process has used of the processor."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def fetch(session: aiohttp.ClientSession, address: str) -> tuple[float, bytes]:
    start = time.perf_counter()
    async with session.get(address) as answer:
        body = await answer.read()
        assert answer.status == 200, (address, answer.status)
    return time.perf_counter() - start, body


@contextlib.contextmanager
def served_elsewhere(folder: Path) -> Iterator[tuple[str, int]]:
    """The address of a server of these pages in a process of its own, and the number of that process."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(folder, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send(None)
        process.join(10)
        process.kill()


def _serve(folder: Path, pipe: Connected) -> None:
    async def run() -> None:
        async with serving(folder) as (_, address):
            pipe.send((address, os.getpid()))
            await asyncio.to_thread(pipe.recv)

    asyncio.run(run())


async def events(folder: Path) -> None:
    """How long after a commit fifty browsers know of it, and what they cost while nothing moves."""
    async with serving(folder) as (app, address), aiohttp.ClientSession() as session:
        arrived: asyncio.Queue[float] = asyncio.Queue()
        listening = [asyncio.create_task(_listen(session, f"{address}/events", arrived)) for _ in range(LISTENERS)]
        await asyncio.sleep(3)
        idle, start = time.process_time(), time.monotonic()
        await asyncio.sleep(20)
        print(f"idle: {(time.process_time() - idle) / (time.monotonic() - start):.1%} of a processor")
        for number in range(5):
            moved = time.perf_counter()
            change = _change(f"p{number:04}", CHANGES_EACH + time.time_ns(), Random(number))
            await asyncio.to_thread(app.ledger.note, Decision(changes=(change,)))
            committed = time.perf_counter()
            told = [await asyncio.wait_for(arrived.get(), 30) for _ in range(LISTENERS)]
            print(
                f"committed in {(committed - moved) * 1e3:.0f} ms; then told to the first after"
                f" {(min(told) - committed) * 1e3:.0f} ms, to the last after {(max(told) - committed) * 1e3:.0f} ms"
            )
            await asyncio.sleep(1)
            while not arrived.empty():
                arrived.get_nowait()
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)


async def _listen(session: aiohttp.ClientSession, address: str, arrived: asyncio.Queue[float]) -> None:
    async with session.get(address, timeout=aiohttp.ClientTimeout(total=None)) as answer:
        assert answer.status == 200, answer.status
        async for line in answer.content:
            if line.startswith(b"event: change"):
                arrived.put_nowait(time.perf_counter())


def news(app: App, number: int) -> None:
    """One poll that brings news of one project."""
    key = f"{time.time_ns()}-{number}"
    chance = Random(key)
    project = f"p{chance.randrange(PROJECTS):04}"
    item = article(key, project, chance, NOW - timedelta(hours=1))
    decide = decider(app.watch, News(since=NOW - timedelta(days=7), now=NOW))
    app.ledger.record(Poll(feed=FeedRecord(url=f"bench:{key}", polled_at=NOW), articles=(item,)), decide)


async def polling(folder: Path) -> None:
    """The time of a poll with news, alone and while people browse in the same process, by turns."""
    async with serving(folder) as (app, address):
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        browsing = context.Process(target=_browse, args=(address, theirs), daemon=True)
        browsing.start()
        alone, beside = list[float](), list[float]()
        for turn in range(TURNS + 1):
            for is_beside, taken in ((False, alone), (True, beside)):
                ours.send(is_beside)
                await asyncio.sleep(PAUSE)
                found = [await _poll(app) for _ in range(ROUNDS)]
                taken.extend(found if turn else ())  # the first turn warms up
        browsing.kill()
        for name, taken in (("alone", alone), (f"beside {PEOPLE} people", beside)):
            at_95 = quantiles(taken, n=20)[18]
            print(f"{name:18} {median(taken) * 1e3:7.1f} ms a poll, p95 {at_95 * 1e3:.1f}, most {max(taken) * 1e3:.0f}")
        by, on_average = median(beside) / median(alone) - 1, sum(beside) / sum(alone) - 1
        print(f"slower by {by:.1%} in the median, by {on_average:.1%} on average")


async def _poll(app: App) -> float:
    start = time.perf_counter()
    await asyncio.to_thread(news, app, 0)
    took = time.perf_counter() - start
    await asyncio.sleep(0.2)
    return took


def _browse(address: str, pipe: Connected) -> None:
    """While told so, each of the people looks at a page, reads it, and goes to the next one."""

    async def one(session: aiohttp.ClientSession, number: int, is_on: asyncio.Event) -> None:
        chance = Random(number)
        paths = [path for _, path in _paths(chance)]
        while True:
            await asyncio.sleep(chance.random() * 2 * PAUSE)
            await is_on.wait()
            # The server ends connections after a time. A browser asks again.
            with contextlib.suppress(aiohttp.ServerDisconnectedError):
                await fetch(session, address + chance.choice(paths)())

    async def run() -> None:
        is_on = asyncio.Event()
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None)) as session:
            people = [asyncio.create_task(one(session, number, is_on)) for number in range(PEOPLE)]
            while True:
                if await asyncio.to_thread(pipe.recv):
                    is_on.set()
                else:
                    is_on.clear()
                assert not any(each.done() for each in people)

    asyncio.run(run())


if __name__ == "__main__":
    main()
