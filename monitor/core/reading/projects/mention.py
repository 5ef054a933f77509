"""A configured word where it stands in a text."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from monitor.core.reading.text.document import Span


class Role(StrEnum):
    """What a configured word says of its project."""

    WHO = "who"
    WHAT = "what"
    WHERE = "where"
    #: It shows that something else is meant.
    NOT = "not"


# A tuple, since every article has many.
class Mention(NamedTuple):
    """A configured word where it stands in a text."""

    #: In the folded text.
    span: Span
    role: Role
    #: The projects that the word belongs to in this role, in configuration order; never empty.
    projects: tuple[str, ...]
    #: The word as configured.
    word: str


def families(mentions: Iterable[Mention]) -> dict[str, str]:
    """The projects that are named, each with the first of its family: of those that share a name that the text uses.

    A name within one that has more to it (Norvik in Norvik France) is that of whoever has the longer one, too.
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
