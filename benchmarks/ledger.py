"""How quickly the ledger answers and grows, with many claims on many projects.

    python -m benchmarks.ledger                            # 10,000 to 1,000,000 claims: some minutes, 1.3 GB of disk
    python -m benchmarks.ledger --claims 100000            # one size
    python -m benchmarks.ledger --database postgresql+psycopg://localhost/empty --claims 100000
    python -m benchmarks.ledger --one 1000 10000           # so many articles, all on one project

See README.md beside this file.
"""

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, Engine, insert, text

from monitor.core.articles import source_of
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.message.briefing import Voice
from monitor.core.model import Article, Claim, Fact, FactKind, Project, Reading, State
from monitor.core.periods import Period
from monitor.core.polling.polling import Polling
from monitor.core.reading.projects.matching import Matcher
from monitor.feeds.language import LanguageDetector
from monitor.know.history import take_in
from monitor.know.queries import Knowledge
from monitor.know.rebuild import rebuild
from monitor.ledger import rows
from monitor.ledger.backup import upgrade
from monitor.ledger.engine import make_engine
from monitor.ledger.store import SQLLedger
from monitor.ledger.tables import ARTICLES, CLAIMS, CONCERNS, FACTS, FEEDS, READINGS
from monitor.ports import FeedRecord, Poll, ReadArticle, ReadFor
from monitor.watch.watch import Watch, decider
from monitor.wording.catalogues import catalogues
from monitor.wording.layouts import TemplateLayouts

if TYPE_CHECKING:
    pass

T = TypeVar("T")

SIZES = (10_000, 100_000, 300_000, 1_000_000)
PROJECTS = 2_000
OUTLETS = 200
BEGIN = datetime(2022, 1, 1, tzinfo=UTC)
NOW = BEGIN + timedelta(days=4 * 365)
#: What an article claims of its one project.
CLAIMS_EACH = (1, 2, 2, 3)
#: So many tell an amount too.
TELLING_SUMS = 0.3
AT_A_TIME = 5_000
ROUNDS = 30


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--claims", type=int, nargs="*", default=SIZES, help="sizes of the ledger")
    parser.add_argument("--projects", type=int, default=PROJECTS)
    parser.add_argument(
        "--database", help="the address of an empty database; a file of its own for each size when absent"
    )
    parser.add_argument("--one", type=int, nargs="+", help="articles on one project, instead of all else")
    arguments = parser.parse_args()
    if arguments.one:
        on_one_project(arguments.one)
        return
    for size in arguments.claims:
        with tempfile.TemporaryDirectory() as folder:
            engine = make_engine(arguments.database or f"sqlite:///{folder}/monitor.db")
            measure(engine, size, arguments.projects, Path(folder) / "monitor.db")
            engine.dispose()


def measure(engine: Engine, size: int, projects: int, file: Path) -> None:
    upgrade(engine)
    watch = watching(projects)
    made, articles = timed(lambda: fill(engine, size, tuple(watch.projects)))
    print(f"\n{size:,} claims in {articles:,} articles on {projects:,} projects, {engine.dialect.name} ({made:.0f} s)")
    if file.exists():
        grown = file.stat().st_size
        print(f"  size          {grown / 2**20:8,.0f} MB, {grown / size:,.0f} bytes a claim, texts included")
    ledger = SQLLedger(engine)
    an_article(ledger, watch)
    status(ledger, watch)
    again(ledger, watch)


def an_article(ledger: SQLLedger, watch: Watch) -> None:
    """What an article takes that tells something of a project: its fold, and all of its transaction."""
    chance = Random(1)
    folds, polls = [], []
    decide = decider(watch, None)
    for number in range(ROUNDS):
        project = chance.choice(tuple(watch.projects))
        reports = ledger.reports(project)[project]
        folds.append(timed(lambda p=project, r=reports: watch.state_of(p, r))[0])
        poll = Poll(feed=FeedRecord(url="bench:"), articles=(make(f"new {number}", project, NOW, chance),))
        polls.append(timed(lambda p=poll: ledger.record(p, decide))[0])
    print(f"  fold          {median(folds) * 1e3:8.1f} ms for a project of {len(reports):,} reports")
    print(f"  an article    {median(polls) * 1e3:8.1f} ms, from its reading to its changes on the disk")


def status(ledger: SQLLedger, watch: Watch) -> None:
    """What a list of all projects takes: folded, as it was kept, and as it was then."""
    projects = tuple(watch.projects)

    def keep() -> None:
        while ledger.keep_states(watch.rules(), watch.listed, limit=20):
            pass

    kept, _ = timed(keep)
    first, states = timed(lambda: ledger.states(watch.rules()))
    then = min(timed(lambda: ledger.states(watch.rules()))[0] for _ in range(5))
    assert len(states) == len(projects)
    print(f"  status        {then * 1e3:8.1f} ms for {len(states):,} projects (the first time {first * 1e3:.0f} ms)")
    print(f"  folding all   {kept:8.1f} s, once after another configuration")
    knowledge = Knowledge(watch=lambda: watch, ledger=ledger, clock=lambda: NOW)
    whole, listed = timed(knowledge.listed)
    written, _ = timed(lambda: json.dumps([each.fields for each in listed]))
    print(f"  status --json {whole * 1e3:8.1f} ms for all projects, and {written * 1e3:.0f} to write them down")
    for name, as_of in (("a day ago", NOW - timedelta(days=1)), ("the middle", BEGIN + (NOW - BEGIN) / 2)):
        took, _ = timed(lambda at=as_of: knowledge.overview(as_of=at))
        print(f"  status --as-of {took:7.1f} s for all projects, {name}")
    one, _ = timed(lambda: knowledge.state(projects[0]))
    print(f"  status, one   {one * 1e3:8.1f} ms, in full")


def again(ledger: SQLLedger, watch: Watch) -> None:
    """What it takes to look at all articles again, less what it takes to look up how each is read."""
    looking_up = 0.0

    def read_all(items: Sequence[Article]) -> list[Reading]:
        nonlocal looking_up
        took, heard = timed(lambda: ledger.heard([article.key for article in items]))
        looking_up += took
        return [heard[article.key].reading for article in items]

    renewed = replace(watch, fingerprint="another")
    took, done = timed(lambda: rebuild(renewed, ledger, read_all, now=NOW, alert=False, heard=lambda: None))
    assert done.otherwise == 0
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  rebuild       {done.articles / (took - looking_up):8,.0f} articles a second, readings at hand")
    print(f"  memory        {memory:8,.0f} MB at most")


def on_one_project(sizes: Sequence[int]) -> None:
    """What it takes to hear many articles of one project: as its history, and as feeds bring them that were added."""
    watch = watching(1)
    for size in sizes:
        for days in (4 * 365, 30):
            chance = Random(0)
            items = [
                in_own_words(str(n), NOW - timedelta(minutes=chance.randrange(days * 1440)), chance)
                for n in range(size)
            ]
            for name, hear in (("imported", imported), ("in polls of 30", polled)):
                with tempfile.TemporaryDirectory() as folder:
                    engine = make_engine(f"sqlite:///{folder}/monitor.db")
                    upgrade(engine)
                    ledger = SQLLedger(engine)
                    took, _ = timed(lambda: hear(ledger, watch, items))  # noqa: B023 - used at once
                    engine.dispose()
                print(f"{size:7,} articles of {days:5,} days {name:15} {took:6.1f} s, {took / size * 1e3:5.2f} ms each")


def imported(ledger: SQLLedger, watch: Watch, items: Sequence[ReadArticle]) -> None:
    take_in(items, feed="bench:", watch=watch, ledger=ledger, read_all=lambda _: (), now=NOW)


def polled(ledger: SQLLedger, watch: Watch, items: Sequence[ReadArticle]) -> None:
    decide = decider(watch, None)
    for start in range(0, len(items), 30):
        ledger.record(Poll(feed=FeedRecord(url=f"bench:{start}"), articles=tuple(items[start : start + 30])), decide)


def in_own_words(key: str, at: datetime, chance: Random) -> ReadArticle:
    """An article on the first project that is no copy of another."""
    item = make(key, "p0", at, chance)
    words = " ".join(f"word{chance.randrange(5_000)}" for _ in range(150))
    return replace(item, article=replace(item.article, text=words))


# ---------------------------------------------------------------- what is measured


def watching(projects: int) -> Watch:
    made = {name: Project(id=name, name={"": name}, who=(name,)) for name in (f"p{n}" for n in range(projects))}
    return Watch(
        projects=made,
        lifecycles={"industrial": INDUSTRIAL},
        subscribers=(),
        matcher=Matcher([]),
        reader=Silent(),
        detector=LanguageDetector(("en",)),
        polling=Polling(),
        alert_horizon=timedelta(days=7),
        timezone=UTC,
        voice=Voice(catalogues=catalogues(), layouts=TemplateLayouts()),
        fingerprint="one",
    )


class Silent:
    """Reads nothing: what is read is made up here."""

    def read(self, article: Article) -> Reading:
        return Reading(language=article.language, projects=(), claims=(), facts=())


def fill(engine: Engine, size: int, projects: Sequence[str]) -> int:
    """Bulk-made, past the polls that would have brought it; returns how many articles there are."""
    chance = Random(0)
    claims = articles = 0
    with engine.begin() as connection:
        connection.execute(insert(FEEDS), rows.feed_values(FeedRecord(url="bench:")) | {"id": 1, "url": "bench:"})
        while claims < size:
            numbers = range(articles + 1, articles + 1 + AT_A_TIME)
            items = {n: make(str(n), chance.choice(projects), instant(chance), chance) for n in numbers}
            claims += save(connection, items)
            articles += len(items)
        if engine.dialect.name == "postgresql":
            for table in ("articles", "readings", "feeds"):
                connection.execute(text(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return articles


def save(connection: Connection, items: Mapping[int, ReadArticle]) -> int:
    """Insert these articles, by their numbers; returns how many claims they make."""
    claims = [rows.claim_values(claim, n) for n, item in items.items() for claim in item.reading.claims]
    for table, values in (
        (ARTICLES, [rows.article_values(item, 1) | {"id": n} for n, item in items.items()]),
        (READINGS, [rows.reading_values(item, n, ReadFor.POLL) | {"id": n} for n, item in items.items()]),
        (CONCERNS, [{"reading": n, "project": i.reading.projects[0], "position": 0} for n, i in items.items()]),
        (CLAIMS, claims),
        (FACTS, [rows.fact_values(fact, n) for n, item in items.items() for fact in item.reading.facts]),
    ):
        connection.execute(insert(table), values)
    return len(claims)


def make(key: str, project: str, at: datetime, chance: Random) -> ReadArticle:
    """An article that tells of a project what may be true of it then."""
    progress = min(6, (at - BEGIN).days // 220)
    claims = tuple(claim(project, chance.randrange(7), progress, chance) for _ in range(chance.choice(CLAIMS_EACH)))
    amount = chance.choice([3e9, 3.03e9, 2.5e9])
    fact = Fact(
        project=project, kind=FactKind.INVESTMENT, value=amount, unit="MAD", evidence="3 billion dirhams in all."
    )
    outlet = f"Outlet {chance.randrange(OUTLETS)}"
    url = f"https://example.org/{outlet.replace(' ', '-')}/{key}"
    body = f"Text of article {key}. " * 10
    article = Article(
        key=f"{key:0>64}",
        url=url,
        title=f"Title of {key}",
        text=body,
        published=Period.day(at.date()),
        language="en",
        outlet=outlet,
    )
    source = source_of(article, trust=chance.choice([0.3, 0.5, 0.5, 1.0]), published_at=at, seen_at=at)
    reading = Reading(
        language="en", projects=(project,), claims=claims, facts=(fact,) if chance.random() < TELLING_SUMS else ()
    )
    return ReadArticle(article=article, source=source, reading=reading, reader="one")


def claim(project: str, stage: int, progress: int, chance: Random) -> Claim:
    is_reached = stage <= progress
    date = (BEGIN + timedelta(days=220 * stage + chance.randrange(4))).date()
    return Claim(
        project=project,
        stage=INDUSTRIAL.stages[stage],
        state=State.REACHED if is_reached else State.EXPECTED,
        date=Period.day(date) if is_reached else Period.quarter(date.year + chance.randrange(2), (date.month + 2) // 3),
        confidence=0.9,
        evidence=f"Sentence {chance.randrange(10**9)} of an article that says so of the project.",
    )


def instant(chance: Random) -> datetime:
    return BEGIN + timedelta(minutes=chance.randrange(4 * 365 * 24 * 60))


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds of the processor, and what came of the work."""
    start = time.process_time()
    done = work()
    return time.process_time() - start, done


if __name__ == "__main__":
    main()
