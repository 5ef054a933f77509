"""Opens a file of the configuration in the operator's editor. What is invalid is shown, and not kept."""

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import typer

from monitor.cli.output import complain
from monitor.errors import ConfigError, InputError
from monitor.settings.writing import checked, read_text


def edited(folder: Path, name: str, env: Mapping[str, str]) -> Mapping[str, str]:
    """The file as the operator leaves it in the editor.

    An invalid edit is shown, and on a terminal the operator may go on with it.

    Raises:
        InputError: there is no editor, or it failed.
        typer.Exit: the edit is invalid. It is told where the edit is.
    """
    before = read_text(folder / name)
    draft = _draft(name, before)
    while True:
        _run(draft, env)
        try:
            texts = {name: draft.read_bytes().decode()}
            checked(folder, texts, env)
            _check_unchanged(folder / name, before)
        except (ConfigError, InputError, UnicodeDecodeError) as error:
            complain(error)
            if sys.stdin.isatty() and typer.confirm("Edit it again?", default=True, err=True):
                before = read_text(folder / name)
                continue
            complain(InputError(f"nothing was written; the edit is in {draft}"))
            raise typer.Exit(2) from error
        draft.unlink()
        return texts


def _check_unchanged(file: Path, before: str) -> None:
    if read_text(file) != before:
        raise InputError(f"{file} has changed meanwhile; take that over into your edit")


def _draft(name: str, text: str) -> Path:
    handle, path = tempfile.mkstemp(prefix="monitor-", suffix=f"-{name}")
    with os.fdopen(handle, "wb") as file:
        file.write(text.encode())
    return Path(path)


def _run(file: Path, env: Mapping[str, str]) -> None:
    editor = env.get("VISUAL") or env.get("EDITOR") or "vi"
    try:
        done = subprocess.run([*shlex.split(editor), str(file)], check=False)  # noqa: S603 - the operator's own editor
    except (OSError, ValueError) as error:
        raise InputError(
            f"the editor {editor!r} cannot be started; set EDITOR, or give the fields as options"
        ) from error
    if done.returncode:
        raise InputError(f"the editor {editor!r} failed with {done.returncode}; nothing was written")
