"""When a feed is asked next, and why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.polling.cadence import Bound, BudgetShare, Habit, learn, waiting
from monitor.core.polling.polling import NO_HINTS, WHOLE, Hints, Polling, Rule, appoint, is_asked_whole, span

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
POLICY = Polling()
SHARE = BudgetShare(interval=4 * HOUR, trust=0.7, bound=None)
HABIT = Habit(at=NOW, since=NOW)

jitters = st.floats(0, 1, exclude_max=True)
seconds = st.none() | st.floats(allow_nan=False)


@pytest.mark.parametrize(
    ("every", "failures", "hints", "jitter", "wait"),
    [
        pytest.param(None, 0, NO_HINTS, 0.5, 30 * MINUTE, id="the interval of all feeds"),
        pytest.param(None, 0, NO_HINTS, 0.0, 27 * MINUTE, id="a tenth sooner"),
        pytest.param(15 * MINUTE, 0, NO_HINTS, 0.5, 15 * MINUTE, id="a feed's own interval"),
        pytest.param(1 * MINUTE, 0, NO_HINTS, 0.5, 5 * MINUTE, id="never more often than the fastest"),
        pytest.param(None, 0, Hints(max_age=3600.0), 0.5, 1 * HOUR, id="the answer is fresh for an hour"),
        pytest.param(None, 0, Hints(ttl=3600.0), 0.5, 1 * HOUR, id="the document says so"),
        pytest.param(None, 0, Hints(max_age=3600.0, ttl=7200.0), 0.5, 2 * HOUR, id="the longer of two hints"),
        pytest.param(None, 0, Hints(max_age=60.0), 0.5, 30 * MINUTE, id="fresh for less than the interval"),
        pytest.param(None, 0, Hints(max_age=1e8), 0.5, 24 * HOUR, id="fresh for years: the slowest"),
        pytest.param(None, 1, NO_HINTS, 0.0, 30 * MINUTE, id="a failure is never asked sooner"),
        pytest.param(None, 1, NO_HINTS, 0.5, 45 * MINUTE, id="one failure: up to twice the interval"),
        pytest.param(None, 3, NO_HINTS, 0.5, 135 * MINUTE, id="three failures: up to eight times"),
        pytest.param(None, 10_000, NO_HINTS, 0.5, 12.25 * HOUR, id="years of failures: up to the slowest"),
        pytest.param(None, 1, Hints(retry_after=7200.0), 0.0, 2 * HOUR, id="asked to wait, it waits"),
        pytest.param(None, 1, Hints(retry_after=7200.0), 0.5, 2.1 * HOUR, id="and does not come with all the others"),
        pytest.param(None, 1, Hints(retry_after=1e9), 0.5, 24 * HOUR, id="asked to wait for years: the slowest"),
        pytest.param(48 * HOUR, 0, NO_HINTS, 0.5, 48 * HOUR, id="the operator may go slower than the slowest"),
        pytest.param(48 * HOUR, 5, NO_HINTS, 0.5, 48 * HOUR, id="and failing changes nothing there"),
    ],
)
def test_a_feed_is_asked_again(
    *, every: timedelta | None, failures: int, hints: Hints, jitter: float, wait: timedelta
) -> None:
    found = appoint(
        NOW, every=every, share=None, habit=None, policy=POLICY, jitter=jitter, failures=failures, hints=hints
    )

    assert found.at == NOW + wait
    assert found.reasons[-1].wait == wait


@given(
    st.none() | st.builds(BudgetShare, interval=st.floats(0.1, 24).map(lambda hours: hours * HOUR), trust=st.just(0.5)),
    st.none() | st.just(NOW),
    st.integers(0, 1000),
    st.builds(Hints, max_age=seconds, ttl=seconds, retry_after=seconds),
    jitters,
)
def test_a_feed_is_neither_hammered_nor_given_up(
    share: BudgetShare | None, relevant_at: datetime | None, failures: int, hints: Hints, jitter: float
) -> None:
    policy = Polling(slowest=6 * HOUR)
    found = appoint(
        NOW,
        every=None,
        share=share,
        habit=replace(HABIT, relevant_at=relevant_at),
        policy=policy,
        jitter=jitter,
        failures=failures,
        hints=hints,
    )

    # A tenth less than the fastest interval, by chance.
    assert NOW + policy.fastest * 0.9 <= found.at <= NOW + policy.slowest
    assert found.at == NOW + found.reasons[-1].wait


def rules(
    *,
    every: timedelta | None = None,
    share: BudgetShare | None = None,
    habit: Habit | None = HABIT,
    policy: Polling = POLICY,
    failures: int = 0,
    is_gone: bool = False,
    hints: Hints = NO_HINTS,
    is_awaiting: bool = False,
) -> list[tuple[Rule, timedelta]]:
    """What had a say, and how long the wait was after it."""
    found = appoint(
        NOW,
        every=every,
        share=share,
        habit=habit,
        policy=policy,
        jitter=0.5,
        failures=failures,
        is_gone=is_gone,
        hints=hints,
        is_awaiting=is_awaiting,
    )
    return [(reason.rule, reason.wait) for reason in found.reasons]


def test_each_rule_that_had_a_say_is_told_with_the_wait_after_it() -> None:
    assert rules(every=1 * MINUTE, hints=Hints(max_age=3600, ttl=60)) == [
        (Rule.EVERY, 1 * MINUTE),
        (Rule.FASTEST, 5 * MINUTE),
        (Rule.JITTER, 5 * MINUTE),
        (Rule.MAX_AGE, 1 * HOUR),
    ]
    assert rules(failures=1, hints=Hints(retry_after=7200)) == [
        (Rule.DEFAULT, 30 * MINUTE),
        (Rule.BACK_OFF, 45 * MINUTE),
        (Rule.RETRY_AFTER, 2.1 * HOUR),
    ]


def test_a_share_of_the_budget_is_hastened_by_news_and_bent_by_the_hour() -> None:
    evenings = [NOW - timedelta(days=number) + 8 * HOUR for number in range(1, 100)]
    habit = learn(HABIT, evenings, relevant=1, now=NOW)
    hourly = waiting(habit, 1 * HOUR, NOW)

    assert hourly > 1 * HOUR
    assert rules(share=SHARE, habit=habit) == [
        (Rule.BUDGET, 4 * HOUR),
        (Rule.BURST, 1 * HOUR),
        (Rule.HOUR, hourly),
        (Rule.JITTER, hourly),
    ]
    assert rules(share=SHARE, habit=habit, policy=Polling(slowest=1 * HOUR))[-2] == (Rule.SLOWEST, 1 * HOUR)


def test_what_is_expected_of_a_project_these_days_hastens_a_share_as_news_does() -> None:
    found = rules(share=SHARE, is_awaiting=True)

    assert found[:2] == [(Rule.BUDGET, 4 * HOUR), (Rule.BURST, 1 * HOUR)]
    assert [rule for rule, _ in rules(every=15 * MINUTE, is_awaiting=True)] == [Rule.EVERY, Rule.JITTER]


def test_without_news_there_is_no_burst_and_without_a_habit_no_share() -> None:
    assert [rule for rule, _ in rules(share=SHARE)] == [Rule.BUDGET, Rule.HOUR, Rule.JITTER]
    assert [rule for rule, _ in rules(share=SHARE, habit=None)] == [Rule.DEFAULT, Rule.JITTER]


def test_a_feed_that_is_gone_is_asked_at_the_slowest_at_once() -> None:
    assert rules(every=15 * MINUTE, failures=1, is_gone=True) == [
        (Rule.EVERY, 15 * MINUTE),
        (Rule.GONE, 24 * HOUR),
    ]


@pytest.mark.parametrize(
    ("bound", "words"),
    [
        pytest.param(None, "requests: 0.5 entries a day, 5% of them about projects, trust 0.7", id="free"),
        pytest.param(Bound.FASTEST, "the fastest of any", id="fastest"),
        pytest.param(Bound.SLOWEST, "the slowest of any", id="slowest"),
        pytest.param(Bound.OVERFLOW, "lest entries scroll away", id="overflow"),
    ],
)
def test_a_share_is_explained_by_what_it_was_made_from(bound: Bound | None, words: str) -> None:
    share = replace(SHARE, bound=bound)
    [reason, *_] = appoint(NOW, every=None, share=share, habit=HABIT, policy=POLICY, jitter=0.5).reasons

    assert words in reason.words


def test_a_share_that_is_half_guessed_says_so() -> None:
    habit = replace(HABIT, read=30.0, entries=1.0)
    [reason, *_] = appoint(NOW, every=None, share=SHARE, habit=habit, policy=POLICY, jitter=0.5).reasons

    assert "known to 50% so far, for the rest it is asked as the others are" in reason.words


@pytest.mark.parametrize(
    ("failures", "hints", "words"),
    [
        pytest.param(1, NO_HINTS, "it failed once: anywhere between 1 h and 2 h", id="one failure"),
        pytest.param(3, NO_HINTS, "it failed 3 times in a row: anywhere between 1 h and 8 h", id="three failures"),
        pytest.param(0, Hints(ttl=7200), "the document says that it stays fresh for 2 h", id="a hint"),
        pytest.param(
            1,
            Hints(retry_after=172_800),
            "the server asks to wait 2 d, which is kept to up to 1 d",
            id="a hint beyond the slowest",
        ),
    ],
)
def test_failures_and_hints_are_explained_by_their_numbers(failures: int, hints: Hints, words: str) -> None:
    found = appoint(NOW, every=HOUR, share=None, habit=None, policy=POLICY, jitter=0.5, failures=failures, hints=hints)

    assert found.reasons[-1].words == words


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        pytest.param(45 * SECOND, "45 s", id="seconds"),
        pytest.param(30 * MINUTE + 20 * SECOND, "30 min", id="to the minute"),
        pytest.param(2 * HOUR + 10 * MINUTE, "2 h 10 min", id="hours"),
        pytest.param(24 * HOUR, "1 d", id="a day"),
        pytest.param(51 * HOUR + 10 * MINUTE, "2 d 3 h", id="days are told to the hour"),
    ],
)
def test_a_wait_is_told_so_that_it_can_be_taken_in(wait: timedelta, words: str) -> None:
    assert span(wait) == words


# ---------------------------------------------------------------- pushed by a hub


def pushed(
    lease: timedelta, *, every: timedelta | None = None, policy: Polling = POLICY
) -> list[tuple[Rule, timedelta]]:
    """What had a say where a hub pushes for so long yet."""
    found = appoint(NOW, every=every, share=None, habit=None, policy=policy, jitter=0.5, pushed_until=NOW + lease)
    return [(reason.rule, reason.wait) for reason in found.reasons]


def test_a_feed_that_its_hub_pushes_is_asked_less_often() -> None:
    assert pushed(240 * HOUR)[1] == (Rule.PUSHED, 4 * POLICY.every)


def test_a_feed_is_asked_soon_after_its_hub_may_have_ceased_to_push() -> None:
    assert pushed(2 * POLICY.every)[1] == (Rule.PUSHED, 2 * POLICY.every)
    assert [rule for rule, _ in pushed(-HOUR)] == [Rule.DEFAULT, Rule.JITTER]


def test_a_hub_does_not_change_the_operators_interval() -> None:
    assert [rule for rule, _ in pushed(240 * HOUR, every=HOUR)] == [Rule.EVERY, Rule.JITTER]


def test_no_hub_makes_a_feed_slower_than_the_slowest() -> None:
    assert max(wait for _, wait in pushed(240 * HOUR, policy=Polling(slowest=HOUR))[2:]) <= HOUR


def test_nothing_has_changed_is_not_believed_for_ever() -> None:
    asked = [
        is_asked_whole("https://example.org/feed", NOW + WHOLE * n / 8, NOW + WHOLE * (n + 1) / 8) for n in range(32)
    ]

    assert sum(asked) == 4
    assert is_asked_whole("https://example.org/feed", None, NOW)


@pytest.mark.parametrize(
    ("a_day", "shown", "times"),
    [(1, 40, 16), (40, 40, 64), (4_000, 40, 256), (40, 0, 16)],
    ids=["rare", "slides in a day", "slides in minutes", "shows nothing"],
)
def test_a_feed_whose_entries_slide_away_is_believed_for_less_long(a_day: int, shown: int, times: int) -> None:
    published = [NOW - timedelta(days=1) * number / a_day for number in range(a_day * 200)]
    habit = learn(HABIT, published, relevant=0, now=NOW)

    asked = [
        is_asked_whole("https://e.org/f", NOW + HOUR * n, NOW + HOUR * (n + 1), habit=habit, shown=shown)
        for n in range(32 * 24)
    ]

    assert sum(asked) == pytest.approx(times, abs=10)


def test_each_feed_is_asked_whole_at_a_time_of_its_own() -> None:
    hours = [NOW + timedelta(hours=n) for n in range(49)]
    times = {
        next(at for at in hours if is_asked_whole(f"https://{n}.example/feed", at - timedelta(hours=1), at))
        for n in range(200)
    }

    assert len(times) > 40
