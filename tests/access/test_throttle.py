"""What the throttle of logins keeps, how little of it, and whom it makes wait."""

from datetime import timedelta

from monitor.access.door import _COUNTERS, LoginAttempt, LoginThrottle
from monitor.core.access import OF_STRANGERS
from tests.builders import NOW

ZERO = timedelta(0)


def of(name: str = "ada", mark: str = "", address: str = "192.0.2.1") -> LoginAttempt:
    return LoginAttempt(name=name, mark=mark, address=address)


def fail(throttle: LoginThrottle, attempt: LoginAttempt, times: int) -> None:
    for _ in range(times):
        throttle.begin(attempt, NOW)


def test_who_succeeds_starts_again() -> None:
    throttle = LoginThrottle()
    fail(throttle, of(), 5)
    assert throttle.wait(of(), NOW) > ZERO

    throttle.succeed(of())

    assert throttle.wait(of(), NOW) == ZERO


def test_a_mark_is_good_for_one_account_of_one_process() -> None:
    throttle = LoginThrottle()
    mark = throttle.succeed(of())
    assert throttle.succeed(of(mark=mark)) == mark
    fail(throttle, of(), 9)
    fail(throttle, of("bob"), 9)

    assert throttle.wait(of(mark=mark), NOW) == ZERO
    assert throttle.wait(of("bob", mark), NOW) > ZERO
    fail(throttle, of(mark=mark), 9)
    assert throttle.wait(of(mark=mark), NOW) > ZERO
    other = LoginThrottle()
    fail(other, of(), 9)
    assert other.wait(of(mark=mark), NOW) > ZERO


def test_strangers_of_another_network_wait_for_nothing() -> None:
    throttle = LoginThrottle()
    fail(throttle, of(), 9)
    for number in range(500):
        throttle.begin(of(f"name{number}"), NOW)

    there = of(address="192.0.2.2")
    assert throttle.wait(of(), NOW) > ZERO
    assert (throttle.wait(there, NOW), throttle.begin(there, NOW)) == (ZERO, ZERO)


def test_who_tries_ever_new_names_delays_others_of_the_network_by_turns_alone() -> None:
    throttle, now, waits = LoginThrottle(), NOW, list[timedelta]()
    for number in range(200):  # one after the other, each as soon as the one before is answered
        now += throttle.begin(of(f"name{number}"), now)
        waits.append(throttle.wait(of(), now))

    assert waits == [ZERO] * 200
    assert ZERO < throttle.begin(of(), now) <= OF_STRANGERS.longest


def test_the_line_is_short_and_further_attempts_are_refused() -> None:
    throttle, made = LoginThrottle(), 0
    while not throttle.wait(of(f"name{made}"), NOW):
        assert throttle.begin(of(f"name{made}"), NOW) <= OF_STRANGERS.line
        made += 1

    assert OF_STRANGERS.free < made < OF_STRANGERS.free + 20


def test_many_networks_that_try_one_name_stand_in_line() -> None:
    throttle = LoginThrottle()
    for number in range(55):
        throttle.begin(of(address=f"198.51.100.{number}"), NOW)

    assert throttle.begin(of(), NOW) > ZERO
    assert throttle.begin(of("bob"), NOW) == ZERO


def test_all_addresses_of_a_house_are_one() -> None:
    throttle = LoginThrottle()
    for number in range(9):
        throttle.begin(of(address=f"2001:db8::{number:x}"), NOW)
        throttle.begin(of(address="::ffff:192.0.2.1"), NOW)

    assert throttle.wait(of(address="2001:db8::ffff"), NOW) > ZERO
    assert throttle.wait(of(address="192.0.2.1"), NOW) > ZERO
    assert throttle.wait(of(address="2001:db8:0:1::1"), NOW) == ZERO


def test_many_names_do_not_fill_the_memory_and_the_last_ones_are_kept() -> None:
    throttle = LoginThrottle()
    for number in range(_COUNTERS // 2 + 50):
        throttle.begin(of(f"name{number}" + "x" * 500, address=f"unknown {number % 7}"), NOW)
        throttle.begin(of(), NOW)

    assert len(throttle._counters) == _COUNTERS
    assert max(map(len, throttle._counters)) < 200
    assert throttle._counters["name ada"].number == _COUNTERS // 2 + 50
