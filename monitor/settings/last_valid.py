"""The configuration that the service took last, for commands that only read while an edit is invalid.

It is a file beside the SQLite database, readable by its owner alone: the files may contain passwords. For PostgreSQL
nothing is kept.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from monitor.errors import ConfigError
from monitor.settings.build import database_address
from monitor.settings.config import Config
from monitor.settings.files import MONITOR, NAMES, fingerprint, read_files
from monitor.settings.interpolation import Interpolator
from monitor.settings.loading import load
from monitor.settings.models import MonitorFile
from monitor.settings.yaml_document import parse_yaml


def keep(config: Config) -> None:
    """Keep the files of this configuration, unless they were edited since it was loaded.

    Raises:
        OSError: the file cannot be written.
    """
    file = _file(config.database)
    contents = read_files(config.folder)
    if file is None or fingerprint(contents) != config.fingerprint:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.new")
    new.touch(0o600)
    new.write_text(json.dumps({name: contents[name].decode() for name in NAMES if name in contents}))
    new.replace(file)


def recall(folder: Path, env: Mapping[str, str], *, is_sending: bool = True) -> Config | None:
    """The configuration that was kept for this folder. None if there is none, or if it is not valid any more.

    Args:
        folder: the folder, whose files are invalid now.
        env: the environment that ``${VAR}`` refers to.
        is_sending: as of ``load``.
    """
    file = _file(_database(folder, env))
    if file is None:
        return None
    try:
        kept = json.loads(file.read_bytes())
        return load(folder, env, instead={name: kept.get(name, "").encode() for name in NAMES}, is_sending=is_sending)
    except (OSError, ValueError, AttributeError, ConfigError):
        return None


def _database(folder: Path, env: Mapping[str, str]) -> str:
    """The address of the database. It is found in a file that is invalid elsewhere, too."""
    try:
        lines = (folder / MONITOR).read_text("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    line = next((line for line in lines if line.startswith("database:")), "")
    value = Interpolator(folder, env).document(parse_yaml(MONITOR, line.encode())[0]).value
    written = value.get("database") if isinstance(value, dict) else None
    address = written if isinstance(written, str) else MonitorFile.model_fields["database"].default
    return database_address(address, folder)


def _file(database: str) -> Path | None:
    prefix = "sqlite:///"
    path = database.removeprefix(prefix).partition("?")[0]
    if not database.startswith(prefix) or not os.path.isabs(path):  # noqa: PTH117 - the text may be no path
        return None
    return Path(f"{path}.configuration")
