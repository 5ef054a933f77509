"""Reckoning: the period that a date names, relative to the day of publication if it does not name its year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from monitor.core.periods import Period, Precision
from monitor.core.reading.text.vocabulary import LexiconError


class Relation(StrEnum):
    """How a period is determined if the text does not name its year (see ``datewords``)."""

    NAMED = ""
    THIS = "this"
    NEXT = "next"
    LAST = "last"
    AFTER_NEXT = "after_next"
    BEFORE_LAST = "before_last"
    AGO = "ago"
    AHEAD = "ahead"
    OPEN = "open"
    PAST = "past"
    FUTURE = "future"
    LATER = "later"
    EARLIER = "earlier"
    AFTER = "after"
    SAME = "same"


#: Relative to another time in the text.
FROM_ANOTHER = frozenset({Relation.LATER, Relation.EARLIER, Relation.AFTER, Relation.SAME})


#: The distance of named years from the year of publication.
YEARS: Mapping[str, int] = {"before_last": -2, "last": -1, "this": 0, "next": 1, "after_next": 2}
_SHIFT = {
    Relation.THIS: 0,
    Relation.NEXT: 1,
    Relation.LAST: -1,
    Relation.AFTER_NEXT: 2,
    Relation.BEFORE_LAST: -2,
    Relation.AGO: -1,
    Relation.AHEAD: 1,
}
_PARTS = ("start", "middle", "end", "over")
_UNITS = ("day", "week", "month", "quarter", "half", "year", "decade", "season", "weekday", "unit")
#: The precision of the publication date that a unit needs for counting from it.
_NEEDED = {
    "day": Precision.DAY,
    "week": Precision.MONTH,
    "month": Precision.MONTH,
    "quarter": Precision.QUARTER,
    "half": Precision.HALF,
}
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_NAMES = {Precision.YEAR: "year", Precision.HALF: "half", Precision.QUARTER: "quarter", Precision.MONTH: "month"}
#: "Last summer" is this summer if at most this much of it is left.
_NEARLY_OVER = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Meaning:
    unit: str
    part: str
    relation: Relation

    @classmethod
    def parse(cls, text: str, path: str) -> Self:
        unit, *rest = text.split() or [""]
        part = rest.pop(0) if rest and rest[0] in _PARTS else ""
        relation = rest.pop(0) if rest else ""
        if unit not in _UNITS or rest or relation not in set(Relation):
            raise LexiconError(path, f"{text!r}: write a precision ({', '.join(_UNITS)}), then how it is counted")
        return cls(unit, part, Relation(relation))


def resolve(meaning: Meaning, named: Mapping[str, int | str], published: Period | None) -> tuple[Period, Period] | None:
    """The period of an expression before and after the day of publication. None if it has no meaning.

    A named year takes precedence over any other way to count.
    """
    try:
        if "year" in named:
            period: Period | None = _part(_in_year(meaning.unit, named, int(named["year"])), meaning.part)
        elif published is None or meaning.relation in {Relation.NAMED, *FROM_ANOTHER}:
            return None
        elif meaning.relation in {Relation.OPEN, Relation.PAST, Relation.FUTURE}:
            return _open(meaning, named, published)
        else:
            period = _counted(meaning, named, published)
    except (KeyError, ValueError, OverflowError):
        # A day without a month, the thirtieth of February, the year 10000.
        return None
    return (period, period) if period else None


def reckon_from(base: Period, meaning: Meaning, named: Mapping[str, int | str]) -> Period | None:
    """The period of an expression relative to another time: "two years later", "the following spring"."""
    unit = str(named.get("unit", meaning.unit))
    if meaning.relation is Relation.SAME:
        return base if base.precision >= _NEEDED.get(unit, Precision.YEAR) else None
    try:
        if unit in named:
            years = (base.start.year, base.start.year + 1)
            periods = (_in_year(unit, named, year) for year in years)
            return next((period for period in periods if period.start > base.end), None)
        shift = int(named.get("count", 1)) * (1 if meaning.relation is Relation.LATER else -1)
        return _moved(unit, shift, base) or _moved_coarsely(unit, shift, base)
    except (KeyError, ValueError, OverflowError):
        # A day without a month, the year 10000.
        return None


def _in_year(unit: str, named: Mapping[str, int | str], year: int) -> Period:
    """The named day, month, quarter, half or season in ``year``; or the year itself."""
    if unit == "day":
        month = int(named["month"])
        return Period.day(date(year, month, int(named["day"])) if "day" in named else _nth_weekday(year, month, named))
    if unit == "month":
        return Period.month(year, int(named["month"]))
    if unit == "quarter":
        return Period.quarter(year, _within(int(named["ordinal"]), 4))
    if unit == "half":
        return Period.half(year, _within(int(named["ordinal"]), 2))
    if unit == "season":
        # Winter is the end of one year and the beginning of the next: only the year is certain.
        quarter = int(named["season"])
        return Period.quarter(year, quarter) if quarter else Period.year(year)
    return Period.year(year)


def _nth_weekday(year: int, month: int, named: Mapping[str, int | str]) -> date:
    """The first, second, third or fourth such weekday of a month."""
    first = date(year, month, 1)
    wait = (int(named["weekday"]) - first.isoweekday()) % 7
    return first + timedelta(days=wait, weeks=int(named["ordinal"]) - 1)


def _if_any(unit: str, named: Mapping[str, int | str], year: int) -> Period | None:
    """Like ``_in_year``. None if the year has no such period, as most have no 29 February."""
    try:
        return _in_year(unit, named, year)
    except ValueError:
        return None


def _within(number: int, most: int) -> int:
    if not 1 <= number <= most:
        raise ValueError(number)
    return number


def _part(period: Period, part: str) -> Period:
    """The beginning or end of a period, if a shorter period names it; the quarter after one; otherwise the period."""
    year, first = period.start.year, period.start.month
    if part == "over" and period.precision is Precision.QUARTER:
        return _containing("quarter", year * 12 + first - 1 + _MONTHS["quarter"])
    if part not in {"start", "end"}:
        return period
    if period.precision is Precision.YEAR:
        return Period.quarter(year, 1 if part == "start" else 4)
    if period.precision is Precision.HALF:
        return Period.quarter(year, (first + 2) // 3 + (0 if part == "start" else 1))
    if period.precision is Precision.QUARTER:
        return Period.month(year, first if part == "start" else first + 2)
    return period


def _open(meaning: Meaning, named: Mapping[str, int | str], published: Period) -> tuple[Period, Period] | None:
    """The nearest such period on either side of the day of publication.

    A period around that day is on both sides. If the text says on which side it lies, "next spring" has not begun, and
    "last summer" is nearly over.
    """
    if meaning.unit == "weekday" and published.precision is not Precision.DAY:
        # "On Friday" in an article of March is a day of March.
        return published, published
    candidates = [_part(period, meaning.part) for period in _around(meaning.unit, named, published)]
    behind = [period for period in candidates if period.start <= published.end]
    ahead = [period for period in candidates if period.end >= published.start]
    if meaning.relation is Relation.PAST:
        over = published.start + (_NEARLY_OVER if meaning.unit == "season" else timedelta())
        behind = [period for period in behind if meaning.unit == "day" or period.end < over] or behind
        ahead = behind[-1:]
    elif meaning.relation is Relation.FUTURE:
        ahead = [period for period in ahead if meaning.unit == "day" or period.start > published.end] or ahead
        behind = ahead[:1]
    if not candidates:
        return None
    return (behind or candidates)[-1], (ahead or candidates)[0]


def _around(unit: str, named: Mapping[str, int | str], published: Period) -> list[Period]:
    """The periods with this name around publication, the earliest first."""
    start = published.start
    if unit == "weekday":
        return [_weekday(named, start, shift) for shift in (-1, 0, 1)]
    if unit == "day" and "month" not in named:
        return [day for shift in (-1, 0, 1) if (day := _day_of_month(named, published, shift))]
    years = [start.year + shift for shift in (-1, 0, 1)]
    if published.precision is Precision.YEAR:
        # The side of the day is unknown, so the period is of that year.
        years = [start.year]
    return [period for year in years if (period := _if_any(unit, named, year))]


def _weekday(named: Mapping[str, int | str], day: date, shift: int) -> Period:
    """The named day of the week, ``shift`` weeks from that of a day."""
    return Period.day(day + timedelta(days=int(named["weekday"]) - day.isoweekday(), weeks=shift))


def _day_of_month(named: Mapping[str, int | str], published: Period, shift: int) -> Period | None:
    """The named day, ``shift`` months from that of publication."""
    month = _moved("month", shift, published)
    return _if_any("day", {**named, "month": month.start.month}, month.start.year) if month else None


def _counted(meaning: Meaning, named: Mapping[str, int | str], published: Period) -> Period | None:
    """A period relative to the day of publication."""
    shift = _SHIFT[meaning.relation]
    if meaning.relation in {Relation.AGO, Relation.AHEAD}:
        shift *= int(named.get("count", 1))
    if meaning.unit == "weekday":
        return _weekday(named, published.start, shift) if published.precision is Precision.DAY else published
    if meaning.unit == "day" and ("day" in named or "weekday" in named):
        return _day_of_month(named, published, shift)
    unit = str(named["unit"]) if meaning.unit == "unit" else meaning.unit
    if "half" in named and unit == "year":
        unit, shift = "month", shift * 12 + (6 if shift > 0 else -6)
    period = _moved(unit, shift, published)
    return _part(period, meaning.part) if period else None


def _moved(unit: str, shift: int, published: Period) -> Period | None:
    """The period of this unit that contains publication, moved by ``shift``. None if its date is too coarse."""
    if unit == "decade":
        # "By the end of the decade" means by the year that ends in a zero.
        return Period.year(published.start.year // 10 * 10 + 10 * (shift + 1))
    if published.precision < _NEEDED.get(unit, Precision.YEAR):
        # A number of months that makes whole years can be counted from a year.
        return (
            Period.year(published.start.year + shift // 12) if unit == "month" and shift % 12 == 0 and shift else None
        )
    start = published.start
    if unit == "day":
        return Period.day(start + timedelta(days=shift))
    if unit == "week":
        day = start + timedelta(weeks=shift)
        return Period.month(day.year, day.month)
    return _containing(unit, start.year * 12 + start.month - 1 + shift * _MONTHS[unit])


def _moved_coarsely(unit: str, shift: int, base: Period) -> Period | None:
    """A period ``shift`` units from a coarser one, with that one's precision: eighteen months from a quarter."""
    if unit not in _MONTHS:
        return None
    return _containing(_NAMES[base.precision], base.start.year * 12 + base.start.month - 1 + shift * _MONTHS[unit])


def _containing(unit: str, month: int) -> Period:
    """The period of this unit that contains a month, which is counted from the year 0."""
    year, index = divmod(month, 12)
    made = {"month": Period.month, "quarter": Period.quarter, "half": Period.half}
    return Period.year(year) if unit == "year" else made[unit](year, index // _MONTHS[unit] + 1)
