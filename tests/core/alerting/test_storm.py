"""When so much comes at once that it is told as one message."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.alerting.bundling import HOUR, SETTLING, Recent, burst, storm

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def projects(count: int) -> list[str]:
    """Of so many changes, each of another one."""
    return [f"n{number}" for number in range(count)]


def alone(*minutes_ago: float) -> list[Recent]:
    """Changes that were told so long ago, each of another project."""
    moments = [NOW - minutes * MINUTE for minutes in minutes_ago]
    return [Recent(at=at, due_at=at, project=f"r{number}", together=False) for number, at in enumerate(moments)]


def waiting(count: int, *, since: float, until: float) -> list[Recent]:
    """Changes that came so many minutes ago and go together in so many."""
    one = Recent(at=NOW - since * MINUTE, due_at=NOW + until * MINUTE, project="w", together=True)
    return [one] * count


@pytest.mark.parametrize(
    ("new", "recent", "until", "reason"),
    [
        pytest.param(1, [], None, "", id="one change"),
        pytest.param(10, [], None, "", id="half of an hour's"),
        pytest.param(11, [], 10, "11 changes came in 10 minutes", id="more than that"),
        pytest.param(500, [], 10, "500 changes came in 10 minutes", id="an archive"),
        pytest.param(1, alone(*range(10)), 10, "11 changes came in 10 minutes", id="one after the other"),
        pytest.param(1, alone(*range(10, 20)), None, "", id="a while ago"),
        pytest.param(1, alone(*range(12, 30)), None, "", id="room is left"),
        pytest.param(1, alone(*range(12, 31)), 10, "room for 20 messages in an hour", id="room for what waits only"),
        pytest.param(1, alone(*range(12, 52, 2)), 10, "room for 20 messages in an hour", id="the oldest leaves sooner"),
        pytest.param(1, alone(*range(12, 32)), 29, "room for 20 messages in an hour", id="when the oldest leaves"),
        pytest.param(
            1,
            [*alone(*range(5)), *waiting(20, since=2, until=4)],
            4,
            "26 changes came in 10 minutes",
            id="it goes with those that wait",
        ),
        pytest.param(
            1, waiting(30, since=30, until=-15), None, "", id="what went together was one message, and is over"
        ),
        pytest.param(
            1,
            waiting(30, since=5, until=70),
            10,
            "31 changes came",
            id="what waits longer is not joined",
        ),
    ],
)
def test_a_storm_waits_and_says_why(new: int, recent: list[Recent], until: float | None, reason: str) -> None:
    found = storm(projects(new), recent, at_most=20, now=NOW)

    if until is None:
        assert found is None
    else:
        assert found is not None
        assert found.until == NOW + until * MINUTE
        assert reason in found.reason


def test_who_takes_few_messages_has_a_storm_sooner() -> None:
    assert burst(2) == 1
    assert storm(["a"], [], at_most=2, now=NOW) is None
    assert storm(["a", "b"], [], at_most=2, now=NOW) is not None


def test_what_is_told_of_one_project_at_one_time_is_one_message() -> None:
    recent = [replace(each, at=NOW - HOUR / 2, due_at=NOW - HOUR / 2, project="a") for each in alone(*range(10))]

    assert storm(["a"] * 2, recent, at_most=4, now=NOW) is None
    assert storm(["a", "b"], recent, at_most=3, now=NOW) is not None


def lived(arrivals: list[tuple[timedelta, int]], at_most: int) -> list[Recent]:
    """What a subscriber is owed when so many changes come after such pauses."""
    owed: list[Recent] = []
    now = NOW
    for pause, new in arrivals:
        now += pause
        recent = [each for each in owed if now - HOUR < each.due_at <= now + HOUR]
        found = storm(projects(new), recent, at_most=at_most, now=now)
        due_at = found.until if found is not None else now
        owed += [Recent(at=now, due_at=due_at, project=p, together=found is not None) for p in projects(new)]
    return owed


streams = st.lists(st.tuples(st.timedeltas(timedelta(0), 40 * MINUTE), st.integers(1, 30)), max_size=40)


@given(streams, st.integers(2, 30))
def test_nothing_is_lost_and_nothing_waits_longer_than_an_hour(
    arrivals: list[tuple[timedelta, int]], at_most: int
) -> None:
    owed = lived(arrivals, at_most)

    assert len(owed) == sum(new for _, new in arrivals)
    assert all(each.at <= each.due_at <= each.at + HOUR for each in owed)


@given(streams, st.integers(2, 30))
def test_in_no_hour_are_more_messages_sent_than_are_taken(arrivals: list[tuple[timedelta, int]], at_most: int) -> None:
    owed = lived(arrivals, at_most)
    messages = [each.due_at for each in owed if not each.together]
    messages += {each.due_at for each in owed if each.together}

    for last in messages:
        assert sum(1 for at in messages if last - HOUR < at <= last) <= at_most


@given(st.integers(0, 30), st.integers(2, 40), st.timedeltas(timedelta(0), 20 * timedelta(seconds=1)))
def test_a_burst_is_some_messages_and_then_one(before: int, at_most: int, pause: timedelta) -> None:
    owed = lived([(pause, 1)] * (30 + before), at_most)
    within = [each for each in owed if each.at <= NOW + SETTLING]

    assert sum(1 for each in within if not each.together) <= burst(at_most)
    assert len({each.due_at for each in within if each.together}) <= 1
