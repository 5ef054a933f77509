"""What the passing of time brings by itself: forecasts that have gone by, and silence.

Both are inferences, not news: nobody has said so. News takes them back.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from monitor.core.changes.raised import MAX_EVIDENCE, change_id, proof_of
from monitor.core.lifecycle import ENDED, OVERRIDING, Lifecycle
from monitor.core.news import Change, ChangeType
from monitor.core.periods import Period, Precision, later
from monitor.core.state import Confidence, Evidence, ProjectState

#: News of what is expected comes so long before, or after.
_EVE = timedelta(days=2)


def to_come(state: ProjectState, lifecycle: Lifecycle, silence: timedelta) -> tuple[Change, ...]:
    """The changes that will be raised unless news comes before, each ``at`` the instant when it is due.

    The same state gives the same changes with the same ids; those whose instant has passed are due now.

    Args:
        state: of the project.
        lifecycle: the project's.
        silence: how long without news makes it quiet.
    """
    return (*_overdue(state), *_quiet(state, lifecycle, silence))


def is_awaited(state: ProjectState, now: datetime) -> bool:
    """Whether a stage of this project is expected these days: on a day, or in a month, that is near."""
    return state.status not in OVERRIDING and any(
        forecast.since - now <= _EVE and now - forecast.until < _EVE
        for milestone in state.milestones
        if (forecast := milestone.forecast) is not None and forecast.precision in {Precision.DAY, Precision.MONTH}
    )


def quiet_since(state: ProjectState, lifecycle: Lifecycle, silence: timedelta, now: datetime) -> datetime | None:
    """When a project was heard of last, where that is longer ago than it should be; None where it is not."""
    if state.latest is None or not _goes_on(state, lifecycle) or now - state.latest.published_at < silence:
        return None
    return state.latest.published_at


def _overdue(state: ProjectState) -> Iterator[Change]:
    if state.status in OVERRIDING:
        return
    for milestone, forecast in state.to_come:
        expected = str(forecast)
        yield Change(
            id=change_id(state.project, ChangeType.OVERDUE, milestone.stage, expected),
            type=ChangeType.OVERDUE,
            project=state.project,
            stage=milestone.stage,
            from_=expected,
            to=None,
            at=_missed(forecast),
            effective=forecast,
            confidence=milestone.confidence,
            sources=tuple(dict.fromkeys(e.source.url for e in milestone.evidence if e.source.url))[:MAX_EVIDENCE],
            evidence=tuple(dict.fromkeys(e.sentence for e in milestone.evidence if e.sentence))[:MAX_EVIDENCE],
            proof=proof_of(milestone.evidence)[:MAX_EVIDENCE],
        )


def _quiet(state: ProjectState, lifecycle: Lifecycle, silence: timedelta) -> Iterator[Change]:
    if state.latest is None or not _goes_on(state, lifecycle):
        return
    heard = state.latest.published_at
    yield Change(
        id=change_id(state.project, ChangeType.QUIET, state.latest.article),
        type=ChangeType.QUIET,
        project=state.project,
        stage=None,
        from_=None,
        to=None,
        at=later(heard, silence),
        effective=Period.day(heard.date()),
        confidence=Confidence.REPORTED,
        sources=(state.latest.url,) if state.latest.url else (),
        evidence=(),
        proof=proof_of((Evidence(source=state.latest, sentence=""),)),
    )


def _goes_on(state: ProjectState, lifecycle: Lifecycle) -> bool:
    """Whether there is more to come: a plant that runs, or was given up, may well be silent."""
    return state.status not in ENDED and state.status != lifecycle.stages[-1]


def _missed(period: Period) -> datetime:
    """When what was expected then is late: of a day, once those who tell of it next day have had their time."""
    return later(period.until, _EVE) if period.precision is Precision.DAY else period.until
