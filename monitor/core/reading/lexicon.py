"""The vocabulary of one language, compiled. The engine has no language in it: all that it knows of one is here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from monitor.core.reading.vocabulary import Section, merged

_SECTIONS = (
    "language", "abbreviations", "clauses", "verbs", "nouns", "tenses", "events", "cues", "examples",
    "focus", "numbers", "quantities", "dates",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The vocabulary of one language. Build it once; reading only looks things up in it."""

    #: ISO 639-1
    language: str
    #: In lower case, without the closing full stop: after one of these a full stop ends no sentence.
    abbreviations: frozenset[str]
    #: Words that open a clause of their own.
    clause_breaks: tuple[str, ...]
    focus: Section
    numbers: Section
    quantities: Section
    dates: Section

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any], common: Mapping[str, Any]) -> Self:
        """Compile the data of a language file, with what all languages share (``common``) read as if it stood in it.

        Raises:
            LexiconError: something is wrong in the data; names the key.
        """
        root = Section(merged(common, mapping))
        root.only(*_SECTIONS)
        return cls(
            language=root.text("language"),
            abbreviations=frozenset(word.casefold().removesuffix(".") for word in root.strings("abbreviations")),
            clause_breaks=root.section("clauses").strings("breaks"),
            focus=root.section("focus"),
            numbers=root.section("numbers"),
            quantities=root.section("quantities"),
            dates=root.section("dates"),
        )
