"""Calendar periods: dates of projects, each with the precision with which it was given.

A period is written as in the JSON contracts: ``2026``, ``2026-H2``, ``2026-Q3``, ``2026-09`` or ``2026-09-15``.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from functools import lru_cache


class Precision(IntEnum):
    """The precision of a period. A larger value is finer."""

    YEAR = 1
    HALF = 2
    QUARTER = 3
    MONTH = 4
    DAY = 5


_TEXT = re.compile(r"(?P<year>\d{4})(?:-(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|(?P<month>\d{2})(?:-(?P<day>\d{2}))?))?")


_MONTHS = {Precision.YEAR: 12, Precision.HALF: 6, Precision.QUARTER: 3, Precision.MONTH: 1}


# Called for the same few periods again and again. A year has 19 periods besides its days.
@lru_cache(maxsize=1024)
def _last_day(first: date, precision: Precision) -> date:
    last_month = first.month + _MONTHS[precision] - 1
    return date(first.year, last_month, calendar.monthrange(first.year, last_month)[1])


_LAST = datetime.max.replace(tzinfo=UTC)


def shifted(day: date, by: timedelta) -> date:
    """The day at this distance. Clamped to the first and the last day of the calendar."""
    try:
        return day + by
    except OverflowError:
        return date.max if by > timedelta(0) else date.min


def later(at: datetime, by: timedelta) -> datetime:
    """The instant at this distance after ``at``. Clamped to the last instant of the calendar."""
    return at + min(by, _LAST - at)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A year, half, quarter, month or day. Ordered by its first day, then coarser before finer."""

    start: date
    precision: Precision

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Parse the ISO-like text of a period.

        Raises:
            ValueError: the text is not a period, or names a day that does not exist.
        """
        match = _TEXT.fullmatch(text)
        if match is None:
            raise ValueError(f"invalid date {text!r}: write YYYY, YYYY-H1, YYYY-Q3, YYYY-MM or YYYY-MM-DD")
        year = int(match["year"])
        if match["half"]:
            return cls(date(year, 6 * int(match["half"]) - 5, 1), Precision.HALF)
        if match["quarter"]:
            return cls(date(year, 3 * int(match["quarter"]) - 2, 1), Precision.QUARTER)
        if match["day"]:
            return cls(date(year, int(match["month"]), int(match["day"])), Precision.DAY)
        if match["month"]:
            return cls(date(year, int(match["month"]), 1), Precision.MONTH)
        return cls(date(year, 1, 1), Precision.YEAR)

    @classmethod
    def year(cls, year: int) -> "Period":
        return cls(date(year, 1, 1), Precision.YEAR)

    @classmethod
    def half(cls, year: int, half: int) -> "Period":
        return cls(date(year, 6 * half - 5, 1), Precision.HALF)

    @classmethod
    def quarter(cls, year: int, quarter: int) -> "Period":
        return cls(date(year, 3 * quarter - 2, 1), Precision.QUARTER)

    @classmethod
    def month(cls, year: int, month: int) -> "Period":
        return cls(date(year, month, 1), Precision.MONTH)

    @classmethod
    def day(cls, day: date) -> "Period":
        return cls(day, Precision.DAY)

    @property
    def end(self) -> date:
        """The last day of the period, inclusive."""
        return self.start if self.precision is Precision.DAY else _last_day(self.start, self.precision)

    @property
    def since(self) -> datetime:
        """The first instant of the period, in UTC."""
        return datetime.combine(self.start, time(), UTC)

    @property
    def until(self) -> datetime:
        """The first instant after the period, in UTC. Clamped to the last instant of the calendar."""
        return later(datetime.combine(self.end, time(), UTC), timedelta(days=1))

    def contains(self, other: "Period") -> bool:
        """Whether the other period lies within this one. A period contains itself."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Period") -> bool:
        """Whether the two have a day in common, so that they may mean the same moment."""
        return self.start <= other.end and other.start <= self.end

    @property
    def is_exact(self) -> bool:
        """Whether it is one day."""
        return self.precision is Precision.DAY

    def days_after(self, other: "Period") -> int:
        """By how many days this period is later than the other. Negative if it is earlier, 0 if the two overlap.

        What is late is counted between their last days, as nothing is late before its period has passed. What is early
        is counted between their first days. So the day before a month is one day early, and not a month.
        """
        if self.overlaps(other):
            return 0
        return (self.end - other.end if self.start > other.start else self.start - other.start).days

    def __str__(self) -> str:
        year, month = f"{self.start.year:04d}", self.start.month
        return {
            Precision.YEAR: year,
            Precision.HALF: f"{year}-H{(month + 5) // 6}",
            Precision.QUARTER: f"{year}-Q{(month + 2) // 3}",
            Precision.MONTH: f"{year}-{month:02d}",
            Precision.DAY: self.start.isoformat(),
        }[self.precision]
