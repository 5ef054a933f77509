"""A fingerprint of all that affects how articles are read. If it is equal, the same text gives the same reading."""

import hashlib
from dataclasses import replace

from monitor.readers.plug import SHIPPED, TRAINED
from monitor.readers.trained.manifest import MANIFEST
from monitor.settings.config import Config
from monitor.settings.program import program_fingerprint
from monitor.settings.vocabularies import FOLDER


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
    from monitor.readers.question import FINGERPRINT  # noqa: PLC0415 - see above

    return model.endpoint, model.model, FINGERPRINT
