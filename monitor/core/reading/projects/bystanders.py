"""Companies that an article only lists, or gives as examples."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from monitor.core.reading.projects.mention import Mention, Role
from monitor.core.reading.projects.pointers import Pointer
from monitor.core.reading.projects.senses import Sense
from monitor.core.reading.text.document import Span
from monitor.core.reading.text.text import Text

#: A list has at least this many companies, with at most this many characters between them.
_LIST, _LIST_GAP = 3, 6
#: The most characters between "such as" and a company that is an example.
_EXAMPLE_GAP = 3
#: The most characters that examples extend over without a mark.
_LONGEST = 300
_MARK = re.compile(r"[.,;:!?()\n\u060c\u061b\u061f\u3001\u3002]|$")
_STOP = re.compile(r"[.!?\n\u061f\u3002]")


def bystanders(
    text: Text, mentions: Sequence[Mention], family: Mapping[str, str], pointers: Sequence[Pointer]
) -> frozenset[Span]:
    """The places that name companies which the text is not about.

    Args:
        text: the text of the article.
        mentions: its mentions, in text order.
        family: for each named project, the first of the projects that share its name.
        pointers: the pointing words of the text, in text order.
    """
    who = [mention for mention in mentions if mention.role is Role.WHO]
    return frozenset({*_listed(text, who, family), *_examples(text, mentions, pointers)})


def _listed(text: Text, who: Sequence[Mention], family: Mapping[str, str]) -> Iterator[Span]:
    """The companies in a bare list."""
    run: list[Mention] = []
    for mention in [*who, None]:
        gap = text.bare[run[-1].span.end : mention.span.start] if run and mention else ""
        if run and (mention is None or len(gap) > _LIST_GAP or _STOP.search(gap)):
            if len({family[m.projects[0]] for m in run}) >= _LIST:
                yield from (m.span for m in run)
            run = []
        if mention is not None:
            run.append(mention)


def _examples(text: Text, mentions: Sequence[Mention], pointers: Sequence[Pointer]) -> Iterator[Span]:
    """The companies after "such as", up to the next mark, if no what or where is named with them."""
    starts = [mention.span.start for mention in mentions]
    for pointer in pointers:
        if pointer.sense is not Sense.EXAMPLE:
            continue
        begin = pointer.span.end
        end = next(mark.start() for mark in _MARK.finditer(text.bare, begin, begin + _LONGEST))
        named = mentions[bisect_left(starts, begin) : bisect_left(starts, end)]
        if named and named[0].span.start - begin <= _EXAMPLE_GAP and all(m.role is Role.WHO for m in named):
            yield from (mention.span for mention in named)
