"""Dates of projects on a terminal: since when something holds, and how late it is."""

from collections.abc import Sequence

from rich.text import Text

from monitor.cli.render import NOTHING, lines
from monitor.core.folding.lateness import Late
from monitor.core.model import State
from monitor.core.state import Delay, Forecast, Milestone, ProjectState


def since(of: ProjectState | Delay) -> str | None:
    """``since 2024-04``. If no source says so, the day of the first article: ``since 2025-09-30 at the latest``."""
    if of.since:
        return f"since {of.since}"
    return f"since {of.by} at the latest" if of.by else None


def slip(late: Late) -> str:
    """``on time``, ``182 days late``, ``≈30 days early``."""
    return _days(late, "on time", "late", "early")


def slips(milestone: Milestone, found: Sequence[Late]) -> Text:
    """How late a milestone is. If it was first and last expected for two dates, against each of them."""
    if not found:
        return Text(NOTHING)
    if len(found) > 1:
        expected = zip(("first", "last"), found, strict=True)
        return lines(*(f"expected {which}: {each.expected} ({slip(each)})" for which, each in expected))
    [only] = found
    is_open = milestone.state is State.EXPECTED
    return Text("as first expected" if is_open and not only.days else slip(only))


def moved(before: Forecast | None, now: Forecast) -> str:
    """By how much a forecast moved: ``≈92 days later``. ``finer`` if it is within the former one."""
    if before is None:
        return NOTHING
    return _days(Late.at(now.period, before.period), "finer", "later", "earlier")


def _days(late: Late, none: str, after: str, before: str) -> str:
    if not late.days:
        return none
    number = abs(late.days)
    rough, noun = "≈" if late.is_rough else "", "day" if number == 1 else "days"
    return f"{rough}{number:,} {noun} {after if late.days > 0 else before}"
