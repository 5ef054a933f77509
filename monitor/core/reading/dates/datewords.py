"""The words and patterns by which a language names dates.

A pattern of the lexicon's (``dates:``) is a regular expression on the bare form of
the text, in which a space stands for any white space and ``{year}``, ``{month}``, ``{day}``… for what those names say.
``{year}`` is a year however it is named: by its ``number`` as the language writes it, or as ``this``, ``next``,
``last`` or the ``same`` year (``years:``); ``{digits}`` is its bare number, ``{relative}`` any of the others.
Its meaning is a precision, then at most one of each of these, in this order:

=========================  ==========================================================================================
``start`` ``middle``       of a longer period: ``year end`` is its last quarter; a month keeps its precision, and so
``end``                    does the middle of a year, which no shorter period names
``this`` ``next``          counted from the day of publishing: ``month next`` the month after; with a ``{day}``,
``last``                   that day of the month; ``after_next`` and ``before_last`` are one farther
``ago`` ``ahead``          so many ``{count}`` of ``{unit}`` before or after the day of publishing; half a year
                           more with a ``{half}``
``open``                   where no year was said: the nearest one, behind for what has happened, ahead for what will
``past`` ``future``        the same, where the text says on which side it lies
``later`` ``earlier``      counted from the time named last before it ("two years later", "the following spring")
``same``                   that time itself, if it is as precise ("the same day", "on that occasion": a year will do)
``after``                  the time of what is told behind it, so long before the time named before it in its sentence,
                           or before the publishing ("two months after works began")
=========================  ==========================================================================================
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from monitor.core.reading.dates.datepatterns import Patterns, compile_patterns, phrase, spaced
from monitor.core.reading.text.text import bare
from monitor.core.reading.text.vocabulary import Section


@dataclass(frozen=True, slots=True)
class Calendar:
    """The ``dates:`` of a lexicon, compiled."""

    patterns: Patterns
    #: How long works last; their unit is that of the patterns' meaning.
    lasting: Patterns
    names: Mapping[str, Mapping[str, int | str]]
    superseded_before: re.Pattern[str]
    superseded_after: re.Pattern[str]
    slip: re.Pattern[str]
    span_link: re.Pattern[str]
    #: The same, where the earlier plan comes last: "to 2027 from 2025".
    back_link: re.Pattern[str]
    #: What stands between dates that share a year.
    listing: re.Pattern[str]
    #: The same, right behind a date.
    and_behind: re.Pattern[str]
    #: What makes a year behind it part of a name.
    title: re.Pattern[str]
    #: What makes a time behind it that since when something has been so.
    since: re.Pattern[str]
    #: How a sentence begins that says when that happened which the one before tells.
    looking_back: re.Pattern[str]

    @classmethod
    def from_section(cls, section: Section) -> Self:
        """Compile.

        Raises:
            LexiconError: a name is no number, a pattern no regular expression, or a meaning unknown.
        """
        section.only(
            "months", "days", "halves", "weekdays", "units", "counts", "ordinals", "seasons", "plans", "years",
            "patterns", "superseded", "slips", "links", "back_links", "lists", "titles", "since", "looking_back",
            "lasting", "proclitics", "day_suffix", "month_suffix",
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
            looking_back=_any(section.strings("looking_back"), at_start=True),
        )


def _numbers(section: Section) -> dict[str, int | str]:
    return {bare(name): int(section.number(name, 0)) for name in section}


def _any(
    phrases: Sequence[str], *, at_start: bool = False, at_end: bool = False, whole: bool = False
) -> re.Pattern[str]:
    """Any of the phrases; at the start or the end of a stretch a few small words may stand between."""
    words = "|".join(spaced(phrase) for phrase in phrases) or "(?!)"
    if whole:
        return re.compile(rf"\W{{0,20}}(?:{words})\W{{0,20}}")
    if at_end:
        return re.compile(rf"(?:{words})(?:\s+[^\W\d]+){{0,3}}\s*$")
    if at_start:
        return re.compile(rf"\W{{0,20}}(?:\w{{1,60}}\W{{1,20}})?(?:{words})")
    return re.compile(words)
