"""Stretches of the text, with what they name; and the parts of a clause."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from monitor.core.reading.projects.description import Words
from monitor.core.reading.projects.mention import Mention, Role
from monitor.core.reading.projects.names import COMMA
from monitor.core.reading.projects.senses import Sense
from monitor.core.reading.text.document import Span
from monitor.core.reading.text.text import Text

_COMMA = re.compile(r"[,\u3001\u060c\uff0c](?:(?<=[\u060c\uff0c])|(?!\d))")
_LETTER = re.compile(r"[^\W_]")
#: What most stretches name.
NOTHING: frozenset[Any] = frozenset()
#: The roles of words that tell the projects of a company apart.
DESCRIBING = frozenset({Role.WHAT, Role.WHERE})


class Stretch:
    """A stretch of the text, with what it names."""

    __slots__ = ("_roles", "abroad", "is_empty", "is_on_stranger", "mentions", "senses", "span", "words")

    def __init__(
        self,
        span: Span,
        mentions: Sequence[Mention],
        senses: frozenset[Sense],
        abroad: frozenset[str],
        *,
        is_on_stranger: bool = False,
    ) -> None:
        self.span = span
        self.mentions = mentions
        self.senses = senses
        #: The countries that it says something is in.
        self.abroad = abroad
        #: It is about a plant or company that belongs to none of the article's projects.
        self.is_on_stranger = is_on_stranger
        #: It names nothing and points at nothing.
        self.is_empty = not (mentions or senses or is_on_stranger)
        self._roles = frozenset([mention.role for mention in mentions]) if mentions else NOTHING
        self.words = _words(mentions) if self.names(*DESCRIBING) else {}

    def names(self, *roles: Role) -> bool:
        return not self._roles.isdisjoint(roles)


def _words(mentions: Iterable[Mention]) -> Mapping[str, Words]:
    """The words for what and where of each project in the mentions."""
    words: dict[str, set[tuple[Role, Span]]] = {}
    for mention in mentions:
        if mention.role in DESCRIBING:
            for project in mention.projects:
                words.setdefault(project, set()).add((mention.role, mention.span))
    return {project: frozenset(own) for project, own in words.items()}


def between_commas(text: Text, clause: Span) -> Iterator[Span]:
    """The parts of a clause between its commas."""
    start = clause.start
    for comma in _COMMA.finditer(text.bare, clause.start, clause.end):
        if start < comma.end() < clause.end:
            yield Span(start, comma.end())
            start = comma.end()
    yield Span(start, clause.end)


def between_marks(text: Text, clause: Span) -> Iterator[Span]:
    """The parts of a clause between its marks, each from its first letter."""
    start = clause.start
    for end in [*(comma.end() for comma in COMMA.finditer(text.bare, clause.start, clause.end)), clause.end]:
        if first := _LETTER.search(text.bare, start, end):
            yield Span(first.start(), end)
        start = end


def any_within(starts: Sequence[int], span: Span) -> bool:
    """Whether any of some offsets, in text order, lies in a span."""
    index = bisect_left(starts, span.start)
    return index < len(starts) and starts[index] < span.end
