"""What was expected of a stage when."""

from collections.abc import Sequence
from datetime import datetime

from monitor.core.folding.sayings import Expected
from monitor.core.periods import Period
from monitor.core.state import Forecast


def forecasts(expected: Expected, until: datetime | None = None) -> tuple[Forecast, ...]:
    """The forecasts of a stage that were believed one after the other, as one article after the other was published.

    With ``until`` those published by that instant: what is expected of a stage that was reached is of another part.
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
                slip=_slip(found[-1].period, believed) if found else None,
                evidence=statement.evidence,
            )
        )
    return tuple(found)


def baseline(found: Sequence[Forecast]) -> Period | None:
    """The first forecast, as finely as it was said before it moved."""
    first: Period | None = None
    for forecast in found:
        if first is None or first.contains(forecast.period):
            first = forecast.period
    return first


def _slip(before: Period, after: Period) -> int:
    return 0 if before.overlaps(after) else (after.end - before.end).days
