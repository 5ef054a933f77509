"""Changes as the messages that their subscribers read, for feeds."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import tzinfo

from monitor.core.message.briefing import Briefing
from monitor.core.message.compose import compose
from monitor.core.message.voice import Voice
from monitor.core.model import Project
from monitor.core.news import Change, Message

#: What the feeds are called.
NAME = "Milestone monitor"


def told(
    changes: Iterable[Change], projects: Mapping[str, Project], *, voice: Voice, language: str, zone: tzinfo
) -> Iterator[tuple[Change, Message]]:
    """Each change with its message, newest first.

    Args:
        changes: oldest first.
        projects: by id; a project that is missing here is named by its id.
        voice: what the messages are written with.
        language: the language of the messages.
        zone: the timezone of the instants in them.
    """
    for change in list(changes)[::-1]:
        project = projects.get(change.project) or Project(id=change.project, name={"": change.project})
        yield change, compose(Briefing(change=change, project=project), voice=voice, language=language, zone=zone)


def identity(change: Change) -> str:
    """The name of a change in every feed."""
    return f"urn:milestone-monitor:change:{change.id}"
