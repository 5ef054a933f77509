"""The vocabulary of one language, compiled. The engine has no language in it: all that it knows of one is here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from monitor.core.reading.text import bare
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
    #: Where a clause ends: at a ``mark``, or before a word that opens the next.
    clause_break: re.Pattern[str]
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
            clause_break=_clause_break(root.section("clauses")),
            focus=root.section("focus"),
            numbers=root.section("numbers"),
            quantities=root.section("quantities"),
            dates=root.section("dates"),
        )


def _clause_break(clauses: Section) -> re.Pattern[str]:
    clauses.only("marks", "words")
    marks = "|".join(re.escape(bare(mark)) for mark in clauses.strings("marks")) or "(?!)"
    words = "|".join(re.escape(bare(word)) for word in clauses.strings("words")) or "(?!)"
    # A mark between digits is part of a number or a time.
    return re.compile(rf"(?P<mark>(?:{marks})(?!(?<=\d.)\d))|(?<!\w)(?:{words})(?!\w)")
