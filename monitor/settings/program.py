"""A fingerprint of the program's own rules and words."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable


@cache
def program_fingerprint() -> str:
    """The fingerprint of the program's own rules and words."""
    digest = hashlib.sha256()
    for package in ("monitor.core", "monitor.lexicons"):
        for name, data in sorted(_files(resources.files(package), package)):
            digest.update(name.encode() + b"\0" + data)
    return digest.hexdigest()


def _files(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry, f"{name}/{entry.name}")
        elif entry.name.endswith((".py", ".yaml")):
            yield f"{name}/{entry.name}", entry.read_bytes()
