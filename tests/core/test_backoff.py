"""When to try again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.backoff import (
    LONGEST_REST,
    LONGEST_WAIT,
    MAX_ATTEMPTS,
    SKEW,
    believed,
    next_attempt,
    parse_retry_after,
    rest,
)

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

jitters = st.floats(0, 1, exclude_max=True)


@pytest.mark.parametrize(
    ("attempts", "retry_after", "jitter", "wait"),
    [
        pytest.param(1, None, 0.0, timedelta(), id="chance may say at once"),
        pytest.param(1, None, 0.5, 15 * SECOND, id="the first ceiling is 30 seconds"),
        pytest.param(2, None, 0.5, 30 * SECOND, id="each ceiling is twice the last"),
        pytest.param(5, None, 0.5, 4 * MINUTE, id="the fifth is 8 minutes"),
        pytest.param(11, None, 0.5, 3 * HOUR, id="no ceiling is above 6 hours"),
        pytest.param(1, 90.0, 0.0, 90 * SECOND, id="asked to wait, it waits"),
        pytest.param(1, 90.0, 0.5, 105 * SECOND, id="and does not come with all the others"),
        pytest.param(8, 1.0, 0.5, 32 * MINUTE, id="asked to wait less than it would, it waits as it would"),
        pytest.param(1, 1e9, 0.0, 6 * HOUR, id="asked to wait for years, 6 hours"),
        pytest.param(1, float("inf"), 0.0, 6 * HOUR, id="asked to wait for ever, 6 hours"),
        pytest.param(1, -5.0, 0.0, timedelta(), id="asked to have come before, it comes now"),
    ],
)
def test_a_failed_attempt_is_tried_again(
    attempts: int, retry_after: float | None, jitter: float, wait: timedelta
) -> None:
    assert next_attempt(NOW, attempts, retry_after, jitter) == NOW + wait


def test_after_the_last_attempt_there_is_no_other() -> None:
    assert next_attempt(NOW, MAX_ATTEMPTS - 1, None, 0.9) is not None
    assert next_attempt(NOW, MAX_ATTEMPTS, None, 0.0) is None
    assert next_attempt(NOW, MAX_ATTEMPTS + 5, 10.0, 0.0) is None


@given(st.integers(1, MAX_ATTEMPTS - 1), st.none() | st.floats(allow_nan=False), jitters)
def test_no_wait_is_negative_or_longer_than_the_longest(
    attempts: int, retry_after: float | None, jitter: float
) -> None:
    at = next_attempt(NOW, attempts, retry_after, jitter)

    assert at is not None
    assert NOW <= at <= NOW + LONGEST_WAIT


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        pytest.param("120", 120.0, id="seconds"),
        pytest.param(" 0 ", 0.0, id="none, with spaces"),
        pytest.param("9" * 5000, 999999999999.0, id="more digits than a number takes"),
        pytest.param("Tue, 01 Sep 2026 12:01:00 GMT", 60.0, id="a date"),
        pytest.param("Tue, 01 Sep 2026 12:01:00", 60.0, id="a date without zone is in UTC"),
        pytest.param("Tue, 01 Sep 2026 11:00:00 GMT", 0.0, id="a date that has passed"),
        pytest.param("soon", None, id="neither"),
        pytest.param("1.5", None, id="no fractions"),
        pytest.param("٣٠", None, id="no other digits"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="absent"),
    ],
)
def test_retry_after_is_read(header: str | None, seconds: float | None) -> None:
    assert parse_retry_after(header, NOW) == seconds


@given(st.text())
def test_any_retry_after_is_survived(header: str) -> None:
    seconds = parse_retry_after(header, NOW)

    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("failures", "retry_after", "wait"),
    [
        (1, None, timedelta(0)),
        (1, 7.0, timedelta(seconds=7)),
        (2, None, timedelta(seconds=30)),
        (3, 7.0, timedelta(minutes=1)),
        (4, None, timedelta(minutes=2)),
        (400, None, LONGEST_REST),
        (400, 1e9, LONGEST_WAIT),
    ],
)
def test_a_destination_that_fails_again_and_again_is_left_alone_for_longer(
    failures: int, retry_after: float | None, wait: timedelta
) -> None:
    assert rest(failures, retry_after) == wait


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        pytest.param("Wed, 25 Nov 2026 12:00:00 GMT", 600.0, id="its clock is a day ahead"),
        pytest.param("Wed, 25 Nov 2026 12:20:00 GMT", 0.0, id="gone by"),
        pytest.param("yesterday", 87_000.0, id="no date"),
        pytest.param(None, 87_000.0, id="none"),
    ],
)
def test_a_date_to_wait_for_is_told_by_the_servers_clock(date: str | None, seconds: float) -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)

    assert parse_retry_after("Wed, 25 Nov 2026 12:10:00 GMT", now, date) == seconds


def test_a_date_of_a_zone_beyond_all_bounds_is_no_retry_after() -> None:
    assert parse_retry_after(f"Wed, 21 Oct 2026 07:28:00 +{'9' * 30}", NOW) is None


spans = st.timedeltas(timedelta(0), timedelta(days=400))


@given(longest=spans, passed=spans, part=st.floats(0, 1))
def test_a_wait_of_a_right_clock_is_believed_until_it_is_over(
    longest: timedelta, passed: timedelta, part: float
) -> None:
    until = NOW + longest * part

    assert believed(until, NOW + passed, longest) == until


@given(longest=spans, ahead=st.timedeltas(timedelta(days=-400), timedelta(days=400)))
def test_however_the_clock_was_set_no_wait_is_longer_than_the_longest(longest: timedelta, ahead: timedelta) -> None:
    until = NOW + ahead + longest

    assert believed(until, NOW, longest) - NOW <= longest + SKEW


def test_a_clock_that_is_set_by_seconds_ends_no_wait() -> None:
    assert believed(NOW + HOUR, NOW - SKEW, HOUR) == NOW + HOUR
    assert believed(NOW + HOUR, NOW - SKEW - SECOND, HOUR) == NOW - SKEW - SECOND
