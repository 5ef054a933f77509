"""JSON Schemas of the files. Editors use them to complete and check the files."""

from datetime import timedelta
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from monitor.settings.files import FEEDS, LIFECYCLES, MONITOR, PROJECTS, READING, SUBSCRIBERS
from monitor.settings.models import FeedsFile, LifecyclesFile, MonitorFile, ProjectsFile, ReadingFile, SubscribersFile
from monitor.settings.scalars import format_duration

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
