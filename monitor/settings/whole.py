"""Checks a whole configuration folder as it would be with an edit, and finds all problems and doubts at once."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from monitor.core.reading.lexicon import Lexicon
from monitor.errors import ConfigError, Problem
from monitor.settings.config import Config
from monitor.settings.files import LEXICONS, READING
from monitor.settings.lexicons import idle_events, load_lexicons
from monitor.settings.loading import load
from monitor.settings.phrases import check_phrases
from monitor.settings.repeated import folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is to be said of a folder."""

    #: What keeps the configuration from being loaded, ordered by file and line.
    problems: tuple[Problem, ...] = ()
    #: What else ``monitor check`` finds: the configuration can be used all the same.
    doubts: tuple[Problem, ...] = ()
    #: None if there are problems.
    config: Config | None = None
    lexicons: Mapping[str, Lexicon] = field(default_factory=dict)


def judge(folder: Path, env: Mapping[str, str], *, instead: Mapping[str, bytes] = MappingProxyType({})) -> Verdict:
    """Read and check the whole folder. Never raises ``ConfigError``.

    Args:
        folder: the folder.
        env: the environment that ``${VAR}`` refers to.
        instead: contents that count in place of files, by name.
    """
    problems: list[Problem] = []
    config: Config | None = None
    lexicons: Mapping[str, Lexicon] = {}
    with words_of(folder, instead) as words:
        try:
            config = load(folder, env, instead=instead)
        except ConfigError as error:
            problems += error.problems
        try:
            lexicons = load_lexicons(words)
        except ConfigError as error:
            problems += _at_home(error.problems, words, folder)
        if problems or config is None:
            return Verdict(problems=tuple(folded(problems)))
        doubts = (*config.warnings, *_at_home(tuple(_doubts(config, lexicons, words, instead)), words, folder))
    return Verdict(doubts=tuple(folded(doubts)), config=config, lexicons=lexicons)


@contextmanager
def words_of(folder: Path, instead: Mapping[str, bytes]) -> Iterator[Path]:
    """A folder with the operator's vocabulary as it would be with an edit. The folder itself if that edits no word."""
    edited = {name: data for name, data in instead.items() if name.startswith(f"{LEXICONS}/")}
    if not edited:
        yield folder
        return
    with TemporaryDirectory(prefix="monitor-") as scratch:
        place = Path(scratch)
        if (folder / LEXICONS).is_dir():
            shutil.copytree(folder / LEXICONS, place / LEXICONS)
        (place / LEXICONS).mkdir(exist_ok=True)
        for name, data in edited.items():
            (place / name).write_bytes(data)
        yield place


def misfits(
    config: Config,
    lexicons: Mapping[str, Lexicon],
    instead: Mapping[str, bytes] = MappingProxyType({}),
) -> Iterator[Problem]:
    """What does not agree with its examples, fails on them, or refers to what is not set.

    Args:
        config: a valid configuration.
        lexicons: its vocabulary.
        instead: contents that count in place of files, by name.
    """
    yield from check_phrases(config, lexicons, instead.get(READING))
    yield from _faults_of_templates(config)
    yield from config.unset


def check_fit(config: Config, lexicons: Mapping[str, Lexicon]) -> None:
    """Raise ConfigError if there are ``misfits`` in a folder as it is."""
    if found := tuple(misfits(config, lexicons)):
        raise ConfigError(found)


def _doubts(
    config: Config, lexicons: Mapping[str, Lexicon], words: Path, instead: Mapping[str, bytes]
) -> Iterator[Problem]:
    yield from misfits(config, lexicons, instead)
    yield from idle_events(words)


def _faults_of_templates(config: Config) -> Iterator[Problem]:
    if config.templates:
        from monitor.wording.checking import faults  # noqa: PLC0415 - slow to load, and most have no own templates

        for problem in faults(config.templates):
            yield replace(problem, file=str(config.folder / problem.file))


def _at_home(problems: tuple[Problem, ...], words: Path, folder: Path) -> tuple[Problem, ...]:
    """The problems with the names of the files as they are in the folder."""
    return tuple(
        replace(problem, file=str(folder / Path(problem.file).relative_to(words)))
        if Path(problem.file).is_relative_to(words)
        else problem
        for problem in problems
    )
