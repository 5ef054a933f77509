"""The words and patterns with which a language names dates.

A pattern in the lexicon (``dates:``) is a regular expression on the bare form of the text. A space stands for any white
space; ``{year}``, ``{month}``, ``{day}``… stand for what their names say. ``{year}`` is a year in any form: by its
``number`` as the language writes it, or as ``this``, ``next``, ``last`` or the ``same`` year (``years:``). ``{digits}``
is the bare number of a year, ``{relative}`` any of the other forms. The meaning of a pattern is a precision, then at
most one of each of these, in this order:

=========================  ==========================================================================================
``start`` ``middle``       of a longer period: ``year end`` is its last quarter; a month keeps its precision, and so
``end``                    does the middle of a year, which no shorter period names
``over``                   the quarter after a quarter or season ("after the summer")
``this`` ``next``          relative to the day of publication: ``month next`` the month after; with a ``{day}``,
``last``                   that day of the month; ``after_next`` and ``before_last`` are one farther
``ago`` ``ahead``          ``{count}`` of ``{unit}`` before or after the day of publication; half a year
                           more with a ``{half}``
``open``                   without a year: the nearest one, in the past for what has happened, ahead for what will
``past`` ``future``        the same, if the text says on which side it lies
``later`` ``earlier``      relative to the time named last before it ("two years later", "the following spring")
``same``                   that time itself, if it is as precise ("the same day"; a year will do: "on that occasion")
``after``                  the time of the event after it, this long before the time named before it in its sentence,
                           or before publication ("two months after works began")
=========================  ==========================================================================================
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Self

from ahocorasick_rs import AhoCorasick

from monitor.core.reading.dates.reckoning import YEARS, Meaning
from monitor.core.reading.text.alternation import Needs, met, required
from monitor.core.reading.text.text import Span, bare
from monitor.core.reading.text.vocabulary import LexiconError, VocabularySection

# The date patterns of a lexicon as regular expressions. See ``datewords`` for how they are written --------------------


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


def compile_patterns(
    dates: VocabularySection, names: Mapping[str, Mapping[str, int | str]], key: str = "patterns"
) -> Patterns:
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


def _year(section: VocabularySection) -> tuple[str, str]:
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


@dataclass(frozen=True, slots=True)
class Leading:
    """Words that lead a time: they stand right before it, or it begins with them."""

    before: re.Pattern[str]
    first: re.Pattern[str]

    @classmethod
    def of(cls, phrases: Sequence[str]) -> Self:
        words = "|".join(map(phrase, phrases)) or "(?!)"
        # "Until at least May": at most two short words stand between.
        return cls(
            before=re.compile(rf"(?<!{LETTER})(?:{words})(?:\s+[^\W\d]{{1,5}}){{0,2}}\s*$"),
            first=re.compile(rf"(?:{words})(?!{LETTER})"),
        )

    def leads(self, text: str, since: int, start: int) -> bool:
        """Whether the words from ``since`` on lead the time that begins at ``start``."""
        return bool(self.first.match(text, start) or self.before.search(text[since:start]))


@dataclass(frozen=True, slots=True)
class Calendar:
    """The compiled ``dates:`` of a lexicon."""

    patterns: Patterns
    #: How long works last, in the unit that the pattern's meaning names.
    lasting: Patterns
    names: Mapping[str, Mapping[str, int | str]]
    superseded_before: re.Pattern[str]
    superseded_after: re.Pattern[str]
    slip: re.Pattern[str]
    span_link: re.Pattern[str]
    #: Like ``span_link``, with the earlier plan last: "to 2027 from 2025".
    back_link: re.Pattern[str]
    #: What stands between dates that share a year.
    listing: re.Pattern[str]
    #: Like ``listing``, right after a date.
    and_behind: re.Pattern[str]
    #: Words that make a year after them part of a name.
    title: re.Pattern[str]
    #: Words that make a time after them the beginning of a state.
    since: re.Pattern[str]
    #: Words that make a time after them the end of a halt or a wait.
    until: Leading
    #: Like ``until``, if something moves: "put off to January".
    moved_to: Leading
    #: Words that make a time after them the old one, if something moves: "put off from March to May".
    moved_from: Leading
    #: What a plan is, before its time, and that something is put off, after it: "scheduled for Thursday, was put off".
    planned: re.Pattern[str]
    put_off: re.Pattern[str]
    #: The beginning of a sentence that dates the event in the sentence before it.
    looking_back: re.Pattern[str]

    @classmethod
    def from_section(cls, section: VocabularySection) -> Self:
        """Compile the ``dates:`` section.

        Raises:
            LexiconError: A name is not a number, a pattern is not a regular expression, or a meaning is unknown.
        """
        section.only(
            "months", "days", "halves", "weekdays", "units", "counts", "ordinals", "seasons", "plans", "years",
            "patterns", "superseded", "slips", "links", "back_links", "lists", "titles", "since", "until", "moved_to",
            "moved_from", "looking_back", "lasting", "proclitics", "day_suffix", "month_suffix",
        )  # fmt: skip
        names: dict[str, Mapping[str, int | str]] = {
            group: _numbers(section.section(key))
            for group, key in (
                ("month", "months"),
                ("day", "days"),
                ("weekday", "weekdays"),
                ("count", "counts"),
                ("ordinal", "ordinals"),
                ("season", "seasons"),
                ("plan", "plans"),
            )
        }
        units = section.section("units")
        names["unit"] = {bare(word): unit for unit in units for word in units.strings(unit)}
        names["half"] = dict.fromkeys(map(bare, section.strings("halves")), 1)
        superseded = section.section("superseded")
        return cls(
            patterns=compile_patterns(section, names),
            lasting=compile_patterns(section, names, "lasting"),
            names=names,
            superseded_before=_any(superseded.strings("before"), at_end=True),
            superseded_after=_any(superseded.strings("after"), at_start=True),
            slip=_any(section.strings("slips")),
            span_link=_any(section.strings("links"), whole=True),
            back_link=_any(section.strings("back_links"), whole=True),
            listing=_any((*section.strings("lists"), "[-–/]"), whole=True),
            and_behind=re.compile(rf"\s*(?:{'|'.join(map(phrase, section.strings('lists'))) or '(?!)'})"),
            title=re.compile(rf"(?:{'|'.join(map(phrase, section.strings('titles'))) or '(?!)'})\W*$"),
            since=re.compile(rf"(?:{'|'.join(map(phrase, section.strings('since'))) or '(?!)'})(?:\W+\w+){{0,5}}\W*$"),
            until=Leading.of(section.strings("until")),
            moved_to=Leading.of((*section.strings("until"), *section.strings("moved_to"))),
            moved_from=Leading.of(section.strings("moved_from")),
            planned=_any(superseded.strings("planned"), at_end=True),
            put_off=_put_off(superseded.strings("put_off")),
            looking_back=_any(section.strings("looking_back"), at_start=True),
        )


def _numbers(section: VocabularySection) -> dict[str, int | str]:
    return {bare(name): int(section.number(name, 0)) for name in section}


def _put_off(phrases: Sequence[str]) -> re.Pattern[str]:
    """A pattern for what follows the time of a plan: that it was put off, right behind it or behind its comma."""
    words = "|".join(spaced(phrase) for phrase in phrases) or "(?!)"
    return re.compile(rf"(?:[^,،，;]{{0,12}}|\s*[,،，][^,،，;]{{0,80}})(?<!{LETTER})(?:{words})")


def _any(
    phrases: Sequence[str], *, at_start: bool = False, at_end: bool = False, whole: bool = False
) -> re.Pattern[str]:
    """A pattern for any of the phrases; at the start or end of a stretch, a few small words may stand between."""
    words = "|".join(spaced(phrase) for phrase in phrases) or "(?!)"
    if whole:
        return re.compile(rf"\W{{0,20}}(?:{words})\W{{0,20}}")
    if at_end:
        return re.compile(rf"(?:{words})(?:\s+[^\W\d]+){{0,3}}\s*$")
    if at_start:
        return re.compile(rf"\W{{0,20}}(?:\w{{1,60}}\W{{1,20}})?(?:{words})")
    return re.compile(words)
