"""Parses response headers. Pure."""

import re
from collections.abc import Mapping

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)
_AGE = re.compile(r"\d{1,10}")
# Validators are stored in the ledger and sent back. A longer value is not a validator but an attempt at abuse.
_VALIDATOR_LENGTH = 1024


def fresh_for(headers: Mapping[str, str]) -> float | None:
    """Seconds for which the answer stays fresh (RFC 9111 section 4.2), minus its age. None if it does not say."""
    found = _MAX_AGE.search(headers.get("Cache-Control", ""))
    if found is None:
        return None
    age = _AGE.fullmatch(headers.get("Age", "").strip())
    return max(0.0, float(found[1]) - (float(age[0]) if age else 0.0))


def validator(headers: Mapping[str, str], name: str) -> str | None:
    """The validator as the server sent it. None if it is missing or cannot be sent back byte for byte."""
    value = headers.get(name)
    return value if value and value.isascii() and value.isprintable() and len(value) <= _VALIDATOR_LENGTH else None
