"""Makes the secrets of sessions and tokens. Only their hashes are stored."""

import hashlib
import secrets

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
