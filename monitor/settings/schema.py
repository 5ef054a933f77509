"""JSON Schemas of the files, so that editors complete and check them while one writes."""

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaValue

from monitor.settings.files import FEEDS, LIFECYCLES, MONITOR, PROJECTS, SUBSCRIBERS
from monitor.settings.models import FeedsFile, LifecyclesFile, MonitorFile, ProjectsFile, SubscribersFile

_MODELS: dict[str, type[BaseModel]] = {
    MONITOR: MonitorFile,
    LIFECYCLES: LifecyclesFile,
    FEEDS: FeedsFile,
    PROJECTS: ProjectsFile,
    SUBSCRIBERS: SubscribersFile,
}


def schema() -> dict[str, JsonSchemaValue]:
    """The schema of each file, by the file's name."""
    return {name: _schema(model) for name, model in _MODELS.items()}


def _schema(model: type[BaseModel]) -> JsonSchemaValue:
    written = model.model_json_schema()
    for node in (written, *written.get("$defs", {}).values()):
        # The titles that pydantic makes of Python's names would stand in every tooltip.
        for part in (node, *node.get("properties", {}).values()):
            part.pop("title", None)
        if "enum" in node:
            node.pop("description", None)  # speaks to programmers
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **written}
