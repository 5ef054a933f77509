"""How well copies are told from own words, and what it costs.

    python -m benchmarks.stories                     # all of it: about five minutes
    python -m benchmarks.stories pairs               # how alike copies are, and those who write in own words
    python -m benchmarks.stories changes             # each article in twenty outlets: are the changes the same?
    python -m benchmarks.stories stream --articles 100000 --projects 56
    python -m benchmarks.stories ledger --articles 5000

See README.md beside this file.
"""

import argparse
import itertools
import re
import struct
import tempfile
import time
import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from benchmarks.articles import file, stories
from monitor.app.opening import build_app
from monitor.cli.documents import history
from monitor.core.articles import source_of
from monitor.core.model import Article, Reading
from monitor.core.news import Change
from monitor.core.periods import Period
from monitor.core.state import Report, Source
from monitor.core.stories import Stories, sketch
from monitor.errors import MonitorError
from monitor.know.rebuild import Dated, replay
from monitor.ledger.backup import upgrade
from monitor.ledger.engine import make_engine
from monitor.ledger.store import SQLLedger
from monitor.ports import Decision, FeedRecord, Poll, ReadArticle
from monitor.settings import load
from monitor.settings.lexicons import load_lexicons
from tests.copies import copied

SETS = ("data/articles-a", "data/articles-b", "fresh/articles", "fresh-2/articles", "fresh-3/articles")
OUTLETS = 20
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
#: Of the words of an article so many are exchanged to make another article of it.
EXCHANGED = 0.55
WORD = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("part", nargs="?", choices=["all", "pairs", "changes", "stream", "ledger"], default="all")
    parser.add_argument("--articles", type=int, help="so many in the stream, or into the ledger")
    parser.add_argument("--projects", type=int, default=56, help="so many are told of in the stream")
    arguments = parser.parse_args()
    if arguments.part in {"all", "pairs"}:
        pairs()
    if arguments.part in {"all", "changes"}:
        for name in ("data/articles-a", "data/articles-b"):
            changes(file(name))
    if arguments.part in {"all", "stream"}:
        stream(list(told(arguments.articles or 100_000, arguments.projects)))
    if arguments.part in {"all", "ledger"}:
        ledger(list(told(arguments.articles or 5_000, arguments.projects)))


# ---------------------------------------------------------------- how alike


def pairs() -> None:
    """Shares of the shorter sketch that stand in the other, by what the two articles are to each other."""
    by_set = {name: [article(given, f"{name} {given['id']}") for given in stories(name)] for name in SETS}
    everything = list(itertools.chain.from_iterable(by_set.values()))
    own = [share(one, other) for one, other in zip(by_set[SETS[0]], by_set[SETS[1]], strict=True)]
    others = [
        share(one, other)
        for one, other in itertools.combinations(everything, 2)
        if one.language == other.language and one.url != other.url
    ]
    taken = [share(one, copied(one, outlet)) for one in everything for outlet in range(8)]
    show("another article", sorted(others, reverse=True))
    show("the same news in own words", sorted(own, reverse=True))
    show("a copy and what it is of", sorted(taken))


def show(what: str, shares: Sequence[float]) -> None:
    marks = {"nearest": 0, "1 in 1,000": len(shares) // 1000, "1 in 100": len(shares) // 100, "half": len(shares) // 2}
    print(f"{what}: {len(shares):,} pairs; " + ", ".join(f"{name} {shares[at]:.2f}" for name, at in marks.items()))


def share(one: Article, other: Article) -> float:
    mine, others = (set(struct.iter_unpack("<I", sketch(a.title, a.text))) for a in (one, other))
    return len(mine & others) / max(1, min(len(mine), len(others)))


# ---------------------------------------------------------------- the same changes


def changes(path: Path) -> None:
    """What is told where each article comes in twenty outlets, beside what is told of the articles alone."""
    app = build_app(load(path.parent, {}), load_lexicons())
    once = [item for item in history(app, str(path)) if not isinstance(item, MonitorError)]
    many = [*once, *(later(item, outlet) for item in once for outlet in range(1, OUTLETS))]
    expected, found = (Counter(map(what, replay(items, app.watch))) for items in (once, many))
    app.close()
    more, less = found - expected, expected - found
    print(
        f"{path.stem}: {len(once)} articles, {expected.total()} changes; in {OUTLETS} outlets {len(many)} articles, "
        f"{found.total()} changes: {more.total()} more, {less.total()} less"
    )
    for sign, differing in (("+", more), ("-", less)):
        for change in sorted(differing.elements(), key=repr):
            print("   ", sign, *change)


def later(item: Dated, outlet: int) -> Dated:
    return replace(
        item, article=copied(item.article, outlet), published_at=item.published_at + timedelta(minutes=30 * outlet)
    )


def what(change: Change) -> tuple[object, ...]:
    return str(change.type), change.project, change.stage, change.from_, change.to


# ---------------------------------------------------------------- a stream


@dataclass(frozen=True, slots=True)
class Told:
    article: Article
    at: datetime
    project: str
    #: What it is a copy of, or its own key.
    origin: str


def told(count: int, projects: int) -> Iterator[Told]:
    """Articles of a year, each of its own words; one in five is taken over by up to eight outlets within two days."""
    chance = Random(1)
    bases = [article(given, given["id"]) for name in SETS for given in stories(name)]
    words: dict[str, list[str]] = defaultdict(list)
    for base in bases:
        words[base.language or ""] += WORD.findall(base.text)
    made = 0
    while made < count:
        base = chance.choice(bases)
        known = words[base.language or ""]
        exchanged = WORD.sub(lambda m: chance.choice(known) if chance.random() < EXCHANGED else m[0], base.text)  # noqa: B023 - used at once
        original = replace(base, key=f"{made}", title=" ".join(chance.choices(known, k=8)), text=exchanged)
        at, project = BEGIN + timedelta(minutes=chance.randrange(365 * 1440)), f"project-{chance.randrange(projects)}"
        yield Told(original, at, project, original.key)
        made += 1
        for outlet in range(chance.randint(1, 8) if chance.random() < 0.2 else 0):
            yield Told(copied(original, outlet), at + timedelta(hours=chance.randrange(48)), project, original.key)
            made += 1


def stream(items: Sequence[Told]) -> None:
    items = sorted(items, key=lambda item: item.at)
    grouping = Stories()
    began = time.process_time()
    for item in items:
        grouping.add(item.article, source(item), [item.project])
    took = time.process_time() - began
    judge({item.article.key: story_in(grouping, item) for item in items}, items)
    print(f"in memory: {took / len(items) * 1e6:.0f} µs an article")
    tracemalloc.start()
    again = Stories()
    for item in items[: len(items) // 10]:
        again.add(item.article, source(item), [item.project])
    print(f"memory: {tracemalloc.get_traced_memory()[0] / (len(items) // 10) / 1000:.1f} kB an article")
    tracemalloc.stop()


def story_in(grouping: Stories, item: Told) -> str:
    return grouping.of(Report(source=source(item))).source.story


def source(item: Told) -> Source:
    return source_of(item.article, trust=0.5, published_at=item.at, seen_at=item.at)


def judge(story: dict[str, str], items: Sequence[Told]) -> None:
    """Print how many copies were missed, and how many articles were joined with what is no copy of theirs."""
    origins = {item.article.key: item.origin for item in items}
    members: dict[str, Counter[str]] = defaultdict(Counter)
    for key, found in story.items():
        members[found][origins[key]] += 1
    mixed = sum(count.total() for count in members.values() if len(count) > 1)
    largest: dict[str, int] = defaultdict(int)
    for count in members.values():
        for origin, size in count.items():
            largest[origin] = max(largest[origin], size)
    missed = len(items) - sum(largest.values())
    copies = len(items) - len(largest)
    print(f"{len(items):,} articles, {copies:,} of them copies: {missed} missed, {mixed} joined with others")


# ---------------------------------------------------------------- the ledger


def ledger(items: Sequence[Told]) -> None:
    """One article a poll into SQLite, with and without a project that it concerns: the difference is stories."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/monitor.db")
        upgrade(engine)
        found = SQLLedger(engine)
        began = time.process_time()
        for start in range(0, len(items), 100):
            batch = [recorded(item) for item in items[start : start + 100]]
            found.record(Poll(feed=FeedRecord(url="https://example.org"), articles=tuple(batch)), nothing)
        took = time.process_time() - began
        judge({item.article.key: item.source.story for item in found.articles()}, items)
        print(f"into the ledger, 100 a poll: {took / len(items) * 1e3:.2f} ms an article")
        engine.dispose()


def recorded(item: Told) -> ReadArticle:
    reading = Reading(language=item.article.language, projects=(item.project,), claims=(), facts=())
    return ReadArticle(article=item.article, source=source(item), reading=reading)


def nothing(before: object, fresh: object) -> Decision:  # noqa: ARG001 - what the ledger asks for
    return Decision()


def article(given: dict[str, str], key: str) -> Article:
    return Article(
        key=key,
        url=given["url"],
        title=given["title"],
        text=given["text"],
        published=Period.parse(given["published"][:10]) if given["published"] else None,
        language=given["lang"],
    )


if __name__ == "__main__":
    main()
