"""Articles laid out as the reader lays them out, for the tests of what comes after."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from ruamel.yaml import YAML

from monitor.core.model import Article
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.segment import segment
from monitor.core.reading.text.document import Document

#: What laying out and following takes of a vocabulary; compiling the rest takes long.
_SECTIONS = ("language", "abbreviations", "clauses", "focus")


@cache
def lexicon(language: str) -> Lexicon:
    return Lexicon.from_mapping(_sections(language), _sections("common"))


def lay_out(text: str, *, title: str = "", language: str = "en") -> Document:
    article = Article(key="a", url=None, title=title, text=text, published=None, language=language)
    return segment(article, lexicon(language))


def _sections(name: str) -> Mapping[str, Any]:
    file = resources.files("monitor.lexicons") / f"{name}.yaml"
    vocabulary = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return {section: vocabulary[section] for section in _SECTIONS if section in vocabulary}
