"""Dates of projects on a terminal: since when something holds, and how late it is."""

from collections.abc import Sequence

from rich.text import Text

from monitor.cli.render import NOTHING, lines
from monitor.core.folding.lateness import Against, Late
from monitor.core.message.outlook import how_late
from monitor.core.message.tongue import Tongue
from monitor.core.state import Delay, Forecast, ProjectState

_ENGLISH = Tongue.of({}, "en")


def since(of: ProjectState | Delay) -> str | None:
    """``since 2024-04``. If no source says so, the day of the first article: ``since 2025-09-30 at the latest``."""
    if of.since:
        return f"since {of.since}"
    return f"since {of.by} at the latest" if of.by else None


def slips(found: Sequence[Late]) -> Text:
    """How late a milestone is, each measure on a line. It says against which date."""
    return lines(*(how_late(each, _ENGLISH) for each in found)) if found else Text(NOTHING)


def moved(before: Forecast | None, now: Forecast) -> str:
    """By how much a forecast moved: ``≈92 days later``. ``finer`` if it is within the former one."""
    if before is None:
        return NOTHING
    late = Late.at(now.period, before.period, Against.BEFORE)
    if not late.days:
        return "finer"
    rough, noun = "≈" if late.is_rough else "", "day" if abs(late.days) == 1 else "days"
    return f"{rough}{abs(late.days):,} {noun} {'later' if late.days > 0 else 'earlier'}"
