"""Checks edits of the configuration as a whole, and writes them."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from monitor.errors import ConfigError, Problem
from monitor.settings.config import Config
from monitor.settings.loading import load


def read_text(file: Path) -> str:
    """The text of a file, with its line ends. "" if there is no file. Raises ConfigError if it is no text."""
    try:
        return file.read_bytes().decode("utf-8") if file.exists() else ""
    except UnicodeDecodeError as error:
        message = "is not UTF-8; save it as UTF-8 first"
        raise ConfigError([Problem(file=str(file), line=None, key="", message=message)]) from error


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
        raise ConfigError([Problem(file=str(file), line=None, key="", message=message)]) from error


def _let_the_same_read(file: Path, like: Path) -> None:
    """Give a new file the mode and owner of the old one: a service of another user must still be able to read it."""
    shutil.copymode(like, file)
    owner = like.stat()
    with suppress(PermissionError):  # only root may give a file away
        os.chown(file, owner.st_uid, owner.st_gid)
