"""Parts of a project (its phases, the first of its lines), which may operate while others are still to come."""

from bisect import bisect_left
from collections.abc import Sequence

from monitor.core.reading.events.events import Told
from monitor.core.reading.projects.pointers import Pointer
from monitor.core.reading.projects.senses import Sense
from monitor.core.reading.text.document import Document, Span

#: The most characters between a verb and its object: opened the first phase.
_OBJECT = 20


class Portions:
    """Finds where an article is about a part of its project."""

    def __init__(self, document: Document, pointers: Sequence[Pointer]) -> None:
        """Scan an article; its pointing words are in text order."""
        self._document = document
        self._starts = [pointer.span.start for pointer in pointers if pointer.sense is Sense.PART]

    def are_told(self, event: Told) -> bool:
        """Whether an event is about a part."""
        if not self._starts:
            return False
        clauses = self._document.sentences[event.sentence].clauses
        clause = max(clause.start for clause in clauses if clause.start <= event.head.start)
        return self._begins_in(Span(clause, event.head.end + _OBJECT))

    def _begins_in(self, span: Span) -> bool:
        at = bisect_left(self._starts, span.start)
        return at < len(self._starts) and self._starts[at] < span.end
