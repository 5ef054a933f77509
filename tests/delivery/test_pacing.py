"""When a destination may be sent to."""

from datetime import timedelta

from monitor.core.news import Destination
from monitor.delivery.pacing import FAILING, Pacer
from tests.builders import NOW

SECOND = timedelta(seconds=1)


def make(id_: str, service: str = "slack", account: str = "") -> Destination:
    return Destination(id=id_, label=f"{service}://…", url=f"{service}://secret", service=service, account=account)


SLACK, HOOK = make("s1"), make("h1", "jsons")
ONE, OTHER = make("t1", "tgram", "bot"), make("t2", "tgram", "bot")


def test_each_channel_has_a_pace_of_its_own() -> None:
    pacer = Pacer()

    assert pacer.take(SLACK, NOW)
    assert not pacer.take(SLACK, NOW)
    assert pacer.take(make("s2"), NOW)
    assert pacer.resting([SLACK, HOOK], NOW) == {"s1"}
    assert pacer.next_at([SLACK, HOOK], NOW) == NOW + SECOND
    assert pacer.take(SLACK, NOW + SECOND)


def test_chats_of_one_bot_share_its_limit() -> None:
    pacer = Pacer()
    chats = [make(f"t{number}", "tgram", "bot") for number in range(31)]

    assert [pacer.take(chat, NOW) for chat in chats] == [True] * 30 + [False]
    assert pacer.take(make("another", "tgram", "another bot"), NOW)


def test_a_webhook_has_none() -> None:
    pacer = Pacer()

    assert all(pacer.take(HOOK, NOW) for _ in range(1000))
    assert pacer.next_at([HOOK], NOW) is None


def test_a_destination_that_asks_for_time_is_given_it() -> None:
    pacer = Pacer()
    pacer.failed(HOOK, NOW, retry_after=90, detail="failed: HTTP 429")

    assert pacer.resting([HOOK], NOW + 89 * SECOND) == {"h1"}
    assert not pacer.take(HOOK, NOW + 89 * SECOND)
    assert pacer.take(HOOK, NOW + 90 * SECOND)


def test_one_that_fails_again_and_again_rests_and_is_known_to() -> None:
    pacer = Pacer()
    for number in range(FAILING):
        assert pacer.failing() == ()
        pacer.failed(HOOK, NOW + number * SECOND, retry_after=None, detail=f"failed: {number}")

    [failing] = pacer.failing()
    assert (failing.destination, failing.since, failing.failures, failing.detail) == (HOOK, NOW, FAILING, "failed: 2")
    assert pacer.resting([HOOK, SLACK], NOW + 3 * SECOND) == {"h1"}
    pacer.succeeded(HOOK)
    assert pacer.failing() == ()
    assert pacer.resting([HOOK], NOW + 3 * SECOND) == frozenset()


def test_one_connection_at_a_time_goes_to_a_mail_server_and_one_message_to_any_destination() -> None:
    pacer = Pacer()
    desk, press = make("m1", "mailtos", "server"), make("m2", "mailtos", "server")
    pacer.occupy(desk)
    pacer.occupy(ONE)

    assert pacer.resting([desk, press, make("m3", "mailtos", "another"), ONE, OTHER], NOW) == {"m1", "m2", "t1"}
    pacer.free(desk)
    assert pacer.resting([desk, press, ONE], NOW) == {"t1"}


def test_a_clock_that_is_set_back_makes_no_rest_longer() -> None:
    pacer = Pacer()
    pacer.failed(HOOK, NOW, retry_after=90, detail="failed: HTTP 429")

    assert pacer.resting([HOOK], NOW - 10 * SECOND) == {"h1"}
    assert pacer.resting([HOOK], NOW - 3600 * SECOND) == frozenset()
