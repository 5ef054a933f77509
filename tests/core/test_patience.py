"""How long failed logins make the next attempt wait."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.access import OF_ACCOUNT, OF_STRANGERS, Failures, Patience
from tests.builders import NOW

ZERO = timedelta(0)


def failed(times: int, patience: Patience = OF_ACCOUNT) -> Failures:
    failures = Failures()
    for _ in range(times):
        failures = failures.and_one(patience, NOW)
    return failures


def test_who_mistypes_a_few_times_does_not_wait() -> None:
    assert Failures().wait(OF_ACCOUNT, NOW) == ZERO
    assert failed(4).wait(OF_ACCOUNT, NOW) == ZERO


def test_each_further_failure_doubles_the_wait_up_to_a_minute() -> None:
    waits = [failed(number).wait(OF_ACCOUNT, NOW).total_seconds() for number in range(5, 13)]

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.parametrize("patience", [OF_ACCOUNT, OF_STRANGERS])
@given(times=st.integers(0, 10_000), hours=st.integers(-10_000, 10_000))
def test_nobody_is_locked_out_for_long_whatever_the_clock_does(patience: Patience, times: int, hours: int) -> None:
    wait = Failures(times, NOW).wait(patience, NOW + timedelta(hours=hours))

    assert ZERO <= wait <= patience.longest + patience.line


def test_those_in_line_have_their_turns_one_after_the_other() -> None:
    failures, turns = failed(60, OF_STRANGERS), []
    for _ in range(3):
        turns.append(failures.wait(OF_STRANGERS, NOW))
        failures = failures.and_one(OF_STRANGERS, NOW + turns[-1])

    assert [each.total_seconds() for each in turns] == [1, 2, 3]


def test_a_clock_that_was_set_back_makes_nobody_wait() -> None:
    assert failed(20).wait(OF_ACCOUNT, NOW - timedelta(hours=1)) == ZERO
