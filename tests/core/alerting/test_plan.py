"""Who hears of what, where and when."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.alerting.bundling import Recent
from monitor.core.alerting.plan import Audience, Planned, again, closed, explain, hearings, plan, replan, wishes
from monitor.core.model import Project
from monitor.core.news import Change, ChangeType, Choice, Delivery, Destination, Fallback, Mute, Retraction, Subscriber
from monitor.core.state import Confidence

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MAIL, CHAT, HOOK = (Destination(id=each, label=f"{each}://…", url=f"{each}://x") for each in ("mail", "chat", "hook"))
DESK = Subscriber(name="Desk", to=(MAIL,))
PRESS = Subscriber(name="Press", to=(MAIL, CHAT))
#: Chat, else mail after 15 minutes.
ORDERLY = Subscriber(
    name="Orderly", to=(CHAT,), fallbacks=(Fallback(instead_of="chat", destination=MAIL, after=15 * MINUTE),)
)

CHANGE = Change(
    id="c1",
    type=ChangeType.STATUS,
    project="plant",
    stage="construction",
    from_="agreed",
    to="construction",
    at=NOW,
    effective=None,
    confidence=Confidence.REPORTED,
    sources=(),
    evidence=(),
)
OTHER = replace(CHANGE, id="c2")


def audience(*subscribers: Subscriber, tags: tuple[str, ...] = ()) -> Audience:
    project = Project(id="plant", name={"": "Plant"}, tags=tags)
    return Audience(subscribers=subscribers, projects={"plant": project}, zones=ZoneInfo)


def owed(*subscribers: Subscriber, changes: Sequence[Change] = (CHANGE,), now: datetime = NOW) -> list[tuple[str, ...]]:
    """Who is owed what, where."""
    planned = plan(changes, audience(*subscribers), now)
    return [(one.change.id, one.subscriber.name, one.destination.id) for one in planned]


def dues(*subscribers: Subscriber, now: datetime = NOW) -> dict[str, tuple[datetime, bool, str, int]]:
    """When, whether together, and in whose place each destination is told of the change."""
    planned = plan([CHANGE], audience(*subscribers), now)
    return {
        one.destination.id: (one.appointment.due_at, one.appointment.together, one.chain, one.rank) for one in planned
    }


def test_each_destination_of_each_subscriber_is_owed_each_change() -> None:
    hook = Subscriber(name="System", to=(HOOK,))

    assert owed(PRESS, hook, changes=[CHANGE, OTHER]) == [
        ("c1", "Press", "mail"),
        ("c1", "Press", "chat"),
        ("c1", "System", "hook"),
        ("c2", "Press", "mail"),
        ("c2", "Press", "chat"),
        ("c2", "System", "hook"),
    ]


def test_a_destination_that_two_share_hears_once() -> None:
    assert owed(DESK, PRESS) == [("c1", "Desk", "mail"), ("c1", "Press", "chat")]
    assert owed(replace(DESK, to=(MAIL, MAIL))) == [("c1", "Desk", "mail")]


def test_a_destination_that_two_share_hears_as_early_as_one_of_them_may() -> None:
    digest = replace(DESK, digest="0 8 * * *")

    assert owed(digest, PRESS) == [("c1", "Press", "mail"), ("c1", "Press", "chat")]
    assert dues(digest, PRESS)["mail"] == (NOW, False, "mail", 0)


def test_a_change_given_twice_is_owed_once() -> None:
    assert owed(DESK, changes=[CHANGE, CHANGE]) == [("c1", "Desk", "mail")]


def test_one_who_is_not_told_is_owed_nothing() -> None:
    assert owed(replace(DESK, projects=("other",))) == []


def test_a_tag_of_the_project_counts_and_one_that_is_watched_no_more_has_none() -> None:
    tagged = replace(DESK, projects=("tag:battery",))

    assert plan([CHANGE], audience(tagged, tags=("battery",)), NOW)
    assert not plan([replace(CHANGE, project="gone")], audience(tagged, tags=("battery",)), NOW)
    assert plan([replace(CHANGE, project="gone")], audience(DESK), NOW)


def test_a_mute_of_a_tag_holds_its_projects() -> None:
    muted = replace(DESK, mutes=(Mute(until=datetime(2026, 9, 2), projects=("tag:battery",)),))  # noqa: DTZ001 - by the wall

    (one,) = plan([CHANGE], audience(muted, tags=("battery",)), NOW)
    assert one.appointment.due_at == datetime(2026, 9, 2, tzinfo=UTC)
    (one,) = plan([CHANGE], audience(muted), NOW)
    assert one.appointment.due_at == NOW


def test_what_stands_in_is_owed_later_and_in_its_place() -> None:
    assert dues(ORDERLY) == {"chat": (NOW, False, "chat", 0), "mail": (NOW + 15 * MINUTE, False, "chat", 1)}


def test_what_stands_in_has_its_rank_by_how_long_it_waits() -> None:
    late = Fallback(instead_of="chat", destination=HOOK, after=30 * MINUTE)
    of_another = Fallback(instead_of="other", destination=DESK.to[0], after=MINUTE)
    third = replace(ORDERLY, fallbacks=(*ORDERLY.fallbacks, late))

    assert [(one.destination.id, one.rank) for one in plan([CHANGE], audience(third), NOW)] == [
        ("chat", 0),
        ("mail", 1),
        ("hook", 2),
    ]
    with_another = replace(third, fallbacks=(of_another, late))
    assert [one.rank for one in plan([CHANGE], audience(with_another), NOW)] == [0, 1, 1]


def test_what_stands_in_for_a_digest_comes_soon_after_it_and_not_with_the_next() -> None:
    eight = datetime(2026, 9, 2, 8, tzinfo=UTC)

    assert dues(replace(ORDERLY, digest="0 8 * * *")) == {
        "chat": (eight, True, "chat", 0),
        "mail": (eight + 15 * MINUTE, True, "chat", 1),
    }


def test_what_stands_in_keeps_quiet_hours() -> None:
    quiet = replace(ORDERLY, quiet_hours=("12:10", "14:00"))

    assert dues(quiet) == {"chat": (NOW, False, "chat", 0), "mail": (NOW + 2 * HOUR, True, "chat", 1)}


def test_a_destination_is_a_first_choice_rather_than_a_fallback() -> None:
    digest = replace(DESK, digest="0 8 * * *")
    eight = datetime(2026, 9, 2, 8, tzinfo=UTC)

    assert dues(ORDERLY, digest) == {"chat": (NOW, False, "chat", 0), "mail": (eight, True, "mail", 0)}
    assert dues(digest, ORDERLY) == {"chat": (NOW, False, "chat", 0), "mail": (eight, True, "mail", 0)}


def test_each_subscriber_hears_why_or_why_not_and_who_is_told_in_their_place() -> None:
    stranger = Subscriber(name="Stranger", to=(HOOK,), projects=("other",))
    desk, press, other = hearings(CHANGE, audience(DESK, PRESS, stranger), NOW)

    assert (desk.entitlement.told, press.entitlement.told, other.entitlement.told) == (True, True, False)
    assert [(one.destination.id, instead) for one, instead in desk.wishes] == [("mail", None)]
    assert [(one.destination.id, instead) for one, instead in press.wishes] == [("mail", "Desk"), ("chat", None)]
    assert other.wishes == ()


def test_a_subscriber_follows_projects_by_id_and_by_tag() -> None:
    everybody = audience(DESK, tags=("battery",))

    assert everybody.followed_by(replace(DESK, projects=("tag:battery",))) == ("plant",)
    assert everybody.followed_by(replace(DESK, projects=("other",))) == ()


# ---------------------------------------------------------------- storms

MANY = [replace(CHANGE, id=f"m{number}") for number in range(30)]


def test_what_is_part_of_a_storm_waits_and_goes_together_and_its_fallbacks_after_it() -> None:
    quiet = replace(ORDERLY, quiet_hours=("12:20", "14:00"))

    for subscriber, mail_at in ((ORDERLY, 25 * MINUTE), (quiet, 2 * HOUR)):
        planned = plan(MANY, audience(subscriber), NOW)
        chat, mail = ([one for one in planned if one.destination == each] for each in (CHAT, MAIL))
        assert {one.appointment.due_at for one in chat} == {NOW + 10 * MINUTE}
        assert {one.appointment.due_at for one in mail} == {NOW + mail_at}
        assert all(one.appointment.together for one in planned)
        assert chat[0].appointment.reasons == ("waits until Tue 2026-09-01 12:10: 30 changes came in 10 minutes",)


def test_a_storm_does_not_bear_on_what_is_held_anyway() -> None:
    digest = replace(DESK, digest="0 8 * * *")
    some_muted = replace(DESK, mutes=(Mute(until=datetime(2026, 9, 2), projects=("other",)),))  # noqa: DTZ001 - by the wall
    few = [*MANY[:10], *(replace(each, id=f"o{each.id}", project="other") for each in MANY)]

    assert {one.appointment.due_at.hour for one in plan(MANY, audience(digest), NOW)} == {8}
    dues_at = [one.appointment.due_at for one in plan(few, audience(some_muted), NOW)]
    assert dues_at == [NOW] * 10 + [datetime(2026, 9, 2, tzinfo=UTC)] * 30


def test_what_was_owed_lately_bears_on_a_storm_and_is_explained() -> None:
    recent = {"Desk": [Recent(at=NOW, due_at=NOW, project="plant", together=False)] * 10}

    (one,) = plan([CHANGE], audience(DESK), NOW, recent)
    assert one.appointment.due_at == NOW + 10 * MINUTE
    (hearing,) = hearings(CHANGE, audience(DESK), NOW, recent)
    assert [wish for wish, _ in hearing.wishes] == [one]
    assert [each.appointment.due_at for each in plan([CHANGE], audience(PRESS), NOW, recent)] == [NOW, NOW]


def test_a_destination_is_closed_while_it_is_for_all_who_share_it() -> None:
    asleep = replace(DESK, quiet_hours=("11:00", "13:00"))
    muted = replace(DESK, name="Muted", to=(HOOK,), mutes=(Mute(until=datetime(2026, 9, 2)),))  # noqa: DTZ001 - by the wall
    partly = replace(DESK, name="Partly", to=(CHAT,), mutes=(Mute(until=datetime(2026, 9, 2), projects=("p",)),))  # noqa: DTZ001 - on the wall

    assert closed(audience(asleep, muted, partly), NOW) == {"mail", "hook"}
    assert closed(audience(asleep, PRESS), NOW) == frozenset()
    incomplete = replace(PRESS, to=tuple(replace(each, fault="a variable is not set") for each in PRESS.to))
    assert closed(audience(incomplete), NOW) == {each.id for each in incomplete.to}
    assert closed(audience(replace(ORDERLY, quiet_hours=("11:00", "13:00"))), NOW) == {"chat", "mail"}


# ---------------------------------------------------------------- properties

destinations = st.lists(st.sampled_from([MAIL, CHAT, HOOK]), min_size=1, max_size=3, unique=True)
subscribers = st.lists(
    st.builds(
        lambda name, ways, projects, changes, confidence, digest, quiet_hours, after: Subscriber(
            name=name,
            to=(ways[0],),
            fallbacks=tuple(Fallback(instead_of=ways[0].id, destination=way, after=after) for way in ways[1:]),
            projects=projects,
            changes=frozenset(changes),
            confidence=confidence,
            digest=digest,
            quiet_hours=quiet_hours,
        ),
        st.sampled_from(["a", "b", "c", "d"]),
        destinations,
        st.sampled_from([("*",), ("pl*",), ("other",), ("tag:battery",)]),
        st.sets(st.sampled_from([*ChangeType]), max_size=4),
        st.sampled_from([*Confidence]),
        st.none() | st.just("0 8 * * *"),
        st.none() | st.just(("22:00", "07:00")),
        st.timedeltas(MINUTE, HOUR),
    ),
    max_size=4,
    unique_by=lambda subscriber: subscriber.name,
)
changes = st.lists(
    st.builds(
        lambda number, type_, confidence: replace(CHANGE, id=f"c{number}", type=type_, confidence=confidence),
        st.integers(0, 9),
        st.sampled_from([*ChangeType]),
        st.sampled_from([*Confidence]),
    ),
    max_size=5,
    unique_by=lambda change: change.id,
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - as it wants


def _key(one: Planned) -> tuple[str, str]:
    return one.change.id, one.destination.id


@given(changes, subscribers, moments)
def test_what_decides_and_what_explains_agree(news: list[Change], everyone: list[Subscriber], now: datetime) -> None:
    everybody = audience(*everyone, tags=("battery",))
    planned = plan(news, everybody, now)
    explained = {
        (change.id, destination.id)
        for change in news
        for subscriber in everyone
        if explain(change, subscriber, ("battery",)).told
        for destination in subscriber.destinations
    }

    assert {_key(one) for one in planned} == explained


@given(changes, subscribers, moments)
def test_each_change_is_owed_once_to_each_destination_and_not_before_now(
    news: list[Change], everyone: list[Subscriber], now: datetime
) -> None:
    planned = plan(news, audience(*everyone), now)

    assert len({_key(one) for one in planned}) == len(planned)
    assert all(one.appointment.due_at >= now for one in planned)


@given(subscribers, moments, st.timedeltas(timedelta(0), timedelta(days=2)))
def test_what_comes_later_is_planned_no_sooner(everyone: list[Subscriber], now: datetime, later: timedelta) -> None:
    everybody = audience(*everyone)
    sooner = [wish for each in everyone for wish in wishes(CHANGE, each, everybody, now)]
    afterwards = [wish for each in everyone for wish in wishes(CHANGE, each, everybody, now + later)]

    for before, after in zip(sooner, afterwards, strict=True):
        assert before.appointment.due_at <= after.appointment.due_at


@given(changes, subscribers, moments)
def test_every_first_choice_that_is_given_up_for_another_is_owed_to_it_by_then(
    news: list[Change], everyone: list[Subscriber], now: datetime
) -> None:
    everybody = audience(*everyone)
    planned = {_key(one): one for one in plan(news, everybody, now)}
    wanted = [
        wish for change in news for each in everybody.told_of(change) for wish in wishes(change, each, everybody, now)
    ]

    for wish in wanted:
        kept = planned[_key(wish)]
        assert kept.rank <= wish.rank
        assert kept.rank < wish.rank or kept.appointment.due_at <= wish.appointment.due_at


# ---------------------------------------------------------------- planned by a wrong clock


def replanned(subscriber: Subscriber, to: Destination, *, attempts: int = 0, now: datetime = NOW) -> datetime:
    delivery = Delivery(id=1, change=CHANGE, subscriber=subscriber.name, destination=to.id, attempts=attempts)
    return replan(delivery, audience(subscriber), now)


def test_what_a_wrong_clock_has_planned_is_due_as_if_it_came_to_be_known_now() -> None:
    monthly = replace(DESK, digest="0 8 4 * *")

    assert replanned(DESK, MAIL) == NOW
    assert replanned(monthly, MAIL) == datetime(2026, 9, 4, 8, tzinfo=UTC)
    assert replanned(ORDERLY, CHAT) == NOW
    assert replanned(ORDERLY, MAIL) == NOW + 15 * MINUTE


def test_what_was_tried_and_what_is_wanted_there_no_more_is_due_now() -> None:
    monthly = replace(DESK, digest="0 8 4 * *")
    stranger = Delivery(id=1, change=CHANGE, subscriber="Stranger", destination="mail", attempts=0)

    assert replanned(monthly, MAIL, attempts=1) == NOW
    assert replanned(monthly, HOOK) == NOW
    assert replan(stranger, audience(monthly), NOW) == NOW


@given(later=st.timedeltas(timedelta(0), timedelta(days=40)), subscriber=st.sampled_from([DESK, ORDERLY]))
def test_a_plan_of_a_right_clock_is_never_due_sooner_when_planned_anew(
    later: timedelta, subscriber: Subscriber
) -> None:
    monthly = replace(subscriber, digest="0 8 4 * *", quiet_hours=("07:00", "09:00"))

    for one in plan([CHANGE], audience(monthly), NOW):
        assert replanned(monthly, one.destination, now=NOW + later) >= one.appointment.due_at


CORRECTION = replace(
    CHANGE, id="c3", retracts=Retraction(change="c1", from_="agreed", at=NOW - HOUR, because=None), from_="construction"
)


def test_a_correction_goes_only_where_the_mistake_was_sent_whatever_is_wanted_there() -> None:
    figures = replace(DESK, changes=frozenset({ChangeType.FACT}), projects=("other",))

    assert owed(PRESS, figures, changes=[CORRECTION]) == []
    assert "only where the change that it takes back was sent" in explain(CORRECTION, PRESS).reason
    found = again(CORRECTION, "Desk", "mail", audience(PRESS, figures), NOW)
    assert found is not None
    assert (found.subscriber, found.destination, found.chain, found.rank) == (figures, MAIL, "mail", 0)


def test_a_correction_keeps_to_the_digest_of_its_reader() -> None:
    found = again(CORRECTION, "Desk", "mail", audience(replace(DESK, digest="0 8 * * *")), NOW)

    assert found is not None
    assert found.appointment.together
    assert found.appointment.due_at == datetime(2026, 9, 2, 8, tzinfo=UTC)


def test_who_is_gone_or_has_turned_the_project_off_gets_no_correction() -> None:
    off = replace(DESK, choices={"mail": Choice(without=frozenset({"plant"}))})

    assert again(CORRECTION, "Desk", "mail", audience(off), NOW) is None
    assert again(CORRECTION, "Desk", "hook", audience(DESK), NOW) is None
    # Another subscriber shares the address.
    found = again(CORRECTION, "Former", "mail", audience(DESK), NOW)
    assert found is not None
    assert found.subscriber == DESK
