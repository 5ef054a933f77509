"""Fingerprints of the program's rules and words, and of all that affects how articles are read."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from monitor.readers.plug import SHIPPED, TRAINED
from monitor.readers.trained.manifest import MANIFEST
from monitor.settings.config import Config
from monitor.settings.vocabularies import FOLDER

# A fingerprint of the program's own rules and words -------------------------------------------------------------------


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


# A fingerprint of all that affects how articles are read. If it is equal, the same text gives the same reading --------


def reading_fingerprint(config: Config) -> str:
    """The fingerprint of projects, lifecycles, vocabulary, phrases, chosen reader, and the program's reading rules.

    An operator's own reader is identified only by its name, a language model by its endpoint, name and instructions,
    and the trained reader by its weights.
    """
    chosen = config.reader.use, _of_model(config)
    # Tags only decide who follows a project. They do not affect a reading.
    projects = tuple(replace(project, tags=()) for project in config.projects)
    watched = projects, sorted(config.lifecycles.items()), chosen
    digest = hashlib.sha256(f"{program_fingerprint()}\0{watched!r}".encode("utf-8", "surrogatepass"))
    # Examples only prove a phrase. They do not affect a reading.
    digest.update(repr([replace(phrase, examples=()) for phrase in config.phrases]).encode())
    if config.reader.use == TRAINED:
        digest.update(((config.reader.weights or SHIPPED) / MANIFEST).read_bytes())
    for path in sorted((config.folder / FOLDER).glob("*.yaml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _of_model(config: Config) -> tuple[str, ...] | None:
    model = config.reader.llm
    if model is None:
        return None
    # Without a language model its modules are not loaded.
    from monitor.readers.examiner import FINGERPRINT  # noqa: PLC0415 - see above

    return model.endpoint, model.model, FINGERPRINT
