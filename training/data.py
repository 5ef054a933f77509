"""Labelled articles of every origin, brought into one form and split by writer. Needs no torch."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from monitor.core.evaluation.scoring import Label, LabelledClaim, LabelledFact
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Article, FactKind, Project, State
from monitor.core.periods import Period

_ROOT = Path(__file__).parent.parent
#: The folders of the older sets. Those that tests need are among the tests.
CORPUS = (_ROOT / "training/corpus", _ROOT / "tests/corpus")
#: Labels over two plants at once, which no article tells apart.
SUMS = frozenset({"btr-both", "tsmc-arizona"})
_LANGUAGES = ("ar", "en", "es", "fr", "zh")
#: Writers, and sets of the older corpus, that thresholds are fitted to.
TUNING = frozenset({"w03", "w10", "w22", "fresh-4"} | {f"around-{language}" for language in _LANGUAGES})
#: Those that are measured and never read, one writer in each language among them. Once looked at, one is for training.
#: ``hard`` are the denials, hypotheses and look-alikes of ``training/hard``, ``apart`` other plants beside the watched.
UNSEEN = frozenset(
    {"w26", "w27", "w28", "w29", "w30", "fresh-18", "fresh-19", "hard"}
    | {f"{kind}-{language}" for kind in ("apart", "lookalike") for language in _LANGUAGES}
    | {f"stream-{language}2" for language in _LANGUAGES}
)

Places = tuple[tuple[int, int], ...]


class Part(StrEnum):
    """What an article is for."""

    TRAINING = "training"
    #: Thresholds and calibration, and when to stop.
    TUNING = "tuning"
    #: Measured only.
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A labelled claim, with the places of the words that tell it and its date where these are known."""

    claim: LabelledClaim
    spans: Places = ()
    date_spans: Places = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A labelled fact, with the places of its amount where these are known."""

    fact: LabelledFact
    spans: Places = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A labelled article. Places are in its title, a line break, and its text."""

    article: Article
    #: All that are watched where it was labelled.
    watched: "Watched"
    writer: str
    part: Part
    relevant: frozenset[str]
    claims: tuple[Claimed, ...]
    facts: tuple[Measured, ...]
    #: Claims that count neither way.
    optional: frozenset[tuple[str, str, State]]
    has_places: bool
    #: False where nobody looked for facts.
    has_facts: bool
    #: Only the claims are known, not their dates, nor whether it concerns a project of which it claims nothing.
    is_rough: bool = False

    @property
    def label(self) -> Label:
        return Label(
            article=self.article.key,
            language=self.article.language or "",
            relevant=self.relevant,
            claims=tuple(claimed.claim for claimed in self.claims),
            facts=tuple(measured.fact for measured in self.facts),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """The projects that are watched where an article was labelled."""

    projects: tuple[Project, ...]
    lifecycles: Mapping[str, Any] = field(default_factory=lambda: {"industrial": INDUSTRIAL})


def part_of(writer: str) -> Part:
    """What the articles of a writer, or of an older set, are for; training where no list has it."""
    if writer in UNSEEN:
        return Part.UNSEEN
    return Part.TUNING if writer in TUNING else Part.TRAINING


def corpus() -> Iterator[Example]:
    """The older sets: their labels have no places, and each set counts as one writer."""
    for folder in CORPUS:
        for path in sorted(folder.glob("*/articles*.jsonl")):
            yield from labelled_set(path)


def labelled_set(articles: Path, labels: Path | None = None, projects: Path | None = None) -> Iterator[Example]:
    """One set: a file of articles beside ``labels.jsonl`` and ``projects.yaml``."""
    folder = articles.parent
    entries = YAML(typ="safe").load(projects or folder / "projects.yaml")["projects"]
    watched = Watched(tuple(map(project_of, entries)))
    by_id = {line["id"]: line for line in _lines(labels or folder / "labels.jsonl")}
    for line in _lines(articles):
        if line["id"] in by_id:
            label = by_id[line["id"]]
            yield _example(
                {**line, "lang": label.get("lang") or line.get("lang")}, label["labels"], watched, folder.name, SUMS
            )


def sheets(folder: Path) -> Iterator[Example]:
    """What was written after fact sheets: each article has its own projects, and labels with places.

    Raises:
        ValueError: there is nothing of the kind in the folder.
    """
    paths = sorted(folder.glob("*.jsonl"))
    if not paths:
        raise ValueError(f"{folder} holds no labelled articles (*.jsonl)")
    for path in paths:
        for line in _lines(path):
            watched = Watched(tuple(map(project_of, line["projects"])))
            yield _example(line, line["labels"], watched, line["writer"], frozenset())


def texts(examples: Iterable[Example]) -> Iterator[str]:
    """Titles and texts, without those of unseen writers."""
    for example in examples:
        if example.part is not Part.UNSEEN:
            yield example.article.title
            yield example.article.text


def project_of(entry: Mapping[str, Any]) -> Project:
    """An entry of ``projects.yaml``."""
    name = entry.get("name", entry["id"])

    def words(key: str) -> tuple[str, ...]:
        value = entry.get(key) or ()
        return (str(value),) if isinstance(value, str | int) else tuple(map(str, value))

    return Project(
        id=entry["id"],
        name=name if isinstance(name, dict) else {"": name},
        who=words("who"),
        what=words("what"),
        where=words("where"),
        not_=words("not"),
    )


def _example(
    line: Mapping[str, Any], labels: Mapping[str, Any], watched: Watched, writer: str, skipped: frozenset[str]
) -> Example:
    published = line.get("published")
    return Example(
        article=Article(
            key=line["id"],
            url=None,
            title=line.get("title") or "",
            text=line.get("text") or "",
            published=Period.parse(published[:10]) if published else None,
            language=line["lang"],
        ),
        watched=watched,
        writer=writer,
        part=part_of(writer),
        relevant=frozenset(labels.get("relevant", (claim["project"] for claim in labels["claims"]))) - skipped,
        claims=tuple(_claimed(claim) for claim in labels.get("claims", ()) if claim["project"] not in skipped),
        facts=tuple(_measured(fact) for fact in labels.get("facts", ()) if fact["project"] not in skipped),
        optional=frozenset(
            (claim["project"], claim["stage"], State(claim["state"]))
            for claim in labels.get("optional", ())
            if "stage" in claim
        ),
        has_places=any("spans" in claim for claim in labels.get("claims", ())) or "register" in line,
        has_facts="facts" in labels,
        is_rough="relevant" not in labels,
    )


def _claimed(claim: Mapping[str, Any]) -> Claimed:
    date = claim.get("date")
    return Claimed(
        claim=LabelledClaim(
            project=claim["project"],
            stage=claim["stage"],
            state=State(claim["state"]),
            date=Period.parse(date) if date else None,
        ),
        spans=_places(claim.get("spans")),
        date_spans=_places(claim.get("date_spans")),
    )


def _measured(fact: Mapping[str, Any]) -> Measured:
    return Measured(
        fact=LabelledFact(
            project=fact["project"], kind=FactKind(fact["kind"]), value=float(fact["value"]), unit=fact["unit"]
        ),
        spans=_places(fact.get("spans")),
    )


def _places(spans: Sequence[Sequence[int]] | None) -> Places:
    return tuple((start, end) for start, end in spans or ())


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)
