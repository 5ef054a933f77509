"""Parses exported claims and decisions from JSON Lines into core values. A bad line costs only itself."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from monitor.contracts.articles import reasons
from monitor.core.articles import EARLIEST, may_be_published
from monitor.core.model import Article, Claim, Fact, FactKind, Reading, Said, State
from monitor.core.news import Mistake
from monitor.core.periods import Period
from monitor.core.review import Review, Ruling
from monitor.core.state import Source
from monitor.errors import InputError
from monitor.ports import ReadArticle

_EVIDENCE = re.compile(rb'"evidence"\s*:')


def is_exported(line: bytes) -> bool:
    """Whether this is a line of exported claims or decisions, not an article."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        # A bad line costs only itself. It must not change what kind of file this is.
        return bool(_EVIDENCE.search(line))
    return isinstance(found, dict) and "evidence" in found


def parse_exported(lines: Iterable[bytes], *, name: str, now: datetime) -> Iterator[ReadArticle | Review | InputError]:
    """Yield the articles, each with everything that was read in it and without its text; then the decisions.

    The errors of bad lines come first. Empty lines are skipped. The lines of one article need not be adjacent.

    Args:
        lines: the file, as bytes.
        name: the file's name, for error messages.
        now: the present instant, for rejecting impossible instants of publication.
    """
    by_article: dict[str, list[_ExportLine]] = {}
    reviews: list[Review] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            if b'"verdict"' in line:
                reviews.append(_Decision.model_validate_json(line, context=now).review)
            else:
                said = _ExportLine.model_validate_json(line, context=now)
                by_article.setdefault(said.article, []).append(said)
        except ValidationError as error:
            yield InputError(f"{name}:{number}: {reasons(error)}")
    yield from map(_read_article, by_article.values())
    yield from reviews


def _is_period(text: str) -> str:
    return str(Period.parse(text))


def _is_credible(at: datetime, info: ValidationInfo[datetime]) -> datetime:
    if not may_be_published(at, info.context):
        raise ValueError(f"'{at.isoformat()}' must be between {EARLIEST.year} and ten years from now")
    return at.astimezone(UTC)


_Share = Annotated[float, Field(ge=0, le=1)]
_Name = Annotated[str, Field(min_length=1)]
_Instant = Annotated[AwareDatetime, AfterValidator(_is_credible)]
_Date = Annotated[str, AfterValidator(_is_period)]


class _ExportLine(BaseModel):
    """A claim or a fact as exported. Other fields are ignored."""

    model_config = ConfigDict(extra="ignore")

    article: _Name
    url: str | None = None
    outlet: str
    trust: _Share
    published: _Instant
    seen: _Instant
    story: _Name
    project: _Name
    phase: str | None = None
    stage: str | None = None
    state: State | None = None
    date: _Date | None = None
    kind: FactKind | None = None
    value: float | None = None
    unit: str | None = None
    confidence: _Share
    evidence: str

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.claim is None) is (self.fact is None):
            raise ValueError("is neither a claim (stage, state) nor a fact (kind, value, unit)")
        return self

    @property
    def source(self) -> Source:
        return Source(
            article=self.article,
            url=self.url,
            outlet=self.outlet,
            trust=self.trust,
            published_at=self.published,
            seen_at=self.seen,
            story=self.story,
        )

    @property
    def claim(self) -> Claim | None:
        if self.stage is None or self.state is None:
            return None
        return Claim(
            project=self.project,
            stage=self.stage,
            state=self.state,
            date=_period(self.date),
            confidence=self.confidence,
            evidence=self.evidence,
            phase=self.phase,
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
            phase=self.phase,
        )


def _period(text: str | None) -> Period | None:
    return Period.parse(text) if text else None


# ---------------------------------------------------------------- claims and facts


def _read_article(lines: list[_ExportLine]) -> ReadArticle:
    source = lines[0].source
    article = Article(
        key=source.article, url=source.url, title="", text="", published=None, language=None, outlet=source.outlet
    )
    reading = Reading(
        language=None,
        projects=tuple(dict.fromkeys(line.project for line in lines)),
        claims=tuple(line.claim for line in lines if line.claim),
        facts=tuple(line.fact for line in lines if line.fact),
    )
    return ReadArticle(article=article, source=source, reading=reading)


# ---------------------------------------------------------------- decisions


class _Decision(_ExportLine):
    verdict: Ruling
    to_project: str | None = None
    to_stage: str | None = None
    to_state: State | None = None
    to_date: _Date | None = None
    to_value: float | None = None
    to_unit: str | None = None
    to_phase: str | None = None
    by: str
    reason: str = ""
    because: Mistake | None = None
    at: _Instant
    undone: _Instant | None = None
    undone_by: str | None = None

    @model_validator(mode="after")
    def _says_what_is_right(self) -> Self:
        if (self.instead is None) is (self.verdict in {Ruling.CORRECT, Ruling.ASSIGN}):
            raise ValueError("to_project, and what is right in place of this, belong to what is corrected or assigned")
        return self

    @property
    def instead(self) -> Said | None:
        if self.to_project is None:
            return None
        project, phase = self.to_project, self.to_phase
        if self.fact is not None and self.to_value is not None and self.to_unit is not None:
            value, unit = self.to_value, self.to_unit
            return replace(self.fact, project=project, value=value, unit=unit, phase=phase, confidence=1.0)
        if self.claim is not None and self.to_stage is not None and self.to_state is not None:
            stage, state, date = self.to_stage, self.to_state, _period(self.to_date)
            return replace(
                self.claim, project=project, stage=stage, state=state, date=date, phase=phase, confidence=1.0
            )
        return None

    @property
    def review(self) -> Review:
        said = self.claim or self.fact
        assert said is not None, "a line is either"
        return Review(
            claim=said,
            source=self.source,
            verdict=self.verdict,
            instead=self.instead,
            author=self.by,
            reason=self.reason,
            because=self.because,
            at=self.at,
            undone_at=self.undone,
            undone_by=self.undone_by,
        )
