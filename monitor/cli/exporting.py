"""``export``: writes claims, decisions, milestones and changes for other programs."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from monitor.cli.options import DEFAULT_CONFIG, ConfigDir, known
from monitor.cli.session import consulted
from monitor.contracts.exports import Table, What, states, write_table
from monitor.contracts.syndication import calendar, json_feed
from monitor.core.message.tongue import Tongue
from monitor.errors import InputError
from monitor.wording.catalogues import SOURCE, catalogues, languages

if TYPE_CHECKING:
    from monitor.app.archive import Archive


class Format(StrEnum):
    """The format of the export."""

    JSON = Table.JSON.value
    CSV = Table.CSV.value
    PARQUET = Table.PARQUET.value
    ICS = "ics"
    ATOM = "atom"
    JSONFEED = "jsonfeed"


#: Formats that only one kind of records has.
_OF_ONE = {Format.ICS: What.MILESTONES, Format.ATOM: What.CHANGES, Format.JSONFEED: What.CHANGES}


def export(
    what: Annotated[What, typer.Argument(metavar="WHAT", help="claims, reviews, milestones or changes.")],
    form: Annotated[
        Format,
        typer.Option("--format", help="json (lines), csv, parquet; ics of milestones; atom, jsonfeed of changes."),
    ] = Format.JSON,
    project: Annotated[str | None, typer.Option("--project", metavar="ID", help="Of this project only.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Into this file; standard output when absent.")
    ] = None,
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    language: Annotated[str, typer.Option("--language", help="Of the messages in a feed, and of a calendar.")] = "en",
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
    known("language", language, sorted({SOURCE, *languages()}))
    with consulted(config) as archive:
        if project:
            known("project", project, archive.watch.projects)
        if form.value in set(Table):
            with _opened_output(output) as file:
                write_table(
                    what,
                    Table(form.value),
                    file,
                    ledger=archive.ledger,
                    knowledge=archive.knowledge,
                    projects=archive.watch.projects,
                    project=project,
                )
            return
        document = (
            _calendar(archive, project, language) if form is Format.ICS else _feed(archive, form, project, language)
        )
    with _opened_output(output) as file:
        file.write(document)


def _calendar(archive: "Archive", project: str | None, language: str) -> bytes:
    tongue = Tongue.of(catalogues(), language)
    return calendar(states(archive.knowledge, archive.watch.projects, project), archive.clock(), tongue)


def _feed(archive: "Archive", form: Format, project: str | None, language: str) -> bytes:
    from monitor.watch.voice import voice_of  # noqa: PLC0415 - only feeds need the words of messages

    watch, voice = archive.watch, voice_of(archive.config)
    found = archive.ledger.changes(project=project)
    if form is Format.JSONFEED:
        made = json_feed(found, watch.projects, voice=voice, language=language, zone=watch.timezone)
        return json.dumps(made, ensure_ascii=False).encode("utf-8", "backslashreplace")
    from monitor.contracts.atom import atom  # noqa: PLC0415 - only Atom exports need its library

    return atom(found, watch.projects, voice=voice, language=language, zone=watch.timezone, now=archive.clock())


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
