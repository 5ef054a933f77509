"""``init``, ``check``, ``schema``: the configuration folder."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from monitor.app.archive import is_closed_to_all
from monitor.app.opening import build_app, load_folder
from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir, known
from monitor.cli.output import NO_ACCOUNT, complain_of, err, progress, show, show_json, unused_proxy, warn
from monitor.cli.render import count
from monitor.cli.render_lists import configuration
from monitor.contracts.checked import configuration_json, problems_json
from monitor.errors import ConfigError
from monitor.settings.examples import EXAMPLES
from monitor.settings.init import init as write_starter
from monitor.settings.lexicons import idle_events
from monitor.settings.schema import schema as schemas
from monitor.settings.whole import check_fit

if TYPE_CHECKING:
    from monitor.app.build import App
    from monitor.poll.trial import Trial


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


def _show_failed(failed: Sequence["Trial"]) -> None:
    if failed:
        from monitor.cli.render_work import trial  # noqa: PLC0415 - slow to load

        for result in failed:
            show(trial(result))


async def _try_all(app: "App") -> "list[Trial]":
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
