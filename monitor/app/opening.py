"""Builds the monitor from a configuration folder."""

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from monitor.core.reading.lexicon import Lexicon
from monitor.errors import ConfigError, ConfigProblem
from monitor.logs import keep_secret
from monitor.settings import Config, load
from monitor.settings.lexicons import load_lexicons
from monitor.settings.loading import recall
from monitor.watch.watch import utc_now

if TYPE_CHECKING:
    from monitor.app.build import App


def load_folder(folder: Path) -> tuple[Config, Mapping[str, Lexicon]]:
    """Load the configuration and the vocabulary. From then on logs and messages redact its secrets.

    Raises:
        ConfigError: holds every problem in either.
    """
    problems: list[ConfigProblem] = []
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


def load_last_valid(folder: Path) -> tuple[Config, Mapping[str, Lexicon], str]:
    """As ``load_folder``, but if the files are invalid, the configuration that the service took last and its own words.

    Returns:
        The configuration, a vocabulary, and what is wrong with the files: "" if nothing.

    Raises:
        ConfigError: the files are invalid, and no configuration was kept.
    """
    try:
        return (*load_folder(folder), "")
    except ConfigError as error:
        config = recall(folder, os.environ)
        if config is None:
            raise
        keep_secret(config.secrets)
        return config, load_lexicons(), str(error)


def build_app(
    config: Config,
    lexicons: Mapping[str, Lexicon],
    *,
    console: Console | None = None,
    clock: Callable[[], datetime] | None = None,
    warm: bool = False,
) -> "App":
    """Build the monitor with this configuration.

    Args:
        config: the configuration of the whole program.
        lexicons: the vocabulary, by language.
        console: where alerts for the terminal go; standard output if None.
        clock: returns the present instant, aware, in UTC; the real clock if None.
        warm: compile in advance what reading needs, for a long-running process.
    """
    # The database and the services for alerts are half of all imports; ``--help`` needs neither.
    from monitor.app.build import App  # noqa: PLC0415 - slow to load

    console = console or Console(highlight=False)
    return App(config, lexicons, console=console, clock=clock or utc_now, warm=warm)
