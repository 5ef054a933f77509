"""Addresses for reading: letters of all scripts in place of their percent-encoding (RFC 3987). Pure."""

import re
import unicodedata
from urllib.parse import quote

_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2})++")
#: Letters, marks that belong to one, and digits. Everything else could be invisible, or seem to end the address.
_READABLE = frozenset("LMN")
_FIRST_NON_ASCII = 0x80


def readable(url: str) -> str:
    """The same address with its encoded letters and digits of other scripts than ASCII decoded.

    It leads to the same place: encoded again, it is the address that was given. What is no letter stays encoded, and so
    does the whole address if a reader's program might write its letters with other characters.
    """
    decoded = _ENCODED.sub(lambda run: _letters(bytes.fromhex(run[0].replace("%", ""))), url)
    return decoded if unicodedata.is_normalized("NFC", decoded) else url


def ascii_only(url: str) -> str:
    """The same address with everything but ASCII encoded, for programs."""
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~")


def _letters(encoded: bytes) -> str:
    """The decoded text of a run of encoded bytes. Bytes that are no UTF-8, and what is no letter, stay encoded."""
    text = encoded.decode("utf-8", "surrogateescape")
    return "".join(char if _is_readable(char) else _encode(char) for char in text)


def _is_readable(char: str) -> bool:
    return ord(char) >= _FIRST_NON_ASCII and unicodedata.category(char)[0] in _READABLE


def _encode(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogateescape"))
