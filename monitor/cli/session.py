"""Opens the monitor on the folder of ``--config DIR``."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from monitor.app.archive import Archive
    from monitor.app.build import App


@contextmanager
def consulted(folder: Path, *, addresses: bool = False) -> Iterator["Archive"]:
    """Open the data of the monitor on this folder, to be shown. It is closed at the end.

    Args:
        folder: the configuration folder.
        addresses: whether subscribers need their destinations, which take a while to resolve.

    Raises:
        ConfigError: with every problem in the folder.
    """
    from monitor.app.archive import open_archive  # noqa: PLC0415 - slow to load

    with closing(open_archive(folder, addresses=addresses)) as archive:
        yield archive


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
