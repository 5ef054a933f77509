"""Signatures of webhooks: whether receivers can check them, by the verifier that the documentation gives them."""

import base64
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.delivery.apprise import AppriseSender, resolve
from monitor.delivery.webhook import keys, signed
from monitor.errors import DeliveryError
from tests.delivery.conftest import MESSAGE
from tests.sinks import WebhookSink

SECRET = "whsec_" + base64.b64encode(b"\xfb\xff a key of thirty-two bytes. ").decode()
OTHER = "whsec_" + base64.b64encode(bytes(24)).decode()

Verifier = Callable[..., bool]


@pytest.fixture(scope="module")
def is_genuine() -> Verifier:
    """What docs/webhooks.md tells receivers to write."""
    page = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text("utf-8")
    found = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert found is not None
    names: dict[str, Any] = {}
    exec(found[1], names)
    return names["is_genuine"]  # type: ignore[no-any-return]  # what the page defines


def received(hook: WebhookSink, sender: AppriseSender, *secrets: str) -> tuple[Mapping[str, str], bytes]:
    sender.send(f"{hook.address}?secret={quote(','.join(secrets), safe=',')}", MESSAGE)
    request = hook.received[-1]
    return request.headers, request.body


def test_the_documented_verifier_believes_what_was_signed(
    sender: AppriseSender, hook: WebhookSink, is_genuine: Verifier
) -> None:
    headers, body = received(hook, sender, SECRET)

    assert is_genuine(headers, body, SECRET)
    assert headers["webhook-id"] == MESSAGE.id


def test_it_believes_nothing_that_was_altered_or_signed_by_others(
    sender: AppriseSender, hook: WebhookSink, is_genuine: Verifier
) -> None:
    headers, body = received(hook, sender, SECRET)

    assert not is_genuine(headers, body + b" ", SECRET)
    assert not is_genuine({**headers, "webhook-id": "another"}, body, SECRET)
    assert not is_genuine(headers, body, OTHER)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("webhook-signature", "v1,é"),
        ("webhook-signature", "v1,\udcff"),
        ("webhook-signature", None),
        ("webhook-timestamp", "²"),
        ("webhook-timestamp", "9" * 5000),
        ("webhook-timestamp", None),
        ("webhook-id", "\udcff"),
        ("webhook-id", None),
    ],
)
def test_it_refuses_without_falling_over_what_is_no_signature(
    sender: AppriseSender, hook: WebhookSink, is_genuine: Verifier, name: str, value: str | None
) -> None:
    headers, body = received(hook, sender, SECRET)
    forged = {each: text for each, text in {**headers, name: value}.items() if text is not None}

    assert not is_genuine(forged, body, SECRET)


def test_it_refuses_what_is_played_again_later(hook: WebhookSink, is_genuine: Verifier) -> None:
    long_ago = datetime.now(UTC) - timedelta(minutes=6)
    late = AppriseSender(refusal=lambda _address, _port: None, clock=lambda: long_ago)

    headers, body = received(hook, late, SECRET)

    assert not is_genuine(headers, body, SECRET)
    assert is_genuine(headers, body, SECRET, tolerance=600)


def test_both_secrets_are_good_while_one_takes_the_place_of_the_other(
    sender: AppriseSender, hook: WebhookSink, is_genuine: Verifier
) -> None:
    headers, body = received(hook, sender, SECRET, OTHER)

    assert is_genuine(headers, body, SECRET)
    assert is_genuine(headers, body, OTHER)


def test_a_webhook_without_a_secret_is_not_signed(sender: AppriseSender, hook: WebhookSink) -> None:
    sender.send(hook.address, MESSAGE)

    assert not {name for name in hook.received[0].headers if name.startswith("webhook-")}


def test_the_signature_is_that_of_the_standards_own_example() -> None:
    # https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    headers = signed(
        b'{"test": 2432232314}',
        id_="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=datetime.fromtimestamp(1614265330, UTC),
        by=keys("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
    )

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_destination_is_the_same_whatever_its_secret_is() -> None:
    plain = resolve("jsons://example.org/hook?method=put")

    assert resolve(f"jsons://example.org/hook?secret={OTHER}&method=put").id == plain.id
    assert resolve(f"jsons://example.org/hook?method=put&secret={OTHER}").id == plain.id
    assert resolve("jsons://example.org/hook").id == resolve(f"jsons://example.org/hook?secret={OTHER}").id != plain.id


def test_the_secret_is_not_shown(hook: WebhookSink) -> None:
    destination = resolve(f"{hook.address}?secret={OTHER}")

    assert "whsec" not in destination.label
    assert OTHER not in repr(destination)


@pytest.mark.parametrize(
    "secret",
    [
        "abc",
        "whsec_",
        "whsec_AAAA",
        "whsec_not base64",
        OTHER.removeprefix("whsec_"),
        f"{OTHER},",
        "whsec_" + 100 * "A",
    ],
)
def test_a_secret_that_is_none_is_refused_and_not_repeated(secret: str) -> None:
    with pytest.raises(DeliveryError, match="24 to 64 random bytes") as caught:
        resolve(f"jsons://example.org/hook?secret={quote(secret)}")

    assert secret not in str(caught.value).replace("whsec_ and", "")


@given(st.lists(st.binary(min_size=24, max_size=64), min_size=1, max_size=3))
def test_keys_are_read_as_they_were_written(those: list[bytes]) -> None:
    assert keys(",".join("whsec_" + base64.b64encode(key).decode() for key in those)) == tuple(those)
