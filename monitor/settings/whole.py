"""Checks a whole configuration folder as it would be with an edit, and finds all problems and doubts at once."""

import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.overrules.overrules import misread
from monitor.errors import ConfigError, ConfigProblem
from monitor.settings.config import Config
from monitor.settings.files import LEXICONS, READING
from monitor.settings.lexicons import idle_events, load_lexicons
from monitor.settings.loading import folded, load
from monitor.settings.yaml_document import parse_yaml

# Checks whether the phrases of ``reading.yaml`` agree with their examples ---------------------------------------------


def check_phrases(
    config: Config, lexicons: Mapping[str, Lexicon], written: bytes | None = None
) -> tuple[ConfigProblem, ...]:
    """Read the examples of the phrases, with the phrases alone.

    Args:
        config: the configuration of a folder.
        lexicons: the vocabulary of the same folder.
        written: the content that counts in place of the file.

    Returns:
        The examples that are not read as they say.
    """
    found = tuple(misread(config.phrases, lexicons))
    if not found:
        return ()
    file = config.folder / READING
    document, _ = parse_yaml(str(file), file.read_bytes() if written is None else written)
    return tuple(
        document.problem(
            ("phrases", wrong.phrase, "examples", wrong.example),
            f"is read as {_listed(wrong.read)}, not as it says: "
            f"{_listed(config.phrases[wrong.phrase].examples[wrong.example].claims)}",
        )
        for wrong in found
    )


def _listed(claims: Collection[str]) -> str:
    return ", ".join(sorted(claims)) or "no claim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is to be said of a folder."""

    #: What keeps the configuration from being loaded, ordered by file and line.
    problems: tuple[ConfigProblem, ...] = ()
    #: What else ``monitor check`` finds: the configuration can be used all the same.
    doubts: tuple[ConfigProblem, ...] = ()
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
    problems: list[ConfigProblem] = []
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
) -> Iterator[ConfigProblem]:
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
) -> Iterator[ConfigProblem]:
    yield from misfits(config, lexicons, instead)
    yield from idle_events(words)


def _faults_of_templates(config: Config) -> Iterator[ConfigProblem]:
    if config.templates:
        from monitor.wording.layouts import faults  # noqa: PLC0415 - slow to load, and most have no own templates

        for problem in faults(config.templates):
            yield replace(problem, file=str(config.folder / problem.file))


def _at_home(problems: tuple[ConfigProblem, ...], words: Path, folder: Path) -> tuple[ConfigProblem, ...]:
    """The problems with the names of the files as they are in the folder."""
    return tuple(
        replace(problem, file=str(folder / Path(problem.file).relative_to(words)))
        if Path(problem.file).is_relative_to(words)
        else problem
        for problem in problems
    )


# Checks edits of the configuration as a whole, and writes them --------------------------------------------------------


def read_text(file: Path) -> str:
    """The text of a file, with its line ends. "" if there is no file. Raises ConfigError if it is no text."""
    try:
        return file.read_bytes().decode("utf-8") if file.exists() else ""
    except UnicodeDecodeError as error:
        message = "is not UTF-8; save it as UTF-8 first"
        raise ConfigError([ConfigProblem(file=str(file), line=None, key="", message=message)]) from error


def checked(folder: Path, texts: Mapping[str, str], env: Mapping[str, str]) -> Config:
    """The configuration with these texts of files. Raises ConfigError if it is invalid. Nothing is written."""
    return load(folder, env, instead={name: text.encode("utf-8") for name, text in texts.items()})


@contextmanager
def staged(folder: Path, texts: Mapping[str, str]) -> Iterator[None]:
    """Write checked texts beside the files. They replace the files at the end of the block, unless it raises.

    What can fail, such as a full disk, fails before the block.

    Raises:
        ConfigError: a file cannot be written.
    """
    # Write other files first: a service that reads at the same time must not see half of one.
    beside = {folder / name: (folder / name).with_name(f".{Path(name).name}.new") for name in texts}
    try:
        for (file, new), text in zip(beside.items(), texts.values(), strict=True):
            with _explained(file):
                file.parent.mkdir(exist_ok=True)
                _write_new(new, text.encode("utf-8"))
                if file.exists():
                    _let_the_same_read(new, file)
        yield
        for file, new in beside.items():
            with _explained(file):
                os.replace(new, file)  # noqa: PTH105 - replace says that the target may exist
                _sync_folder(file.parent)
    finally:
        for new in beside.values():
            with suppress(OSError):
                new.unlink(missing_ok=True)


def unwritable(folder: Path, name: str) -> str:
    """The reason why a file of the folder cannot be written. "" if it can be, as far as is known in advance."""
    file = folder / name
    if file.parent.resolve() / file.name != folder.resolve() / name or file.is_symlink():
        return "is a link to a place elsewhere; edit it there"
    place = file.parent if file.parent.exists() else folder
    if not os.access(place, os.W_OK):
        return f"cannot be written: {place} is read-only here, as in a container into which it is mounted so"
    return ""


def _write_new(file: Path, data: bytes) -> None:
    """Write a new file and flush it to the disk. Never follows a link that stands in its place."""
    file.unlink(missing_ok=True)
    with file.open("xb") as new:
        new.write(data)
        new.flush()
        os.fsync(new.fileno())


def _sync_folder(folder: Path) -> None:
    """Flush to the disk that the file now has its new content."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _explained(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message = f"cannot be written: {error.strerror}"
        raise ConfigError([ConfigProblem(file=str(file), line=None, key="", message=message)]) from error


def _let_the_same_read(file: Path, like: Path) -> None:
    """Give a new file the mode and owner of the old one: a service of another user must still be able to read it."""
    shutil.copymode(like, file)
    owner = like.stat()
    with suppress(PermissionError):  # only root may give a file away
        os.chown(file, owner.st_uid, owner.st_gid)
