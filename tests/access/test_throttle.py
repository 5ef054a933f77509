"""What the throttle of logins keeps, and how little of it."""

from datetime import timedelta

from monitor.access.throttle import _COUNTERS, Throttle
from tests.builders import NOW

ZERO = timedelta(0)


def fail(throttle: Throttle, name: str, times: int, mark: str = "") -> None:
    for _ in range(times):
        throttle.begin(name, mark, NOW)


def test_who_succeeds_starts_again() -> None:
    throttle = Throttle()
    fail(throttle, "ada", 5)
    assert throttle.wait("ada", "", NOW) > ZERO

    throttle.succeed("ada", "")

    assert throttle.wait("ada", "", NOW) == ZERO


def test_a_mark_is_good_for_one_account_of_one_process() -> None:
    throttle = Throttle()
    mark = throttle.succeed("ada", "")
    assert throttle.succeed("ada", mark) == mark
    fail(throttle, "ada", 9)
    fail(throttle, "bob", 9)

    assert throttle.wait("ada", mark, NOW) == ZERO
    assert throttle.wait("bob", mark, NOW) > ZERO
    fail(throttle, "ada", 9, mark)
    assert throttle.wait("ada", mark, NOW) > ZERO
    other = Throttle()
    fail(other, "ada", 9)
    assert other.wait("ada", mark, NOW) > ZERO


def test_many_names_do_not_fill_the_memory_and_the_last_ones_are_kept() -> None:
    throttle = Throttle()
    for number in range(_COUNTERS + 50):
        throttle.begin(f"name{number}", "", NOW)
        throttle.begin("ada", "", NOW)

    assert len(throttle._counters) == _COUNTERS
    assert "name name0" not in throttle._counters
    assert throttle._counters["name ada"].number == _COUNTERS + 50
