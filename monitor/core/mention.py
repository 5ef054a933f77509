"""A configured word where it stands in a text."""

from dataclasses import dataclass
from enum import StrEnum

from monitor.core.reading.document import Span


class Role(StrEnum):
    """What a configured word says of its project."""

    WHO = "who"
    WHAT = "what"
    WHERE = "where"
    #: It shows that something else is meant.
    NOT = "not"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A configured word where it stands in a text."""

    #: In the folded text.
    span: Span
    role: Role
    #: The projects that the word belongs to in this role, in configuration order; never empty.
    projects: tuple[str, ...]
    #: The word as configured.
    word: str
