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
``last``                   that day of the month
``ago`` ``ahead``          so many ``{count}`` of ``{unit}`` before or after the day of publishing
``open``                   where no year was said: the nearest one, behind for what has happened, ahead for what will
``past`` ``future``        the same, where the text says on which side it lies
=========================  ==========================================================================================
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from monitor.core.reading.datepatterns import (
    YEAR,
    Needs,
    Pattern,
    compile_patterns,
    literal_of,
    phrase,
    relative_years,
    spaced,
)
from monitor.core.reading.text import bare
from monitor.core.reading.vocabulary import Section

#: Without looking closer, whether a sentence may hold a year of two digits: "Q3'26".
_SHORT = re.compile(r"[a-z '/-][2-4]\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Calendar:
    """The ``dates:`` of a lexicon, compiled."""

    #: By what a sentence must hold for any of them to be found: all of the first, one of the second.
    patterns: Mapping[Needs, tuple[Pattern, ...]]
    #: For each kind of name and each anchor, what a sentence must hold one of to hold it.
    ingredients: Mapping[str, tuple[str, ...]]
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

    @classmethod
    def from_section(cls, section: Section) -> Self:
        """Compile.

        Raises:
            LexiconError: a name is no number, a pattern no regular expression, or a meaning unknown.
        """
        section.only(
            "months", "weekdays", "units", "counts", "ordinals", "seasons", "plans", "years", "anchors", "patterns",
            "superseded", "slips", "links", "back_links", "lists", "titles", "proclitics", "day_suffix", "month_suffix",
        )  # fmt: skip
        names: dict[str, Mapping[str, int | str]] = {
            group: _numbers(section.section(key))
            for group, key in (
                ("month", "months"),
                ("weekday", "weekdays"),
                ("count", "counts"),
                ("ordinal", "ordinals"),
                ("season", "seasons"),
                ("plan", "plans"),
            )
        }
        units = section.section("units")
        names["unit"] = {bare(word): unit for unit in units for word in units.strings(unit)}
        anchors = [bare(anchor) for anchor in section.strings("anchors")]
        superseded = section.section("superseded")
        return cls(
            patterns=compile_patterns(section, names, anchors),
            ingredients={anchor: (anchor,) for anchor in anchors}
            | {f"{{{group}}}": tuple(names[group]) for group in ("month", "weekday", "season", "plan")}
            # A count stands before a unit.
            | {"{unit}": tuple(f" {word}" if word.isascii() else word for word in names["unit"])}
            | {"{relative}": tuple(literal_of(year) for year in relative_years(section))},
            names=names,
            superseded_before=_any(superseded.strings("before"), at_end=True),
            superseded_after=_any(superseded.strings("after"), at_start=True),
            slip=_any(section.strings("slips")),
            span_link=_any(section.strings("links"), whole=True),
            back_link=_any(section.strings("back_links"), whole=True),
            listing=_any(section.strings("lists"), whole=True),
            and_behind=re.compile(rf"\s*(?:{'|'.join(map(phrase, section.strings('lists'))) or '(?!)'})"),
            title=re.compile(rf"(?:{'|'.join(map(phrase, section.strings('titles'))) or '(?!)'})\W*$"),
        )

    def narrowed(self, text: str) -> Self:
        """What of it can be found in a text at all: the rest need not be looked for in each of its sentences."""
        ingredients = {name: tuple(w for w in words if w in text) for name, words in self.ingredients.items()}
        held = self._held(text)
        patterns = {
            (needs, needs_any): tuple(pattern for pattern in group if pattern.literal in text)
            for (needs, needs_any), group in self.patterns.items()
            if needs <= held and not (needs_any and held.isdisjoint(needs_any))
        }
        return replace(
            self,
            ingredients={name: words for name, words in ingredients.items() if words},
            patterns={needs: group for needs, group in patterns.items() if group},
        )

    def patterns_in(self, sentence: str) -> Iterator[Pattern]:
        """The patterns whose ingredients a sentence holds."""
        held = self._held(sentence)
        for (needs, needs_any), patterns in self.patterns.items():
            if needs <= held and not (needs_any and held.isdisjoint(needs_any)):
                yield from (pattern for pattern in patterns if pattern.literal in sentence)

    def _held(self, text: str) -> set[str]:
        """The ingredients that a text holds."""
        held = {name for name, words in self.ingredients.items() if any(word in text for word in words)}
        if YEAR.search(text):
            held |= {"{digits}", "{year}"}
        if "{relative}" in held:
            held.add("{year}")
        if _SHORT.search(text):
            held.add("{short}")
        return held


def _numbers(section: Section) -> dict[str, int | str]:
    return {bare(name): int(section.number(name, 0)) for name in section}


def _any(
    phrases: Sequence[str], *, at_start: bool = False, at_end: bool = False, whole: bool = False
) -> re.Pattern[str]:
    """Any of the phrases; at the start or the end of a stretch a few small words may stand between."""
    words = "|".join(spaced(phrase) for phrase in phrases) or "(?!)"
    if whole:
        return re.compile(rf"\W*(?:{words})\W*")
    if at_end:
        return re.compile(rf"(?:{words})(?:\s+[^\W\d]+){{0,3}}\s*$")
    if at_start:
        return re.compile(rf"\W*(?:\w+\W+)?(?:{words})")
    return re.compile(words)
