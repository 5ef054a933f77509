"""Exported claims as JSON Lines, back into the articles that made them; a bad line costs only itself."""

import json
from collections.abc import Iterable, Iterator
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from monitor.cli.articles import reasons
from monitor.core.model import Article, Claim, Fact, FactKind, Reading, Source, State
from monitor.core.periods import Period
from monitor.errors import InputError
from monitor.ports import ReadArticle


def is_claim_line(line: bytes) -> bool:
    """Whether this is a line of exported claims, and not an article."""
    try:
        found = json.loads(line)
    except ValueError:
        return False
    return isinstance(found, dict) and "evidence" in found


def parse_claims(lines: Iterable[bytes], *, name: str) -> Iterator[ReadArticle | InputError]:
    """The articles that the lines tell of, each with all that was read in it and without its text.

    What is wrong with bad lines comes first; empty lines are passed over. The lines of an article may stand anywhere.

    Args:
        lines: the file, as bytes.
        name: the file's name, for error messages.
    """
    by_article: dict[str, list[_Line]] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            given = _Line.model_validate_json(line)
        except ValidationError as error:
            yield InputError(f"{name}:{number}: {reasons(error)}")
        else:
            by_article.setdefault(given.article, []).append(given)
    yield from map(_read_article, by_article.values())


def _is_period(text: str) -> str:
    return str(Period.parse(text))


_Share = Annotated[float, Field(ge=0, le=1)]
_Name = Annotated[str, Field(min_length=1)]


class _Line(BaseModel):
    """The fields of a line as they are exported; others are passed over."""

    model_config = ConfigDict(extra="ignore")

    article: _Name
    url: str | None = None
    outlet: str
    trust: _Share
    published: AwareDatetime
    seen: AwareDatetime
    story: _Name
    project: _Name
    confidence: _Share
    evidence: str
    stage: str | None = None
    state: State | None = None
    date: Annotated[str, AfterValidator(_is_period)] | None = None
    kind: FactKind | None = None
    value: float | None = None
    unit: str | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.claim is None) is (self.fact is None):
            raise ValueError("is neither a claim (stage, state) nor a fact (kind, value, unit)")
        return self

    @property
    def claim(self) -> Claim | None:
        if self.stage is None or self.state is None:
            return None
        return Claim(
            project=self.project,
            stage=self.stage,
            state=self.state,
            date=Period.parse(self.date) if self.date else None,
            confidence=self.confidence,
            evidence=self.evidence,
        )

    @property
    def fact(self) -> Fact | None:
        if self.kind is None or self.value is None or self.unit is None:
            return None
        return Fact(
            project=self.project,
            kind=self.kind,
            value=self.value,
            unit=self.unit,
            evidence=self.evidence,
            confidence=self.confidence,
        )


def _read_article(lines: list[_Line]) -> ReadArticle:
    first = lines[0]
    source = Source(
        article=first.article,
        url=first.url,
        outlet=first.outlet,
        trust=first.trust,
        published_at=first.published,
        seen_at=first.seen,
        story=first.story,
    )
    article = Article(
        key=first.article, url=first.url, title="", text="", published=None, language=None, outlet=first.outlet
    )
    reading = Reading(
        language=None,
        projects=tuple(dict.fromkeys(line.project for line in lines)),
        claims=tuple(line.claim for line in lines if line.claim),
        facts=tuple(line.fact for line in lines if line.fact),
    )
    return ReadArticle(article=article, source=source, reading=reading)
