"""A reader that finds in an article what people found, and the articles of a labelled set as a replay takes them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from monitor.core.model import Article, Claim, Fact, FactKind, Reading, State
from monitor.core.periods import Period
from monitor.know.rebuild import Dated, dated
from monitor.ports import Reader
from monitor.settings import load
from monitor.settings.lexicons import load_lexicons
from monitor.watch.setup import set_up
from monitor.watch.watch import Watch

HERE = Path(__file__).parent
#: Labels over two plants at once, which belong to neither.
SUMS = frozenset({"btr-both", "tsmc-arizona"})


def lines(path: Path) -> Iterator[dict[str, Any]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())


@dataclass(frozen=True, slots=True)
class Remembering:
    """A reader that has read before what it is given again."""

    reader: Reader
    known: dict[Article, Reading] = field(default_factory=dict)

    def read(self, article: Article) -> Reading:
        if article not in self.known:
            self.known[article] = self.reader.read(article)
        return self.known[article]


@dataclass(frozen=True, slots=True)
class Careful:
    """Reads in an article what its label says."""

    labels: Mapping[str, Any]

    def read(self, article: Article) -> Reading:
        labels = self.labels[article.key]
        claims = tuple(
            Claim(
                project=claim["project"],
                stage=claim["stage"],
                state=State(claim["state"]),
                date=Period.parse(claim["date"]) if claim.get("date") else None,
                confidence=1.0,
                evidence=article.title,
            )
            for claim in labels["claims"]
            if claim["project"] not in SUMS
        )
        facts = tuple(
            Fact(
                project=fact["project"],
                kind=FactKind(fact["kind"]),
                value=float(fact["value"]),
                unit=fact["unit"],
                evidence=article.title,
            )
            for fact in labels["facts"]
            if fact["project"] not in SUMS
        )
        projects = tuple(project for project in labels["relevant"] if project not in SUMS)
        return Reading(language=article.language, projects=projects, claims=claims, facts=facts)


def careful_watch(folder: Path) -> Watch:
    """What the folder's projects are watched by, with labels in place of the reader."""
    labels = {line["id"]: line["labels"] for line in lines(folder / "labels.jsonl")}
    watch = set_up(load(folder, {}), load_lexicons()).watch
    return replace(watch, reader=Careful(labels))


def told(folder: Path, articles: str = "articles.jsonl") -> list[Dated]:
    """The articles of a set that have a date."""
    found = [
        dated(
            Article(
                key=line["id"],
                url=line["url"],
                title=line["title"],
                text=line["text"],
                published=Period.parse(line["published"]) if line["published"] else None,
                language=line["lang"],
                outlet=line["outlet"],
            )
        )
        for line in lines(folder / articles)
    ]
    return [article for article in found if article is not None]
