"""All services that Apprise knows: each address is a destination or a DeliveryError, whatever the plug-in thinks."""

import socket
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.delivery.apprise import AppriseSender, destinations
from monitor.errors import DeliveryError
from monitor.ports import Outcome
from tests.delivery.conftest import MESSAGE
from tests.delivery.services import addresses, plugins
from tests.sinks import WebhookSink

SCHEMES = tuple(plugins())
UNUSABLE = [scheme for scheme, plugin in plugins().items() if not plugin.enabled]
#: What an operator may write by mistake, and what means something in an address.
PIECES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["127.0.0.1", "[::1]", "localhost", "user:pw@", "example.org", ":80", *"/?&=#@%,[]{}\\", "a" * 32]),
    st.sampled_from(["%00", "%ff", "\x00", "\ud800", "+15551234567", "to=", "from=", "format=x", "https://"]),
)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_each_service_takes_a_plausible_address_or_says_why_not(scheme: str) -> None:
    for address in (f"{scheme}://", *addresses(scheme, "example.org", 8080), f"{scheme}://a:b@127.0.0.1/c/d/e"):
        with suppress(DeliveryError):
            resolved = destinations(address, lambda _address, _port: None)
            assert resolved
            assert all(each.id and each.label and each.url for each in resolved)


@given(st.sampled_from(SCHEMES), st.lists(PIECES, max_size=8).map("".join))
def test_any_text_is_a_destination_or_an_error(scheme: str, rest: str) -> None:
    with suppress(DeliveryError):
        assert all(each.id and each.label for each in destinations(f"{scheme}://{rest}", lambda *_: None))


@given(st.sampled_from(["json", "jsons", "xml", "gotify", "mailto"]), st.lists(PIECES, max_size=8).map("".join))
def test_sending_to_any_text_is_a_result(scheme: str, rest: str) -> None:
    # The address of a number: nothing is looked up.
    result = AppriseSender(refusal=lambda *_: "no", time_limit=5).send(f"{scheme}://127.0.0.1/{rest}", MESSAGE)

    assert result.outcome in {Outcome.REFUSED, Outcome.FAILED}


def test_a_host_that_no_name_can_be_is_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(*_: object, **__: object) -> None:
        raise UnicodeError("label empty or too long")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    result = AppriseSender(refusal=lambda *_: None).send("json://example.org/hook", MESSAGE)

    assert (result.outcome, result.detail) == (Outcome.FAILED, "cannot connect: label empty or too long")


def test_a_header_that_no_request_may_hold_is_refused(sender: AppriseSender, hook: WebhookSink) -> None:
    result = sender.send(f"{hook.address}?+X-Key=one%0Atwo", MESSAGE)

    assert result.outcome is Outcome.REFUSED
    assert result.detail.startswith("cannot be sent as written: ")
    assert hook.received == []


@pytest.mark.parametrize("scheme", UNUSABLE)
def test_a_service_that_cannot_work_here_says_what_it_lacks_and_what_to_do(scheme: str) -> None:
    with pytest.raises(DeliveryError, match=f"^{scheme}:// cannot be used here: .{{10,}}; (install|write)") as caught:
        destinations(f"{scheme}://example.org/topic")

    assert str(caught.value).endswith(("or write another service", "such as mailto://… or jsons://…"))


def test_bytes_that_are_no_text_are_told_of() -> None:
    with pytest.raises(DeliveryError, match=r"^gotify:// address is unusable: it holds bytes that are no UTF-8"):
        destinations("gotify://example.org/to\udcffken")
