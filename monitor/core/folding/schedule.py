"""The history of forecasts of a stage."""

from collections.abc import Sequence
from datetime import datetime

from monitor.core.folding.sayings import Expected
from monitor.core.periods import Period
from monitor.core.state import Forecast


def forecasts(expected: Expected, until: datetime | None = None) -> tuple[Forecast, ...]:
    """The believed forecasts of a stage, one after the other, as the articles were published.

    Args:
        expected: the statements that expect the stage.
        until: if given, only statements published by this instant. What is expected of a stage after it was reached
            concerns another part.
    """
    rivalry = expected.no_dates()
    found: list[Forecast] = []
    for dated in expected.dated:
        (said_at, *_), _, statement = dated
        if until is not None and said_at > until:
            break
        expected.weigh(dated, rivalry)
        believed = rivalry.believed()
        if believed is None or (found and found[-1].period == believed):
            continue
        found.append(
            Forecast(
                period=believed,
                said_at=said_at,
                slip=believed.days_after(found[-1].period) if found else None,
                evidence=statement.evidence,
            )
        )
    return tuple(found)


def baseline(found: Sequence[Forecast]) -> Period | None:
    """The first forecast, in the finest form in which it was reported before it moved."""
    first: Period | None = None
    for forecast in found:
        if first is None or first.contains(forecast.period):
            first = forecast.period
    return first
