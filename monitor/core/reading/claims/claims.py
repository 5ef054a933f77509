"""Assembles events, with their projects and dates, into one claim for each stage, state and date."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from monitor.core.lifecycle import ADVERSE, CONDITIONS, FINISHED, PLANNED, UNDER_WAY, Condition
from monitor.core.model import Claim, Fact, FactKind, State
from monitor.core.periods import Period, Precision, shifted
from monitor.core.reading.claims.by_the_way import but_of_others
from monitor.core.reading.claims.confidence import Ground, confidence, grounds
from monitor.core.reading.claims.dated import PRODUCING, Dated
from monitor.core.reading.claims.dating import Dating
from monitor.core.reading.events.events import Told
from monitor.core.reading.text.document import Document

#: How far ahead an imminent event is assumed to be.
_SOON = timedelta(days=5)
#: per cent
COMPLETE = 100
#: What counts as expected even without a date: decisions to come, and threats.
_OPEN_ENDED = frozenset({"agreed", "approved", *Condition} - {Condition.RESUMED})
#: What is often needed again after it was reached once: the board has approved, the state has yet to.
_REPEATED = frozenset({"approved"})


class Weighed(NamedTuple):
    """A claim, with the grounds of its confidence."""

    claim: Claim
    grounds: tuple[Ground, ...]


def assemble(
    events: Iterable[Dated],
    facts: Iterable[Fact],
    document: Document,
    concerned: Sequence[str],
    *,
    named: Collection[tuple[str, int]] = (),
    end: int,
) -> tuple[Weighed, ...]:
    """The claims of an article, in configuration order and text order.

    Each has the state that the evidence supports: an expectation for a past day is dropped, a future fact becomes an
    expectation. A project that is only described as planned counts as announced, by the first sentence that names it
    (``named``: projects with sentence indices). What is told only from sentence index ``end`` on is less sure.
    """
    by_project: dict[str, list[Dated]] = defaultdict(list)
    for event in _but_put_off(tuple(events)):
        settled = _settled(_any_day_now(event, document.published), document.published)
        if settled is not None:
            by_project[event.project].append(settled)
    progress = {fact.project: fact for fact in facts if fact.kind is FactKind.PROGRESS and 0 < fact.value < COMPLETE}
    claims: list[Weighed] = []
    for project in concerned:
        own = _but_works_to_return(by_project[project])
        told = _consistent(but_of_others(_corrected(own, document), document), document)
        told = list(_for_good(told))
        if project in progress:
            told = [event for event in told if not _is_against_progress(event)]
        reached = {e.told.stage for e in told if e.told.state is State.REACHED}
        claims.extend(_claims(told, document, end))
        if project in progress and UNDER_WAY not in reached:
            claims.append(_under_way(progress[project]))
        elif not reached and Condition.CLOSED not in {e.told.stage for e in told}:
            claims.append(_planned(project, told, document, named))
    return tuple(claims)


def _any_day_now(event: Dated, published: Period | None) -> Dated:
    """The event; if it is imminent and the day of publication is known, dated by the month in which it is to happen."""
    is_soon = event.told.is_imminent and event.told.state is State.EXPECTED and event.date is None
    if not is_soon or published is None or published.precision is not Precision.DAY:
        return event
    day = shifted(published.start, _SOON)
    return event._replace(dating=Dating(Period.month(day.year, day.month)))


def _settled(event: Dated, published: Period | None) -> Dated | None:
    """The event in the state that its date allows. None if it no longer says anything."""
    if event.dating.is_new:
        # "Which was to be held on Thursday, is put off to January": the plan holds for the new day.
        event = event._replace(told=event.told._replace(superseded=False))
    told, date = event.told, event.date
    if date is not None and published is not None:
        if told.is_open:
            return _told_by_date(event, date, published)
        if date.start > published.end and told.state is State.REACHED:
            return event._replace(told=told._replace(state=State.EXPECTED))
        if date.end < published.start and told.state is State.EXPECTED:
            return None
    is_to_come = date is not None and published is not None and date.end >= published.start
    if event.dating.is_superseded and (told.state is State.EXPECTED or (told.state is State.DENIED and is_to_come)):
        # An old plan; or something that will not happen by a future day, which is not a denial for good.
        return _late(event) if told.state is State.DENIED else None
    if told.superseded and not is_to_come:
        return None
    return event


def _told_by_date(event: Dated, date: Period, published: Period) -> Dated | None:
    """An open event in the state that its date shows. None if it was only planned for that date."""
    if event.dating.is_superseded and event.told.state is State.REACHED:
        # "The plant, which was to open in 2024, opens": the day on which it happens is another one.
        return event._replace(dating=Dating()) if date.end < published.start else None
    return event._replace(told=event.told._replace(state=_by_date(event.told, date, published)))


def _but_put_off(events: Sequence[Dated]) -> Sequence[Dated]:
    """Drop what a sentence tells without a tense of a stage whose planned day it says was put off."""
    put_off = {(e.project, e.told.sentence, e.told.stage) for e in events if e.dating.is_put_off}
    return [
        e
        for e in events
        if not (
            e.told.is_open
            and e.told.state is State.REACHED
            and not e.dating.is_new
            and (e.project, e.told.sentence, e.told.stage) in put_off
        )
    ]


def _but_works_to_return(events: Sequence[Dated]) -> Sequence[Dated]:
    """Drop what "works resume" says about works if the resumption is still to come: then nothing is under way."""
    is_return = {e.told.span for e in events if e.told.stage == Condition.RESUMED and e.told.state is State.EXPECTED}
    return [e for e in events if e.told.span not in is_return or e.told.state is not State.REACHED]


def _late(event: Dated) -> Dated | None:
    """The delay of a step that will not be taken by its planned day. None for a condition, which nobody plans."""
    if event.told.stage == PLANNED or event.told.stage in CONDITIONS:
        return None
    return event._replace(told=event.told._replace(stage=Condition.DELAYED, state=State.REACHED), dating=Dating())


def _by_date(told: Told, date: Period, published: Period) -> State:
    """The state of an event that a bare verb or noun tells: "opens in 2026", "start of production: May"."""
    if told.state is State.DENIED:
        return told.state
    if date.end < published.start:
        return State.REACHED
    # Something that opens "this year" is still to open; something announced or stopped this year already was.
    is_step = told.stage != PLANNED and told.stage not in CONDITIONS
    is_to_come = is_step and date.precision < Precision.MONTH and date.end > published.end
    return State.EXPECTED if is_to_come or date.start > published.end else told.state


def _corrected(events: Sequence[Dated], document: Document) -> list[Dated]:
    """Drop what the body of the article corrects in its headline: that something has happened, or that it has not.

    That something has not begun, and that it is to begin in spring, is not a contradiction.
    """
    body = {
        (e.told.stage, e.told.state)
        for e in events
        if not document.sentences[e.told.sentence].is_title
        and not (e.told.hearsay and e.told.state is not State.DENIED)
    }
    stages = {stage for stage, _ in body}
    reached = {stage for stage, state in body if state is State.REACHED}

    def is_put_right(told: Told) -> bool:
        if told.stage not in stages or (told.stage, told.state) in body:
            return False
        return told.state is State.REACHED or told.stage in reached

    return [e for e in events if not (document.sentences[e.told.sentence].is_title and is_put_right(e.told))]


def _consistent(events: Sequence[Dated], document: Document) -> list[Dated]:
    """Drop what the article itself takes back: rumours that it denies, a halt that turned out to be an end.

    It turned out so if the article says that the plant closed, or the headline that the project is cancelled.
    """
    told = [event.told for event in events]
    denied = {t.stage for t in told if t.state is State.DENIED}
    denied_here = {(t.stage, t.sentence) for t in told if t.state is State.DENIED}
    reached = {t.stage for t in told if t.state is State.REACHED}
    is_over = Condition.CLOSED in reached or any(
        t.stage == Condition.CANCELLED and t.state is State.REACHED and document.sentences[t.sentence].is_title
        for t in told
    )

    trials = {t.sentence for t in told if t.stage == "commissioning" and t.state is State.REACHED}
    is_due = any(e.told.stage == PRODUCING and e.told.state is State.EXPECTED and e.date for e in events)

    def is_trial(event: Dated) -> bool:
        """Whether it is the first output of trials, in the same sentence as they, while production is still to come."""
        is_whole = not (event.is_on_part or event.phase)
        is_producing = event.told.stage == PRODUCING and event.told.state is State.REACHED
        return is_due and is_whole and is_producing and event.told.sentence in trials

    def is_taken_back(told: Told, *, is_dated: bool) -> bool:
        if told.state is State.DENIED:
            return False
        if told.hearsay and (denied & CONDITIONS or told.stage in denied):
            return True
        if told.state is State.EXPECTED and not is_dated:
            # There is no delay, but there may still be one.
            is_denied = (told.stage, told.sentence) in denied_here if told.stage in ADVERSE else told.stage in denied
            return is_denied or not (told.is_imminent or told.stage in _OPEN_ENDED)
        if told.stage == Condition.SUSPENDED and not is_dated:
            return is_over
        # A cancelled plant that was never built cannot close: the company closed.
        return told.stage == Condition.CLOSED and Condition.CANCELLED in reached and PRODUCING not in reached

    return [
        event
        for event in events
        if not is_taken_back(event.told, is_dated=event.date is not None)
        and not is_trial(event)
        and not (event.told.superseded and reached & ADVERSE)
    ]


def _claims(events: Sequence[Dated], document: Document, end: int) -> Iterator[Weighed]:
    groups: dict[tuple[str, State, str | None], list[Dated]] = defaultdict(list)
    for event in events:
        groups[event.told.stage, event.told.state, event.phase].append(event)
    for (stage, state, phase), group in groups.items():
        is_past = (stage, State.REACHED, phase) in groups and stage not in _REPEATED
        if state is State.EXPECTED and is_past and not any(_is_to_come(e.date, document.published) for e in group):
            continue
        best: dict[Period | None, Dated] = {}
        for event in sorted(group, key=_preference):
            covered = event.date is None or any(d is not None and d.overlaps(event.date) for d in best)
            if not (best and covered):
                best[event.date] = event
            if state is not State.EXPECTED:
                break
        told = [event.told for event in group]
        is_disputed = any((stage, other, phase) in groups for other in State if other is not state)
        for when, event in best.items():
            on = grounds(
                stage,
                state,
                told,
                document,
                end=end,
                is_dated=when is not None,
                is_disputed=is_disputed,
                is_named=any(each.is_named for each in group),
                is_doubtful=all(each.is_doubtful for each in group),
            )
            evidence = document.quote(document.sentences[event.told.sentence].span)
            yield _weighed(event.project, stage, state, evidence, *on, when=when, phase=phase)


def _is_to_come(when: Period | None, published: Period | None) -> bool:
    return when is not None and (published is None or when.end > published.start)


def _preference(event: Dated) -> tuple[bool, date, float, int]:
    """Sort key for the events of one claim, the most credible first: with a date, then the surest, then the first.

    Plans are announced again and again, and works continue: of these the earliest date comes first.
    """
    is_repeated = event.told.stage == PLANNED or (event.told.stage == UNDER_WAY and event.told.state is State.REACHED)
    first = event.date.start if event.date and is_repeated else date.min
    return (event.date is None, first, -event.told.sureness, event.told.sentence)


def _is_against_progress(event: Dated) -> bool:
    """Whether an event says that the project is complete, or not begun.

    If the works are partly done, this can only be true of a part.
    """
    is_whole = not (event.is_on_part or event.phase)
    is_complete = event.told.stage == FINISHED and event.told.state is State.REACHED
    return is_whole and (is_complete or (event.told.stage == UNDER_WAY and event.told.state is State.DENIED))


def _for_good(events: Sequence[Dated]) -> Iterator[Dated]:
    """The events; if the article says that the plant is to close, an expected halt becomes an expected closure."""
    ends = any(e.told.stage == Condition.CLOSED and e.told.state is State.EXPECTED for e in events)
    for event in events:
        is_halt = event.told.stage == Condition.SUSPENDED and event.told.state is State.EXPECTED
        yield event._replace(told=event.told._replace(stage=Condition.CLOSED)) if ends and is_halt else event


def _under_way(progress: Fact) -> Weighed:
    """The claim that the works are under way: a part of them is done."""
    return _weighed(progress.project, UNDER_WAY, State.REACHED, progress.evidence, Ground.DESCRIBED)


def _planned(project: str, events: Sequence[Dated], document: Document, named: Collection[tuple[str, int]]) -> Weighed:
    naming = (sentence for each, sentence in named if each == project)
    at = events[0].told.sentence if events else min(naming, default=0)
    evidence = document.quote(document.sentences[at].span)
    return _weighed(project, PLANNED, State.REACHED, evidence, Ground.DESCRIBED)


def _weighed(
    project: str,
    stage: str,
    state: State,
    evidence: str,
    *on: Ground,
    when: Period | None = None,
    phase: str | None = None,
) -> Weighed:
    claim = Claim(
        project=project,
        stage=stage,
        state=state,
        date=when,
        confidence=confidence(on),
        evidence=evidence,
        phase=phase,
    )
    return Weighed(claim, on)
