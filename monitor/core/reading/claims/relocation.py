"""Projects that go to another place: "chose Narvik over Sines", "moves the plant from Sines to Kenitra"."""

import re
from collections.abc import Iterator, Sequence

from monitor.core.lifecycle import Condition
from monitor.core.reading.events.events import Told
from monitor.core.reading.projects.mention import Mention, Role
from monitor.core.reading.projects.pointers import Pointers
from monitor.core.reading.text.document import Document

#: The stage of a phrase that is followed by the place which did not get something, or lost it.
PASSED_OVER = "passed_over"
#: What may stand between the phrase and that place: the, in, the port of.
_BETWEEN = re.compile(r"\s*(?:\w{1,5}[\s']){0,3}")


def relocated(
    told: Sequence[Told], mentions: Sequence[Mention], document: Document, vocabulary: Pointers
) -> Iterator[Told]:
    """The events; what went to another place is cancelled at the place that lost it.

    A project is cancelled if its only place in the sentence follows "over" or "from". Otherwise the event is dropped:
    that a place was chosen, or that a project moves within its region, is not a stage.
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
