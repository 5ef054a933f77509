"""From ``--config DIR`` to the monitor on it."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from monitor.cli.output import err, out
from monitor.core.reading.lexicon import Lexicon
from monitor.errors import ConfigError, Problem
from monitor.logs import keep_secret
from monitor.settings import Config, load
from monitor.settings.lexicons import load_lexicons

if TYPE_CHECKING:
    from monitor.app import App


def load_folder(folder: Path) -> tuple[Config, Mapping[str, Lexicon]]:
    """The configuration and the vocabulary; from then on no log and no message shows a secret of it.

    Raises:
        ConfigError: with every problem in either.
    """
    problems: list[Problem] = []
    try:
        config = load(folder, os.environ)
    except ConfigError as error:
        problems += error.problems
    try:
        lexicons = load_lexicons(folder)
    except ConfigError as error:
        problems += error.problems
    if problems:
        raise ConfigError(problems)
    keep_secret(config.secrets)
    return config, lexicons


def build_app(
    config: Config,
    lexicons: Mapping[str, Lexicon],
    *,
    console: Console = out,
    clock: Callable[[], datetime] | None = None,
    warm: bool = False,
) -> "App":
    """The monitor on this configuration, by the real clock unless another is given."""
    # The database and the services that alerts go to are half of all that is imported; help needs none of it.
    from monitor.app import App  # noqa: PLC0415 - slow to load
    from monitor.setup import utc_now  # noqa: PLC0415 - slow to load

    return App(config, lexicons, console=console, clock=clock or utc_now, warm=warm)


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
