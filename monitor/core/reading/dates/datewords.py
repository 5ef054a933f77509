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
from typing import Self

from monitor.core.reading.dates.datepatterns import LETTER, Patterns, compile_patterns, phrase, spaced
from monitor.core.reading.text.text import bare
from monitor.core.reading.text.vocabulary import Section


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
    def from_section(cls, section: Section) -> Self:
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


def _numbers(section: Section) -> dict[str, int | str]:
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
