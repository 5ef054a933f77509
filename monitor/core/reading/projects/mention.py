"""A configured word at its place in a text."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from monitor.core.reading.text.document import Span


class Role(StrEnum):
    """What a configured word says about its project."""

    WHO = "who"
    WHAT = "what"
    WHERE = "where"
    #: The text means something else.
    NOT = "not"


# A tuple, because every article has many.
class Mention(NamedTuple):
    """A configured word at its place in a text."""

    #: In the folded text.
    span: Span
    role: Role
    #: The projects that the word belongs to in this role, in configuration order; never empty.
    projects: tuple[str, ...]
    #: The word as configured.
    word: str


def families(mentions: Iterable[Mention]) -> dict[str, str]:
    """The named projects, each with the first of its family: the projects that share a name that the text uses.

    A name inside a longer one (Norvik in Norvik France) also belongs to the projects with the longer name.
    """
    family: dict[str, str] = {}
    sharing: dict[Span, tuple[str, ...]] = {}
    for mention in mentions:
        if mention.role is Role.WHO:
            sharing[mention.span] = (*sharing.get(mention.span, ()), *mention.projects)
    for named in dict.fromkeys(sharing.values()):
        linked = {family.get(project, project) for project in named}
        head = min(linked)
        family.update({project: head for project, of in family.items() if of in linked})
        family.update(dict.fromkeys(named, head))
    return family
