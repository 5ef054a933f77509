"""Things next to a project that an article tells about: a quay that will serve the plant, a rival of it."""

from bisect import bisect_left
from collections.abc import Sequence

from monitor.core.reading.events.events import Told
from monitor.core.reading.projects.mention import Mention, Role
from monitor.core.reading.projects.pointers import Pointer
from monitor.core.reading.projects.senses import Sense
from monitor.core.reading.text.document import Document, Span

#: The most characters between words such as "similar to that of" and the project that they introduce.
_NEAR = 25


class Neighbours:
    """Finds where an article names a project only to say what something else stands next to."""

    def __init__(self, document: Document, mentions: Sequence[Mention], pointers: Sequence[Pointer]) -> None:
        """Scan an article; mentions and pointing words are in text order."""
        self._document = document
        self._beside = [pointer.span for pointer in pointers if pointer.sense is Sense.BESIDE]
        self._who = [mention for mention in mentions if mention.role is Role.WHO] if self._beside else []

    def are_told(self, event: Told, project: str) -> bool:
        """Whether an event stands before such words, and its sentence names the project only after them."""
        if not self._beside:
            return False
        sentence = self._document.sentences[event.sentence].span
        named = [m.span for m in self._who if project in m.projects and sentence.contains(m.span)]
        return bool(named) and any(
            word.end <= named[0].start <= word.end + _NEAR for word in self._behind(event.head, sentence)
        )

    def _behind(self, head: Span, sentence: Span) -> Sequence[Span]:
        first, last = (
            bisect_left(self._beside, edge, key=lambda word: word.start) for edge in (head.end, sentence.end)
        )
        return self._beside[first:last]
