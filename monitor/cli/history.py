"""``configuration``: shows who has edited the files of the configuration, and undoes edits."""

from contextlib import suppress
from typing import Annotated

import typer
from rich.text import Text

from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir, Limit, known, must_ask
from monitor.cli.output import err, show, show_json
from monitor.cli.render import instant, table, text
from monitor.cli.session import consulted
from monitor.contracts.history import edition_json
from monitor.core.access import LOCAL
from monitor.core.page.difference import Difference, DiffLine, Sign
from monitor.errors import ConfigError, InputError
from monitor.ports import OUTSIDE

_STYLES = {Sign.OLD: "red", Sign.NEW: "green"}


def history(
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    file: Annotated[str | None, typer.Option("--file", metavar="NAME", help="Only edits of this file.")] = None,
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    """List the edits of the configuration: when, by whom, of which file, and what changed. The newest come first.

    "local" is whoever uses the command line, or the pages while there are no accounts; "outside" is an edit by hand.

    Examples:
        monitor configuration history
        monitor configuration history --file feeds.yaml --json
    """
    with consulted(config) as archive:
        files, zone = archive.configuration, archive.watch.timezone
        with suppress(ConfigError):
            files.notice()
        if file is not None:
            known("file", file, {*files.names(), *files.editions.files()})
        found = files.history(file=file, limit=limit)
    if as_json:
        for each in found:
            show_json(edition_json(each.edition, each.change))
        return
    rows = table("Edition", "When", "Who", "File", "What", whole=4)
    for each in found:
        edition = each.edition
        who = text(edition.actor, "dim" if edition.actor == OUTSIDE else "bold")
        rows.add_row(str(edition.id), instant(edition.at, zone), who, text(edition.file), _what(each.change))
    show(rows)


def undo(
    edition: Annotated[int, typer.Argument(metavar="EDITION", help="Its number in the history.")],
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring back the text of a file from before an edit. Later edits of this file are taken back with it.

    Nothing is written if the configuration would be invalid. The undoing is an edit like any other.

    Example:
        monitor configuration undo 12
    """
    with consulted(config) as archive:
        files = archive.configuration
        found = files.undoing(edition)
        if found is None:
            raise typer.BadParameter(f"no edition {edition}; monitor configuration history lists them")
        name = found.edition.file
        if found.undo is None:
            raise InputError(f"edition {edition}: the text of {name} from before it is not known")
        if must_ask(yes=yes):
            err.print(_shown(found.undo))
            typer.confirm(f"Change {name} so?", abort=True, err=True)
        attempt = files.undo(edition, found.digest, LOCAL)
    if attempt.conflict is not None:
        raise InputError(f"{name} has changed meanwhile; nothing was written, so try again")
    if attempt.verdict.problems:
        raise ConfigError(attempt.verdict.problems)
    if as_json:
        show_json({"undone": edition, "file": name, "diff": found.undo.text})
    else:
        show(f"{name} is as it was before edition {edition}.")


def _what(change: Difference) -> Text:
    """How many lines came and went, and the first of them that is no comment, on one line."""
    signs = [line.sign for line in change.lines]
    changed = [line.text.strip() for sign in (Sign.NEW, Sign.OLD) for line in change.lines if line.sign is sign]
    first = next((each for each in changed if not each.startswith("#")), "")
    counted = f"+{signs.count(Sign.NEW)} -{signs.count(Sign.OLD)} "
    return Text.assemble(counted, text(first, "dim"), no_wrap=True, overflow="ellipsis")


def _shown(change: Difference) -> Text:
    return Text("\n").join(_line(each) for each in change.lines)


def _line(line: DiffLine) -> Text:
    words = line.text.lstrip(" ")
    indent = " " * (len(line.text) - len(words))
    return Text.assemble(line.sign, indent, text(words), style=_STYLES.get(line.sign, "dim"))
