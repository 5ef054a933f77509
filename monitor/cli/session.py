"""Opens the monitor on the folder of ``--config DIR``."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from monitor.app.opening import build_app, load_folder
from monitor.cli.output import err, out

if TYPE_CHECKING:
    from monitor.app.build import App


@contextmanager
def opened(
    folder: Path, *, as_json: bool = False, warm: bool = False, console: Console | None = None
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
    config, lexicons = load_folder(folder)
    app = build_app(config, lexicons, console=err if as_json else console or out, warm=warm)
    try:
        yield app
    finally:
        app.close()
