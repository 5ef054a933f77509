"""Apprise: addresses become destinations, its answers become ours, and its secrets stay where they are."""

import io
import json
import logging
import threading
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.delivery.apprise import AppriseSender, destinations, resolve
from monitor.errors import DeliveryError
from monitor.ports import Outcome
from tests.delivery.conftest import CANARY, MESSAGE
from tests.servers import LoopbackServer, Reply, redirect
from tests.sinks import HANG, HANG_UP, SmtpSink, refusing_port


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as loopback:
        yield loopback


def gotify(server: LoopbackServer, options: str = "") -> str:
    """A service that Apprise alone knows how to talk to."""
    return f"gotify://127.0.0.1:{server.port}/{CANARY}{options}"


# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("mailto://user:pw1234@example.org?to=desk@example.org", "mailto://example.org/desk@example.org"),
        ("mailtos://user:pw1234@example.org", "mailtos://example.org"),
        ("json://user:pw1234@example.org:8080/hook/token?+X-Key=abcdef", "json://example.org:8080/…"),
        ("jsons://example.org", "jsons://example.org"),
        ("xml://user:pw1234@example.org/token", "xml://example.org/…"),
        ("slack://TAAAAAAAA/BAAAAAAAA/aaaaaaaaaaaaaaaaaaaaaaaa/#general", "slack://T...A/B...A/a...a/#general"),
        ("tgram://123456789:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/12315544/", "tgram://1...a/12315544"),
        ("https://discord.com/api/webhooks/1234567890/aaaaaaaaaaaaaaaaaaaaaaaa", "discord://1...0/a...a"),
        ("ntfy://topic12345", "ntfys://…"),
        ("ntfy://example.org/topic12345", "ntfy://example.org/…"),
        ("console://", "console://"),
    ],
)
def test_a_label_says_where_it_leads_and_nothing_that_opens_it(address: str, label: str) -> None:
    destination = resolve(address)

    assert destination.label == label
    assert destination.url == address
    assert "url" not in repr(destination)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("", "is not an address of a service; write scheme://…"),
        (f"desk@example.org {CANARY}", "is not an address of a service; write scheme://…"),
        (f"slackk://TA/{CANARY}", "slackk:// is not a service that Apprise knows"),
        (
            f"http://example.org/{CANARY}",
            r"http:// is not a service that Apprise knows \(a webhook is json:// or jsons://\)",
        ),
        (f"slack://{CANARY}", "slack:// address is unusable: An invalid Slack"),
        (f"tgram://{CANARY}/1", "tgram:// address is unusable: "),
        ("json://", "json:// address is unusable: "),
        (f"mailto://{CANARY}", "mailto:// address is unusable: Invalid ~From~ email"),
        (f"mqtt://user:{CANARY}@example.org/topic", "mqtt:// cannot be used here: it needs paho-mqtt"),
        (f"gotify://example.org/{CANARY}?rto=soon", "gotify:// address is unusable: Invalid socket read timeout"),
    ],
)
def test_an_unusable_address_is_refused_with_its_reason(address: str, reason: str) -> None:
    with pytest.raises(DeliveryError, match=reason) as caught:
        resolve(address)

    assert CANARY not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None


def test_an_unusable_address_is_a_result_when_it_is_sent_to(sender: AppriseSender) -> None:
    result = sender.send(f"slack://{CANARY}", MESSAGE)

    assert result.outcome is Outcome.REFUSED
    assert result.detail.startswith("slack:// address is unusable")


def test_ids_differ_by_address() -> None:
    ids = {resolve(address).id for address in ("json://example.org/a", "json://example.org/b", "jsons://example.org/a")}

    assert len(ids) == 3


def test_a_service_that_fans_out_is_one_destination() -> None:
    assert len(destinations("tgram://123456789:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/1/2/")) == 1


@given(st.text(max_size=30), st.sampled_from(["json", "mailto", "slack", "console", "ntfy", "x"]))
def test_any_address_is_a_destination_or_an_error(rest: str, scheme: str) -> None:
    with suppress(DeliveryError):
        assert all(each.id and each.label for each in destinations(f"{scheme}://{rest}"))


# ---------------------------------------------------------------- answers


def test_a_service_of_apprises_own_receives_the_text(sender: AppriseSender, server: LoopbackServer) -> None:
    server.routes["/message"] = Reply()

    assert sender.send(gotify(server), MESSAGE).outcome is Outcome.SENT
    sent = json.loads(server.requests[0].body)
    assert (sent["title"], sent["message"]) == (MESSAGE.title, MESSAGE.body)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        pytest.param(Reply(status=500), Outcome.FAILED, id="500"),
        pytest.param(Reply(status=429, headers={"Retry-After": "7"}), Outcome.FAILED, id="429"),
        pytest.param(redirect("/elsewhere"), Outcome.FAILED, id="a redirect"),
        pytest.param(HANG, Outcome.UNKNOWN, id="no answer in time"),
        pytest.param(HANG_UP, Outcome.UNKNOWN, id="no answer"),
    ],
)
def test_its_answer_is_understood(
    sender: AppriseSender, server: LoopbackServer, reply: Reply, outcome: Outcome
) -> None:
    server.routes["/message"] = reply

    result = sender.send(gotify(server, "?rto=0.4"), MESSAGE)

    assert result.outcome is outcome
    assert result.detail
    assert len(server.requests) == 1


def test_a_closed_port_means_that_nothing_arrived(sender: AppriseSender) -> None:
    result = sender.send(f"gotify://127.0.0.1:{refusing_port()}/{CANARY}", MESSAGE)

    assert result.outcome is Outcome.FAILED
    assert result.detail.endswith("; [Errno 111] Connection refused")


def test_when_one_of_two_channels_has_it_nobody_knows_whether_it_was_sent(
    sender: AppriseSender, server: LoopbackServer
) -> None:
    server.routes[f"/hooks/{CANARY}"] = lambda request: Reply(status=500 if b"two" in request.body else 200)

    result = sender.send(f"mmost://127.0.0.1:{server.port}/{CANARY}?channels=one,two", MESSAGE)

    assert result.outcome is Outcome.UNKNOWN
    assert len(server.requests) == 2


def test_an_optional_service_that_fails_has_failed(sender: AppriseSender, server: LoopbackServer) -> None:
    server.routes["/message"] = Reply(status=500)

    assert sender.send(gotify(server, "?optional=yes"), MESSAGE).outcome is Outcome.FAILED


def test_retries_are_ours_alone(sender: AppriseSender, server: LoopbackServer) -> None:
    server.routes["/message"] = Reply(status=500)

    sender.send(gotify(server, "?retry=5&wait=60"), MESSAGE)

    assert len(server.requests) == 1


def test_a_redirect_carries_no_token_elsewhere(sender: AppriseSender, server: LoopbackServer) -> None:
    with LoopbackServer() as elsewhere:
        server.routes["/message"] = redirect(elsewhere.url("/stolen"), status=307)
        sender.send(gotify(server), MESSAGE)

        assert elsewhere.requests == []


def test_a_service_that_takes_too_long_is_not_waited_for(server: LoopbackServer) -> None:
    server.routes["/message"] = HANG
    impatient = AppriseSender(refusal=lambda _address, _port: None, time_limit=0.2)

    # The read timeout lets the worker end soon after.
    result = impatient.send(gotify(server, "?rto=0.6"), MESSAGE)

    assert result.outcome is Outcome.UNKNOWN
    assert "did not finish within" in result.detail


def test_a_long_message_is_cut_at_a_sentence_not_split(sender: AppriseSender, server: LoopbackServer) -> None:
    server.routes["/"] = Reply()
    long = replace(MESSAGE, body="The works have stopped. " * 2000)

    # ntfy takes 7,800 characters.
    sender.send(f"ntfy://127.0.0.1:{server.port}/topic12345?overflow=split", long)

    assert len(server.requests) == 1
    assert json.loads(server.requests[0].body)["message"].endswith("The works have stopped. …")


def test_webhooks_in_other_formats_receive_the_text(sender: AppriseSender, server: LoopbackServer) -> None:
    server.routes["/hook"] = Reply()

    for scheme in ("xml", "form"):
        assert sender.send(f"{scheme}://127.0.0.1:{server.port}/hook", MESSAGE).outcome is Outcome.SENT
    assert len(server.requests) == 2


def test_several_threads_may_send_at_once(sender: AppriseSender, server: LoopbackServer) -> None:
    server.routes["/message"] = Reply(delay=0.05)
    outcomes: list[Outcome] = []

    def send() -> None:
        outcomes.append(sender.send(gotify(server), MESSAGE).outcome)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes == [Outcome.SENT] * 8


# ---------------------------------------------------------------- secrets


@pytest.fixture
def overheard() -> Iterator[io.StringIO]:
    """All that any library logs, at the noisiest level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    urllib3 = logging.getLogger("urllib3")
    levels = root.level, urllib3.level
    root.addHandler(handler)
    root.setLevel(1)
    urllib3.setLevel(1)
    yield stream
    root.removeHandler(handler)
    root.setLevel(levels[0])
    urllib3.setLevel(levels[1])


def test_no_secret_is_seen_anywhere(
    sender: AppriseSender,
    server: LoopbackServer,
    mail: SmtpSink,
    overheard: io.StringIO,
    capfd: pytest.CaptureFixture[str],
) -> None:
    here = f"127.0.0.1:{server.port}"
    mail.refusals = {"desk@example.org": f"550 nobody knows {CANARY}"}
    mail.accepts_login = True
    addresses = [
        f"json://{CANARY}:{CANARY}@{here}/{CANARY}?+X-Key={CANARY}&-q={CANARY}",
        f"xml://{CANARY}:{CANARY}@{here}/{CANARY}",
        f"form://{CANARY}:{CANARY}@{here}/{CANARY}",
        gotify(server),
        f"ntfy://{CANARY}:{CANARY}@{here}/{CANARY}",
        f"mmost://{here}/{CANARY}",
        f"rocket://{CANARY}:{CANARY}@{here}/#channel",
        f"apprise://{here}/{CANARY}",
        f"matrix://{CANARY}:{CANARY}@{here}/#room",
        f"gotify://127.0.0.1:{refusing_port()}/{CANARY}",
        mail.address("desk@example.org", user="monitor", password=CANARY),
        f"slack://{CANARY}",
        f"slackk://T1/{CANARY}",
        f"discord://1/{CANARY}/?format=odd",
        f"nothing at all {CANARY}",
    ]
    said = []
    for address in addresses:
        for reply in (Reply(status=403, body=CANARY.encode()), HANG_UP):
            for path in (f"/{CANARY}", "/message", "/", f"/hooks/{CANARY}", f"/notify/{CANARY}"):
                server.routes[path] = reply
            result = sender.send(address, MESSAGE)
            assert result.outcome is not Outcome.SENT
            said.append(result.detail)
        try:
            said.append(repr(resolve(address)))
        except DeliveryError as error:
            said.append(repr(error))

    printed = capfd.readouterr()
    for text in ("\n".join(said), overheard.getvalue(), printed.out, printed.err):
        assert CANARY not in text
    assert len(server.requests) > 10


def test_logs_that_are_set_up_anew_stay_hushed(
    sender: AppriseSender, server: LoopbackServer, overheard: io.StringIO
) -> None:
    server.routes["/message"] = Reply(status=500)
    for name in ("apprise", "urllib3"):
        logging.getLogger(name).propagate = True
        logging.getLogger(name).setLevel(logging.CRITICAL)

    result = sender.send(gotify(server), MESSAGE)

    assert "error=500" in result.detail
    assert CANARY not in overheard.getvalue()
