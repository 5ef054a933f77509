"""How quickly a service is sent to."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.alerting.limits import PACES, UNBOUNDED, UNKNOWN, Bucket, Limit, ServicePace, pace_of
from tests.builders import NOW

FIVE = Limit(messages=5, per=timedelta(seconds=2))


def test_a_burst_goes_at_once_and_then_one_at_a_time() -> None:
    bucket = Bucket()
    for _ in range(5):
        assert bucket.ready_at(FIVE, NOW) == NOW
        bucket = bucket.take(FIVE, NOW)

    assert bucket.ready_at(FIVE, NOW) == NOW + FIVE.interval
    assert bucket.ready_at(FIVE, NOW + FIVE.per) == NOW + FIVE.per


def test_a_bucket_that_has_rested_takes_a_whole_burst_again() -> None:
    bucket = Bucket().take(FIVE, NOW)
    later = NOW + timedelta(hours=1)
    for _ in range(5):
        assert bucket.ready_at(FIVE, later) == later
        bucket = bucket.take(FIVE, later)

    assert bucket.ready_at(FIVE, later) > later


@given(
    st.integers(1, 60),
    st.integers(1, 600),
    st.lists(st.floats(0, 30), max_size=80),
)
def test_no_period_sees_more_than_two_bursts_and_the_mean_is_kept(
    messages: int, seconds: int, pauses: list[float]
) -> None:
    limit = Limit(messages=messages, per=timedelta(seconds=seconds))
    bucket, now, sent = Bucket(), NOW, []
    for pause in pauses:
        now = bucket.ready_at(limit, now + timedelta(seconds=pause))
        sent.append(now)
        bucket = bucket.take(limit, now)

    for number, first in enumerate(sent):
        for count, last in enumerate(sent[number:], start=1):
            # To within what microseconds round.
            assert count <= limit.messages + (last - first) / limit.interval + 1 + 1e-3


@pytest.mark.parametrize(
    ("scheme", "pace"),
    [
        ("slack", PACES["slack"]),
        ("json", ServicePace()),
        ("mailtos", ServicePace()),
        ("pushover", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_each_service_has_its_pace(scheme: str, pace: ServicePace) -> None:
    assert pace_of(scheme) == pace
    assert not UNBOUNDED & PACES.keys()


def test_a_clock_that_is_set_back_keeps_no_bucket_empty() -> None:
    bucket, yesterday = Bucket(), NOW - timedelta(days=1)
    for _ in range(5):
        bucket = bucket.take(FIVE, NOW)

    assert bucket.ready_at(FIVE, yesterday) == yesterday
    assert bucket.take(FIVE, yesterday).ready_at(FIVE, yesterday) == yesterday
