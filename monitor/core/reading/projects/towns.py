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
    """The places, in text order, that name towns which belong to none of the projects.

    Empty unless the article says for each project in which town or region it is: its country alone leaves this open.
    Leaves out towns that the headline or the first sentence names, except in a part of its own beside the project's
    place. Leaves out towns in a region that is known for a place of a project.

    Args:
        document: the article.
        mentions: its mentions of the projects.
        pointers: its pointing words, in text order.
        projects: the projects that it concerns.
        vocabulary: the vocabulary that the pointers come from.
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
        """Whether the lead names the town, unless in a part other than that which says where a project is."""
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
