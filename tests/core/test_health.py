"""When the operator is told what ails the monitor: once, after it has lasted, and once more when it is over."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.health import (
    CALM,
    PATIENCE,
    PAUSE,
    Ailment,
    Bulletin,
    FeedHealth,
    Finding,
    Trouble,
    custom,
    feed_findings,
    news,
    observe,
    told,
)

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DISK = Finding(trouble=Trouble.DISK_FULL, subject="/var/lib/monitor", detail="4 % are free")
FEED = Finding(trouble=Trouble.FEED_FAILING, subject="Example Daily", detail="the server failed (500)")


class Ward:
    """Plays the service: what was known, and when the operator was told last."""

    def __init__(self) -> None:
        self.known: tuple[Ailment, ...] = ()
        self.told_at: datetime | None = None
        self.bulletins: list[tuple[datetime, Bulletin]] = []

    def look(self, now: datetime, *found: Finding) -> Bulletin:
        self.known = observe(self.known, found, now)
        bulletin = news(self.known, now=now, told_at=self.told_at)
        if bulletin:
            self.told_at = now
            self.known = told(self.known, bulletin, now)
            self.bulletins.append((now, bulletin))
        return bulletin


def test_what_cannot_wait_is_told_at_once_and_only_once() -> None:
    ward = Ward()

    assert [a.subject for a in ward.look(NOW, DISK).raised] == ["/var/lib/monitor"]
    assert not any(ward.look(NOW + number * HOUR, DISK) for number in range(1, 100))


def test_a_feed_that_fails_for_a_while_is_no_news() -> None:
    ward = Ward()

    told = [ward.look(NOW + number * 10 * MINUTE, FEED) for number in range(36)]

    assert not any(told)
    assert [a.since for a in ward.look(NOW + 6 * HOUR, FEED).raised] == [NOW]


def test_what_is_over_is_told_when_it_has_been_gone_for_a_while() -> None:
    ward = Ward()
    ward.look(NOW, DISK)

    assert not ward.look(NOW + CALM - MINUTE)
    assert [a.detail for a in ward.look(NOW + CALM).recovered] == ["4 % are free"]
    assert ward.known == ()


def test_what_could_not_be_told_is_told_the_next_time() -> None:
    known = observe((), [DISK], NOW)

    assert news(known, now=NOW, told_at=None).raised
    assert news(observe(known, [DISK], NOW + MINUTE), now=NOW + MINUTE, told_at=None).raised


def test_a_bad_day_is_some_messages_and_not_hundreds() -> None:
    ward = Ward()
    feeds = [Finding(trouble=Trouble.FEED_SILENT, subject=f"feed {n}", detail="silent") for n in range(500)]

    for number in range(500):
        ward.look(NOW + number * MINUTE, *feeds[: number + 1])

    assert len(ward.bulletins) <= 500 * MINUTE / PAUSE + 1
    assert sum(len(bulletin.raised) for _, bulletin in ward.bulletins) >= 490


def test_a_clock_that_was_set_back_silences_nothing() -> None:
    ward = Ward()
    ward.look(NOW, DISK)

    assert ward.look(NOW - 300 * DAY, DISK, Finding(trouble=Trouble.CLOCK_JUMPED, subject="", detail="back")).raised


@given(
    st.lists(
        st.tuples(
            st.integers(1, 90),
            st.frozensets(st.sampled_from([(t, s) for t in (*PATIENCE, Trouble.DISK_FULL) for s in ("a", "b")])),
        ),
        max_size=60,
    )
)
def test_telling_and_recovering_take_turns_and_bulletins_keep_their_distance(
    looks: list[tuple[int, frozenset[tuple[Trouble, str]]]],
) -> None:
    ward, now = Ward(), NOW
    for minutes, found in looks:
        now += minutes * MINUTE
        ward.look(now, *(Finding(trouble=trouble, subject=subject, detail="x") for trouble, subject in found))

    times = [at for at, _ in ward.bulletins]
    assert all(later - sooner >= PAUSE for sooner, later in itertools.pairwise(times))
    said: dict[tuple[Trouble, str], list[str]] = {}
    for _, bulletin in ward.bulletins:
        for word, ailments in (("over", bulletin.recovered), ("ill", bulletin.raised)):
            for ailment in ailments:
                said.setdefault((ailment.trouble, ailment.subject), []).append(word)
    assert all(words == (["ill", "over"] * len(words))[: len(words)] for words in said.values())


# ---------------------------------------------------------------- feeds


@pytest.mark.parametrize(
    ("feed", "found"),
    [
        pytest.param(FeedHealth(name="f"), [], id="never asked"),
        pytest.param(FeedHealth(name="f", rate=5.0, newest_at=NOW - 6 * DAY), [], id="a quiet week"),
        pytest.param(
            FeedHealth(name="f", rate=5.0, newest_at=NOW - 8 * DAY), [Trouble.FEED_SILENT], id="silent for too long"
        ),
        pytest.param(FeedHealth(name="f", rate=0.1, newest_at=NOW - 190 * DAY), [], id="one that says little"),
        pytest.param(
            FeedHealth(name="f", failures=1, error="the server failed (500)"), [Trouble.FEED_FAILING], id="failing"
        ),
        pytest.param(
            FeedHealth(name="f", failures=2, error="blocked by bot protection (Cloudflare), status 403"),
            [Trouble.FEED_BLOCKED],
            id="blocked",
        ),
        pytest.param(
            FeedHealth(name="f", failures=1, error="no", rate=5.0, newest_at=NOW - 80 * DAY),
            [Trouble.FEED_FAILING],
            id="failing, and therefore silent",
        ),
        pytest.param(FeedHealth(name="f", next_poll_at=NOW - 61 * MINUTE), [Trouble.FEEDS_LATE], id="late"),
        pytest.param(FeedHealth(name="f", next_poll_at=NOW - 59 * MINUTE), [], id="hardly late"),
    ],
)
def test_what_is_wrong_with_a_feed(feed: FeedHealth, found: list[Trouble]) -> None:
    assert [finding.trouble for finding in feed_findings([feed], NOW)] == found


def test_lateness_is_one_finding_for_all_feeds() -> None:
    late = [FeedHealth(name=f"{n}", next_poll_at=NOW - 2 * HOUR) for n in range(300)]

    (finding,) = feed_findings(late, NOW)

    assert finding.detail.startswith("300 are due")


def test_a_busy_feed_may_be_silent_for_a_week_and_a_rare_one_for_longer() -> None:
    assert custom(50.0) == 7 * DAY
    assert custom(1.0) == 20 * DAY


def test_what_began_while_the_clock_ran_ahead_is_told_in_time() -> None:
    ward = Ward()
    ward.look(NOW + DAY, FEED)

    assert not ward.look(NOW, FEED)
    assert ward.look(NOW + PATIENCE[Trouble.FEED_FAILING], FEED).raised


# ---------------------------------------------------------------- no network

OFFLINE = Finding(trouble=Trouble.NO_NETWORK, subject="", detail="79 feeds not asked")
LATE = Finding(trouble=Trouble.FEEDS_LATE, subject="", detail="79 are due for more than an hour")


def troubles(ailments: tuple[Ailment, ...]) -> list[Trouble]:
    return [ailment.trouble for ailment in ailments]


def test_a_network_that_was_gone_for_minutes_is_no_news() -> None:
    ward = Ward()

    told = [ward.look(NOW + number * MINUTE, OFFLINE) for number in range(30)]

    assert not any(told)
    assert troubles(ward.look(NOW + 30 * MINUTE, OFFLINE).raised) == [Trouble.NO_NETWORK]


def test_a_network_that_is_back_is_over_within_minutes() -> None:
    known = observe((), [OFFLINE], NOW)

    assert troubles(observe(known, [], NOW + 2 * MINUTE)) == [Trouble.NO_NETWORK]
    assert observe(known, [], NOW + 3 * MINUTE) == ()


def test_without_a_network_no_feed_is_newly_late_or_silent() -> None:
    silent = Finding(trouble=Trouble.FEED_SILENT, subject="Example Daily", detail="nothing new for 9 days")

    known = observe((), [OFFLINE, LATE, silent, FEED], NOW)
    # As another process sees it, which knows only what was stored.
    elsewhere = observe(known, [LATE, silent, FEED], NOW + MINUTE)
    back = observe(known, [LATE], NOW + 3 * MINUTE)

    assert troubles(known) == troubles(elsewhere) == [Trouble.NO_NETWORK, Trouble.FEED_FAILING]
    assert Trouble.FEEDS_LATE in troubles(back)
