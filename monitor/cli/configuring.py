"""``init``, ``check``, ``schema``: the configuration folder."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from monitor.app.archive import is_closed_to_all
from monitor.app.opening import build_app, load_folder
from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir, Limit, known, must_ask
from monitor.cli.output import NO_ACCOUNT, complain_of, err, progress, show, show_json, unused_proxy, warn
from monitor.cli.render import count, instant, table, text
from monitor.cli.render_lists import configuration
from monitor.cli.session import consulted
from monitor.contracts.operating import configuration_json, edition_json, problems_json
from monitor.core.access import LOCAL
from monitor.errors import ConfigError, InputError
from monitor.operate.difference import DiffLine, Sign, TextDifference
from monitor.ports import OUTSIDE
from monitor.settings.init import EXAMPLES
from monitor.settings.init import init as write_starter
from monitor.settings.init import schema as schemas
from monitor.settings.lexicons import idle_events
from monitor.settings.whole import check_fit

if TYPE_CHECKING:
    from monitor.app.build import App
    from monitor.poll.trial import FeedTrial


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make, or to complete.")] = DEFAULT_CONFIG,
    *,
    example: Annotated[
        str | None,
        typer.Option("--example", metavar="NAME", help=f"A complete configuration instead: {', '.join(EXAMPLES)}."),
    ] = None,
    templates: Annotated[
        bool, typer.Option("--templates", help="The templates of messages too, as they ship, to be edited.")
    ] = False,
) -> None:
    """Write a configuration to begin with: every setting, with what it does. Existing files stay as they are.

    An example needs no edit: morocco watches the battery and tyre plants that are being built in Morocco, and brings
    their chronicle from 2022 to 2025.

    Examples:
        monitor init config
        monitor init config --example morocco
        monitor init config --templates
    """
    if example is not None:
        known("example", example, EXAMPLES)
    written = write_starter(folder, example=example, templates=templates)
    for path in written:
        show(Text(str(path)))
    if not written:
        err.print("All files exist; nothing was written.")
    first = f"edit {folder}/projects.yaml, then: monitor check" if example is None else "monitor run"
    err.print(f"Next: {first} --config {folder}", soft_wrap=True)


def check(
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    online: Annotated[bool, typer.Option("--online", help="Fetch every feed too, and keep nothing of it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check all files, and show every destination as it is understood. Without --online there is no network traffic.

    The examples of a vocabulary with own words are read too, shipped and own: a word that is added may spoil what
    another tells.
    Own templates of messages are tried with an example of every kind of change. The phrases of reading.yaml are
    tried with their examples.
    All problems are shown at once, each with its file, line and key. Exit 2 if there is one.

    Examples:
        monitor check
        monitor check --online --config /etc/monitor
    """
    try:
        found, lexicons = load_folder(config)
        check_fit(found, lexicons)
        found = replace(found, warnings=(*found.warnings, *idle_events(config)))
    except ConfigError as error:
        if as_json:
            show_json({"ok": False, "problems": problems_json(error.problems)})
        raise
    complain_of(found.warnings, kind="warning", style="yellow")
    if is_closed_to_all(found):
        warn(NO_ACCOUNT)
    if proxy := unused_proxy():
        warn(proxy)
    failed = asyncio.run(_try_all(build_app(found, lexicons))) if online else []
    if as_json:
        show_json({"ok": not failed, "problems": [], **configuration_json(found, tuple(lexicons), failed)})
    else:
        show(configuration(found, tuple(lexicons)))
        _show_failed(failed)
        show(f"The files are right, but {count(len(failed), 'feed')} failed." if failed else "All is well.")
    if failed:
        raise typer.Exit(1)


def _show_failed(failed: Sequence["FeedTrial"]) -> None:
    if failed:
        from monitor.cli.render_work import trial  # noqa: PLC0415 - slow to load

        for result in failed:
            show(trial(result))


async def _try_all(app: "App") -> "list[FeedTrial]":
    """The results of the feeds that fail."""
    from monitor.app.trials import try_feeds  # noqa: PLC0415 - slow to load

    failed = []
    with progress("Trying feeds", len(app.config.feeds)) as advance:
        async for result in try_feeds(app, app.config.feeds):
            advance()
            if result.error:
                failed.append(result)
    return failed


def schema(
    file: Annotated[str | None, typer.Argument(metavar="FILE", help="One of the files, as projects.yaml.")] = None,
) -> None:
    """Print the JSON Schema of all files by file name, or of one file. Editors use it to complete and check files.

    Examples:
        monitor schema
        monitor schema projects.yaml > projects.schema.json
    """
    found = schemas()
    show_json(found[known("file", file, found)] if file else found)


# ``configuration``: shows who has edited the files of the configuration, and undoes edits -----------------------------


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


def _what(change: TextDifference) -> Text:
    """How many lines came and went, and the first of them that is no comment, on one line."""
    signs = [line.sign for line in change.lines]
    changed = [line.text.strip() for sign in (Sign.NEW, Sign.OLD) for line in change.lines if line.sign is sign]
    first = next((each for each in changed if not each.startswith("#")), "")
    counted = f"+{signs.count(Sign.NEW)} -{signs.count(Sign.OLD)} "
    return Text.assemble(counted, text(first, "dim"), no_wrap=True, overflow="ellipsis")


def _shown(change: TextDifference) -> Text:
    return Text("\n").join(_line(each) for each in change.lines)


def _line(line: DiffLine) -> Text:
    words = line.text.lstrip(" ")
    indent = " " * (len(line.text) - len(words))
    return Text.assemble(line.sign, indent, text(words), style=_STYLES.get(line.sign, "dim"))
