"""Checks edits of the configuration as a whole, and writes them."""

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from monitor.errors import ConfigError, Problem
from monitor.settings.config import Config
from monitor.settings.loading import load


def read_text(file: Path) -> str:
    """The text of a file, with its line ends. "" if there is no file."""
    return file.read_bytes().decode("utf-8") if file.exists() else ""


def checked(folder: Path, texts: Mapping[str, str], env: Mapping[str, str]) -> Config:
    """The configuration with these texts of files. Raises ConfigError if it is invalid. Nothing is written."""
    return load(folder, env, instead={name: text.encode("utf-8") for name, text in texts.items()})


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write checked texts of files into the folder.

    Raises:
        ConfigError: a file cannot be written.
    """
    # Write other files first: a service that reads at the same time must not see half of one.
    beside = {folder / name: folder / f".{name}.new" for name in texts}
    file = folder
    try:
        for (file, new), text in zip(beside.items(), texts.values(), strict=True):
            new.write_bytes(text.encode("utf-8"))
            if file.exists():
                _let_the_same_read(new, file)
        for file, new in beside.items():
            os.replace(new, file)  # noqa: PTH105 - replace says that the target may exist
    except OSError as error:
        for new in beside.values():
            new.unlink(missing_ok=True)
        message = f"cannot be written: {error.strerror}"
        raise ConfigError([Problem(file=str(file), line=None, key="", message=message)]) from error


def _let_the_same_read(file: Path, like: Path) -> None:
    """Give a new file the mode and owner of the old one: a service of another user must still be able to read it."""
    shutil.copymode(like, file)
    owner = like.stat()
    with suppress(PermissionError):  # only root may give a file away
        os.chown(file, owner.st_uid, owner.st_gid)
