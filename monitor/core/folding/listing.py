"""The state of a project with the field names of ``monitor status --json``, without changes that time alone brings."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum

from monitor.core.event import instant, whole
from monitor.core.folding.known import proofs
from monitor.core.lifecycle import PLANNED
from monitor.core.model import Claim, State
from monitor.core.periods import Period
from monitor.core.state import (
    Delay,
    Evidence,
    KnownFact,
    Milestone,
    PhaseState,
    ProjectState,
    Rival,
    Standing,
    Unverified,
)

# Shortens the state of a project to what a list of many projects shows. Pure ------------------------------------------


#: The language of lists.
LANGUAGE = "en"
#: The most unverified claims of one project in a list.
MOST_WAITING = 3


def brief(state: ProjectState) -> ProjectState:
    """The state with only the best proof of its status, and of a delay.

    It omits halts that are over, rival values, other plans, and all other evidence. Of what is unverified it keeps the
    latest claims that are more likely right than not.
    """
    return replace(
        state,
        evidence=_best(state.evidence, state.since),
        delay=replace(state.delay, evidence=_best(state.delay.evidence, state.delay.since)) if state.delay else None,
        halts=(),
        milestones=tuple(map(_milestone, state.milestones)),
        facts=tuple(map(_fact, state.facts)),
        phases=tuple(map(_phase, state.phases)),
        unverified=waiting(state.unverified),
    )


def waiting(found: Sequence[Unverified]) -> tuple[Unverified, ...]:
    """The latest claims, one for each stage and sense, that other sources may still bear out."""
    latest: dict[object, Unverified] = {}
    for each in found:
        if each.readings and isinstance(each.said, Claim):
            same = each.said.stage, each.said.state
            latest.pop(same, None)
            latest[same] = each
    return tuple(latest.values())[-MOST_WAITING:]


def _best(evidence: Sequence[Evidence], told: Period | None) -> tuple[Evidence, ...]:
    return proofs(evidence, told, language=LANGUAGE)[:1]


def _milestone(milestone: Milestone) -> Milestone:
    return replace(milestone, evidence=(), rivals=())


def _fact(fact: KnownFact) -> KnownFact:
    return replace(fact, evidence=(), rivals=(), told_with=None)


def _phase(phase: PhaseState) -> PhaseState:
    return replace(phase, milestones=tuple(map(_milestone, phase.milestones)), facts=tuple(map(_fact, phase.facts)))


Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A project as a list of many shows it."""

    #: For people.
    brief: ProjectState
    #: For programs.
    fields: Fields

    @classmethod
    def of(cls, state: ProjectState) -> "Listed":
        return cls(brief=brief(state), fields=state_fields(state))


def state_fields(state: ProjectState) -> Fields:
    """All that is known about a project, with the addresses of its sources."""
    return {
        "status": state.status,
        "since": date_field(state.since),
        "condition": state.condition,
        "milestones": [milestone_fields(milestone) for milestone in state.milestones],
        "facts": [fact_fields(fact) for fact in state.present_facts],
        **_standing(state.standing_since),
        "by": day_field(state.by),
        "delay": _delay(state.delay) if state.delay else None,
        "disputed": list(state.disputed),
        "phases": [_listed_phase(phase) for phase in state.phases],
    }


def milestone_fields(milestone: Milestone) -> Fields:
    return {
        "stage": milestone.stage,
        "state": milestone.state.value,
        "baseline": date_field(milestone.baseline),
        "forecast": date_field(milestone.forecast),
        "actual": date_field(milestone.actual),
        "confidence": milestone.confidence.value,
        "sources": _sources(milestone.evidence),
        **_standing(milestone.standing),
        "by": day_field(milestone.by),
        "promised": date_field(milestone.promised),
        "slip_days": milestone.slip,
        "forecasts": [
            {"date": date_field(forecast.period), "said": instant(forecast.said_at), "slip_days": forecast.slip}
            for forecast in milestone.forecasts
        ],
        "rivals": [_rival(rival) for rival in milestone.rivals],
    }


def fact_fields(fact: KnownFact) -> Fields:
    return {
        "kind": fact.kind.value,
        "value": whole(fact.value),
        "unit": fact.unit,
        "confidence": fact.confidence.value,
        "sources": _sources(fact.evidence),
        **_standing(fact.standing),
        "phase": fact.phase,
        "told_with": {"value": whole(fact.told_with[0]), "unit": fact.told_with[1]} if fact.told_with else None,
        "rivals": [_rival(rival) for rival in fact.rivals],
    }


def date_field(period: Period | None) -> str | None:
    """A date with its known precision. None if there is none."""
    return str(period) if period else None


def day_field(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _delay(delay: Delay) -> Fields:
    return {
        "since": date_field(delay.since),
        "by": day_field(delay.by),
        "sources": _sources(delay.evidence),
        **_standing(delay.standing),
    }


def _standing(standing: Standing) -> Fields:
    """The standing as fields. All numbers count independent sources; ``readings`` are confidences."""
    return {
        "confidence": standing.confidence.value,
        "independent": standing.sources,
        "official": standing.official,
        "against": standing.against,
        "known": standing.known,
        "confirms_date": standing.confirms_date,
        "implied": standing.implied,
        "readings": list(standing.readings),
    }


def _rival(rival: Rival) -> Fields:
    return {"value": whole(rival.value), "is_by": rival.is_by, **_standing(rival.standing)}


def _listed_phase(phase: PhaseState) -> Fields:
    return {
        "phase": phase.phase,
        "status": phase.status,
        "milestones": [milestone_fields(milestone) for milestone in phase.milestones],
        "facts": [fact_fields(fact) for fact in phase.present_facts],
    }


def _sources(evidence: Iterable[Evidence]) -> list[str]:
    """The addresses of the sources, each once, in order."""
    return list(dict.fromkeys(item.source.url for item in evidence if item.source.url))


# How late a milestone is, and against which date: the only place that measures it. Pure -------------------------------


class Against(Enum):
    """What a milestone is measured against. Two measures are never compared or added."""

    #: The date that is expected now, or the actual one, against the first date that was told.
    FIRST = "first"
    #: The actual date against the date that was expected last.
    LAST = "last"
    #: The expected date against the one that was told before.
    BEFORE = "before"
    #: Today against the date that is expected now and has passed.
    TODAY = "today"


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A milestone against a date that was expected of it."""

    against: Against
    #: The date that was expected.
    expected: Period
    #: Days by which it is later. Negative if it is earlier, 0 if it is as expected. If it is overdue, the days since.
    days: int
    #: Whether a date is not a day, so that the number is more precise than the dates.
    is_rough: bool

    @classmethod
    def at(cls, now: Period, expected: Period, against: Against) -> "Late":
        """A date against one that was expected before."""
        is_rough = not (now.is_exact and expected.is_exact)
        return cls(against=against, expected=expected, days=now.days_after(expected), is_rough=is_rough)

    @property
    def since(self) -> Period:
        """The first day on which what was expected is overdue."""
        return Period.day(self.expected.end + timedelta(days=1))


def late(milestone: Milestone, of: ProjectState | PhaseState, today: date) -> tuple[Late, ...]:
    """How late the milestone is.

    If it is overdue, that comes first. Then the date against the first one that was expected. What is reached is also
    compared with the date expected last, if that is another. Empty if nothing can be compared, if the stage was passed
    without a report of it, or if the project is delayed and no new date is known.
    """
    first, last = milestone.baseline, milestone.promised
    if milestone.state is State.REACHED:
        if first is None or milestone.actual is None or is_before_all(milestone.actual, milestone, of):
            return ()
        than_first = Late.at(milestone.actual, first, Against.FIRST)
        if last is None or last == first:
            return (than_first,)
        return than_first, Late.at(milestone.actual, last, Against.LAST)
    forecast = next((when for awaited, when in of.to_come if awaited.stage == milestone.stage), None)
    if forecast is None:
        return ()
    overdue = overdue_by(forecast, today)
    slipped = Late.at(forecast, first, Against.FIRST) if first else None
    if slipped and not slipped.days and (overdue or (isinstance(of, ProjectState) and of.delay is not None)):
        slipped = None
    return tuple(each for each in (overdue, slipped) if each)


def is_before_all(reached: Period, milestone: Milestone, of: ProjectState | PhaseState) -> bool:
    """Whether a date lies before the project was announced, or before anybody expected the stage.

    What had happened by then was never expected, so it is neither early nor late.
    """
    announced = of.milestone(PLANNED)
    days = [announced.actual.start] if announced and announced.actual else []
    days += [forecast.said_at.date() for forecast in milestone.forecasts[:1]]
    return any(reached.end < day for day in days)


def lateness(of: ProjectState, today: date) -> tuple[Milestone, Late] | None:
    """How late or early the project is, and the stage by which it is known: the first measure of ``late``.

    That is the stage that is expected next. If it is neither late nor early, the next one that is late. None if nothing
    expected is known to be late or early.
    """
    in_order = sorted(of.to_come, key=lambda each: (each[1].end, each[1].start))
    for place, (milestone, _) in enumerate(in_order):
        found = next(iter(late(milestone, of, today)), None)
        if found and (found.days > 0 or (found.days and place == 0)):
            return milestone, found
    return None


def overdue_by(expected: Period, today: date) -> Late | None:
    """How late something is that was expected for this period and has not come. None if the period has not passed."""
    if today <= expected.end:
        return None
    return Late(against=Against.TODAY, expected=expected, days=(today - expected.end).days, is_rough=False)


# A project on one line of a list: what is expected next, how late it is, and how urgent. Pure -------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """A project on one line of a list."""

    state: ProjectState
    #: The stage that is expected first, with its date. None if nothing is expected.
    expected: tuple[Milestone, Period] | None
    #: Whether that date has passed.
    is_overdue: bool
    #: How late it is, or the next stage that is late. None if nothing is known to be late.
    late: Late | None

    @classmethod
    def at(cls, state: ProjectState, overdue: Collection[str | None], today: date) -> "Glance":
        """The project as it is seen today.

        Args:
            state: what is known about it; a brief state will do.
            overdue: the stages whose date has passed.
            today: the day of the look.
        """
        expected = min(state.to_come, key=lambda each: (each[1].end, each[1].start), default=None)
        late = lateness(state, today)
        is_overdue = expected is not None and expected[0].stage in overdue
        return cls(
            state=state,
            expected=expected,
            is_overdue=is_overdue,
            late=late[1] if late else None,
        )

    @property
    def rank(self) -> int:
        """Where it belongs in a list, least first: the overdue and the disputed; the others; the unknown."""
        if self.is_overdue or self.state.disputed:
            return 0
        return 1 if self.state.status else 2
