"""Opens the monitor on the folder of ``--config DIR``."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.core.model import Project
from monitor.core.reading.projects.forms import plain
from monitor.settings.scalars import suggest

if TYPE_CHECKING:
    from rich.console import Console

    from monitor.app.archive import Archive
    from monitor.app.build import App
    from monitor.errors import ConfigError
    from monitor.operate.configuration import Edit
    from monitor.settings.config import Config


@contextmanager
def consulted(folder: Path, *, addresses: bool = False, writes: bool = False) -> Iterator["Archive"]:
    """Open the data of the monitor on this folder. It is closed at the end.

    If the files are invalid, the configuration that the service took last counts for what only shows data, with a
    warning.

    Args:
        folder: the configuration folder.
        addresses: whether subscribers need their destinations, which take a while to resolve.
        writes: whether the data are changed.

    Raises:
        ConfigError: with every problem in the folder.
    """
    from monitor.app.archive import open_archive  # noqa: PLC0415 - slow to load

    with closing(open_archive(folder, addresses=addresses, refused=None if writes else _warn_of)) as archive:
        yield archive


def change(folder: Path, edit: "Edit") -> "Config":
    """Make an edit of the configuration, as the pages do, and return the configuration with it.

    Raises:
        ConfigError: as ``Configuration.change``.
        LedgerError: the database cannot keep the edit. Nothing is written.
    """
    from monitor.core.access import LOCAL  # noqa: PLC0415 - few commands need it

    with consulted(folder, writes=True) as archive:
        return archive.configuration.change(edit, LOCAL)


def _warn_of(error: "ConfigError") -> None:
    """Warn that the present files do not count."""
    from monitor.cli.output import warn  # noqa: PLC0415 - slow to load

    first, *more = error.problems
    others = f" (and {len(more)} more)" if more else ""
    warn(f"the configuration is invalid, so the one before it counts here: {first}{others}; then run monitor check")


@contextmanager
def opened(
    folder: Path, *, as_json: bool = False, warm: bool = False, console: "Console | None" = None
) -> Iterator["App"]:
    """Open the monitor on this folder. It is closed at the end.

    Args:
        folder: the configuration folder.
        as_json: whether standard output is for programs. If so, alerts for the terminal go to standard error.
        console: where alerts for the terminal go if standard output is for people; standard output if None.
        warm: compile beforehand what reading needs, for a process that runs for long.

    Raises:
        ConfigError: with every problem in the folder.
    """
    from monitor.app.opening import build_app, load_folder  # noqa: PLC0415 - slow to load
    from monitor.cli.output import err, out  # noqa: PLC0415 - slow to load

    config, lexicons = load_folder(folder)
    with closing(build_app(config, lexicons, console=err if as_json else console or out, warm=warm)) as app:
        yield app


# Finds the project that an operator means by an id, a name, or a part of one ------------------------------------------


def project_meant(words: str, projects: Mapping[str, Project]) -> str:
    """The id of the project with this id or name, whatever its case and accents; else of the only one with it in them.

    Raises:
        typer.BadParameter: there is none, or there are several.
    """
    if words in projects:
        return words
    sought = plain(words)
    names = {id_: [plain(each) for each in (id_, *project.name.values())] for id_, project in projects.items()}
    found = [id_ for id_, forms in names.items() if sought in forms]
    found = found or [id_ for id_, forms in names.items() if sought and any(sought in form for form in forms)]
    if len(found) == 1:
        return found[0]
    if found:
        raise typer.BadParameter(f"'{words}' may be {', '.join(found)}; write more of it")
    near = suggest(words, [*projects, *(name for project in projects.values() for name in project.name.values())])
    raise typer.BadParameter(f"no project '{words}' in the configuration{near}; there are: {', '.join(projects)}")
