"""What can be exported as tables, and in which formats."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import BinaryIO

from monitor.contracts import records, tables
from monitor.contracts.records import Record
from monitor.core.model import Project
from monitor.core.state import ProjectState
from monitor.know.queries import Knowledge
from monitor.logs import redact
from monitor.ports import Ledger


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
    What.CLAIMS: records.CLAIMS,
    What.REVIEWS: records.REVIEWS,
    What.MILESTONES: records.MILESTONES,
    What.CHANGES: records.CHANGES,
}
_WRITE: Mapping[Table, Callable[[Iterable[Record], tables.Columns, BinaryIO], None]] = {
    Table.JSON: tables.write_json,
    Table.CSV: tables.write_csv,
    Table.PARQUET: tables.write_parquet,
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
            found = records.review_records(ledger.reviews(project))
        case What.MILESTONES:
            found = _milestones(knowledge, projects, project)
        case What.CHANGES:
            found = records.change_records(ledger.changes(project=project))
    _WRITE[form](map(_redacted, found), _COLUMNS[what], file)


def states(
    knowledge: Knowledge, projects: Mapping[str, Project], project: str | None = None
) -> Iterator[tuple[Project, ProjectState]]:
    """The state of each project, or of one. Each is loaded when needed: those of many projects take much memory."""
    for each in [projects[project]] if project else projects.values():
        yield each, knowledge.state(each.id)


def _claims(ledger: Ledger, project: str | None) -> Iterator[Record]:
    for reports in ledger.reports(project, as_read=True).values():
        yield from records.claim_records(reports)


def _milestones(knowledge: Knowledge, projects: Mapping[str, Project], project: str | None) -> Iterator[Record]:
    for each, state in states(knowledge, projects, project):
        yield from records.milestone_records(each, state)


def _redacted(record: Record) -> Record:
    """The record with secrets masked in all its texts."""
    return {name: _mask(value) for name, value in record.items()}


def _mask(value: object) -> object:
    if isinstance(value, list):
        return [redact(item) for item in value]
    return redact(value) if isinstance(value, str) else value
