"""WebSub from end to end: a feed names its hub, the hub pushes, and much goes wrong."""

from datetime import timedelta

import pytest

from monitor.core.polling.polling import Rule
from monitor.poll.poll import PollOutcome
from monitor.poll.push import lost
from tests.servers import Reply
from tests.web.conftest import MAX_BYTES, Station, rss

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NEWS = "Acme cathode plant: construction has started"


async def test_a_feed_that_names_a_hub_is_subscribed_to_and_what_is_pushed_is_read_at_once(station: Station) -> None:
    async with station.running():
        subscription = await station.subscribe()
        assert subscription.is_live(station.now)
        assert station.hub.answers == [(200, b"ch<b>")]

        assert await station.push(rss(NEWS)) == 202
        result = await station.take()

        assert (result.outcome, result.new) == (PollOutcome.PUSHED, 1)
        assert [change.to for change in result.changes if change.type == "status"] == ["construction"]
        assert (station.subscription.pushes, station.subscription.is_untaken) == (1, False)


async def test_what_was_pushed_is_not_new_when_it_is_polled(station: Station) -> None:
    async with station.running():
        await station.subscribe()
        await station.push(rss(NEWS))
        await station.take()

        station.say(NEWS, "history")
        result = await station.poll()

        assert (result.outcome, result.new, result.changes) == (PollOutcome.READ, 0, ())


async def test_a_feed_is_polled_less_often_while_it_is_pushed_and_as_before_when_the_lease_is_over(
    station: Station,
) -> None:
    async def rules() -> list[Rule]:
        await station.poll()
        return [reason.rule for reason in station.app.poller.feeds()[0][1].reasons]

    async with station.running():
        await station.subscribe()
        await station.tend()
        assert Rule.PUSHED in await rules()

        station.hub.status = 503
        station.wait(11 * DAY)
        assert await station.tend() == ["the server failed (503 Service Unavailable)"]

        assert Rule.PUSHED not in await rules()


@pytest.mark.parametrize("lost_questions", [1, 3])
async def test_a_question_whose_answer_was_lost_may_be_asked_again(station: Station, lost_questions: int) -> None:
    station.hub.lost_questions = lost_questions
    async with station.running():
        assert (await station.subscribe()).is_live(station.now)
        assert station.hub.answers == [(200, b"ch<b>")]


async def test_a_hub_that_does_not_ask_back_is_asked_again_later(station: Station) -> None:
    station.hub.asks_back = False
    async with station.running():
        await station.subscribe()
        station.wait(HOUR)
        assert await station.tend() == []
        assert station.subscription.error == "the hub did not ask back"

        station.hub.asks_back = True
        station.wait(HOUR)
        await station.tend()

        assert station.subscription.is_live(station.now)
        assert len(station.hub.forms) == 2


async def test_a_hub_that_fails_costs_itself_and_is_asked_again_later(station: Station) -> None:
    station.hub.status = 500
    async with station.running():
        await station.poll()
        assert await station.tend() == ["the server failed (500 Internal Server Error)"]
        assert await station.tend() == []

        station.hub.status = 202
        station.wait(HOUR)
        await station.tend()

        assert station.subscription.is_live(station.now)


async def test_a_lease_is_renewed_before_it_ends_with_what_was_agreed(station: Station) -> None:
    station.hub.seconds = 86_400
    async with station.running():
        first = await station.subscribe()
        assert first.until == station.now + DAY

        station.wait(20 * HOUR)
        await station.tend()

        assert station.subscription.until == station.now + DAY
        assert [form["hub.callback"] for form in station.hub.forms] == [first.callback] * 2


async def test_a_lease_that_ended_is_asked_for_again(station: Station) -> None:
    async with station.running():
        await station.subscribe()
        station.wait(30 * DAY)
        assert not station.subscription.is_live(station.now)

        await station.tend()

        assert station.subscription.is_live(station.now)


# ---------------------------------------------------------------- whoever is not the hub


async def test_who_asks_what_was_not_asked_for_finds_nothing(station: Station) -> None:
    async with station.running():
        subscription = await station.subscribe()
        right = {"mode": "subscribe", "topic": subscription.topic, "challenge": "x", "lease_seconds": "60"}

        for wrong in (
            {"topic": "https://example.org/other"},
            {"mode": "unsubscribe"},
            {"mode": "publish"},
            {"lease_seconds": "forever"},
            {"challenge": ""},
        ):
            assert await station.question(subscription.callback, **(right | wrong)) == 404
        assert await station.question(f"{station.public}/websub/guess", **right) == 404
        station.wait(2 * DAY)
        assert await station.question(subscription.callback, **right) == 404
        assert station.subscription == subscription


async def test_who_pushes_without_the_secret_is_thanked_and_ignored(station: Station) -> None:
    async with station.running():
        await station.subscribe()

        for signature in ("", "sha256=", "sha1=" + "0" * 40, "md5=0"):
            assert await station.push(rss(NEWS), signature=signature) == 202

        assert station.is_idle
        assert station.subscription.pushes == 0


async def test_who_plays_a_recorded_push_again_is_thanked_and_ignored(station: Station) -> None:
    async with station.running():
        await station.subscribe()
        await station.push(rss(NEWS))
        await station.take()

        assert await station.push(rss(NEWS)) == 202

        assert station.is_idle
        assert station.subscription.pushes == 1


async def test_who_pushes_to_a_guessed_callback_finds_nothing(station: Station) -> None:
    async with station.running():
        await station.subscribe()

        assert await station.push(rss(NEWS), to=f"{station.public}/websub/guess") == 404


async def test_a_push_that_is_too_large_is_refused_unread(station: Station) -> None:
    async with station.running():
        await station.subscribe()

        assert await station.push(bytes(MAX_BYTES + 1)) in {413, 0}  # the client may hang up before it hears
        assert station.is_idle


async def test_when_there_is_no_room_the_hub_is_to_come_again(station: Station) -> None:
    async with station.running():
        await station.subscribe()
        body = rss(NEWS, "x" * 45_000)
        assert await station.push(body) == 202

        assert await station.push(rss("Other")) == 202
        assert await station.push(rss("y" * 10_000)) == 503

        await station.take()
        assert await station.push(rss("y" * 10_000)) == 202


# ---------------------------------------------------------------- odd pushes


@pytest.mark.parametrize("body", [b"", b"ping", b"<html><body>updated</body></html>"], ids=["nothing", "text", "page"])
async def test_a_push_that_is_no_feed_makes_the_feed_be_asked(station: Station, body: bytes) -> None:
    async with station.running():
        await station.subscribe()
        station.say(NEWS)

        assert await station.push(body) == 202
        result = await station.take()

        assert (result.outcome, result.new) == (PollOutcome.READ, 1)
        assert not station.subscription.is_untaken


async def test_a_push_that_was_acknowledged_before_a_kill_is_asked_for_after_the_next_start(station: Station) -> None:
    async with station.running():
        await station.subscribe()
        station.say(NEWS)
        await station.push(rss(NEWS))

    async with station.running():
        (push,) = lost(station.app.hubs, station.intake)
        assert push.body == b""
        result = await station.app.poller.take(push, station.fetcher)

        assert result is not None
        assert result.new == 1
        assert lost(station.app.hubs, station.intake) == ()


async def test_a_subscription_outlives_a_restart(station: Station) -> None:
    async with station.running():
        await station.subscribe()
    async with station.running():
        assert await station.tend() == []

        assert await station.push(rss(NEWS)) == 202
        assert (await station.take()).new == 1


# ---------------------------------------------------------------- no


async def test_a_hub_that_says_no_is_left_alone_and_the_feed_is_polled(station: Station) -> None:
    async with station.running():
        subscription = await station.subscribe()
        no = {"mode": "denied", "topic": subscription.topic, "reason": "not\nyou"}

        assert await station.question(subscription.callback, **(no | {"topic": "x"})) == 404
        assert await station.question(subscription.callback, **no) == 200

        station.wait(DAY)
        assert await station.tend() == []
        assert station.subscription.error == "the hub says no: not you"
        assert not station.subscription.is_live(station.now)


async def test_a_feed_that_left_the_configuration_is_unsubscribed(station: Station) -> None:
    async with station.running():
        callback = (await station.subscribe()).callback
    station.configure("feeds: []\n")
    async with station.running():
        assert await station.tend() == [""]

        assert station.hub.forms[-1]["hub.mode"] == "unsubscribe"
        assert station.hub.leases == {}
        assert await station.push(rss(NEWS), to=callback) == 410
        station.wait(DAY)
        await station.tend()
        assert list(station.app.hubs.all()) == []


async def test_a_feed_that_names_another_hub_is_subscribed_to_there(station: Station) -> None:
    async with station.running():
        first = await station.subscribe()
        station.outside.routes["/other"] = Reply(status=202)
        station.say("history", "more", hub=station.outside.url("/other"))
        await station.poll()
        await station.tend()

        left, new = sorted(station.app.hubs.all(), key=lambda each: each.token != first.token)
        assert (left.token, left.is_leaving) == (first.token, True)
        assert (new.hub, new.is_pending) == (station.outside.url("/other"), True)
        assert new.token != first.token


async def test_a_database_that_refuses_makes_the_hub_come_again(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with station.running():
        callback = (await station.subscribe()).callback
        monkeypatch.setattr(station.app.hubs, "find", refuse)
        monkeypatch.setattr(station.app.hubs, "change", refuse)

        assert await station.push(rss(NEWS)) == 503
        assert await station.question(callback, mode="denied", topic="x") == 503


def refuse(*_: object) -> None:
    from monitor.errors import LedgerError  # noqa: PLC0415 - here only

    raise LedgerError("locked")
