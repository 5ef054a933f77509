"""Writes a commented starter configuration for an operator to fill in."""

import json
from importlib.resources import files
from pathlib import Path

from monitor.errors import ConfigError, Problem
from monitor.settings.files import FEEDS, MONITOR, PROJECTS, READING, SCHEMAS, SUBSCRIBERS, TEMPLATES
from monitor.settings.schema import schema
from monitor.wording.layouts import NAMES, shipped_text

_STARTER = files("monitor.settings") / "starter"
_FILES = (MONITOR, FEEDS, PROJECTS, SUBSCRIBERS, READING)


def init(folder: Path, *, templates: bool = False) -> tuple[Path, ...]:
    """Write the starter files and their schemas. Existing files stay as they are. Returns the written files.

    With ``templates``, the shipped message templates are written too.

    Raises:
        ConfigError: a file cannot be written.
    """
    contents = {name: (_STARTER / name).read_text("utf-8") for name in _FILES}
    contents |= schema_files()
    if templates:
        contents |= {f"{TEMPLATES}/{name}": shipped_text(name) for name in NAMES}
    written = []
    for name, text in contents.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            continue
        except OSError as error:
            message = f"cannot be written: {error.strerror}"
            raise ConfigError([Problem(file=str(path), line=None, key="", message=message)]) from error
        written.append(path)
    return tuple(written)


def schema_files() -> dict[str, str]:
    """The schema files, by the paths that the starter's first lines give to editors."""
    return {
        f"{SCHEMAS}/{Path(name).stem}.json": json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        for name, content in schema().items()
    }
