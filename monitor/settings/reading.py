"""What bears on how articles are read, as a fingerprint: where it is the same, the same text gives the same reading."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from monitor.readers.plug import SHIPPED, TRAINED
from monitor.readers.trained.manifest import MANIFEST
from monitor.settings.config import Config
from monitor.settings.lexicons import FOLDER


def reading_fingerprint(config: Config) -> str:
    """Of projects, lifecycles, vocabulary, phrases, the choice of the reader, and the program's own rules of reading.

    A reader of the operator's own is known by its name alone, a language model by its endpoint, its name and what it is
    told, the trained reader by all that it learnt.
    """
    chosen = config.reader.use, _of_model(config)
    # Who follows a project by which tag bears on no reading.
    projects = tuple(replace(project, tags=()) for project in config.projects)
    watched = projects, sorted(config.lifecycles.items()), chosen
    digest = hashlib.sha256(f"{program_fingerprint()}\0{watched!r}".encode("utf-8", "surrogatepass"))
    # An example proves a phrase, and bears on no reading.
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
    # Who asks no model loads nothing of it.
    from monitor.readers.question import FINGERPRINT  # noqa: PLC0415 - as said

    return model.endpoint, model.model, FINGERPRINT


@cache
def program_fingerprint() -> str:
    """Of the program's own rules and words."""
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
