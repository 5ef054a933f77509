"""What goes out next, and what of it in one message."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.alerting.bundling import MOST_TOGETHER, WaitingDelivery, bundle_id, bundles
from tests.builders import NOW

LATER = NOW + timedelta(hours=1)
TOMORROW = NOW + timedelta(days=1)


def make(number: int, project: str = "plant", **more: object) -> WaitingDelivery:
    """A delivery that is due now."""
    at = NOW - timedelta(minutes=100) + timedelta(seconds=number)
    waiting = WaitingDelivery(id=number, change=f"c{number}", project=project, subscriber="Desk", due_at=at)
    return replace(waiting, **more)  # type: ignore[arg-type]  # of the names that the test gives


def ids(*waiting: WaitingDelivery, limit: int = 10) -> list[list[int]]:
    return [[one.id for one in bundle] for bundle in bundles(waiting, NOW, limit=limit)]


def test_each_project_is_told_of_in_a_message_of_its_own() -> None:
    assert ids(make(1, "a"), make(2, "b")) == [[1], [2]]


def test_what_is_due_of_one_project_is_told_in_one_message() -> None:
    assert ids(make(1, "a"), make(2, "b"), make(3, "a")) == [[1, 3], [2]]


def test_what_is_tried_again_is_told_with_what_was_not_tried_yet() -> None:
    assert ids(make(1, attempts=1), make(2)) == [[1, 2]]


def test_nothing_of_a_project_passes_what_waits_for_another_attempt() -> None:
    waiting = make(1, "a", attempts=1, due_at=LATER)

    assert ids(waiting, make(2, "a"), make(3, "b")) == [[3]]


def test_what_may_have_arrived_goes_again_as_it_was_and_before_what_is_newer() -> None:
    again = (make(1, bundle="x", attempts=1), make(2, bundle="x", attempts=1))

    assert ids(*again, make(3)) == [[1, 2], [3]]
    assert ids(make(1, bundle="x"), make(2, bundle="y"), make(3)) == [[1], [2], [3]]


def test_what_may_have_arrived_goes_whole_or_not_at_all() -> None:
    first, second = make(1, "a", bundle="x"), make(3, "b", bundle="x")

    assert ids(first, replace(second, due_at=LATER)) == []
    assert ids(first, make(2, "b", attempts=1, due_at=LATER), second) == []


def test_of_what_was_tried_the_message_that_ends_earlier_goes_first() -> None:
    assert ids(make(1, bundle="x"), make(2, attempts=1), make(3, bundle="x")) == [[2], [1, 3]]


def test_what_was_held_back_is_told_with_what_is_due_before_it() -> None:
    assert ids(make(1, due_at=TOMORROW, together=True), make(2)) == [[1, 2]]
    assert ids(make(1, due_at=TOMORROW), make(2, "other")) == [[2]]


def test_a_digest_is_one_message_over_all_projects() -> None:
    digest = {"together": True}

    assert ids(make(1, "a", **digest), make(2, "b", **digest), make(3, "a", **digest)) == [[1, 2, 3]]
    assert ids(make(1, "a", **digest), make(2, "b", subscriber="Other", **digest)) == [[1], [2]]


def test_a_digest_takes_along_what_of_its_projects_was_held_longer() -> None:
    assert ids(make(1, "a", due_at=TOMORROW), make(2, "b", together=True), make(3, "a", together=True)) == [[1, 2, 3]]


def test_a_digest_goes_without_a_project_that_waits_for_another_attempt() -> None:
    waiting = make(1, "a", attempts=1, due_at=LATER)

    assert ids(waiting, make(2, "a", together=True), make(3, "b", together=True), make(4, "a", together=True)) == [[3]]


def test_what_failed_and_is_due_goes_before_a_digest_of_its_project() -> None:
    failed = make(2, "a", attempts=1)

    assert ids(make(1, "b", together=True), failed, make(3, "a", together=True)) == [[1], [2], [3]]


def test_one_subscriber_s_digest_keeps_no_other_waiting_at_the_same_address() -> None:
    held = make(1, subscriber="Other", due_at=TOMORROW, together=True)

    assert ids(held, make(2)) == [[2]]
    assert ids(replace(held, due_at=NOW), make(2)) == [[1], [2]]


def test_two_subscribers_at_one_address_are_told_in_order_but_apart() -> None:
    other = make(2, "a", subscriber="Other")

    assert ids(make(1, "b", together=True), other, make(3, "a", together=True)) == [[1], [2], [3]]


def test_a_substitute_that_is_not_due_keeps_nothing_waiting_and_is_not_sent_early() -> None:
    assert ids(make(1, rank=1, due_at=LATER), make(2)) == [[2]]


def test_a_message_has_its_bounds() -> None:
    many = [make(number) for number in range(1, 2 * MOST_TOGETHER + 2)]

    assert [len(bundle) for bundle in bundles(many, NOW, limit=10)] == [MOST_TOGETHER, MOST_TOGETHER, 1]
    assert [len(bundle) for bundle in bundles(many, NOW, limit=2)] == [MOST_TOGETHER, MOST_TOGETHER]


def test_a_message_of_one_change_has_its_id_and_one_of_several_an_id_of_its_own() -> None:
    assert bundle_id(["c1"]) == "c1"
    assert bundle_id(["c1", "c2"]) == bundle_id(["c1", "c2"])
    assert len({bundle_id(["c1", "c2"]), bundle_id(["c2", "c1"]), bundle_id(["c1c2", ""]), bundle_id(["c1"])}) == 4


@st.composite
def queues(draw: st.DrawFn) -> list[WaitingDelivery]:
    """Anything that may wait, with what may have arrived in messages as they are composed here."""
    count = draw(st.integers(0, 12))
    hours = st.sampled_from([NOW, NOW, NOW, LATER])
    waiting = [
        make(
            number,
            draw(st.sampled_from("ab")),
            subscriber=draw(st.sampled_from(["Desk", "Desk", "Other"])),
            due_at=draw(hours),
            together=draw(st.sampled_from([False, False, True])),
            attempts=draw(st.sampled_from([0, 0, 0, 1])),
            rank=draw(st.sampled_from([0, 0, 0, 1])),
        )
        for number in range(1, count + 1)
    ]
    frozen = {
        one.id: str(n)
        for n, bundle in enumerate(bundles(waiting, NOW, limit=draw(st.integers(0, 3))))
        for one in bundle
    }
    return [replace(one, bundle=frozen.get(one.id)) for one in waiting]


@given(queues())
def test_nothing_goes_twice_early_or_before_what_is_older_of_its_project(waiting: list[WaitingDelivery]) -> None:
    found = bundles(waiting, NOW, limit=20)
    order = [one.id for bundle in found for one in bundle]

    assert len(order) == len(set(order))
    for bundle in found:
        assert any(one.due_at <= NOW for one in bundle)
        assert len({(one.subscriber, one.bundle) for one in bundle}) == 1
        for one in bundle:
            assert one.due_at <= NOW or (one.is_held and one.rank == 0)
    for one in waiting:
        for other in waiting:
            # Which of those that were tried goes first, the tests above say.
            if one.id in order and other.id < one.id and other.project == one.project and one.is_held:
                is_put_off = other.is_held and other.due_at > NOW
                is_passed_by = is_put_off and (other.rank > 0 or other.subscriber != one.subscriber)
                assert is_passed_by or other.id in order[: order.index(one.id)]


@given(queues())
def test_whatever_waits_goes_out_in_the_end(waiting: list[WaitingDelivery]) -> None:
    left = {one.id: replace(one, due_at=NOW) for one in waiting}
    while left:
        sent = bundles(list(left.values()), NOW, limit=20)
        assert sent
        for bundle in sent:
            for one in bundle:
                del left[one.id]
