"""Passwords that are hashed at once: how long it takes is not the subject of most tests."""

import pytest
from argon2 import PasswordHasher


def hash_fast(patch: pytest.MonkeyPatch) -> None:
    """Hash with the least that argon2 allows."""
    from monitor.access import secrets  # noqa: PLC0415 - few tests need it

    patch.setattr(secrets, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    secrets._hash_of_nobody.cache_clear()
