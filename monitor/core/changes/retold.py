"""Detects quantities that were already reported in another unit."""

from monitor.core.state import KnownFact

#: How many of these time units make a year.
_IN_A_YEAR = {"yr": 1, "month": 12, "day": 365}
#: For batteries, the press writes gigawatts and means gigawatt-hours too.
_MEANT = {"GW": "GWh"}
#: The tolerated relative difference. A plant does not run every day of the year, and monthly figures are rounded.
_APART = 0.1


def is_retold(fact: KnownFact, before: KnownFact) -> bool:
    """Whether a rate repeats a known rate in another unit: 5,000 t a month after 60,000 t a year."""
    value, what = _in_a_year(fact)
    known, known_of = _in_a_year(before)
    return what is not None and what == known_of and abs(value - known) <= _APART * max(value, known)


def _in_a_year(fact: KnownFact) -> tuple[float, str | None]:
    """The yearly value, and its unit without the time. The unit is None if the fact is not a rate."""
    what, _, time = fact.unit.partition("/")
    if time not in _IN_A_YEAR:
        return fact.value, None
    return fact.value * _IN_A_YEAR[time], _MEANT.get(what, what)
