"""Towns that an article names besides those of its projects."""

from collections.abc import Iterable, Sequence

from monitor.core.model import Project
from monitor.core.reading.projects.forms import plain
from monitor.core.reading.projects.mention import Mention, Role
from monitor.core.reading.projects.pointers import Pointer, Pointers
from monitor.core.reading.projects.senses import Sense
from monitor.core.reading.text.document import Document, Span


def other_towns(
    document: Document,
    mentions: Sequence[Mention],
    pointers: Iterable[Pointer],
    projects: Iterable[Project],
    vocabulary: Pointers,
) -> Sequence[Span]:
    """Where towns are named that are none of the projects', in the order of the text.

    None unless the article says of each project in which town or region it is: its country alone leaves that open. Nor
    what the headline or the first sentence names, nor what lies in a region that is known for a place of a project.

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
    opening = next((number for number, s in enumerate(document.sentences) if not s.is_title), 0)
    lead = [document.text.bare[slice(*sentence.span)] for sentence in document.sentences[: opening + 1]]

    def is_other(town: Pointer) -> bool:
        word = document.text.bare[slice(*town.span)]
        is_in_name = any(m.span.start < town.span.end and town.span.start < m.span.end for m in mentions)
        return not (is_in_name or plain(town.country) in own or any(word in sentence for sentence in lead))

    return [town.span for town in towns if is_other(town)]
