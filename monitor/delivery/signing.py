"""Signatures of webhooks as in https://www.standardwebhooks.com (version 1, HMAC-SHA256). Pure."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

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
