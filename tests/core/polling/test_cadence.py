"""How a budget of requests is shared among feeds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from math import sqrt
from operator import mul
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.polling.cadence import (
    BURST_LASTS,
    HALF_LIFE,
    Bound,
    Habit,
    Need,
    is_bursting,
    learn,
    need,
    shares,
    waiting,
)

NOW = datetime(2026, 11, 24, tzinfo=UTC)
DAY = timedelta(days=1)
FASTEST, SLOWEST = timedelta(minutes=5), DAY


def share(worths: dict[str, float], a_day: float) -> dict[str, float]:
    """Requests a day to each feed."""
    needs = {feed: Need(worth=worth) for feed, worth in worths.items()}
    found = shares(needs, a_day=a_day, fastest=FASTEST, slowest=SLOWEST)
    return {feed: DAY / share.interval for feed, share in found.items()}


def steady(per_day: float, days: int = 400) -> Habit:
    """A feed that has published so many entries a day, evenly, until now."""
    step = DAY / per_day
    published = [NOW - step * number for number in range(int(days * per_day))]
    return learn(Habit(at=NOW, since=NOW), published, relevant=0, now=NOW)


def test_the_newest_entry_is_remembered_and_none_is_newer_than_now() -> None:
    habit = learn(Habit(at=NOW, since=NOW), [NOW - 3 * DAY, NOW - 5 * DAY], relevant=0, now=NOW)
    later = learn(habit, [NOW - 9 * DAY], relevant=0, now=NOW + DAY)
    forged = learn(later, [NOW + 300 * DAY], relevant=0, now=NOW + 2 * DAY)

    assert (habit.newest_at, later.newest_at, forged.newest_at) == (NOW - 3 * DAY, NOW - 3 * DAY, NOW + 2 * DAY)


def test_requests_go_with_the_root_of_what_a_feed_is_worth() -> None:
    found = share({"a": 1.0, "b": 4.0, "c": 100.0}, a_day=130)

    assert found == pytest.approx({"a": 10, "b": 20, "c": 100}, rel=1e-3)


def test_no_feed_is_asked_more_or_less_often_than_allowed() -> None:
    found = share({"busy": 1e9, "dead": 0.0, "one": 1.0}, a_day=400)

    assert found["busy"] == pytest.approx(288)
    assert found["dead"] == pytest.approx(1)
    assert found["one"] == pytest.approx(111, rel=0.01)


def test_a_feed_whose_entries_scroll_away_is_asked_often_enough() -> None:
    needs = {"quick": Need(worth=0.0, at_most=timedelta(hours=2)), "other": Need(worth=1.0)}

    assert shares(needs, a_day=20, fastest=FASTEST, slowest=SLOWEST)["quick"].interval == timedelta(hours=2)
    assert need(steady(48), trust=0.5, shown=24).at_most == pytest.approx(timedelta(hours=6), rel=0.2)
    assert need(steady(48), trust=0.5, shown=0).at_most is None


def test_a_share_says_what_bounds_it_and_by_which_trust_it_was_made() -> None:
    needs = {
        "busy": Need(worth=1e9),
        "dead": Need(worth=0.0),
        "quick": Need(worth=0.0, at_most=timedelta(hours=2)),
        "one": Need(worth=1.0, trust=0.3),
    }
    found = shares(needs, a_day=400, fastest=FASTEST, slowest=SLOWEST)

    assert {feed: share.bound for feed, share in found.items()} == {
        "busy": Bound.FASTEST,
        "dead": Bound.SLOWEST,
        "quick": Bound.OVERFLOW,
        "one": None,
    }
    assert found["one"].trust == 0.3


def test_a_feed_of_which_nothing_is_known_is_asked_as_often_as_all_on_average() -> None:
    needs = {"quick": Need(worth=64.0), "slow": Need(worth=4.0), "new": Need(worth=0.01, known=0.0)}
    found = shares(needs, a_day=100, fastest=FASTEST, slowest=SLOWEST)
    polls = {feed: DAY / share.interval for feed, share in found.items()}

    assert polls["new"] == pytest.approx(100 * (8 + 2 + 0.1) / 3 / (8 + 2 + (8 + 2 + 0.1) / 3), rel=1e-3)
    assert polls["quick"] / polls["slow"] == pytest.approx(4, rel=1e-3)


def test_without_feeds_there_is_nothing_to_share() -> None:
    assert shares({}, a_day=100, fastest=FASTEST, slowest=SLOWEST) == {}


@given(
    st.dictionaries(st.text(max_size=3), st.floats(0, 1e6), min_size=1, max_size=20),
    st.floats(0, 10_000),
)
def test_the_budget_is_kept_unless_the_slowest_pace_is_more(worths: dict[str, float], a_day: float) -> None:
    found = share(worths, a_day)

    assert sum(found.values()) <= max(a_day, len(worths)) * 1.001
    assert all(1 / 1.001 <= polls <= 288 * 1.001 for polls in found.values())


@pytest.mark.parametrize("per_day", [0.1, 1.0, 24.0])
def test_the_rate_of_a_steady_feed_is_learnt(per_day: float) -> None:
    assert steady(per_day).rate == pytest.approx(per_day, rel=0.2)


def test_a_feed_of_which_nothing_is_known_is_taken_for_a_slow_one() -> None:
    assert Habit(at=NOW, since=NOW).rate == pytest.approx(0.5)


@pytest.mark.parametrize("per_day", [0.1, 1.0, 24.0, 100.0])
def test_what_a_document_shows_at_first_tells_how_quick_a_feed_is(per_day: float) -> None:
    """Even where its entries are of some hours only."""
    shown = [NOW - DAY / per_day * number for number in range(20)]
    habit = learn(Habit(at=NOW, since=NOW), shown, relevant=0, now=NOW, is_news=False)

    assert per_day / 7 < habit.rate < per_day * 2


def test_what_has_no_date_in_the_past_of_a_feed_tells_nothing_of_when_it_publishes() -> None:
    habit = Habit(at=NOW, since=NOW)
    undated = learn(habit, [None] * 30, relevant=3, now=NOW, is_news=False)

    assert (undated.rate, undated.hours, undated.newest_at) == (habit.rate, habit.hours, None)
    assert (undated.read, undated.relevant) == (30, 3)


def test_a_feed_that_shows_no_dates_is_known_by_what_it_brings_or_after_a_day() -> None:
    undated = learn(Habit(at=NOW, since=NOW), [None] * 30, relevant=0, now=NOW, is_news=False)
    hour = NOW + timedelta(hours=1)
    silent, heard = (learn(undated, [at] * 3 if at else [], relevant=0, now=hour) for at in (None, hour))

    assert undated.known == 0.0
    assert silent.known == pytest.approx(1 / 24)
    assert heard.known == pytest.approx(3 / 4)
    assert learn(undated, [], relevant=0, now=NOW + DAY).known == 1.0


def test_what_shows_dates_of_more_than_a_day_or_nothing_at_all_is_known_at_once() -> None:
    assert steady(0.1).known == steady(24).known == Habit(at=NOW, since=NOW).known == 1.0


def test_a_feed_that_falls_silent_is_forgotten_by_and_by() -> None:
    silent = learn(steady(10), [], relevant=0, now=NOW + HALF_LIFE)

    assert silent.rate == pytest.approx(5, rel=0.2)


def test_what_concerns_projects_is_worth_more() -> None:
    hour = [NOW - timedelta(hours=number) for number in range(100)]
    plain, relevant = (learn(Habit(at=NOW, since=NOW), hour, relevant=n, now=NOW) for n in (0, 90))

    assert need(relevant, trust=0.5, shown=0).worth > 10 * need(plain, trust=0.5, shown=0).worth
    assert need(plain, trust=1.0, shown=0).worth == pytest.approx(2 * need(plain, trust=0.5, shown=0).worth)


def test_a_feed_is_asked_more_often_for_two_days_after_news_and_not_after_its_past() -> None:
    habit = Habit(at=NOW, since=NOW)
    past = learn(habit, [NOW], relevant=1, now=NOW, is_news=False)
    news = learn(habit, [NOW], relevant=1, now=NOW)

    assert not is_bursting(habit, NOW)
    assert not is_bursting(past, NOW)
    assert is_bursting(news, NOW + BURST_LASTS - timedelta(seconds=1))
    assert not is_bursting(news, NOW + BURST_LASTS)


def test_a_clock_that_is_set_back_makes_no_burst_longer() -> None:
    news = Habit(at=NOW, since=NOW, relevant_at=NOW)

    assert is_bursting(news, NOW - timedelta(hours=1))
    assert not is_bursting(news, NOW - 30 * DAY)


def test_in_its_busy_hours_a_feed_is_asked_more_often() -> None:
    mornings = [NOW - DAY * number + timedelta(hours=8) for number in range(1, 100)]
    habit = learn(Habit(at=NOW, since=NOW), mornings, relevant=0, now=NOW)
    hour = timedelta(hours=1)

    assert habit.paces[8] == max(habit.paces)
    assert sum(habit.paces) == pytest.approx(24)
    assert waiting(habit, hour / 4, NOW + 8 * hour) < hour / 4 < waiting(habit, hour / 4, NOW + 20 * hour)


@pytest.mark.parametrize("hours", [2, 6, 30])
def test_hours_of_which_nothing_is_known_are_no_quiet_ones(hours: int) -> None:
    """What a document shows of a quick and even feed is of its last hours only."""
    shown = [NOW + timedelta(hours=20, minutes=-10 * number) for number in range(hours * 6)]
    habit = learn(Habit(at=shown[0], since=shown[0]), shown, relevant=0, now=shown[0], is_news=False)

    assert max(habit.paces) < 1.5 * min(habit.paces)


def test_hours_that_were_quiet_for_long_are_known_as_quiet_at_the_first_poll() -> None:
    shown = [NOW + timedelta(hours=8) - DAY * day - timedelta(minutes=20 * n) for day in range(3) for n in range(6)]
    habit = learn(Habit(at=NOW, since=NOW), shown, relevant=0, now=NOW + timedelta(hours=9), is_news=False)

    assert min(habit.paces[6:8]) > 1.5 * max(habit.paces[9:])


def test_the_silence_of_a_feed_that_brings_many_entries_a_day_tells_little() -> None:
    def spread(per_day: float) -> float:
        habit = steady(per_day)
        return habit.eagerness(NOW) / habit.eagerness(NOW + DAY * 3 / per_day)

    assert spread(0.1) > spread(1) > spread(10) > spread(100) > 1
    assert spread(0.1) > 2
    assert spread(10) < 1.3


def test_soon_after_an_entry_a_feed_is_asked_more_often_and_less_the_longer_it_is_silent() -> None:
    published = [NOW - DAY * number for number in range(100)]
    habit = learn(Habit(at=NOW, since=NOW), published, relevant=0, now=NOW)
    paces = [habit.eagerness(NOW + DAY * silence) for silence in (0, 0.1, 0.5, 1, 2, 5, 50)]

    assert paces[:-1] == sorted(set(paces[:-1]), reverse=True)
    assert paces[-1] == paces[-2], "and not ever less"
    assert waiting(habit, DAY / 24, NOW) < waiting(habit, DAY / 24, NOW + 2 * DAY)


@pytest.mark.parametrize("uneven", [1.0, 2.0])
def test_over_all_silences_a_feed_is_asked_about_as_often_as_its_share(uneven: float) -> None:
    """Whether its entries come at equal distances, or as far apart as most are."""
    chance = Random(1)
    gaps = [chance.expovariate(1) ** uneven for _ in range(400)]
    ends = list(accumulate(gap * 400 / sum(gaps) for gap in gaps))
    habit = learn(Habit(at=NOW, since=NOW), [NOW + DAY * (end - 400) for end in ends], relevant=0, now=NOW)
    silences = [replace(habit, newest_at=NOW - DAY * gap * share / 20) for gap in gaps for share in range(20)]
    weights = [gap for gap in gaps for _ in range(20)]

    paces = [silence.eagerness(NOW) for silence in silences]
    assert sum(map(mul, paces, weights)) / sum(weights) == pytest.approx(1, abs=0.2)


@given(
    st.lists(st.integers(0, 23), max_size=200),
    st.floats(1 / 60, 48),
    st.integers(0, 24 * 3600),
)
def test_over_whole_days_the_mean_interval_is_kept(hours: list[int], interval: float, at: int) -> None:
    habit = learn(Habit(at=NOW, since=NOW), [NOW - timedelta(hours=hour + 1) for hour in hours], relevant=0, now=NOW)
    habit = replace(habit, newest_at=None)
    waited = waiting(habit, timedelta(hours=interval), NOW + timedelta(seconds=at))

    slowest, quickest = min(habit.paces), max(habit.paces)
    hour = timedelta(hours=interval)
    assert hour / quickest * 0.999 <= waited <= hour / slowest * 1.001
    assert waiting(habit, DAY, NOW) == pytest.approx(DAY, rel=1e-6)


def test_an_entry_that_is_dated_in_the_future_is_of_now() -> None:
    habit = learn(Habit(at=NOW, since=NOW), [NOW + DAY * 900], relevant=0, now=NOW)

    assert habit.entries == 1
    assert habit.hours[NOW.hour] == 1


def test_the_root_is_what_makes_the_mean_delay_least() -> None:
    """Against shares by the rate, and equal ones, on steady feeds of very different rates."""
    rates = {"a": 0.1, "b": 1.0, "c": 30.0}

    def delay(polls: dict[str, float]) -> float:
        return sum(rate / polls[feed] for feed, rate in rates.items())

    equal = dict.fromkeys(rates, 20.0)
    by_rate = {feed: 60 * rate / sum(rates.values()) for feed, rate in rates.items()}
    found = share(rates, a_day=60)
    best = sum(map(sqrt, rates.values())) ** 2 / 60

    assert delay(found) < min(delay(equal), delay(by_rate))
    assert delay(found) == pytest.approx(best, rel=0.01)
