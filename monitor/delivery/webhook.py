"""``json://`` and ``jsons://``: webhooks, which receive the change as a CloudEvents 1.0 event (structured mode).

The address has Apprise's form: ``jsons://user:password@host:port/path?+Header=value&-query=value&method=put``. It may
contain a secret with which each request is signed: ``secret=whsec_…`` (see signing.py).
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from apprise.exception import AppriseImproperlyConfigured
from apprise.plugins.custom_json import NotifyJSON

from monitor.core.news import Message
from monitor.delivery.http import Direct, Post, deliver
from monitor.ports import SendResult

# Signatures of webhooks as in https://www.standardwebhooks.com (version 1, HMAC-SHA256). Pure -------------------------


PREFIX = "whsec_"
#: Bytes of a key, according to the standard. Shorter keys can be guessed.
SHORTEST, LONGEST = 24, 64


def keys(secrets: str) -> tuple[bytes, ...]:
    """The keys in a text, separated by commas. There are several while receivers change from one to the other.

    Raises:
        ValueError: one is not ``whsec_`` with 24 to 64 bytes in base64; the message does not repeat it.
    """
    return tuple(_key(secret.strip()) for secret in secrets.split(",")) if secrets.strip() else ()


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not secret.startswith(PREFIX) or not SHORTEST <= len(key) <= LONGEST:
        raise ValueError(f"a secret must be {PREFIX} and {SHORTEST} to {LONGEST} random bytes in base64")
    return key


def signed(body: bytes, *, id_: str, at: datetime, by: Sequence[bytes]) -> Mapping[str, str]:
    """The headers that sign a body: its id, the instant, and a signature with each key.

    The id is the same at every attempt. The instant is that of the attempt, so that a receiver can refuse a replayed
    request.
    """
    timestamp = str(int(at.timestamp()))
    content = b".".join((id_.encode(), timestamp.encode(), body))
    signatures = (base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode() for key in by)
    return {
        "webhook-id": id_,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
_LAST_PORT = 65535
_METHODS = frozenset({"POST", "PUT", "PATCH"})


class Webhook(Direct, NotifyJSON):
    """Replaces Apprise's own plug-in for these schemes."""

    service_name = "Webhook"
    #: The text is not sent, so it must not be cut, nor split into several requests.
    body_maxlen = 1 << 30
    title_maxlen = 1 << 30

    def __init__(self, secret: str = "", **kwargs: Any) -> None:  # noqa: ANN401 - what Apprise read in the address
        """Refuse options that cannot be honoured."""
        try:
            self._keys = keys(secret)
        except ValueError as error:
            raise AppriseImproperlyConfigured(str(error)) from None
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]  # Apprise is typed in part
        if self.method not in _METHODS:
            raise AppriseImproperlyConfigured("an event needs a request with a body: method=post, put or patch")
        if self.port is not None and not 0 < self.port <= _LAST_PORT:
            raise AppriseImproperlyConfigured("there is no such port")
        if self.payload_extras:
            raise AppriseImproperlyConfigured("the body is a CloudEvents event: no options that begin with a colon")

    @staticmethod
    def parse_url(url: str) -> dict[str, Any] | None:  # type: ignore[override]  # as Apprise's own narrow it
        """Also read the secret; Apprise drops unknown options."""
        results: dict[str, Any] | None = NotifyJSON.parse_url(url)
        return results and results | {"secret": results["qsd"].get("secret", "")}

    def deliver(self, title: str, body: str) -> SendResult:  # noqa: ARG002 - the event says it all
        """Post the event."""
        query = urlencode(self.params)
        content = json.dumps(self._message.event or _plain_event(self._message)).encode()
        signature = signed(content, id_=self._message.id, at=self._means.clock(), by=self._keys) if self._keys else {}
        post = Post(
            host=self.host.strip("[]"),
            port=self.port or (443 if self.secure else 80),
            tls=bool(self.secure),
            verify=self.verify_certificate,
            method=str(self.method),
            target=quote(self.fullpath or "/", safe="/%:@!$&'()*+,;=~") + (f"?{query}" if query else ""),
            headers={**self._headers(), **signature},
            body=content,
            connect_timeout=min(self.socket_connect_timeout, self._means.time_limit),
            answer_timeout=min(self.socket_read_timeout, self._means.time_limit),
        )
        return deliver(post, self._means.http)

    def _headers(self) -> Mapping[str, str]:
        headers = {
            "Content-Type": CONTENT_TYPE,
            "User-Agent": self.app_id,
            # https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
            "Idempotency-Key": f'"{self._message.id}"',
        }
        if self.user:
            credentials = f"{self.user}:{self.password or ''}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(credentials).decode()}"
        return headers | self.headers


def _plain_event(message: Message) -> Mapping[str, object]:
    """The event of a message without a change, such as a test."""
    return {
        "specversion": "1.0",
        "id": message.id,
        "source": "/monitor",
        "type": "monitor.message",
        "datacontenttype": "application/json",
        "data": {"title": message.title, "body": message.body},
    }
