"""Writes a configuration to begin with: a commented starter to fill in, or a complete example."""

import json
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from monitor.errors import ConfigError, ConfigProblem
from monitor.settings.files import FEEDS, LIFECYCLES, MONITOR, PROJECTS, READING, SCHEMAS, SUBSCRIBERS, TEMPLATES
from monitor.settings.models import FeedsFile, LifecyclesFile, MonitorFile, ProjectsFile, ReadingFile, SubscribersFile
from monitor.settings.scalars import format_duration
from monitor.wording.layouts import NAMES, shipped_text

# Complete configurations that ship with the program. There is one: the watch list of this repository ------------------


#: The names of the examples, the one of the demonstration first.
EXAMPLES = ("morocco",)
#: The files of an example. ``pyproject.toml`` puts them into the wheel.
FILES = (MONITOR, FEEDS, PROJECTS, SUBSCRIBERS, "history.xml")


def example_folder(name: str) -> Path:
    """The folder of an example: in the installed package, or ``config/`` beside the package in a clone."""
    here = Path(__file__).parent
    shipped = here / "examples" / name
    return shipped if shipped.is_dir() else here.parent.parent / "config"


# JSON Schemas of the files. Editors use them to complete and check the files ------------------------------------------


_MODELS: dict[str, type[BaseModel]] = {
    MONITOR: MonitorFile,
    LIFECYCLES: LifecyclesFile,
    FEEDS: FeedsFile,
    PROJECTS: ProjectsFile,
    SUBSCRIBERS: SubscribersFile,
    READING: ReadingFile,
}


def schema() -> dict[str, JsonSchemaValue]:
    """The schema of each file, by file name."""
    return {name: _schema(model) for name, model in _MODELS.items()}


def _schema(model: type[BaseModel]) -> JsonSchemaValue:
    written = model.model_json_schema(schema_generator=_Generator)
    for node in (written, *written.get("$defs", {}).values()):
        node.pop("title", None)
        if "enum" in node:
            node.pop("description", None)  # written for programmers
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **written}


class _Generator(GenerateJsonSchema):
    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - pydantic's signature
        # Otherwise pydantic's titles, made of Python names, would appear in every tooltip.
        return False

    def encode_default(self, dft: object) -> Any:  # noqa: ANN401 - pydantic's signature
        return format_duration(dft) if isinstance(dft, timedelta) else super().encode_default(dft)


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
    names, source = (_FILES, _STARTER) if example is None else (FILES, example_folder(example))
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
            raise ConfigError([ConfigProblem(file=str(path), line=None, key="", message=message)]) from error
        written.append(path)
    return tuple(written)


def schema_files() -> dict[str, str]:
    """The schema files, by the paths that the starter's first lines give to editors."""
    return {
        f"{SCHEMAS}/{Path(name).stem}.json": json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        for name, content in schema().items()
    }
