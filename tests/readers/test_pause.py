"""When a reader asks nothing."""

from datetime import timedelta

from monitor.readers.asking import LIMIT, Pause
from tests.builders import NOW

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def test_a_pause_ends_at_its_time() -> None:
    pause = Pause()
    pause.until(NOW + LIMIT, "the budget of the day is spent", now=NOW)

    assert pause.reason(NOW) == "the budget of the day is spent"
    assert pause.reason(NOW + LIMIT) is None


def test_a_clock_that_is_set_back_makes_no_pause_longer_than_the_longest() -> None:
    pause = Pause()
    pause.until(NOW + DAY + MINUTE, "the budget of the day is spent", now=NOW + DAY)
    pause.until(NOW + 9 * DAY, "the budget of the day is spent", now=NOW + 8 * DAY)

    assert pause.reason(NOW) is None
    assert pause.after_failure(NOW, "no answer", lasting=False, retry_after=None) == NOW + MINUTE
    assert pause.reason(NOW) == "no answer"
