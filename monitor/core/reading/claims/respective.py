"""Assigns several dates or amounts: "the plants in Sagunto and Gdansk open in 2026 and 2028 respectively"."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import product

from monitor.core.reading.claims.dating import Dating
from monitor.core.reading.dates.timex import TimeExpression
from monitor.core.reading.events.events import Told
from monitor.core.reading.projects.mention import Mention
from monitor.core.reading.projects.pointers import Pointer
from monitor.core.reading.projects.senses import Sense
from monitor.core.reading.text.document import Document, Span


class Respective:
    """Finds where an article tells several things about several projects, one for each."""

    def __init__(self, document: Document, mentions: Sequence[Mention], pointers: Sequence[Pointer]) -> None:
        """Scan an article; mentions and pointing words are in text order."""
        self._sentences = document.sentences
        self._numbers = frozenset(
            document.sentences_at(pointer.span for pointer in pointers if pointer.sense is Sense.RESPECTIVE)
        )
        self._mentions = mentions
        self._starts = [mention.span.start for mention in mentions] if self._numbers else []

    def among(self, projects: Sequence[str], sentence: int, at: Span) -> tuple[str, ...] | None:
        """The projects in the order in which they are named before a place, in its sentence or the one before.

        None if the sentence does not assign one thing to each project, or if the order is unknown.
        """
        if sentence not in self._numbers or len(projects) < 2:  # noqa: PLR2004 - several
            return None
        first = bisect_left(self._starts, self._sentences[max(0, sentence - 1)].span.start)
        last = bisect_left(self._starts, at.start)
        named: dict[str, int] = {}
        for mention in self._mentions[first:last]:
            own = [project for project in projects if project in mention.projects]
            if len(own) == 1:
                named[own[0]] = mention.span.start
        return tuple(sorted(projects, key=named.__getitem__)) if len(named) == len(projects) else None

    def dated(
        self, event: Told, projects: Sequence[str], dates: Sequence[Dating], times: Sequence[TimeExpression]
    ) -> Iterable[tuple[str, Dating]]:
        """The projects of an event, each with its own date; with all dates if nothing assigns them."""
        if len(dates) == len(projects) and (named := self.among(projects, event.sentence, event.head)):
            return zip(named, sorted(dates, key=lambda date: _place(date, times)), strict=True)
        return product(projects, dates)


def _place(date: Dating, times: Sequence[TimeExpression]) -> int:
    """The position of a date in the text."""
    return next((time.span.start for time in times if date.period in {time.behind, time.ahead}), 0)
