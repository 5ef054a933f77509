"""Makes the secrets of sessions and tokens. Only their hashes are stored."""

import hashlib
import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: Begins every API token, so that it is recognised where it does not belong.
TOKEN_PREFIX = "mmt_"  # noqa: S105 - it is the same in all


def new_secret() -> str:
    """256 random bits as text."""
    return secrets.token_urlsafe(32)


def new_token() -> str:
    return TOKEN_PREFIX + new_secret()


def digest_of(secret: str) -> str:
    """What is stored of a secret. It is random, so one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


# Hashes passwords. The only module that knows argon2 ------------------------------------------------------------------
#
# Argon2id with the second recommended parameters of RFC 9106: 64 MB and tens of milliseconds for one password. The
# caller bounds how many are hashed at a time.


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
