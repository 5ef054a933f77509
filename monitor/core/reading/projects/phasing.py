"""Finds the phase of a project that an event or amount belongs to: the last one named before it in its sentence."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

from monitor.core.model import Project
from monitor.core.reading.projects.forms import Finder, forms
from monitor.core.reading.text.document import Document, Span

#: A project's id and the name of one of its phases.
_Phase = tuple[str, str]


class PhaseNames:
    """Finds the words of all phases of all projects. Build it once for a configuration; safe to share."""

    def __init__(self, projects: Sequence[Project]) -> None:
        meanings: dict[str, list[_Phase]] = defaultdict(list)
        for project in projects:
            for phase in project.phases:
                for spelling in {form for word in phase.words for form in forms(word, inflected=True)}:
                    meanings[spelling].append((project.id, phase.name))
        self._finder = Finder(meanings)

    def within(self, document: Document) -> "PhasesTold":
        """Where the document names phases."""
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for span, phases in self._finder.find(document.text):
            for project, name in phases:
                found[project].append((span.start, name))
        return PhasesTold(document, found)


class PhasesTold:
    """Where a document names the phases of its projects."""

    def __init__(self, document: Document, found: dict[str, list[tuple[int, str]]]) -> None:
        self._document = document
        self._found = found

    def at(self, project: str, place: Span) -> str | None:
        """The phase of the project that the text is about there; None if the sentence names none.

        If the sentence names phases only after the place, the first of them.
        """
        if project not in self._found:
            return None
        [sentence] = self._document.sentences_at([place])
        span = self._document.sentences[sentence].span
        named = [(start, name) for start, name in self._found[project] if span.start <= start < span.end]
        if not named:
            return None
        before = bisect_right(named, place.end, key=lambda hit: hit[0])
        return named[max(before - 1, 0)][1]
