"""Hashes passwords. The only module that knows argon2.

Argon2id with the second recommended parameters of RFC 9106: 64 MB and tens of milliseconds for one password. The caller
bounds how many are hashed at a time.
"""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()


def hash_password(password: str) -> str:
    """The hash to store, with its salt and parameters."""
    return _HASHER.hash(_bytes(password))


def is_password(hashed: str | None, password: str) -> bool:
    """Whether this is the password. Takes as long if there is no hash, so that the time tells nothing."""
    try:
        _HASHER.verify(hashed if hashed is not None else _hash_of_nobody(), _bytes(password))
    except (VerificationError, InvalidHashError):
        return False
    return hashed is not None


def needs_rehash(hashed: str) -> bool:
    """Whether the hash was made with other parameters than those of today."""
    return _HASHER.check_needs_rehash(hashed)


@cache
def _hash_of_nobody() -> str:
    return hash_password("the password of nobody")


def _bytes(password: str) -> bytes:
    """Keyboards write the same letter in several ways (RFC 8265)."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
