"""Changes that time brings without news: overdue forecasts and quiet projects.

Both are inferences, not news: no source says them. Later news withdraws them.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from monitor.core.changes.raised import MAX_EVIDENCE, change_id, proof_of
from monitor.core.folding.proof import proofs
from monitor.core.lifecycle import ENDED, OVERRIDING, Lifecycle
from monitor.core.news import Change, ChangeType
from monitor.core.periods import Period, Precision, later
from monitor.core.state import Confidence, Evidence, ProjectState

#: News of an expected event may come this long before or after its date.
_EVE = timedelta(days=2)


def to_come(state: ProjectState, lifecycle: Lifecycle, quiet_after: timedelta) -> tuple[Change, ...]:
    """The changes that will be raised unless news comes first. The ``at`` of each is the instant when it is due.

    The same state gives the same changes with the same ids. Changes whose instant has passed are due now.

    Args:
        state: the state of the project.
        lifecycle: the lifecycle of the project.
        quiet_after: how long a project must be without news to count as quiet.
    """
    return (*_overdue(state), *_quiet(state, lifecycle, quiet_after))


def is_awaited(state: ProjectState, now: datetime) -> bool:
    """Whether a stage of this project is expected now: its forecast is a day or a month, and that is near."""
    return state.status not in OVERRIDING and any(
        forecast.since - now <= _EVE and now - forecast.until < _EVE
        for milestone in state.milestones
        if (forecast := milestone.forecast) is not None and forecast.precision in {Precision.DAY, Precision.MONTH}
    )


def quiet_since(state: ProjectState, lifecycle: Lifecycle, quiet_after: timedelta, now: datetime) -> datetime | None:
    """When the last news of a project was published, if that is ``quiet_after`` ago or more. Else None."""
    if state.latest is None or not _goes_on(state, lifecycle) or now - state.latest.published_at < quiet_after:
        return None
    return state.latest.published_at


def _overdue(state: ProjectState) -> Iterator[Change]:
    if state.status in OVERRIDING:
        return
    for milestone, forecast in state.to_come:
        expected = str(forecast)
        shown = proofs(milestone.evidence, forecast, is_expected=True)[:MAX_EVIDENCE]
        yield Change(
            id=change_id(state.project, ChangeType.OVERDUE, milestone.stage, expected),
            type=ChangeType.OVERDUE,
            project=state.project,
            stage=milestone.stage,
            from_=expected,
            to=None,
            at=missed(forecast),
            effective=forecast,
            confidence=milestone.confidence,
            sources=tuple(dict.fromkeys(e.source.url for e in shown if e.source.url)),
            evidence=tuple(dict.fromkeys(e.sentence for e in shown if e.sentence)),
            proof=proof_of(shown),
        )


def _quiet(state: ProjectState, lifecycle: Lifecycle, quiet_after: timedelta) -> Iterator[Change]:
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
        at=later(heard, quiet_after),
        effective=Period.day(heard.date()),
        confidence=Confidence.REPORTED,
        sources=(state.latest.url,) if state.latest.url else (),
        evidence=(),
        proof=proof_of((Evidence(source=state.latest, sentence=""),)),
    )


def _goes_on(state: ProjectState, lifecycle: Lifecycle) -> bool:
    """Whether more is to come. A plant that runs, or that was given up, may well be silent."""
    return state.status not in ENDED and state.status != lifecycle.stages[-1]


def missed(period: Period) -> datetime:
    """When an expectation for this period counts as missed.

    After a day, two more days pass, as news may be a day late.
    """
    return later(period.until, _EVE) if period.precision is Precision.DAY else period.until
