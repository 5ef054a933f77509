"""Amounts in English, as the command line and the notes on a reading write them."""

from babel.numbers import format_compact_decimal, format_decimal

from monitor.core.model import FactKind
from monitor.core.plain import clean

#: From this value on, an investment is written with "million" or "billion".
_COMPACT_FROM = 1e6


def quantity(value: float, unit: str | None, kind: FactKind | None = None) -> str:
    """``3 billion MAD``, ``50,000 t/yr``, ``60 %``."""
    if kind is FactKind.INVESTMENT and value >= _COMPACT_FROM:
        number = format_compact_decimal(value, format_type="long", locale="en", fraction_digits=2)
    else:
        number = format_decimal(value, locale="en")
    # The unit of the kind "jobs" is jobs, so it is not repeated.
    return f"{number} {clean(unit)}" if unit and unit != kind else number
