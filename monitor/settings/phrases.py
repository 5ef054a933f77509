"""Checks whether the phrases of ``reading.yaml`` agree with their examples."""

from collections.abc import Collection, Mapping

from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.overrules.proofs import misread
from monitor.errors import Problem
from monitor.settings.config import Config
from monitor.settings.files import READING
from monitor.settings.yaml_document import parse_yaml


def check_phrases(config: Config, lexicons: Mapping[str, Lexicon], written: bytes | None = None) -> tuple[Problem, ...]:
    """Read the examples of the phrases, with the phrases alone.

    Args:
        config: the configuration of a folder.
        lexicons: the vocabulary of the same folder.
        written: the content that counts in place of the file.

    Returns:
        The examples that are not read as they say.
    """
    found = tuple(misread(config.phrases, lexicons))
    if not found:
        return ()
    file = config.folder / READING
    document, _ = parse_yaml(str(file), file.read_bytes() if written is None else written)
    return tuple(
        document.problem(
            ("phrases", wrong.phrase, "examples", wrong.example),
            f"is read as {_listed(wrong.read)}, not as it says: "
            f"{_listed(config.phrases[wrong.phrase].examples[wrong.example].claims)}",
        )
        for wrong in found
    )


def _listed(claims: Collection[str]) -> str:
    return ", ".join(sorted(claims)) or "no claim"
