"""What is told, of which project, when: assembled into one claim for each stage, state and date."""

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

#: So far off is what is to happen any day now.
_SOON = timedelta(days=5)
#: per cent
COMPLETE = 100
#: What is worth telling as expected without any date: decisions to come, and what threatens.
_OPEN_ENDED = frozenset({"agreed", "approved", *Condition} - {Condition.RESUMED})
#: What is often needed once more after it was given once: the board has approved, the state has yet to.
_REPEATED = frozenset({"approved"})


class Weighed(NamedTuple):
    """A claim, with what makes it as sure as it is."""

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
    """The claims of an article, in the order of the configuration and of the text.

    Each is told in the state that the evidence bears: an expectation for a day gone by is none, a fact of the future is
    an expectation. What is only described as planned counts as announced, by the first sentence that names it
    (``named``: projects with the numbers of sentences). What is told from sentence ``end`` on only is less sure.
    """
    by_project: dict[str, list[Dated]] = defaultdict(list)
    for event in events:
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
    """What is imminent, with the month in which it is to happen, where the day of publishing is known."""
    is_soon = event.told.is_imminent and event.told.state is State.EXPECTED and event.date is None
    if not is_soon or published is None or published.precision is not Precision.DAY:
        return event
    day = shifted(published.start, _SOON)
    return event._replace(dating=Dating(Period.month(day.year, day.month)))


def _settled(event: Dated, published: Period | None) -> Dated | None:
    """The event in the state that its date allows; None where it says nothing any more."""
    told, date = event.told, event.date
    if date is not None and published is not None:
        if told.is_open:
            return event._replace(told=told._replace(state=_by_date(told, date, published)))
        if date.start > published.end and told.state is State.REACHED:
            return event._replace(told=told._replace(state=State.EXPECTED))
        if date.end < published.start and told.state is State.EXPECTED:
            return None
    is_to_come = date is not None and published is not None and date.end >= published.start
    if event.dating.is_superseded and (told.state is State.EXPECTED or (told.state is State.DENIED and is_to_come)):
        # What was planned once; or what will not be by a day still to come, which is no denial for good.
        return _late(event) if told.state is State.DENIED else None
    if told.superseded and not is_to_come:
        return None
    return event


def _but_works_to_return(events: Sequence[Dated]) -> Sequence[Dated]:
    """Without what "works resume" tells of works, where its day shows that they are still to: nothing is under way."""
    is_return = {e.told.span for e in events if e.told.stage == Condition.RESUMED and e.told.state is State.EXPECTED}
    return [e for e in events if e.told.span not in is_return or e.told.state is not State.REACHED]


def _late(event: Dated) -> Dated | None:
    """The delay of a step that will not be taken by the day for which it was planned; no condition is planned."""
    if event.told.stage == PLANNED or event.told.stage in CONDITIONS:
        return None
    return event._replace(told=event.told._replace(stage=Condition.DELAYED, state=State.REACHED), dating=Dating())


def _by_date(told: Told, date: Period, published: Period) -> State:
    """The state of what a bare verb or noun tells: "opens in 2026", "start of production: May"."""
    if told.state is State.DENIED:
        return told.state
    if date.end < published.start:
        return State.REACHED
    # What opens "this year" is still to open; what was announced or stopped this year was.
    is_step = told.stage != PLANNED and told.stage not in CONDITIONS
    is_to_come = is_step and date.precision < Precision.MONTH and date.end > published.end
    return State.EXPECTED if is_to_come or date.start > published.end else told.state


def _corrected(events: Sequence[Dated], document: Document) -> list[Dated]:
    """Without what the body of the article puts right in its headline: that it has happened, or that it has not.

    That something has not begun and that it is to begin in spring are no contradiction.
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
    """Without what the article itself takes back: rumours that it denies, a halt that turned out an end.

    It did where the article tells that the plant closed, or its headline that the project is no more.
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
        """Whether it is the first output of trials, told in one breath with them, where production is still to come."""
        is_whole = not (event.is_on_part or event.phase)
        is_producing = event.told.stage == PRODUCING and event.told.state is State.REACHED
        return is_due and is_whole and is_producing and event.told.sentence in trials

    def is_taken_back(told: Told, *, is_dated: bool) -> bool:
        if told.state is State.DENIED:
            return False
        if told.hearsay and (denied & CONDITIONS or told.stage in denied):
            return True
        if told.state is State.EXPECTED and not is_dated:
            # There is no delay, and there may be one yet.
            is_denied = (told.stage, told.sentence) in denied_here if told.stage in ADVERSE else told.stage in denied
            return is_denied or not (told.is_imminent or told.stage in _OPEN_ENDED)
        if told.stage == Condition.SUSPENDED and not is_dated:
            return is_over
        # What was never built and is given up has nothing to close: the company has.
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
            )
            evidence = document.quote(document.sentences[event.told.sentence].span)
            yield _weighed(event.project, stage, state, evidence, *on, when=when, phase=phase)


def _is_to_come(when: Period | None, published: Period | None) -> bool:
    return when is not None and (published is None or when.end > published.start)


def _preference(event: Dated) -> tuple[bool, date, float, int]:
    """Which of several tellings to believe, the best first: with a date, then the surest, then the first.

    What is planned is announced again and again, and works go on: there the earliest.
    """
    is_repeated = event.told.stage == PLANNED or (event.told.stage == UNDER_WAY and event.told.state is State.REACHED)
    first = event.date.start if event.date and is_repeated else date.min
    return (event.date is None, first, -event.told.sureness, event.told.sentence)


def _is_against_progress(event: Dated) -> bool:
    """Whether the project is told to be complete, or not begun: where some per cent are done it was a part of it."""
    is_whole = not (event.is_on_part or event.phase)
    is_complete = event.told.stage == FINISHED and event.told.state is State.REACHED
    return is_whole and (is_complete or (event.told.stage == UNDER_WAY and event.told.state is State.DENIED))


def _for_good(events: Sequence[Dated]) -> Iterator[Dated]:
    """The events, a halt to come as the end that it is where the article says that the plant is to close."""
    ends = any(e.told.stage == Condition.CLOSED and e.told.state is State.EXPECTED for e in events)
    for event in events:
        is_halt = event.told.stage == Condition.SUSPENDED and event.told.state is State.EXPECTED
        yield event._replace(told=event.told._replace(stage=Condition.CLOSED)) if ends and is_halt else event


def _under_way(progress: Fact) -> Weighed:
    """What is half done has been begun."""
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
