"""The state of a project with the field names of ``monitor status --json``, without changes that time alone brings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from monitor.core.event import instant, whole
from monitor.core.folding.brief import brief
from monitor.core.periods import Period
from monitor.core.state import Delay, Evidence, KnownFact, Milestone, PhaseState, ProjectState, Rival, Standing

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
        "phases": [_phase(phase) for phase in state.phases],
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


def _phase(phase: PhaseState) -> Fields:
    return {
        "phase": phase.phase,
        "status": phase.status,
        "milestones": [milestone_fields(milestone) for milestone in phase.milestones],
        "facts": [fact_fields(fact) for fact in phase.present_facts],
    }


def _sources(evidence: Iterable[Evidence]) -> list[str]:
    """The addresses of the sources, each once, in order."""
    return list(dict.fromkeys(item.source.url for item in evidence if item.source.url))
