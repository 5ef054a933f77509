"""The labelled articles that ship with the program, to try a language model on: eight in each language."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, Field

from monitor.contracts.labels import parse_labels
from monitor.core.evaluation.trial import Sample
from monitor.core.model import Article, Project
from monitor.core.periods import Period
from monitor.errors import InputError
from monitor.readers.sample import ARTICLES


class _Project(BaseModel):
    id: str
    name: str
    who: tuple[str, ...] = ()
    what: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    not_: tuple[str, ...] = Field(default=(), alias="not")


class _Line(BaseModel):
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
        found = _Line.model_validate_json(line)
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
