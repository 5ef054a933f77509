"""What ``monitor projects`` prints with ``--json``."""

from collections.abc import Iterable

from monitor.contracts.plain import Json
from monitor.core.model import Project
from monitor.core.reading.projects.cautions import Caution
from monitor.logs import redact
from monitor.settings.searches import WrittenSearch


def project_json(project: Project, searches: Iterable[WrittenSearch]) -> Json:
    """A watched project, and the addresses of the feeds of its searches."""
    return {
        "id": project.id,
        "name": project.name.get("") or dict(project.name),
        "who": list(project.who),
        "what": list(project.what),
        "where": list(project.where),
        "not": list(project.not_),
        "lifecycle": project.lifecycle,
        "tags": list(project.tags),
        "searches": [
            redact(feed.url) for search in searches if project.id in search.settings.projects for feed in search.feeds
        ],
    }


def cautions_json(found: Iterable[Caution]) -> list[Json]:
    """The words to think about again."""
    return [
        {"key": each.role.value, "word": each.word, "reason": each.reason.value, "projects": list(each.others)}
        for each in found
    ]
