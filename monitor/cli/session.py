"""From ``--config DIR`` to the monitor on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.app.opening import build_app, load_folder
from monitor.cli.output import err, out

if TYPE_CHECKING:
    from monitor.app.build import App


@contextmanager
def opened(folder: Path, *, as_json: bool = False, warm: bool = False) -> Iterator["App"]:
    """The monitor on this folder; the database is given back at the end.

    Args:
        folder: of the configuration.
        as_json: standard output is for programs: alerts for the terminal go to standard error.
        warm: compile beforehand what reading needs, for whoever goes on for long.

    Raises:
        ConfigError: with every problem in the folder.
    """
    config, lexicons = load_folder(folder)
    app = build_app(config, lexicons, console=err if as_json else out, warm=warm)
    try:
        yield app
    finally:
        app.close()
