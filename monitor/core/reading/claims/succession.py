"""Those who did the same before: "After Ford, and Nissan, it is the turn of Volvo to give up"."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from monitor.core.lifecycle import PLANNED
from monitor.core.reading.claims.dated import Dated
from monitor.core.reading.claims.dating import UNDATED
from monitor.core.reading.events.events import Told
from monitor.core.reading.projects.focus import Focus
from monitor.core.reading.projects.mention import Mention, Role
from monitor.core.reading.projects.pointers import Pointer
from monitor.core.reading.projects.senses import Sense
from monitor.core.reading.text.document import Document

#: The most characters between "after" and the first of those who came before: an article, "the group".
_OPENING = 12


def forerunners(
    events: Sequence[Dated],
    document: Document,
    mentions: Sequence[Mention],
    pointers: Sequence[Pointer],
    focus: Focus,
) -> Iterator[Dated]:
    """The events of a sentence, undated, for those who did the same before and whom the sentence names first.

    The sentence has to say that another follows ("in turn", "it is now"); a headline need not.
    """
    openings = [pointer.span for pointer in pointers if pointer.sense is Sense.AFTER]
    if not openings:
        return
    turns = [pointer.span.start for pointer in pointers if pointer.sense is Sense.IN_TURN]
    who = [mention for mention in mentions if mention.role is Role.WHO]
    places = [mention.span.start for mention in who]
    told: dict[int, dict[Told, Dated]] = defaultdict(dict)
    for event in events:
        if event.told.stage != PLANNED:
            told[event.told.sentence].setdefault(event.told, event)
    for opening, number in zip(openings, document.sentences_at(openings), strict=True):
        sentence, here = document.sentences[number], told.get(number)
        if not here or opening.start != sentence.span.start:
            continue
        first = min(event.span.start for event in here)
        named = who[bisect_left(places, opening.end) : bisect_left(places, first)]
        follows = sentence.is_title or bisect_left(turns, opening.end) < bisect_left(turns, sentence.span.end)
        if not named or named[0].span.start - opening.end > _OPENING or not follows:
            continue
        before = dict.fromkeys(project for mention in named for project in focus.projects_at(mention.span))
        for event in here.values():
            own = focus.projects_at(event.told.head)
            for project in before:
                if project not in own:
                    yield event._replace(project=project, dating=UNDATED, is_named=True, phase=None)
