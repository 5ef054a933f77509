"""Calendar periods as the contracts write them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.periods import Period, Precision, later, shifted


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-H1", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-09-15", date(2026, 9, 15), date(2026, 9, 15)),
    ],
)
def test_a_period_has_a_first_and_a_last_day_and_writes_itself_as_it_was_read(
    text: str, start: date, end: date
) -> None:
    period = Period.parse(text)

    assert (period.start, period.end) == (start, end)
    assert str(period) == text


@pytest.mark.parametrize("text", ["", "26", "2026-13", "2026-Q5", "2026-H3", "2026-02-30", "2026-9", "next year"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|month|day"):
        Period.parse(text)


@pytest.mark.parametrize(
    ("now", "before", "days"),
    [
        ("2026-09-02", "2026-09-01", 1),
        ("2026-09-01", "2026-09-02", -1),
        ("2026-10", "2026-09", 31),
        ("2026-09", "2026-10", -30),
        ("2027", "2026-09", 457),
        ("2026-09-30", "2026-10", -1),
        ("2026-10", "2026-09-30", 31),
        ("2026-09-15", "2026-09", 0),
        ("2026", "2026-09-15", 0),
    ],
)
def test_what_is_later_is_counted_between_last_days_and_what_is_earlier_between_first_days(
    now: str, before: str, days: int
) -> None:
    assert Period.parse(now).days_after(Period.parse(before)) == days


def test_a_period_contains_the_finer_and_overlaps_what_it_shares_a_day_with() -> None:
    year, half, month = Period.year(2026), Period.half(2026, 2), Period.month(2026, 9)

    assert year.contains(half)
    assert half.contains(month)
    assert not month.contains(half)
    assert half.overlaps(Period.quarter(2026, 3))
    assert not half.overlaps(Period.quarter(2026, 2))


periods = st.builds(
    lambda day, precision: Period.parse(
        {
            Precision.YEAR: f"{day.year:04d}",
            Precision.HALF: f"{day.year:04d}-H{(day.month + 5) // 6}",
            Precision.QUARTER: f"{day.year:04d}-Q{(day.month + 2) // 3}",
            Precision.MONTH: f"{day.year:04d}-{day.month:02d}",
            Precision.DAY: day.isoformat(),
        }[precision]
    ),
    st.dates(),
    st.sampled_from(Precision),
)


@given(periods, periods)
def test_containing_is_overlapping_and_text_is_the_whole_value(one: Period, other: Period) -> None:
    assert Period.parse(str(one)) == one
    assert one.contains(one)
    assert one.overlaps(other) == other.overlaps(one)
    assert one.overlaps(other) or not one.contains(other)


def test_a_period_lasts_from_its_first_instant_until_the_first_one_after_it() -> None:
    assert Period.parse("2024-02").since == datetime(2024, 2, 1, tzinfo=UTC)
    assert Period.parse("2024-02").until == datetime(2024, 3, 1, tzinfo=UTC)


@given(st.dates(), st.timedeltas())
def test_no_shift_leaves_the_calendar(day: date, by: timedelta) -> None:
    to = shifted(day, by)

    assert to - day == timedelta(by.days) or to in {date.min, date.max}
    assert (to >= day) if by >= timedelta(0) else (to <= day)


@given(st.datetimes(timezones=st.just(UTC)), st.timedeltas(min_value=timedelta(0)))
def test_no_wait_outlasts_the_calendar(at: datetime, by: timedelta) -> None:
    assert later(at, by) - at == by or later(at, by) == datetime.max.replace(tzinfo=UTC)
