"""Writes a configuration to begin with: a commented starter to fill in, or a complete example."""

import json
from importlib.resources import files
from pathlib import Path

from monitor.errors import ConfigError, Problem
from monitor.settings.examples import FILES as EXAMPLE_FILES
from monitor.settings.examples import example as example_folder
from monitor.settings.files import FEEDS, LIFECYCLES, MONITOR, PROJECTS, READING, SCHEMAS, SUBSCRIBERS, TEMPLATES
from monitor.settings.schema import schema
from monitor.wording.layouts import NAMES, shipped_text

_STARTER = files("monitor.settings") / "starter"
_FILES = (MONITOR, LIFECYCLES, FEEDS, PROJECTS, SUBSCRIBERS, READING)


def init(folder: Path, *, example: str | None = None, templates: bool = False) -> tuple[Path, ...]:
    """Write a configuration and its schemas. Existing files stay as they are. Returns the written files.

    Args:
        folder: where to write. It is made if it does not exist.
        example: the name of the example; the starter if None.
        templates: whether to write the shipped message templates too.

    Raises:
        ConfigError: a file cannot be written.
    """
    names, source = (_FILES, _STARTER) if example is None else (EXAMPLE_FILES, example_folder(example))
    contents = {name: (source / name).read_text("utf-8") for name in names}
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
