"""Partners who leave a project, which continues without them: "Kesling, a partner, is pulling out of the plant"."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from monitor.core.lifecycle import Condition
from monitor.core.reading.events.events import Told
from monitor.core.reading.projects.mention import Mention
from monitor.core.reading.projects.names import COMMA, WORD
from monitor.core.reading.projects.pointers import Pointer, Pointers
from monitor.core.reading.projects.senses import Sense
from monitor.core.reading.text.document import Document, Span

#: The most words between the one who leaves and the verb: "has since".
_BEFORE = 3
#: The most characters between the verb and the partnership: "withdrew from *a* joint venture with".
_BEHIND = 4


class Withdrawals:
    """Finds where an article says that somebody leaves."""

    def __init__(
        self, document: Document, mentions: Sequence[Mention], pointers: Sequence[Pointer], vocabulary: Pointers
    ) -> None:
        """Scan an article; mentions and pointing words are in text order."""
        self._document = document
        self._vocabulary = vocabulary
        self._mentions = mentions
        self._starts = [mention.span.start for mention in mentions]
        self._leaving = [pointer.span for pointer in pointers if pointer.sense is Sense.LEAVING]
        self._partners = [pointer.span.start for pointer in pointers if pointer.sense is Sense.PARTNER]

    def is_of_partner(self, told: Told) -> bool:
        """Whether an event says that somebody who only takes part in a project gives it up."""
        if told.stage != Condition.CANCELLED or not self._is_leaving(told.head):
            return False
        clauses = self._document.sentences[told.sentence].clauses
        start = clauses[max(0, bisect_right(clauses, told.head.start, key=lambda clause: clause.start) - 1)].start
        first = bisect_left(self._partners, start)
        is_partner = first < len(self._partners) and self._partners[first] <= told.head.end + _BEHIND
        return is_partner or any(map(self._is_strange, self._subject(Span(start, told.head.start))))

    def _is_leaving(self, head: Span) -> bool:
        at = bisect_left(self._leaving, head.start, key=lambda span: span.end)
        return at < len(self._leaving) and self._leaving[at].overlaps(head)

    def _subject(self, before: Span) -> Iterator[Span]:
        """The last words before the verb, back to the first that is written like a name; none from before a comma."""
        last = max((comma.end() for comma in COMMA.finditer(self._document.text.bare, *before)), default=before.start)
        words = list(WORD.finditer(self._document.text.bare, last, before.end))
        for word in reversed(words[-_BEFORE - 1 :]):
            yield Span(*word.span())
            if self._is_capital(word.start()):
                return

    def _is_strange(self, word: Span) -> bool:
        """Whether a word is a name that belongs to none of the projects."""
        is_name = (
            self._is_capital(word.start) and self._vocabulary.small(self._document.text.bare[slice(*word)]) is None
        )
        first = bisect_right(self._starts, word.start) - 1
        return is_name and not (first >= 0 and self._mentions[first].span.overlaps(word))

    def _is_capital(self, start: int) -> bool:
        at, end = self._document.text.original_span(start, start + 1)
        return self._document.text.original[at:end].isupper()
