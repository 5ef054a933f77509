"""Where an article most likely tells about none of its projects, although their words stand around."""

from collections.abc import Iterable, Sequence

from monitor.core.model import Project
from monitor.core.reading.projects.elsewhere import Elsewhere
from monitor.core.reading.projects.mention import Mention
from monitor.core.reading.projects.outsiders import Outsiders
from monitor.core.reading.projects.pointers import Pointer, Pointers
from monitor.core.reading.projects.purposes import OtherPlants, Purposes
from monitor.core.reading.text.document import Document, Span

#: The most that a claim of such words is sure. The other plant may be a part of the project, and the other company a
#: partner. So the claim is not dropped, but alerts nobody by itself.
DOUBTFUL = 0.4


class Doubts:
    """What is told of a plant for something else or somewhere else, or of somebody else's plant."""

    def __init__(
        self,
        document: Document,
        mentions: Sequence[Mention],
        pointers: Sequence[Pointer],
        *,
        projects: Iterable[Project],
        purposes: Purposes,
        focus: Pointers,
    ) -> None:
        """Find it.

        Args:
            document: the article.
            mentions: of the projects that it may concern, in text order.
            pointers: its pointing words, in text order.
            projects: these projects.
            purposes: the words for purposes in the language of the article.
            focus: the pointing words of that language.
        """
        projects = list(projects)
        self._others = OtherPlants(document, mentions, pointers, projects=projects, purposes=purposes, focus=focus)
        # Anybody may build a project whose company is not configured.
        are_known = all(project.who for project in projects)
        self._outsiders = Outsiders(document, mentions, pointers, focus) if are_known else None
        self._elsewhere = Elsewhere(document, mentions, pointers, projects, focus)

    def are_told(self, words: Span) -> bool:
        """Whether some words are about a plant for something else or somebody else's, and about no project."""
        return self._others.are_told(words) or (self._outsiders is not None and self._outsiders.are_told(words))

    def are_elsewhere(self, words: Span, project: str) -> bool:
        """Whether some words are about a plant in a place where the project is not."""
        return self._elsewhere.are_told(words, project)
