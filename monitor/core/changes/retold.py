"""Quantities that were told before in another unit."""

from monitor.core.state import KnownFact

#: How often it is in a year.
_IN_A_YEAR = {"yr": 1, "month": 12, "day": 365}
#: Of batteries the press says gigawatts and means the hours too.
_MEANT = {"GW": "GWh"}
#: A plant does not run every day of the year, and months are told in round numbers.
_APART = 0.1


def is_retold(fact: KnownFact, before: KnownFact) -> bool:
    """Whether a rate is but another way to tell a known one: 5,000 t a month, where 60,000 t a year were told."""
    value, what = _in_a_year(fact)
    known, known_of = _in_a_year(before)
    return what is not None and what == known_of and abs(value - known) <= _APART * max(value, known)


def _in_a_year(fact: KnownFact) -> tuple[float, str | None]:
    """How much of what; of None where it is no rate."""
    what, _, time = fact.unit.partition("/")
    if time not in _IN_A_YEAR:
        return fact.value, None
    return fact.value * _IN_A_YEAR[time], _MEANT.get(what, what)
