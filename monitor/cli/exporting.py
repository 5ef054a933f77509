"""``export``: writes claims, decisions, milestones and changes for other programs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from monitor.cli.options import DEFAULT_CONFIG, ConfigDir, known
from monitor.cli.session import opened
from monitor.contracts import records, tables
from monitor.contracts.ical import calendar
from monitor.contracts.records import Record
from monitor.core.model import Project
from monitor.core.state import ProjectState
from monitor.errors import InputError
from monitor.logs import redact

if TYPE_CHECKING:
    from monitor.app.build import App


class What(StrEnum):
    """The kind of records to export."""

    CLAIMS = "claims"
    REVIEWS = "reviews"
    MILESTONES = "milestones"
    CHANGES = "changes"


class Format(StrEnum):
    """The format of the export."""

    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"
    ICS = "ics"
    ATOM = "atom"


_COLUMNS = {
    What.CLAIMS: records.CLAIMS,
    What.REVIEWS: records.REVIEWS,
    What.MILESTONES: records.MILESTONES,
    What.CHANGES: records.CHANGES,
}
_TABLES = {Format.JSON: tables.write_json, Format.CSV: tables.write_csv, Format.PARQUET: tables.write_parquet}
#: Formats that only one kind of records has.
_OF_ONE = {Format.ICS: What.MILESTONES, Format.ATOM: What.CHANGES}


def export(
    what: Annotated[What, typer.Argument(metavar="WHAT", help="claims, reviews, milestones or changes.")],
    form: Annotated[
        Format,
        typer.Option("--format", help="json (an object a line), csv, parquet; ics of milestones, atom of changes."),
    ] = Format.JSON,
    project: Annotated[str | None, typer.Option("--project", metavar="ID", help="Of this project only.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Into this file; standard output when absent.")
    ] = None,
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    language: Annotated[str, typer.Option("--language", help="Of the messages in an Atom feed.")] = "en",
) -> None:
    """Write the contents of the ledger for other programs. Secrets are masked, and no table cell is a formula.

    Claims as JSON can be imported elsewhere (monitor import) and give the same ledger there. They include facts.
    Reviews add the operators' decisions on them.
    A calendar contains the expected milestones, each on the last day of its period.

    Examples:
        monitor export claims > claims.jsonl
        monitor export reviews > reviews.jsonl
        monitor export milestones --format csv --output milestones.csv
        monitor export milestones --format ics --output expected.ics
        monitor export changes --format atom --language fr --output changes.xml
    """
    if _OF_ONE.get(form, what) is not what:
        raise typer.BadParameter(f"{form} is a form of {_OF_ONE[form]} only", param_hint="--format")
    with opened(config, as_json=True) as app:
        known("language", language, sorted(app.watch.voice.catalogues))
        if project:
            known("project", project, app.watch.projects)
        if form in _TABLES:
            found = map(_redacted, _records(app, what, project))
            with _opened_output(output) as file:
                _TABLES[form](found, _COLUMNS[what], file)
            return
        document = _calendar(app, project) if form is Format.ICS else _atom(app, project, language)
    with _opened_output(output) as file:
        file.write(document)


def _records(app: "App", what: What, project: str | None) -> Iterator[Record]:
    match what:
        case What.CLAIMS:
            for reports in app.ledger.reports(project, as_read=True).values():
                yield from records.claim_records(reports)
        case What.REVIEWS:
            yield from records.review_records(app.ledger.reviews(project))
        case What.MILESTONES:
            for each, state in _states(app, project):
                yield from records.milestone_records(each, state)
        case What.CHANGES:
            yield from records.change_records(app.ledger.changes(project=project))


def _states(app: "App", project: str | None) -> Iterator[tuple[Project, ProjectState]]:
    """One project at a time, loaded when needed, since the states of many projects take much memory."""
    projects = app.watch.projects
    for each in [projects[project]] if project else projects.values():
        yield each, app.knowledge.state(each.id)


def _calendar(app: "App", project: str | None) -> bytes:
    return calendar(_states(app, project), app.clock())


def _atom(app: "App", project: str | None, language: str) -> bytes:
    from monitor.contracts.atom import atom  # noqa: PLC0415 - only Atom exports need its library

    watch = app.watch
    found = app.ledger.changes(project=project)
    return atom(found, watch.projects, voice=watch.voice, language=language, zone=watch.timezone, now=app.clock())


def _redacted(record: Record) -> Record:
    """The record with secrets masked in all its texts."""
    return {name: _mask(value) for name, value in record.items()}


def _mask(value: object) -> object:
    if isinstance(value, list):
        return [redact(item) for item in value]
    return redact(value) if isinstance(value, str) else value


@contextmanager
def _opened_output(path: Path | None) -> Iterator[BinaryIO]:
    """Open the file, or standard output. An existing file is replaced only after the new one is complete.

    Raises:
        InputError: the file cannot be written.
    """
    if path is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = path.resolve()
    # Write to a device or a pipe directly.
    beside = target.with_name(f".{target.name}.new") if target.is_file() or not target.exists() else target
    try:
        with beside.open("wb") as file:
            yield file
        beside.replace(target)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        if beside != target:
            beside.unlink(missing_ok=True)
