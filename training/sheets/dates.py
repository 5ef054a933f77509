"""How a date is said in an article, and what period it then means.

The conventions are those of the reader: the beginning of a year is its first quarter, its end the last, its middle
the year; spring, summer and autumn are the second, third and fourth quarter.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from monitor.core.periods import Period, Precision
from training.sheets.chance import pick

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ORDINALS = ("first", "second", "third", "fourth")
SEASONS = {2: "spring", 3: "summer", 4: "autumn"}


@dataclass(frozen=True, slots=True)
class Said:
    """A period and the way to say it."""

    period: Period
    say: str


def say(rng: random.Random, published: date, when: date) -> Said | None:
    """One way to say a time, past or to come; None where no way fits."""
    ways = [(weight, Said(period, text)) for weight, period, text in _ways(published, when)]
    fitting = [(weight, said) for weight, said in ways if _fits(said.period, published, past=when <= published)]
    return pick(rng, fitting) if fitting else None


def _fits(period: Period, published: date, *, past: bool) -> bool:
    """What has happened lies behind the day of publishing, what is expected is not over."""
    if period.precision is Precision.DAY:
        return period.start <= published if past else period.start > published
    if not past:
        return period.end > published
    is_this = period.start <= published <= period.end
    return period.end < published or (is_this and period.precision in {Precision.YEAR, Precision.MONTH})


def _ways(published: date, when: date) -> Iterator[tuple[float, Period, str]]:
    yield from _days(published, when)
    yield from _months(published, when)
    yield from _quarters(published, when)
    yield from _years(published, when)


def _days(published: date, when: date) -> Iterator[tuple[float, Period, str]]:
    distance, day = (when - published).days, Period.day(when)
    near = {0: "today", -1: "yesterday", 1: "tomorrow"}
    if distance in near:
        yield 7, day, near[distance]
    elif -6 <= distance < 0:
        yield 7, day, f"on {DAYS[when.weekday()]}, the last one"
    elif 0 < distance <= 6:
        yield 7, day, f"this coming {DAYS[when.weekday()]}"
    if abs(distance) <= 75:
        yield 3, day, f"{when.day} {MONTHS[when.month - 1]}, without the year"
    if abs(distance) > 3:
        yield 2.2 if abs(distance) < 400 else 0.7, day, f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def _months(published: date, when: date) -> Iterator[tuple[float, Period, str]]:
    shift = (when.year - published.year) * 12 + when.month - published.month
    month, name = Period.month(when.year, when.month), MONTHS[when.month - 1]
    if shift == 0 and (published - when).days > 0:
        yield 1, month, "earlier this month"
    if shift in {-1, 1}:
        yield 2.5, month, "last month" if shift < 0 else "next month"
    if 2 <= shift <= 11 or shift == 18:
        yield 1.3, month, f"in {shift} months, counted from today"
    if -11 <= shift <= -2 or shift == -18:
        yield 1.3, month, f"{-shift} months ago, counted from today"
    if shift and abs(shift) <= 8:
        yield 2, month, f"{name}, without the year"
    if shift:
        yield 4.5 if abs(shift) <= 60 else 2, month, f"{name} {when.year}"


def _quarters(published: date, when: date) -> Iterator[tuple[float, Period, str]]:
    number, year = (when.month + 2) // 3, when.year
    quarter = Period.quarter(year, number)
    yield 2.2, quarter, f"the {ORDINALS[number - 1]} quarter of {year}"
    yield 1.6, Period.half(year, (number + 1) // 2), f"the {ORDINALS[(number - 1) // 2]} half of {year}"
    shift = (year - published.year) * 4 + number - (published.month + 2) // 3
    if shift in {-1, 1}:
        yield 0.7, quarter, "last quarter" if shift < 0 else "next quarter"
    if number in SEASONS:
        yield 0.9, quarter, f"the {SEASONS[number]} of {year}"
    if number == 1:
        yield 1.8, quarter, f"early {year}"
        if year == published.year + 1:
            yield 1, quarter, "early next year"
    if number == 4:
        yield 1.8, quarter, f"the end of {year}"
        if year == published.year and when > published:
            yield 2, quarter, "before this year is out"
        if year == published.year - 1:
            yield 0.8, quarter, "late last year"


def _years(published: date, when: date) -> Iterator[tuple[float, Period, str]]:
    shift, year = when.year - published.year, Period.year(when.year)
    near = {-1: "last year", 0: "this year", 1: "next year"}
    if shift in near:
        yield 1.5 if shift else 0.8, year, near[shift]
    if 2 <= shift <= 6:
        yield 1.5, year, f"in {shift} years, counted from today"
        yield 1, year, f"by {when.year} at the latest"
    if -9 <= shift <= -2:
        yield 1, year, f"{-shift} years ago, counted from today"
    if shift:
        yield 3.5, year, str(when.year)
    if when.month in {5, 6, 7, 8} and shift >= 0:
        yield 0.7, year, f"the middle of {when.year}"
