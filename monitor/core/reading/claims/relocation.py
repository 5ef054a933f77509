"""Projects that go to another place: "chose Narvik over Sines", "moves the plant from Sines to Kenitra"."""

import re
from collections.abc import Iterator, Sequence

from monitor.core.lifecycle import Condition
from monitor.core.reading.events.events import Told
from monitor.core.reading.projects.mention import Mention, Role
from monitor.core.reading.projects.pointers import Pointers
from monitor.core.reading.text.document import Document

#: What a phrase tells behind which the place stands that something was not given to, or was taken from.
PASSED_OVER = "passed_over"
#: What may stand between it and that place: the, in, the port of.
_BETWEEN = re.compile(r"\s*(?:\w{1,5}[\s']){0,3}")


def relocated(
    told: Sequence[Told], mentions: Sequence[Mention], document: Document, vocabulary: Pointers
) -> Iterator[Told]:
    """The events, with what was given to another place cancelled where it was to be.

    That is where the one place of a project that the sentence names stands behind "over" or "from". Else nothing is
    told: that it was chosen, or that it moves within its region, is no stage.
    """
    for event in told:
        if event.stage != PASSED_OVER:
            yield event
        elif _is_left(event, mentions, document, vocabulary):
            yield event._replace(stage=Condition.CANCELLED)


def _is_left(event: Told, mentions: Sequence[Mention], document: Document, vocabulary: Pointers) -> bool:
    sentence = document.sentences[event.sentence].span
    places = [m for m in mentions if m.role is Role.WHERE and sentence.contains(m.span)]
    left = next((place for place in places if place.span.start >= event.span.end), None)
    if left is None or _BETWEEN.fullmatch(document.text.bare, event.span.end, left.span.start) is None:
        return False
    others = (place for place in places if place.word != left.word and not vocabulary.countries_of([place.word]))
    return all(set(left.projects).isdisjoint(place.projects) for place in others)
