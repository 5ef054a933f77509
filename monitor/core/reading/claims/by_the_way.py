"""Drops events of other plants, which an article often mentions after its news: of the same company, kind or town."""

from collections.abc import Sequence
from datetime import date, timedelta

from monitor.core.lifecycle import ADVERSE, CONDITIONS, PLANNED, Condition
from monitor.core.model import State
from monitor.core.periods import shifted
from monitor.core.reading.claims.dated import PRODUCING, Dated
from monitor.core.reading.events.events import Told
from monitor.core.reading.text.document import Document

#: Events older than the first are not news. Events further apart than the second do not belong together.
_NEWS, _APART = timedelta(days=90), timedelta(days=365)
#: Conditions that imply that a plant was operating before.
_HALTED = frozenset({Condition.SUSPENDED, Condition.RESUMED, Condition.CLOSED})
_ENDS = frozenset({Condition.CANCELLED, Condition.CLOSED})


def but_of_others(events: Sequence[Dated], document: Document) -> Sequence[Dated]:
    """The events of one project, without those that the article mentions of other plants."""
    events = _but_older_plants(events, document, document.opening)
    events = _but_lone_ends(events, document, document.opening)
    return _but_others_production(events, document.opening)


def _but_older_plants(events: Sequence[Dated], document: Document, opening: int) -> Sequence[Dated]:
    """Drop an old start of production if the project's own is expected a year or more after it.

    "Its plant in Douai opened in 2021", where this one is to open in 2027. Keeps it if its sentence begins with "the
    plant" or is about a part of it, or if something stood still or closed.
    """
    due = [e.date.start for e in events if e.told.stage == PRODUCING and e.told.state is State.EXPECTED and e.date]
    if document.published is None or not due or _HALTED & {e.told.stage for e in events}:
        return events
    until = min(shifted(min(due), -_APART), shifted(document.published.start, -_NEWS))

    def is_older(event: Dated) -> bool:
        is_by_the_way = event.told.sentence > opening and not (event.is_on_it or event.is_on_part or event.phase)
        return is_by_the_way and _is_producing(event.told) and event.date is not None and event.date.end < until

    return [event for event in events if not is_older(event)]


def _but_lone_ends(events: Sequence[Dated], document: Document, opening: int) -> Sequence[Dated]:
    """Drop an end that only one sentence after the news tells of a continuing project: it is another's, or in the past.

    A project continues if the headline or the first sentence tells of a recent step and of nothing adverse, or if it
    was resumed.
    """
    since = shifted(document.published.start, -_NEWS) if document.published else date.min
    reached = [event for event in events if event.told.state is State.REACHED]
    news = {e.told.stage for e in reached if e.told.sentence <= opening and (e.date is None or e.date.end >= since)}
    is_going_on = bool(news - CONDITIONS - {PLANNED}) and not news & ADVERSE
    if not is_going_on and Condition.RESUMED not in {event.told.stage for event in reached}:
        return events
    ends = [event for event in reached if event.told.stage in _ENDS]
    if len({event.told.sentence for event in ends}) != 1 or ends[0].told.sentence <= opening:
        return events
    return [event for event in events if event not in ends]


def _but_others_production(events: Sequence[Dated], opening: int) -> Sequence[Dated]:
    """Drop a start of production if everything about the project itself is still to come.

    Such a sentence, after the first and without saying whose plant it is, is about another plant of the same kind. It
    is kept if it is about one part of the project next to another.
    """

    def is_own(event: Dated) -> bool:
        if event.is_named or event.is_on_it or event.told.sentence <= opening:
            return True
        return event.is_on_part and any(
            e.told.sentence == event.told.sentence for e in steps if not _is_producing(e.told)
        )

    steps = [e for e in events if e.told.stage != PLANNED and e.told.stage not in CONDITIONS]
    producing = [e for e in steps if _is_producing(e.told)]
    if Condition.CLOSED in {e.told.stage for e in events} or any(map(is_own, producing)):
        return events
    since = min((e.date.end for e in producing if e.date), default=date.max)
    is_to_come = any(e.told.state is not State.REACHED or (e.date and e.date.start > since) for e in steps)
    return [e for e in events if not _is_producing(e.told)] if is_to_come else events


def _is_producing(told: Told) -> bool:
    return told.stage == PRODUCING and told.state is State.REACHED
