"""Claims, decisions, milestones and changes as flat records of plain values, with the names of the JSON contracts."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from enum import Enum, auto

from monitor.core.event import change_fields, whole
from monitor.core.model import Claim, Project, Said
from monitor.core.news import Change
from monitor.core.review.review import Review
from monitor.core.state import ProjectState, Report, Source

Record = Mapping[str, object]


class Column(Enum):
    """The type of a column. Every value may be None."""

    TEXT = auto()
    TEXTS = auto()
    NUMBER = auto()
    #: ISO 8601 in UTC.
    INSTANT = auto()


_TEXT, _TEXTS, _NUMBER, _INSTANT = Column.TEXT, Column.TEXTS, Column.NUMBER, Column.INSTANT

#: A claim has stage, state and date; a fact has kind, value and unit. Both have the other columns.
CLAIMS: Mapping[str, Column] = {
    "article": _TEXT, "url": _TEXT, "outlet": _TEXT, "trust": _NUMBER, "published": _INSTANT, "seen": _INSTANT,
    "story": _TEXT, "project": _TEXT, "stage": _TEXT, "state": _TEXT, "date": _TEXT, "phase": _TEXT, "kind": _TEXT,
    "value": _NUMBER, "unit": _TEXT, "confidence": _NUMBER, "evidence": _TEXT,
}  # fmt: skip
#: A decision has the columns of its claim or fact, and with ``to_`` those of what replaces it.
REVIEWS: Mapping[str, Column] = {
    **CLAIMS,
    "verdict": _TEXT, "to_project": _TEXT, "to_stage": _TEXT, "to_state": _TEXT, "to_date": _TEXT, "to_value": _NUMBER,
    "to_unit": _TEXT, "to_phase": _TEXT,
    "by": _TEXT, "reason": _TEXT, "because": _TEXT, "at": _INSTANT, "undone": _INSTANT, "undone_by": _TEXT,
}  # fmt: skip
MILESTONES: Mapping[str, Column] = {
    "project": _TEXT, "name": _TEXT, "status": _TEXT, "stage": _TEXT, "state": _TEXT, "baseline": _TEXT,
    "forecast": _TEXT, "actual": _TEXT, "confidence": _TEXT, "sources": _TEXTS, "evidence": _TEXTS,
}  # fmt: skip
CHANGES: Mapping[str, Column] = {
    "id": _TEXT, "type": _TEXT, "project": _TEXT, "phase": _TEXT, "stage": _TEXT, "from": _TEXT, "to": _TEXT,
    "kind": _TEXT, "unit": _TEXT, "by": _TEXT, "at": _INSTANT, "effective": _TEXT, "confidence": _TEXT,
    "sources": _TEXTS, "evidence": _TEXTS, "retracts": _TEXT, "because": _TEXT,
}  # fmt: skip


#: The fields that a decision may correct.
_RIGHT = ("project", "stage", "state", "date", "value", "unit", "phase")


def claim_records(reports: Iterable[Report]) -> Iterator[Record]:
    """Yield each claim and fact with its complete source, so that the same reports can be rebuilt elsewhere."""
    for report in reports:
        said_by = _source(report.source)
        for said in report.said:
            yield said_by | _said(said)


def review_records(reviews: Iterable[Review]) -> Iterator[Record]:
    """Yield each decision with its claim or fact and complete source, so that it can be made elsewhere."""
    for review in reviews:
        instead = _said(review.instead) if review.instead else {}
        yield {
            **_source(review.source),
            **_said(review.claim),
            "verdict": review.verdict.value,
            **{f"to_{name}": instead.get(name) for name in _RIGHT},
            "by": review.author,
            "reason": review.reason,
            "because": review.because.value if review.because else None,
            "at": _instant(review.at),
            "undone": _instant(review.undone_at),
            "undone_by": review.undone_by,
        }


def _source(source: Source) -> dict[str, object]:
    return {
        "article": source.article,
        "url": source.url,
        "outlet": source.outlet,
        "trust": source.trust,
        "published": _instant(source.published_at),
        "seen": _instant(source.seen_at),
        "story": source.story,
    }


def _said(said: Said) -> dict[str, object]:
    what: dict[str, object]
    if isinstance(said, Claim):
        what = {"stage": said.stage, "state": said.state.value, "date": str(said.date) if said.date else None}
    else:
        what = {"kind": said.kind.value, "value": whole(said.value), "unit": said.unit}
    return {
        "project": said.project,
        "phase": said.phase,
        **what,
        "confidence": said.confidence,
        "evidence": said.evidence,
    }


def milestone_records(project: Project, state: ProjectState) -> Iterator[Record]:
    """Yield each milestone of a project, with its evidence."""
    for milestone in state.milestones:
        yield {
            "project": project.id,
            "name": project.name_in("en"),
            "status": state.status,
            "stage": milestone.stage,
            "state": milestone.state.value,
            "baseline": str(milestone.baseline) if milestone.baseline else None,
            "forecast": str(milestone.forecast) if milestone.forecast else None,
            "actual": str(milestone.actual) if milestone.actual else None,
            "confidence": milestone.confidence.value,
            "sources": list(dict.fromkeys(e.source.url for e in milestone.evidence if e.source.url)),
            "evidence": list(dict.fromkeys(e.sentence for e in milestone.evidence if e.sentence)),
        }


def change_records(changes: Iterable[Change]) -> Iterator[Record]:
    """Yield each change as ``monitor changes --json`` prints it."""
    return (change_fields(change) for change in changes)


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None
