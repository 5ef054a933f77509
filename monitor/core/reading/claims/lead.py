"""The day of the news: what a headline tells without a date happened on the day that the lead names."""

from collections.abc import Sequence
from datetime import timedelta

from monitor.core.lifecycle import PLANNED
from monitor.core.model import State
from monitor.core.periods import Period, Precision, shifted
from monitor.core.reading.claims.dated import Dated
from monitor.core.reading.claims.dating import Dating
from monitor.core.reading.claims.suitability import DECIDED
from monitor.core.reading.dates.timex import TimeExpression
from monitor.core.reading.projects.focus import Focus
from monitor.core.reading.text.document import Document, Span

#: The lead: the first sentences of the body.
_SENTENCES = 3
#: The greatest age of news.
_AGE = timedelta(days=31)


def lead(document: Document) -> list[int]:
    """The indices of the sentences of the lead."""
    return [number for number, sentence in enumerate(document.sentences) if not sentence.is_title][:_SENTENCES]


def dated_by_the_lead(
    events: Sequence[Dated], times: Sequence[TimeExpression], document: Document, focus: Focus
) -> tuple[Dated, ...]:
    """The events; news gets the day that the lead names, unless another event of the project has that day.

    News is what the headline or the first sentence tells as having happened, and decisions that the rest of the lead
    tells as made, if the article dates them nowhere.
    """
    sentences = lead(document)
    if document.published is None or not sentences:
        return tuple(events)
    dated = {(e.project, e.told.stage) for e in events if e.date}
    reached = [e for e in events if _is_dateable(e)]
    news = {
        (e.project, e.told.stage)
        for e in reached
        if e.told.sentence <= (sentences[-1] if e.told.stage in DECIDED else sentences[0])
    } - dated
    place = Span(document.sentences[sentences[0]].span.start, document.sentences[sentences[-1]].span.end)
    recent = [time for time in times if place.contains(time.span) and _is_recent_day(time, document.published)]
    days: dict[str, Period | None] = {}
    for project, _ in news:
        taken = {e.date for e in events if e.project == project and e.told.stage != PLANNED}
        free = (t.behind for t in recent if t.behind not in taken and project in focus.projects_at(t.span))
        days[project] = next(free, None)
    return tuple(
        e._replace(dating=Dating(day))
        if _is_dateable(e) and (e.project, e.told.stage) in news and (day := days[e.project])
        else e
        for e in events
    )


def _is_dateable(event: Dated) -> bool:
    """Whether the day of the news may be its day. The day when the equipment came is not the day when works began."""
    return event.told.state is State.REACHED and not event.told.is_of_part


def _is_recent_day(time: TimeExpression, published: Period) -> bool:
    day = time.behind
    is_day = day.precision is Precision.DAY and not (time.is_superseded or time.is_until or time.is_new)
    return is_day and shifted(published.start, -_AGE) <= day.start <= published.end
