"""The date patterns of a lexicon as regular expressions. See ``datewords`` for how they are written."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from ahocorasick_rs import AhoCorasick

from monitor.core.reading.dates.reckoning import YEARS, Meaning
from monitor.core.reading.text.document import Span
from monitor.core.reading.text.needs import Needs, met
from monitor.core.reading.text.required import required
from monitor.core.reading.text.text import bare
from monitor.core.reading.text.vocabulary import LexiconError, Section

#: The years that news about projects mention; other four-digit numbers are amounts.
YEAR = re.compile(r"(?:19[89]|20[0-5])\d")
_DIGITS = rf"(?P<year>{YEAR.pattern})(?![\d%])(?![.,]\d)"
#: "That year": the year that was named last.
SAME = "same"
#: "The following year": the year after that one.
FOLLOWING = "following"
_RELATIVE = (SAME, FOLLOWING, *YEARS)
#: The first year of years that are written otherwise: "Q3'26", the 115th year of the Republic (of China).
ERAS: Mapping[str, int] = {"short": 2000, "minguo": 1911}
#: A letter of a script that separates words.
LETTER = r"[^\W\d_\u2e80-\u9fff]"
#: Patterns for the rest of a word and for a word, limited to the greatest length of a word.
_ENDING, _WORD = r"\w{0,60}", r"\w{1,60}"


# Patterns are compared and hashed by identity, which makes looking up those of a stretch fast.
@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    number: int
    expression: re.Pattern[str]
    #: Must match where the pattern begins. Checked afterwards: a search that begins with a look-behind is many times
    #: slower.
    edge: re.Pattern[str]
    meaning: Meaning


_number = attrgetter("number")


class Patterns:
    """The patterns of one language; each is searched only where the strings occur that all its matches contain."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        needed = [required(pattern.expression.pattern) for pattern in patterns]
        self._always = [pattern for pattern, sets in zip(patterns, needed, strict=True) if not sets]
        self._strings = sorted(frozenset().union(*(strings for sets in needed for strings in sets)))
        self._finder = AhoCorasick(self._strings)
        needs = Needs((sets, pattern) for sets, pattern in zip(needed, patterns, strict=True) if sets)
        self._held = [needs.held([string]) for string in self._strings]

    def within(self, text: str, stretch: Span) -> list[Pattern]:
        """The patterns that may match in a stretch of a text, in their order."""
        found = self._finder.find_matches_as_indexes(text[stretch.start : stretch.end], overlapping=True)
        there = {string for string, _, _ in found}
        return sorted((*self._always, *met([self._held[string] for string in there])), key=_number)


def compile_patterns(dates: Section, names: Mapping[str, Mapping[str, int | str]], key: str = "patterns") -> Patterns:
    """Compile the ``patterns:`` of a lexicon's dates, or those under another key.

    Raises:
        LexiconError: A pattern is not a regular expression, or its meaning is unknown.
    """
    digits, relative = _year(dates.section("years"))
    placeholders = {
        "year": f"(?:{digits}|{relative})",
        "relative": relative,
        **_placeholders(names, dates.text("day_suffix"), dates.text("month_suffix")),
    }
    edge = _edge(dates.strings("proclitics"))
    written = dates.section(key)
    return Patterns(
        [
            Pattern(
                number,
                _compiled(template, placeholders, written.at(template)),
                edge,
                Meaning.parse(written.text(template), written.at(template)),
            )
            for number, template in enumerate(written)
        ]
    )


def _year(section: Section) -> tuple[str, str]:
    """Patterns for a year by its number, and for one relative to the year of publication or the year named last."""
    section.only("number", *_RELATIVE)
    number = spaced(section.text("number", "{digits}")).replace("{digits}", _DIGITS)
    relative = (
        rf"(?P<{name}>{'|'.join(spaced(words) for words in section.strings(name))})"
        for name in _RELATIVE
        if section.strings(name)
    )
    return number, f"(?:{'|'.join(relative) or '(?!)'})"


def _placeholders(
    names: Mapping[str, Mapping[str, int | str]], day_suffix: str, month_suffix: str
) -> Mapping[str, str]:
    return {
        "digits": _DIGITS,
        "short": r"(?P<short>[2-4]\d)(?![\d%])(?![.,]\d)",
        "minguo": r"(?P<minguo>1[0-4]\d)",
        "plan": f"(?P<plan>{_words(names['plan']) or '(?!)'})",
        "month": f"(?P<month>{_words(names['month']) or '(?!)'}){_optional(month_suffix)}",
        "monthnumber": r"(?P<month>1[0-2]|0?[1-9])(?!\d)",
        "day": rf"(?P<day>{_words(names['day']) or '(?!)'}|(?:3[01]|[12]\d|0?[1-9])(?!\d)){_optional(day_suffix)}",
        "weekday": f"(?P<weekday>{_words(names['weekday']) or '(?!)'})",
        "season": f"(?P<season>{_words(names['season']) or '(?!)'})",
        "ordinal": f"(?P<ordinal>{_words(names['ordinal']) or '(?!)'}|[1-4](?!\\d|[.,]\\d))",
        "count": f"(?P<count>{_words(names['count']) or '(?!)'}|\\d{{1,2}}(?!\\d|[.,]\\d))",
        "unit": f"(?P<unit>{_words(names['unit']) or '(?!)'})",
        "half": f"(?P<half>{_words(names['half']) or '(?!)'})",
    }


def _optional(suffix: str) -> str:
    return f"(?:{spaced(suffix)})?" if suffix else ""


def _edge(proclitics: Sequence[str]) -> re.Pattern[str]:
    """A pattern for where a date begins: not after a number, nor after a letter unless it is one joined to words."""
    joined = "".join(f"|(?<={word})(?<!{LETTER}{word})" for word in map(re.escape, map(bare, proclitics)))
    return re.compile(rf"(?<!\d)(?<!\d[.,])(?:(?<!{LETTER}){joined})")


def _compiled(template: str, placeholders: Mapping[str, str], path: str) -> re.Pattern[str]:
    """A pattern of the lexicon as a regular expression on bare text."""

    def fill(match: re.Match[str]) -> str:
        if match[1] not in placeholders:
            raise LexiconError(path, f"{{{match[1]}}} is none of {', '.join(placeholders)}")
        return placeholders[match[1]]

    pattern = re.sub(r"\{([a-z]+)\}", fill, spaced(template))
    # A letter after it would make it another word; Chinese does not separate words.
    after = rf"(?!{LETTER})" if not re.search(r"[\u2e80-\u9fff]\)?\??$", template) else ""
    try:
        return re.compile(f"(?:{pattern}){after}")
    except re.error as error:
        raise LexiconError(path, f"is not a pattern: {error}") from error


def spaced(pattern: str) -> str:
    """A pattern for bare text; each space in it matches any white space, and ``" ?"`` matches optional white space.

    White space is matched possessively, and words up to a maximum length, so that no text makes the search slow.
    """
    parts = re.sub(r"\\.|[^\\]+", lambda part: part[0] if part[0].startswith("\\") else bare(part[0]), pattern)
    spaces = parts.replace(" ?", r"\s*+").replace(" ", r"\s++")
    return spaces.replace(r"\w*", _ENDING).replace(r"\w+", _WORD)


def phrase(text: str) -> str:
    """A regular expression for these words."""
    return re.escape(bare(text)).replace(r"\ ", r"\s++")


def _words(names: Mapping[str, int | str] | Sequence[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(phrase(name) for name in sorted(names, key=lambda name: (-len(name), name)))
