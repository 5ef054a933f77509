"""When a subscriber may be told: by the clock on the wall, however it is moved."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.alerting.timetable import appoint, digest_days, first_instant, next_digest, opens
from monitor.core.news import Away, Mute, Subscriber

PARIS, CASABLANCA = ZoneInfo("Europe/Paris"), ZoneInfo("Africa/Casablanca")
NEW_YORK, APIA = ZoneInfo("America/New_York"), ZoneInfo("Pacific/Apia")
DESK = Subscriber(name="Desk", to=())
DAY, MICROSECOND = timedelta(days=1), timedelta(microseconds=1)


def any_project(patterns: Iterable[str]) -> bool:
    return "*" in patterns


def at(text: str, zone: ZoneInfo, *, fold: int = 0) -> datetime:
    """The instant of a time on the wall, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


def due(now: datetime, subscriber: Subscriber, zone: ZoneInfo) -> datetime:
    return appoint(now, subscriber, zone, any_project).due_at


# ---------------------------------------------------------------- tables

EVERY_DAY = replace(DESK, digest="0 8 * * *")
NIGHT = replace(DESK, quiet_hours=("22:00", "07:00"))


def test_a_subscriber_has_rest_who_may_not_be_told_at_any_time() -> None:
    assert not DESK.has_rest
    assert not EVERY_DAY.has_rest
    assert NIGHT.has_rest
    assert replace(DESK, mutes=(Mute(until=datetime(2026, 1, 1), projects=("*",)),)).has_rest  # noqa: DTZ001 - on the wall
    assert replace(DESK, away=(Away(first=date(2026, 1, 1), last=date(2026, 1, 2)),)).has_rest


@pytest.mark.parametrize(
    ("subscriber", "zone", "now", "then"),
    [
        pytest.param(DESK, PARIS, "2026-09-01 03:00", "2026-09-01 03:00", id="nothing wished, at once"),
        pytest.param(EVERY_DAY, PARIS, "2026-09-01 07:59", "2026-09-01 08:00", id="the next digest"),
        pytest.param(EVERY_DAY, PARIS, "2026-09-01 08:00", "2026-09-01 08:00", id="a digest that is now"),
        pytest.param(EVERY_DAY, PARIS, "2026-09-01 08:00:00.000001", "2026-09-02 08:00", id="that was a moment ago"),
        pytest.param(
            replace(DESK, digest="0 8 * * 1-5"), PARIS, "2026-09-04 09:00", "2026-09-07 08:00", id="on working days"
        ),
        pytest.param(NIGHT, PARIS, "2026-09-01 21:59:59", "2026-09-01 21:59:59", id="before quiet hours"),
        pytest.param(NIGHT, PARIS, "2026-09-01 22:00", "2026-09-02 07:00", id="as quiet hours begin"),
        pytest.param(NIGHT, PARIS, "2026-09-02 06:59:59", "2026-09-02 07:00", id="past midnight"),
        pytest.param(NIGHT, PARIS, "2026-09-02 07:00", "2026-09-02 07:00", id="as they end"),
        pytest.param(
            replace(DESK, quiet_hours=("12:00", "14:00")), PARIS, "2026-09-02 13:00", "2026-09-02 14:00", id="at noon"
        ),
        pytest.param(
            replace(NIGHT, digest="0 6 * * *"), PARIS, "2026-09-01 12:00", "2026-09-02 07:00", id="a digest held"
        ),
        pytest.param(
            replace(DESK, mutes=(Mute(until=datetime(2026, 12, 1)),)),  # noqa: DTZ001 - by the wall
            PARIS,
            "2026-09-01 12:00",
            "2026-12-01 00:00",
            id="muted",
        ),
        pytest.param(
            replace(DESK, mutes=(Mute(until=datetime(2026, 12, 1), projects=("other",)),)),  # noqa: DTZ001 - as above
            PARIS,
            "2026-09-01 12:00",
            "2026-09-01 12:00",
            id="another project is muted",
        ),
        pytest.param(
            replace(NIGHT, mutes=(Mute(until=datetime(2026, 12, 1)),)),  # noqa: DTZ001 - as above
            PARIS,
            "2026-09-01 12:00",
            "2026-12-01 07:00",
            id="muted until quiet hours",
        ),
        pytest.param(
            replace(DESK, away=(Away(first=date(2026, 8, 1), last=date(2026, 8, 31)),)),
            PARIS,
            "2026-08-01 00:00",
            "2026-09-01 00:00",
            id="away",
        ),
        pytest.param(
            replace(DESK, away=(Away(first=date(2026, 8, 1), last=date(2026, 8, 31)),)),
            PARIS,
            "2026-07-31 23:59",
            "2026-07-31 23:59",
            id="not away yet",
        ),
        pytest.param(
            replace(EVERY_DAY, away=(Away(first=date(2026, 8, 2), last=date(2026, 8, 31)),)),
            PARIS,
            "2026-08-01 09:00",
            "2026-09-01 08:00",
            id="away when the digest would come",
        ),
        pytest.param(
            replace(NIGHT, away=(Away(first=date(2026, 8, 2), last=date(2026, 8, 3)),)),
            PARIS,
            "2026-08-01 23:00",
            "2026-08-04 07:00",
            id="away when quiet hours end",
        ),
        # Paris puts its clocks on at 2 on 29 March 2026, and back at 3 on 25 October.
        pytest.param(EVERY_DAY, PARIS, "2026-03-28 09:00", "2026-03-29 08:00", id="Paris: eight is eight in spring"),
        pytest.param(EVERY_DAY, PARIS, "2026-10-24 09:00", "2026-10-25 08:00", id="Paris: and in autumn"),
        pytest.param(
            replace(DESK, digest="30 2 * * *"),
            PARIS,
            "2026-03-28 09:00",
            "2026-03-29 03:00",
            id="Paris: a skipped hour",
        ),
        pytest.param(
            replace(DESK, quiet_hours=("22:00", "02:30")),
            PARIS,
            "2026-03-29 01:00",
            "2026-03-29 03:00",
            id="Paris: quiet hours that end in it",
        ),
        pytest.param(
            replace(DESK, quiet_hours=("03:00", "02:30")),
            PARIS,
            "2026-03-28 12:00",
            "2026-03-30 02:30",
            id="Paris: all that is not quiet is skipped",
        ),
        # New York puts them on at 2 on 8 March 2026, and back at 2 on 1 November.
        pytest.param(EVERY_DAY, NEW_YORK, "2026-03-07 09:00", "2026-03-08 08:00", id="New York: spring"),
        pytest.param(EVERY_DAY, NEW_YORK, "2026-10-31 09:00", "2026-11-01 08:00", id="New York: autumn"),
        pytest.param(NIGHT, NEW_YORK, "2026-10-31 23:00", "2026-11-01 07:00", id="New York: a longer night"),
        # Morocco puts them back for Ramadan, at 3 on 15 February 2026 and 7 February 2027; then on, at 2 on 22 March
        # 2026 and 14 March 2027.
        pytest.param(EVERY_DAY, CASABLANCA, "2026-02-14 09:00", "2026-02-15 08:00", id="Ramadan 2026 begins"),
        pytest.param(EVERY_DAY, CASABLANCA, "2026-03-21 09:00", "2026-03-22 08:00", id="Ramadan 2026 ends"),
        pytest.param(EVERY_DAY, CASABLANCA, "2027-02-06 09:00", "2027-02-07 08:00", id="Ramadan 2027 begins"),
        pytest.param(EVERY_DAY, CASABLANCA, "2027-03-13 09:00", "2027-03-14 08:00", id="Ramadan 2027 ends"),
        pytest.param(NIGHT, CASABLANCA, "2026-02-14 23:00", "2026-02-15 07:00", id="Ramadan: a longer night"),
        # Samoa had no 30 December 2011.
        pytest.param(
            replace(DESK, mutes=(Mute(until=datetime(2011, 12, 30, 9)),)),  # noqa: DTZ001 - as above
            APIA,
            "2011-12-29 12:00",
            "2011-12-31 00:00",
            id="Samoa: a day that never was",
        ),
    ],
)
def test_a_subscriber_is_told_by_the_clock_on_the_wall(
    subscriber: Subscriber, zone: ZoneInfo, now: str, then: str
) -> None:
    assert due(at(now, zone), subscriber, zone) == at(then, zone)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        pytest.param(CASABLANCA, "2026-02-13", [24, 25, 24], id="Ramadan 2026 begins"),
        pytest.param(CASABLANCA, "2026-03-20", [24, 23, 24], id="Ramadan 2026 ends"),
        pytest.param(CASABLANCA, "2027-02-05", [24, 25, 24], id="Ramadan 2027 begins"),
        pytest.param(CASABLANCA, "2027-03-12", [24, 23, 24], id="Ramadan 2027 ends"),
        pytest.param(PARIS, "2026-10-23", [24, 25, 24], id="Paris in autumn"),
    ],
)
def test_between_two_digests_there_are_as_many_hours_as_the_day_has(zone: ZoneInfo, day: str, hours: list[int]) -> None:
    moments = [at(f"{day} 08:00", zone)]
    for _ in hours:
        moments.append(next_digest(moments[-1] + MICROSECOND, "0 8 * * *", zone))

    assert [(later - earlier) / timedelta(hours=1) for earlier, later in pairwise(moments)] == hours


def test_a_digest_in_an_hour_that_comes_twice_comes_once() -> None:
    first = next_digest(at("2026-10-24 12:00", PARIS), "30 2 * * *", PARIS)

    assert first == at("2026-10-25 02:30", PARIS)
    assert next_digest(first + MICROSECOND, "30 2 * * *", PARIS) == at("2026-10-26 02:30", PARIS)
    assert next_digest(at("2026-10-25 02:10", PARIS, fold=1), "30 2 * * *", PARIS) == at("2026-10-26 02:30", PARIS)


@pytest.mark.parametrize(
    ("cron", "first", "last", "days"),
    [
        pytest.param("0 8 * * 2", "2026-03-05 12:00", "2026-03-09 12:00", "03-03 03-10", id="a week"),
        pytest.param("0 8 * * *", "2026-03-05 07:59", "2026-03-05 07:59", "03-04 03-05", id="a day"),
        pytest.param("0 8 * * *", "2026-03-05 08:00", "2026-03-05 08:00", "03-04 03-05", id="known as it is sent"),
        pytest.param("0 8 * * 1-5", "2026-03-07 12:00", "2026-03-08 12:00", "03-06 03-09", id="over a weekend"),
        pytest.param("0 * * * *", "2026-03-05 12:10", "2026-03-05 12:40", "03-05 03-05", id="an hour"),
        pytest.param("0 8 * * *", "2026-03-05 12:00", "2026-03-08 12:00", "03-05 03-09", id="held for days"),
    ],
)
def test_a_digest_covers_the_days_since_the_one_before(cron: str, first: str, last: str, days: str) -> None:
    since, until = digest_days(at(first, NEW_YORK), at(last, NEW_YORK), cron, NEW_YORK)

    assert f"{since:%m-%d} {until:%m-%d}" == days


def test_quiet_hours_are_quiet_each_time_that_the_clock_shows_them() -> None:
    subscriber = replace(DESK, quiet_hours=("22:00", "02:30"))

    assert due(at("2026-10-25 02:10", PARIS), subscriber, PARIS) == at("2026-10-25 02:30", PARIS)
    assert due(at("2026-10-25 02:40", PARIS), subscriber, PARIS) == at("2026-10-25 02:40", PARIS)
    assert due(at("2026-10-25 02:10", PARIS, fold=1), subscriber, PARIS) == at("2026-10-25 02:30", PARIS, fold=1)


def test_what_is_held_goes_together_and_says_why() -> None:
    subscriber = replace(
        NIGHT,
        digest="0 6 * * *",
        mutes=(Mute(until=datetime(2026, 9, 2, 5)),),  # noqa: DTZ001 - by the wall
    )
    appointment = appoint(at("2026-09-01 12:00", PARIS), subscriber, PARIS, any_project)

    assert appointment.together
    assert appointment.reasons == (
        "is muted until Wed 2026-09-02 05:00",
        "goes into the digest of Wed 2026-09-02 06:00",
        "is held for quiet hours until Wed 2026-09-02 07:00",
    )


def test_what_is_told_at_once_goes_alone() -> None:
    appointment = appoint(at("2026-09-01 12:00", PARIS), NIGHT, PARIS, any_project)

    assert not appointment.together
    assert appointment.reasons == ()


def test_a_digest_that_never_comes_is_refused() -> None:
    with pytest.raises(ValueError, match="names no day that ever comes"):
        next_digest(at("2026-09-01 12:00", PARIS), "0 0 */15 2 5L", PARIS)


def test_what_is_late_waits_for_no_digest() -> None:
    late = at("2026-09-01 09:00", PARIS)

    assert opens(late, replace(NIGHT, digest="0 8 * * *"), PARIS, any_project) == late
    assert opens(at("2026-09-01 23:00", PARIS), NIGHT, PARIS, any_project) == at("2026-09-02 07:00", PARIS)


# ---------------------------------------------------------------- properties

zones = st.sampled_from([PARIS, CASABLANCA, NEW_YORK, ZoneInfo("UTC"), ZoneInfo("Australia/Lord_Howe"), APIA])
#: About the days on which some clock is moved, and any other.
moments = st.one_of(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 - Hypothesis wants them naive
    st.builds(
        lambda day, offset: day + offset,
        st.sampled_from([datetime(2026, 3, 29), datetime(2026, 10, 25), datetime(2026, 2, 15), datetime(2026, 3, 22)]),  # noqa: DTZ001 - on the wall
        st.timedeltas(timedelta(hours=-30), timedelta(hours=30)),
    ),
).map(lambda moment: moment.replace(tzinfo=UTC))
clocks = st.times().map(lambda clock: f"{clock:%H:%M}")
spans = st.tuples(clocks, clocks).filter(lambda span: span[0] != span[1])
digests = st.sampled_from(["0 8 * * *", "30 2 * * *", "*/20 * * * *", "0 9 1 * *", "15 2,3 * * 0", "0 7-9 * * 1-5"])
mutes = st.builds(
    Mute,
    until=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 - by the wall
    projects=st.sampled_from([("*",), ("other",)]),
)
absences = st.builds(
    lambda first, days: Away(first=first, last=first + days * DAY),
    st.dates(date(2026, 1, 1), date(2027, 12, 1)),
    st.integers(0, 40),
)
subscribers = st.builds(
    Subscriber,
    name=st.just("Desk"),
    to=st.just(()),
    digest=st.none() | digests,
    quiet_hours=st.none() | spans,
    mutes=st.lists(mutes, max_size=2).map(tuple),
    away=st.lists(absences, max_size=2).map(tuple),
)


def is_quiet(moment: datetime, subscriber: Subscriber, zone: ZoneInfo) -> bool:
    """By the digits on the wall."""
    if subscriber.quiet_hours is None:
        return False
    start, end = subscriber.quiet_hours
    clock = f"{moment.astimezone(zone):%H:%M}"
    return start <= clock < end if start < end else not end <= clock < start


def is_absent(moment: datetime, subscriber: Subscriber, zone: ZoneInfo) -> bool:
    wall = moment.astimezone(zone)
    muted = any("*" in mute.projects and moment < first_instant(mute.until, zone) for mute in subscriber.mutes)
    return muted or any(away.first <= wall.date() <= away.last for away in subscriber.away)


@given(moments, subscribers, zones)
def test_nothing_is_told_before_it_is_known_nor_out_of_hours(
    now: datetime, subscriber: Subscriber, zone: ZoneInfo
) -> None:
    appointment = appoint(now, subscriber, zone, any_project)

    assert appointment.due_at >= now
    assert not is_quiet(appointment.due_at, subscriber, zone)
    assert not is_absent(appointment.due_at, subscriber, zone)
    assert appointment.together == bool(appointment.reasons)
    assert appointment.together or appointment.due_at == now


@given(moments, st.timedeltas(timedelta(0), timedelta(days=3)), subscribers, zones)
def test_what_comes_to_be_known_later_is_told_no_sooner(
    now: datetime, later: timedelta, subscriber: Subscriber, zone: ZoneInfo
) -> None:
    assert due(now, subscriber, zone) <= due(now + later, subscriber, zone)


@given(moments, subscribers, zones)
def test_what_is_late_goes_as_soon_as_it_may(now: datetime, subscriber: Subscriber, zone: ZoneInfo) -> None:
    is_closed: Callable[[datetime], bool] = lambda moment: (  # noqa: E731 - a name for two questions
        is_quiet(moment, subscriber, zone) or is_absent(moment, subscriber, zone)
    )
    moment = opens(now, subscriber, zone, any_project)

    assert moment >= now
    assert not is_closed(moment)
    assert moment == now or is_closed(moment - MICROSECOND)
    assert opens(moment, subscriber, zone, any_project) == moment


@given(moments, zones, clocks)
def test_each_day_has_one_digest(now: datetime, zone: ZoneInfo, clock: str) -> None:
    hour, minute = clock.split(":")
    cron = f"{int(minute)} {int(hour)} * * *"
    first = next_digest(now, cron, zone)
    second = next_digest(first + MICROSECOND, cron, zone)

    days = [moment.astimezone(zone).date() for moment in (first, second)]
    assert days[1] - days[0] == DAY


@given(moments, zones)
def test_the_first_instant_of_a_time_is_the_first_that_shows_it_or_more(moment: datetime, zone: ZoneInfo) -> None:
    wall = moment.replace(tzinfo=None, microsecond=0)
    found = first_instant(wall, zone)

    assert found.astimezone(zone).replace(tzinfo=None) >= wall
    before = (found - MICROSECOND).astimezone(zone).replace(tzinfo=None)
    assert before < wall
