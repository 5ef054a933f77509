"""Towns that an article names besides those of its projects."""

from collections.abc import Iterable, Sequence

from monitor.core.model import Project
from monitor.core.reading.projects.forms import plain
from monitor.core.reading.projects.mention import Mention, Role
from monitor.core.reading.projects.names import part_around
from monitor.core.reading.projects.pointers import Pointer, Pointers
from monitor.core.reading.projects.senses import Sense
from monitor.core.reading.text.document import Document, Span, apart


def other_towns(
    document: Document,
    mentions: Sequence[Mention],
    pointers: Iterable[Pointer],
    projects: Iterable[Project],
    vocabulary: Pointers,
) -> Sequence[Span]:
    """Where towns are named that are none of the projects', in the order of the text.

    None unless the article says of each project in which town or region it is: its country alone leaves that open. Nor
    what the headline or the first sentence names where it says that, nor what lies in a region that is known for a
    place of a project.

    Args:
        document: the article.
        mentions: of the projects in it.
        pointers: its pointing words, in the order of the text.
        projects: those that it concerns.
        vocabulary: that the pointers are from.
    """
    towns = [pointer for pointer in pointers if pointer.sense is Sense.TOWN]
    if not towns:
        return ()
    places = [m for m in mentions if m.role is Role.WHERE and not vocabulary.countries_of([m.word])]
    placed = {project for mention in places for project in mention.projects}
    concerned = list(projects)
    if not placed.issuperset(project.id for project in concerned):
        return ()
    own = {plain(place) for project in concerned for place in project.where}
    free = frozenset(apart((town.span for town in towns), (mention.span for mention in mentions)))
    lead = [sentence.span for sentence in document.sentences[: document.opening + 1]]
    starts = [place.span for place in places if place.span.start < lead[-1].end]

    def is_known(town: str) -> bool:
        """Whether the lead names it, and not in a part of its own beside that in which it says where a project is."""
        for sentence in lead:
            at = document.text.bare.find(town, *sentence)
            if at >= 0 and (
                any(map(part_around(document.text, at, sentence).contains, starts))
                or not any(map(sentence.contains, starts))
            ):
                return True
        return False

    def is_other(town: Pointer) -> bool:
        is_own = plain(town.country) in own or town.span not in free
        return not (is_own or is_known(document.text.bare[slice(*town.span)]))

    return [town.span for town in towns if is_other(town)]
