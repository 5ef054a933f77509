"""When to try again, when to look again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.timing import LONGEST_WAIT, MAX_ATTEMPTS, Polling, next_attempt, next_poll, parse_retry_after

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
POLICY = Polling()

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
    ("every", "failures", "max_age", "retry_after", "jitter", "wait"),
    [
        pytest.param(None, 0, None, None, 0.5, 30 * MINUTE, id="the interval of all feeds"),
        pytest.param(None, 0, None, None, 0.0, 27 * MINUTE, id="a tenth sooner"),
        pytest.param(15 * MINUTE, 0, None, None, 0.5, 15 * MINUTE, id="a feed's own interval"),
        pytest.param(1 * MINUTE, 0, None, None, 0.5, 5 * MINUTE, id="never more often than the fastest"),
        pytest.param(None, 0, 3600.0, None, 0.5, 1 * HOUR, id="the answer is fresh for an hour"),
        pytest.param(None, 0, 60.0, None, 0.5, 30 * MINUTE, id="the answer is fresh for less than the interval"),
        pytest.param(None, 0, 1e8, None, 0.5, 24 * HOUR, id="fresh for years: the slowest"),
        pytest.param(None, 1, None, None, 0.0, 30 * MINUTE, id="a failure is never asked sooner"),
        pytest.param(None, 1, None, None, 0.5, 45 * MINUTE, id="one failure: up to twice the interval"),
        pytest.param(None, 3, None, None, 0.5, 135 * MINUTE, id="three failures: up to eight times"),
        pytest.param(None, 10_000, None, None, 0.5, 12.25 * HOUR, id="years of failures: up to the slowest"),
        pytest.param(None, 1, None, 7200.0, 0.5, 2 * HOUR, id="asked to wait, it waits"),
        pytest.param(None, 1, None, 1e9, 0.5, 24 * HOUR, id="asked to wait for years: the slowest"),
        pytest.param(48 * HOUR, 0, None, None, 0.5, 48 * HOUR, id="the operator may go slower than the slowest"),
        pytest.param(48 * HOUR, 5, None, None, 0.5, 48 * HOUR, id="and failing changes nothing there"),
    ],
)
def test_a_feed_is_asked_again(
    *,
    every: timedelta | None,
    failures: int,
    max_age: float | None,
    retry_after: float | None,
    jitter: float,
    wait: timedelta,
) -> None:
    at = next_poll(
        NOW,
        every=every,
        failures=failures,
        max_age=max_age,
        retry_after=retry_after,
        policy=POLICY,
        jitter=jitter,
    )

    assert at == NOW + wait


@given(
    st.integers(0, 1000),
    st.none() | st.floats(allow_nan=False),
    st.none() | st.floats(allow_nan=False),
    jitters,
)
def test_a_feed_is_neither_hammered_nor_given_up(
    failures: int, max_age: float | None, retry_after: float | None, jitter: float
) -> None:
    at = next_poll(
        NOW,
        every=None,
        failures=failures,
        max_age=max_age,
        retry_after=retry_after,
        policy=POLICY,
        jitter=jitter,
    )

    assert NOW + POLICY.fastest <= at <= NOW + POLICY.slowest


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
