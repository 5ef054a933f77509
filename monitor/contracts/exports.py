"""What can be exported as tables, and in which formats."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from enum import Enum, StrEnum, auto
from itertools import islice
from typing import BinaryIO

from monitor.core.event import change_fields, whole
from monitor.core.model import Claim, Project, Said
from monitor.core.news import Change
from monitor.core.review import Review
from monitor.core.state import ProjectState, Report, Source
from monitor.errors import InputError
from monitor.know.queries import Knowledge
from monitor.logs import redact
from monitor.ports import Ledger

# Claims, decisions, milestones and changes as flat records of plain values, with the names of the JSON contracts ------


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


# Writes records as JSON Lines, CSV or Parquet -------------------------------------------------------------------------


Columns = Mapping[str, Column]

#: What a spreadsheet takes for the start of a formula (https://owasp.org/www-community/attacks/CSV_Injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_ROWS_AT_A_TIME = 10_000


def write_json(records: Iterable[Record], columns: Columns, file: BinaryIO) -> None:  # noqa: ARG001 - one signature for all
    """Write one object a line, unchanged."""
    for record in records:
        # A lone surrogate from a broken document: JSON can express it, UTF-8 cannot.
        line = json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace")
        file.write(line + b"\n")


def write_csv(records: Iterable[Record], columns: Columns, file: BinaryIO) -> None:
    """Write a table as in RFC 4180, in UTF-8 with a byte order mark for spreadsheets. No cell is a formula."""
    text = io.TextIOWrapper(file, "utf-8-sig", "replace", newline="", write_through=True)
    rows = csv.writer(text)
    rows.writerow(columns)
    rows.writerows([_cell(record.get(name)) for name in columns] for record in records)
    text.detach()


def _cell(value: object) -> object:
    if isinstance(value, list):
        value = "\n".join(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def write_parquet(records: Iterable[Record], columns: Columns, file: BinaryIO) -> None:
    """Write a Parquet file. Instants are timestamps, several texts are a list.

    Raises:
        InputError: the pyarrow library is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra, and slow to load
        from pyarrow import parquet  # noqa: PLC0415 - as above
    except ImportError as error:
        raise InputError(f"{error.name} is missing: install milestone-monitor[parquet]") from error
    types = {
        Column.TEXT: pa.string(),
        Column.TEXTS: pa.list_(pa.string()),
        Column.NUMBER: pa.float64(),
        Column.INSTANT: pa.timestamp("us", tz="UTC"),
    }
    schema = pa.schema([(name, types[column]) for name, column in columns.items()])
    with parquet.ParquetWriter(file, schema) as writer:
        for rows in _batches(records):
            typed = [{name: _typed(row.get(name), column) for name, column in columns.items()} for row in rows]
            writer.write_table(pa.Table.from_pylist(typed, schema=schema))


def _typed(value: object, column: Column) -> object:
    if value is None:
        return None
    if column is Column.INSTANT:
        return datetime.fromisoformat(str(value))
    if column is Column.TEXTS and isinstance(value, list):
        return [_utf8(item) for item in value]
    return _utf8(str(value)) if column is Column.TEXT else value


def _utf8(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    rest = iter(records)
    while batch := list(islice(rest, _ROWS_AT_A_TIME)):
        yield batch


class What(StrEnum):
    """The kind of records to export."""

    CLAIMS = "claims"
    REVIEWS = "reviews"
    MILESTONES = "milestones"
    CHANGES = "changes"


class Table(StrEnum):
    """The format of a table."""

    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


_COLUMNS = {
    What.CLAIMS: CLAIMS,
    What.REVIEWS: REVIEWS,
    What.MILESTONES: MILESTONES,
    What.CHANGES: CHANGES,
}
_WRITE: Mapping[Table, Callable[[Iterable[Record], Columns, BinaryIO], None]] = {
    Table.JSON: write_json,
    Table.CSV: write_csv,
    Table.PARQUET: write_parquet,
}


def write_table(
    what: What,
    form: Table,
    file: BinaryIO,
    *,
    ledger: Ledger,
    knowledge: Knowledge,
    projects: Mapping[str, Project],
    project: str | None = None,
) -> None:
    """Write the records of all projects, or of one. Secrets are masked, and no cell is a formula.

    Raises:
        InputError: the library for Parquet is not installed.
        LedgerError: the database refuses.
    """
    match what:
        case What.CLAIMS:
            found = _claims(ledger, project)
        case What.REVIEWS:
            found = review_records(ledger.reviews(project))
        case What.MILESTONES:
            found = _milestones(knowledge, projects, project)
        case What.CHANGES:
            found = change_records(ledger.changes(project=project))
    _WRITE[form](map(_redacted, found), _COLUMNS[what], file)


def states(
    knowledge: Knowledge, projects: Mapping[str, Project], project: str | None = None
) -> Iterator[tuple[Project, ProjectState]]:
    """The state of each project, or of one. Each is loaded when needed: those of many projects take much memory."""
    for each in [projects[project]] if project else projects.values():
        yield each, knowledge.state(each.id)


def _claims(ledger: Ledger, project: str | None) -> Iterator[Record]:
    for reports in ledger.reports(project, as_read=True).values():
        yield from claim_records(reports)


def _milestones(knowledge: Knowledge, projects: Mapping[str, Project], project: str | None) -> Iterator[Record]:
    for each, state in states(knowledge, projects, project):
        yield from milestone_records(each, state)


def _redacted(record: Record) -> Record:
    """The record with secrets masked in all its texts."""
    return {name: _mask(value) for name, value in record.items()}


def _mask(value: object) -> object:
    if isinstance(value, list):
        return [redact(item) for item in value]
    return redact(value) if isinstance(value, str) else value
