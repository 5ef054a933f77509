"""Subscriptions to hubs: what is asked, what is believed, what is done when."""

import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.polling import websub
from monitor.core.polling.websub import (
    HubSubscription,
    Plan,
    asking,
    denied,
    failed,
    is_fit,
    is_signed,
    lease_of,
    leaving,
    plan,
    pushed,
    request,
    taken,
    verified,
)
from tests.builders import NOW

PUBLIC = "https://monitor.example.org"
FEED, HUB, TOPIC = "https://example.org/feed", "https://hub.example.org/", "https://example.org/feed.xml"
WANTED = {FEED: (HUB, TOPIC)}
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def make_subscription(**more: Any) -> HubSubscription:
    made = HubSubscription(token="token", public=PUBLIC, feed=FEED, hub=HUB, topic=TOPIC, secret="s3cret", next_at=NOW)
    return replace(made, **more)


def confirm(subscription: HubSubscription, **more: Any) -> HubSubscription | None:
    said: dict[str, Any] = {"mode": "subscribe", "topic": TOPIC, "lease": 10 * DAY, "jitter": 0.5} | more
    return verified(subscription, NOW, **said)


def live(**more: Any) -> HubSubscription:
    done = confirm(asking(make_subscription(), NOW))
    assert done is not None
    return replace(done, **more)


def sign(body: bytes, secret: str = "s3cret", method: str = "sha256") -> str:
    return f"{method}={hmac.new(secret.encode(), body, method).hexdigest()}"


# ---------------------------------------------------------------- what is asked


def test_a_hub_is_asked_for_the_topic_with_a_secret_and_a_callback_of_its_own() -> None:
    assert request(make_subscription()) == {
        "hub.callback": "https://monitor.example.org/websub/token",
        "hub.mode": "subscribe",
        "hub.topic": TOPIC,
        "hub.lease_seconds": "864000",
        "hub.secret": "s3cret",
    }


def test_a_hub_is_asked_to_take_a_subscription_back_without_a_secret() -> None:
    assert request(leaving(live(), NOW)) == {
        "hub.callback": "https://monitor.example.org/websub/token",
        "hub.mode": "unsubscribe",
        "hub.topic": TOPIC,
    }


def test_nobody_who_prints_a_subscription_sees_what_makes_it_safe() -> None:
    assert "s3cret" not in repr(make_subscription())
    assert "token=" not in repr(make_subscription())


@pytest.mark.parametrize(
    ("feed", "hub", "fit"),
    [
        ("https://example.org/f", "https://hub.example.org", True),
        ("http://example.org/f", "https://hub.example.org", True),
        ("http://example.org/f", "http://hub.example.org", True),
        ("https://example.org/f", "http://hub.example.org", False),
        ("file:feed.xml", "http://hub.example.org", False),
        ("file:feed.xml", "https://hub.example.org", False),
    ],
)
def test_what_comes_encrypted_does_not_come_by_a_hub_in_the_open(feed: str, hub: str, *, fit: bool) -> None:
    assert is_fit(feed, hub) is fit


# ---------------------------------------------------------------- what the hub asks back


def test_a_hub_that_asks_back_what_it_was_asked_gives_a_lease_which_is_renewed_in_time() -> None:
    done = confirm(asking(make_subscription(failures=3, error="refused"), NOW))

    assert done is not None
    assert done.is_live(NOW + 9 * DAY)
    assert not done.is_live(NOW + 10 * DAY)
    assert NOW + 7 * DAY <= done.next_at <= NOW + 8 * DAY
    assert (done.failures, done.error, done.is_pending) == (0, "", False)


def test_a_hub_may_ask_back_again_where_the_answer_was_lost() -> None:
    once = confirm(asking(make_subscription(), NOW))

    assert once is not None
    assert confirm(once) == once


@pytest.mark.parametrize(
    "subscription",
    [
        pytest.param(make_subscription(), id="never asked"),
        pytest.param(make_subscription(asked_at=NOW - DAY, is_pending=True), id="asked too long ago"),
        pytest.param(asking(leaving(live(), NOW), NOW), id="taken back"),
        pytest.param(leaving(asking(make_subscription(), NOW), NOW), id="given up before the hub asked"),
    ],
)
def test_what_was_not_asked_for_is_not_confirmed(subscription: HubSubscription) -> None:
    assert confirm(subscription) is None


@pytest.mark.parametrize(
    "said",
    [{"topic": TOPIC + "?"}, {"topic": ""}, {"mode": "unsubscribe"}, {"mode": "publish"}, {"lease": None}],
    ids=str,
)
def test_what_is_not_just_what_was_asked_for_is_not_confirmed(said: dict[str, Any]) -> None:
    assert confirm(asking(make_subscription(), NOW), **said) is None


@pytest.mark.parametrize(
    ("text", "lease"),
    [
        ("60", timedelta(seconds=60)),
        ("99999999999999999999", None),
        ("9999999999", websub.LONGEST),
        ("0", None),
        ("-5", None),
        ("", None),
        ("1.5", None),
        ("٣", None),
    ],
)
def test_a_lease_is_a_positive_number_of_seconds(text: str, lease: timedelta | None) -> None:
    assert lease_of(text) == lease


def test_a_lease_of_a_moment_does_not_make_us_ask_every_moment() -> None:
    done = confirm(asking(make_subscription(), NOW), lease=timedelta(seconds=1))

    assert done is not None
    assert done.next_at - NOW >= timedelta(minutes=5)


def test_a_hub_that_confirms_the_end_is_answered_again_for_a_while_and_then_forgotten() -> None:
    left = confirm(asking(leaving(live(), NOW), NOW), mode="unsubscribe", lease=None)

    assert left is not None
    assert confirm(left, mode="unsubscribe", lease=None) == left
    assert plan({}, [left], PUBLIC, NOW) == Plan()
    assert plan({}, [left], PUBLIC, NOW + DAY) == Plan(forget=("token",))


# ---------------------------------------------------------------- denial


def test_a_denial_ends_the_lease_and_the_hub_is_asked_again_much_later() -> None:
    no = denied(live(), NOW, topic=TOPIC, reason="closed")

    assert no is not None
    assert not no.is_live(NOW)
    assert no.error == "the hub says no: closed"
    assert confirm(no) is None
    assert plan(WANTED, [no], PUBLIC, NOW + 6 * DAY) == Plan()
    assert plan(WANTED, [no], PUBLIC, NOW + 7 * DAY) == Plan(ask=("token",))


def test_a_denial_of_another_topic_is_none_of_this_one() -> None:
    assert denied(live(), NOW, topic="https://example.org/other", reason="") is None


def test_a_denial_of_what_is_taken_back_is_the_end_of_it() -> None:
    no = denied(leaving(live(), NOW), NOW, topic=TOPIC, reason="")

    assert no is not None
    assert plan({}, [no], PUBLIC, NOW + DAY) == Plan(forget=("token",))


# ---------------------------------------------------------------- failures


def test_a_hub_that_fails_is_asked_ever_more_seldom_and_never_given_up() -> None:
    subscription, pauses = make_subscription(), []
    for _ in range(20):
        subscription = failed(asking(subscription, NOW), NOW, error="no connection", jitter=0.999)
        pauses.append(subscription.next_at - NOW)

    assert pauses == sorted(pauses)
    assert timedelta(minutes=2) < pauses[0] <= timedelta(minutes=5)
    assert 23 * HOUR < pauses[-1] <= 24 * HOUR
    assert subscription.failures == 20


@pytest.mark.parametrize(("seconds", "hours"), [(7200.0, 2), (1e9, 24)])
def test_a_hub_that_asks_to_wait_is_waited_for_within_reason(seconds: float, hours: int) -> None:
    waiting = failed(make_subscription(), NOW, error="503", jitter=0, retry_after=seconds)

    assert waiting.next_at == NOW + hours * HOUR


def test_a_lease_outlives_a_renewal_that_fails() -> None:
    assert failed(asking(live(), NOW), NOW, error="503", jitter=0).is_live(NOW + 9 * DAY)


def test_a_request_that_failed_may_still_have_arrived() -> None:
    assert confirm(failed(asking(make_subscription(), NOW), NOW, error="timeout", jitter=0)) is not None


# ---------------------------------------------------------------- what is to be done


def test_a_feed_that_names_a_hub_is_subscribed_to_once() -> None:
    assert plan(WANTED, [], PUBLIC, NOW) == Plan(new=((FEED, HUB, TOPIC),))
    assert plan(WANTED, [live()], PUBLIC, NOW) == Plan()


def test_a_second_subscription_of_a_feed_is_taken_back() -> None:
    assert plan(WANTED, [live(), live(token="other")], PUBLIC, NOW) == Plan(leave=("other",))


def test_a_hub_that_did_not_ask_back_within_the_hour_has_failed() -> None:
    waiting = asking(make_subscription(), NOW)

    assert plan(WANTED, [waiting], PUBLIC, NOW + HOUR / 2) == Plan()
    assert plan(WANTED, [waiting], PUBLIC, NOW + HOUR) == Plan(lapse=("token",))


def test_a_lease_is_renewed_before_it_ends() -> None:
    assert plan(WANTED, [live()], PUBLIC, NOW + 8 * DAY) == Plan(ask=("token",))


@pytest.mark.parametrize("wanted", [{}, {FEED: (HUB, TOPIC + "2")}, {FEED: ("https://hub.example.com/", TOPIC)}])
def test_what_nobody_wants_any_more_is_taken_back(wanted: dict[str, tuple[str, str]]) -> None:
    done = plan(wanted, [live()], PUBLIC, NOW)

    assert done.leave == ("token",)
    assert plan(wanted, [leaving(live(), NOW)], PUBLIC, NOW).ask == ("token",)


def test_what_was_never_given_is_forgotten_once_the_hub_can_ask_no_more() -> None:
    gone = leaving(asking(make_subscription(), NOW), NOW)

    assert plan({}, [gone], PUBLIC, NOW + 23 * HOUR) == Plan()
    assert plan({}, [gone], PUBLIC, NOW + 24 * HOUR) == Plan(forget=("token",))


@pytest.mark.parametrize("more", [{"failures": 5}, {"until": NOW}], ids=str)
def test_a_hub_that_does_not_take_it_back_is_left_to_its_lease(more: dict[str, Any]) -> None:
    assert plan({}, [replace(leaving(live(), NOW), **more)], PUBLIC, NOW) == Plan(forget=("token",))


def test_at_another_address_all_is_begun_anew() -> None:
    done = plan(WANTED, [live()], "https://elsewhere.example.org", NOW)

    assert done == Plan(new=((FEED, HUB, TOPIC),), forget=("token",))


# ---------------------------------------------------------------- pushes


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_each_method_of_the_recommendation_signs(method: str) -> None:
    assert is_signed(b"body", sign(b"body", method=method), "s3cret")
    assert not is_signed(b"body!", sign(b"body", method=method), "s3cret")


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "sha256",
        "sha256=",
        "=",
        sign(b"body", "other"),
        "md5=" + hashlib.md5(b"x").hexdigest(),
        "sha256=é",
        "sha3_256=1",
    ],
)
def test_what_is_not_signed_by_the_secret_is_not_the_hubs(signature: str) -> None:
    assert not is_signed(b"body", signature, "s3cret")
    assert pushed(live(), NOW, body=b"body", signature=signature) is None


@given(st.binary(max_size=50), st.text(max_size=80))
def test_no_signature_but_the_right_one_is_taken(body: bytes, signature: str) -> None:
    assert not is_signed(body, signature, "s3cret") or signature.strip().lower() == sign(
        body, method=signature.split("=", maxsplit=1)[0].strip().lower()
    )


def test_a_push_is_counted_once_however_often_it_is_played() -> None:
    once = pushed(live(), NOW, body=b"body", signature=sign(b"body"))

    assert once is not None
    assert (once.pushes, once.pushed_at, once.is_untaken) == (1, NOW, True)
    assert pushed(once, NOW, body=b"body", signature=sign(b"body")) is None
    assert pushed(once, NOW, body=b"other", signature=sign(b"other")) is not None


def test_only_so_many_pushes_are_remembered() -> None:
    subscription = live()
    for number in range(100):
        body = b"%d" % number
        subscription = pushed(subscription, NOW, body=body, signature=sign(body)) or subscription

    assert subscription.pushes == 100
    assert len(subscription.seen) == 32 * 8


def test_what_is_taken_back_is_pushed_for_nothing() -> None:
    assert pushed(leaving(live(), NOW), NOW, body=b"body", signature=sign(b"body")) is None


def test_what_was_pushed_is_taken_up_to_an_instant_and_what_comes_then_is_not() -> None:
    subscription = replace(live(), pushed_at=NOW + HOUR)

    assert not live().is_untaken
    assert taken(subscription, NOW).is_untaken
    assert not taken(taken(subscription, NOW + HOUR), NOW).is_untaken


# ---------------------------------------------------------------- a clock that is set back


@pytest.mark.parametrize(
    "ahead",
    [
        pytest.param(make_subscription(next_at=NOW + 8 * DAY), id="denied"),
        pytest.param(asking(make_subscription(), NOW + DAY), id="asked"),
        pytest.param(live(asked_at=NOW + DAY, next_at=NOW + 8 * DAY, until=NOW + 11 * DAY), id="live"),
        pytest.param(live(next_at=NOW + 100 * DAY, until=NOW + 120 * DAY), id="live for years"),
    ],
)
def test_what_a_clock_that_ran_ahead_has_put_off_is_due(ahead: HubSubscription) -> None:
    todo = plan(WANTED, [ahead], PUBLIC, NOW)

    assert todo.ask + todo.lapse == ("token",)


@pytest.mark.parametrize(
    "right",
    [
        pytest.param(denied(live(), NOW, topic=TOPIC, reason=""), id="denied"),
        pytest.param(asking(make_subscription(), NOW), id="asked"),
        pytest.param(confirm(asking(make_subscription(), NOW), lease=lease_of("9999999999")), id="the longest lease"),
        pytest.param(confirm(asking(leaving(live(), NOW), NOW), mode="unsubscribe"), id="taken back"),
    ],
)
def test_what_a_right_clock_has_put_off_is_not(right: HubSubscription | None) -> None:
    assert right is not None
    assert not right.is_due(NOW)
    assert not right.is_due(NOW - timedelta(seconds=30))


def test_a_lease_that_was_told_by_a_clock_that_ran_ahead_is_not_believed() -> None:
    ahead = live(asked_at=NOW + DAY, until=NOW + 11 * DAY)

    assert asking(ahead, NOW).until is None
    assert asking(live(), NOW + DAY).until == live().until
    assert not live(until=NOW + 91 * DAY).is_live(NOW)


def test_a_hub_may_not_ask_back_for_longer_because_the_clock_was_set() -> None:
    asked = asking(make_subscription(), NOW + 2 * DAY)

    assert confirm(asked) is None


def test_what_is_pushed_after_the_clock_was_set_back_is_not_taken_for_taken() -> None:
    before = live(taken_at=NOW + DAY, pushed_at=NOW + DAY)

    after = pushed(before, NOW, body=b"news", signature=sign(b"news"))

    assert after is not None
    assert after.is_untaken
    assert not taken(after, NOW).is_untaken
