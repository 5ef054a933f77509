"""The end of works whose duration is given: "begun in April 2025, they are to take 24 months"."""

from collections.abc import Iterator, Sequence

from monitor.core.lifecycle import FINISHED, UNDER_WAY
from monitor.core.model import State
from monitor.core.periods import Period
from monitor.core.reading.claims.dated import Dated
from monitor.core.reading.claims.dating import Dating
from monitor.core.reading.dates.datewords import Calendar
from monitor.core.reading.dates.reckoning import Meaning, Relation, reckon_from
from monitor.core.reading.dates.timex import matches_of, named_by
from monitor.core.reading.events.events import Told
from monitor.core.reading.projects.focus import Focus
from monitor.core.reading.text.document import Document, Span

#: The number of sentences, from the one that tells of the beginning, in which the duration is looked for.
_NEAR = 5
#: Lower than for an end that is stated explicitly.
_SURENESS = 0.75


def ends_of_works(events: Sequence[Dated], document: Document, calendar: Calendar, focus: Focus) -> Iterator[Dated]:
    """The expected ends of works: their beginning, which the article dates, plus their duration.

    Leaves out works that are still to begin: their end is only an estimate. Applies only to projects about whose
    completion the article says nothing else, and only if the sentence about the beginning, or one soon after it, gives
    the duration.
    """
    told_of = {event.project for event in events if event.told.stage == FINISHED}
    for start in events:
        is_begun = start.told.stage == UNDER_WAY and start.told.state is State.REACHED
        if not is_begun or start.date is None or start.project in told_of:
            continue
        if document.published is not None and start.date.start > document.published.end:
            continue
        for place, end in _ends(start.date, start.told.sentence, document, calendar):
            is_over = document.published is not None and end.end < document.published.start
            if start.project in focus.projects_at(place) and not is_over:
                told_of.add(start.project)
                yield Dated(project=start.project, told=_told(place, document), dating=Dating(end), phase=start.phase)
                break


def _ends(start: Period, sentence: int, document: Document, calendar: Calendar) -> Iterator[tuple[Span, Period]]:
    """The ends that follow from a duration in this sentence or soon after it, each with its place."""
    text = document.text.bare
    for place in (each.span for each in document.sentences[sentence : sentence + _NEAR]):
        for pattern in calendar.lasting.within(text, place):
            for match in matches_of(pattern, text, place):
                later = Meaning(pattern.meaning.unit, "", Relation.LATER)
                end = reckon_from(start, later, named_by(match, calendar))
                if end is not None:
                    yield Span(match.start(), match.end()), end


def _told(place: Span, document: Document) -> Told:
    return Told(
        stage=FINISHED,
        state=State.EXPECTED,
        sentence=next(document.sentences_at([place])),
        span=place,
        head=place,
        sureness=_SURENESS,
        superseded=False,
        hearsay=False,
        # The text does not say it explicitly.
        is_open=True,
    )
