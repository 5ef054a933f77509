"""What was expected of a stage when, and when it was reached."""

from collections.abc import Sequence
from itertools import groupby

from monitor.core.periods import Period
from monitor.core.rivalry import Rivalry, Word
from monitor.core.state import Forecast
from monitor.core.statement import Statement
from monitor.core.weighing import FoldPolicy


def forecasts(
    expected: Sequence[Statement], movers: frozenset[str], policy: FoldPolicy
) -> tuple[tuple[Forecast, ...], tuple[Period, ...]]:
    """The forecasts of a stage that were believed one after the other, and the dates that rival the last of them.

    Args:
        expected: statements that expect it, in order of publication.
        movers: articles that say that the schedule has moved.
        policy: what it takes.
    """
    rivalry = Rivalry(Period.overlaps, is_within=_is_finer, half_life=policy.half_life, most=policy.confirming_weight)
    found: list[Forecast] = []
    dated = [(s, s.claim.date) for s in expected if s.claim.date]
    for article, told in groupby(dated, key=lambda item: item[0].source.article):
        # An article that gives several dates for one stage speaks of phases: the first to come is the stage's.
        first, date = min(told, key=lambda item: item[1])
        times = policy.moved if article in movers else 1.0
        rivalry.hear(Word(date, first.origin, first.source.published_at, times))
        believed = rivalry.believed()
        if believed is None or (found and found[-1].period == believed):
            continue
        found.append(
            Forecast(
                period=believed,
                said_at=first.source.published_at,
                slip=_slip(found[-1].period, believed) if found else None,
                evidence=first.evidence,
            )
        )
    return tuple(found), tuple(rivalry.rivals(found[-1].period)) if found else ()


def baseline(found: Sequence[Forecast]) -> Period | None:
    """The first forecast, as finely as it was said before it moved."""
    first: Period | None = None
    for forecast in found:
        if first is None or first.contains(forecast.period):
            first = forecast.period
    return first


def actual(reached: Sequence[Statement]) -> tuple[Period | None, tuple[Period, ...]]:
    """When a stage was reached, and the dates that contradict it; the statements are in order of publication."""
    rivalry = Rivalry(Period.overlaps, is_within=_is_finer)
    for statement in reached:
        if statement.claim.date:
            rivalry.hear(Word(statement.claim.date, statement.origin, statement.source.published_at))
    believed = rivalry.believed()
    return believed, tuple(rivalry.rivals(believed)) if believed else ()


def _is_finer(one: Period, other: Period) -> bool:
    return other.contains(one) and one != other


def _slip(before: Period, after: Period) -> int:
    return 0 if before.overlaps(after) else (after.end - before.end).days
