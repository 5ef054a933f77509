"""Parses labels from JSON into core values: what a careful person reads in an article. A bad one costs only itself."""

from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from monitor.contracts.articles import reasons
from monitor.core.evaluation.scoring import Label, LabelledClaim, LabelledFact
from monitor.core.evaluation.trial import Sample
from monitor.core.lifecycle import Condition, Lifecycle
from monitor.core.model import Article, FactKind, Project, State
from monitor.core.periods import Period
from monitor.errors import InputError
from monitor.readers.sample import ARTICLES
from monitor.settings.scalars import suggest


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenLabel:
    """A label given on the command line."""

    #: Where it is: ``labels.jsonl:3``, or the file that has only this label.
    place: str
    label: Label


def parse_labels(path: Path) -> Iterator[GivenLabel | InputError]:
    """Yield the labels of a folder with a JSON file for each article, or of JSON Lines; for a bad one the error.

    Raises:
        InputError: the path cannot be read.
    """
    try:
        for place, data in _written(path):
            yield _parse(place, data)
    except OSError as error:
        raise InputError(f"{error.filename or path}: cannot be read: {error.strerror}") from error


def _written(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        for file in sorted(path.rglob("*.json")):
            yield str(file), file.read_bytes()
        return
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield f"{path}:{number}", line


def fitted(
    given: GivenLabel, projects: Mapping[str, Project], lifecycles: Mapping[str, Lifecycle]
) -> tuple[GivenLabel, tuple[InputError, ...]]:
    """Return the label without claims of stages that their project cannot reach, and an error for each such claim."""
    claims, complaints = [], []
    for claim in given.label.claims:
        project = projects.get(claim.project)
        stages = (*lifecycles[project.lifecycle].stages, *Condition) if project else (claim.stage,)
        if claim.stage in stages:
            claims.append(claim)
        else:
            told = f"{claim.project} has no stage '{claim.stage}'{suggest(claim.stage, stages)}; left out"
            complaints.append(InputError(f"{given.place}: {told}"))
    return replace(given, label=replace(given.label, claims=tuple(claims))), tuple(complaints)


# ---------------------------------------------------------------- one label


def _period(value: object) -> object:
    return Period.parse(value) if isinstance(value, str) else value


class _LabelledClaim(BaseModel):
    project: str
    stage: str
    state: State
    date: Annotated[Period, BeforeValidator(_period)] | None = None


class _LabelledFact(BaseModel):
    project: str
    kind: FactKind
    value: Annotated[float, Field(allow_inf_nan=False)]
    unit: str


class _LabelledProject(BaseModel):
    """Unknown fields are errors here: a misspelt name would lose everything under it."""

    model_config = ConfigDict(extra="forbid")

    relevant: frozenset[str] = frozenset()
    claims: tuple[_LabelledClaim, ...] = ()
    facts: tuple[_LabelledFact, ...] = ()


class _Label(BaseModel):
    """Other fields are ignored, such as notes or the origin of the article."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    id: Annotated[str, Field(min_length=1)]
    lang: str | None = None
    labels: _LabelledProject


def _parse(place: str, data: bytes) -> GivenLabel | InputError:
    try:
        found = _Label.model_validate_json(data.removeprefix(BOM_UTF8))
    except ValidationError as error:
        return InputError(f"{place}: {reasons(error)}")
    said = found.labels
    return GivenLabel(
        place=place,
        label=Label(
            article=found.id,
            language=found.lang or "unknown",
            relevant=said.relevant,
            claims=tuple(
                LabelledClaim(project=claim.project, stage=claim.stage, state=claim.state, date=claim.date)
                for claim in said.claims
            ),
            facts=tuple(
                LabelledFact(project=fact.project, kind=fact.kind, value=fact.value, unit=fact.unit)
                for fact in said.facts
            ),
        ),
    )


# The labelled articles that ship with the program, to try a language model on: eight in each language -----------------


class _Project(BaseModel):
    id: str
    name: str
    who: tuple[str, ...] = ()
    what: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    not_: tuple[str, ...] = Field(default=(), alias="not")


class _SampleLine(BaseModel):
    """The fields of a line beside its label."""

    id: str
    lang: str
    published: str
    title: str
    text: str
    projects: tuple[_Project, ...]


@cache
def shipped_sample() -> tuple[Sample, ...]:
    """The articles, one of each language after the other, so that the first ones are of all languages."""
    return read_sample(ARTICLES)


def read_sample(file: Path) -> tuple[Sample, ...]:
    """Read labelled articles with their projects from JSON Lines. The file must be whole."""
    samples = []
    for label, line in zip(parse_labels(file), file.read_bytes().splitlines(), strict=True):
        if isinstance(label, InputError):
            raise label
        found = _SampleLine.model_validate_json(line)
        article = Article(
            key=found.id,
            url=None,
            title=found.title,
            text=found.text,
            published=Period.parse(found.published),
            language=found.lang,
        )
        projects = tuple(
            Project(id=each.id, name={"": each.name}, who=each.who, what=each.what, where=each.where, not_=each.not_)
            for each in found.projects
        )
        samples.append(Sample(article=article, projects=projects, label=label.label))
    return tuple(samples)
