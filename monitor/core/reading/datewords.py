"""The words and patterns by which a language names dates.

A pattern of the lexicon's (``dates:``) is a regular expression on the bare form of
the text, in which a space stands for any white space and ``{year}``, ``{month}``, ``{day}``… for what those names say.
``{year}`` is a year however it is named: by its ``number`` as the language writes it, or as ``this``, ``next``,
``last`` or the ``same`` year (``years:``); ``{digits}`` is its bare number.
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

from monitor.core.reading.reckoning import YEARS, Meaning
from monitor.core.reading.text import bare
from monitor.core.reading.vocabulary import LexiconError, Section

#: Years that news of projects speak of; other numbers of four digits are amounts.
YEAR = re.compile(r"(?:19[89]|20[0-5])\d")
_DIGITS = rf"(?P<year>{YEAR.pattern})(?![\d%])(?![.,]\d)"
#: "That year": the one that was named last.
SAME = "same"
#: "The following year": the one after that.
FOLLOWING = "following"
#: From where years are counted that are written otherwise: "Q3'26", the 115th year of the Republic (of China).
ERAS: Mapping[str, int] = {"short": 2000, "minguo": 1911}
_INGREDIENTS = ("{year}", "{digits}", "{month}", "{weekday}", "{season}", "{unit}", "{plan}")
_LETTER = r"[^\W\d_\u2e80-\u9fff]"


@dataclass(frozen=True, slots=True)
class Pattern:
    number: int
    expression: re.Pattern[str]
    #: What must hold where it begins. Asked afterwards: a search that begins with a look behind is many times slower.
    edge: re.Pattern[str]
    meaning: Meaning
    #: A word that stands in all that it finds; "" where there is none.
    literal: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """The ``dates:`` of a lexicon, compiled."""

    #: By what a sentence must hold for any of them to be found: all of the first, one of the second.
    patterns: Mapping[tuple[frozenset[str], frozenset[str]], tuple[Pattern, ...]]
    #: For each kind of name and each anchor, what a sentence must hold one of to hold it.
    ingredients: Mapping[str, tuple[str, ...]]
    names: Mapping[str, Mapping[str, int | str]]
    #: A year, however it is named.
    year: re.Pattern[str]
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
        year = _year(section.section("years"))
        placeholders = {"year": year, **_placeholders(names, section.text("day_suffix"), section.text("month_suffix"))}
        edge = _edge(section.strings("proclitics"))
        written = section.section("patterns")
        anchors = [bare(anchor) for anchor in section.strings("anchors")]
        patterns: dict[tuple[frozenset[str], frozenset[str]], list[Pattern]] = {}
        for number, template in enumerate(written):
            pattern = Pattern(
                number,
                _compiled(template, placeholders, written.at(template)),
                edge,
                Meaning.parse(written.text(template), written.at(template)),
                _literal(template),
            )
            patterns.setdefault(_needs(template, anchors), []).append(pattern)
        superseded = section.section("superseded")
        return cls(
            patterns={needs: tuple(group) for needs, group in patterns.items()},
            ingredients={anchor: (anchor,) for anchor in anchors}
            | {f"{{{group}}}": tuple(names[group]) for group in ("month", "weekday", "season", "unit", "plan")},
            names=names,
            year=re.compile(year),
            superseded_before=_any(superseded.strings("before"), at_end=True),
            superseded_after=_any(superseded.strings("after"), at_start=True),
            slip=_any(section.strings("slips")),
            span_link=_any(section.strings("links"), whole=True),
            back_link=_any(section.strings("back_links"), whole=True),
            listing=_any(section.strings("lists"), whole=True),
            and_behind=re.compile(rf"\s*(?:{'|'.join(map(_phrase, section.strings('lists'))) or '(?!)'})"),
            title=re.compile(rf"(?:{'|'.join(map(_phrase, section.strings('titles'))) or '(?!)'})\W*$"),
        )

    def narrowed(self, text: str) -> Self:
        """What of it can be found in a text at all: the rest need not be looked for in each of its sentences."""
        ingredients = {name: tuple(w for w in words if w in text) for name, words in self.ingredients.items()}
        patterns = {
            needs: tuple(pattern for pattern in group if pattern.literal in text)
            for needs, group in self.patterns.items()
        }
        return replace(
            self,
            ingredients={name: words for name, words in ingredients.items() if words},
            patterns={needs: group for needs, group in patterns.items() if group},
        )

    def patterns_in(self, sentence: str) -> Iterator[Pattern]:
        """The patterns whose ingredients a sentence holds."""
        held = {name for name, words in self.ingredients.items() if any(word in sentence for word in words)}
        if YEAR.search(sentence):
            held.add("{digits}")
        if self.year.search(sentence):
            held.add("{year}")
        for (needs, needs_any), patterns in self.patterns.items():
            if needs <= held and not (needs_any and held.isdisjoint(needs_any)):
                yield from (pattern for pattern in patterns if pattern.literal in sentence)


def _numbers(section: Section) -> dict[str, int | str]:
    return {bare(name): int(section.number(name, 0)) for name in section}


def _year(section: Section) -> str:
    """A year by its number, or by how it lies to that of the publishing or to the one named last."""
    section.only("number", SAME, FOLLOWING, *YEARS)
    number = _spaced(_bare(section.text("number", "{digits}"))).replace("{digits}", _DIGITS)
    relative = (
        rf"|(?P<{name}>{'|'.join(_spaced(_bare(words)) for words in section.strings(name))})(?!{_LETTER})"
        for name in (SAME, FOLLOWING, *YEARS)
        if section.strings(name)
    )
    return f"(?:{number}{''.join(relative)})"


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
        "day": rf"(?P<day>3[01]|[12]\d|0?[1-9])(?!\d){_optional(day_suffix)}",
        "weekday": f"(?P<weekday>{_words(names['weekday']) or '(?!)'})",
        "season": f"(?P<season>{_words(names['season']) or '(?!)'})",
        "ordinal": f"(?P<ordinal>{_words(names['ordinal']) or '(?!)'}|[1-4](?!\\d|[.,]\\d))",
        "count": f"(?P<count>{_words(names['count']) or '(?!)'}|\\d{{1,2}}(?!\\d|[.,]\\d))",
        "unit": f"(?P<unit>{_words(names['unit']) or '(?!)'})",
    }


def _optional(suffix: str) -> str:
    return f"(?:{_spaced(_bare(suffix))})?" if suffix else ""


def _edge(proclitics: Sequence[str]) -> re.Pattern[str]:
    """What must hold where a date begins: no number before it, nor a letter but one that is joined to words."""
    joined = "".join(f"|(?<={word})(?<!{_LETTER}{word})" for word in map(re.escape, map(bare, proclitics)))
    return re.compile(rf"(?<!\d)(?<!\d[.,])(?:(?<!{_LETTER}){joined})")


def _compiled(template: str, placeholders: Mapping[str, str], path: str) -> re.Pattern[str]:
    """A pattern of the lexicon as a regular expression on bare text."""

    def fill(match: re.Match[str]) -> str:
        if match[1] not in placeholders:
            raise LexiconError(path, f"{{{match[1]}}} is none of {', '.join(placeholders)}")
        return placeholders[match[1]]

    pattern = re.sub(r"\{([a-z]+)\}", fill, _spaced(_bare(template)))
    # A letter behind would make it another word; Chinese sets no words apart.
    after = rf"(?!{_LETTER})" if not re.search(r"[\u2e80-\u9fff]\)?\??$", template) else ""
    try:
        return re.compile(f"(?:{pattern}){after}")
    except re.error as error:
        raise LexiconError(path, f"is no pattern: {error}") from error


def _bare(pattern: str) -> str:
    """A pattern in the bare form, its escapes (as of a word character) as they were."""
    return re.sub(r"\\.|[^\\]+", lambda part: part[0] if part[0].startswith("\\") else bare(part[0]), pattern)


def _spaced(pattern: str) -> str:
    """White space of any kind and length where the pattern has a space; ``" ?"`` is none or some."""
    return pattern.replace(" ?", r"\s*").replace(" ", r"\s+")


def _literal(template: str) -> str:
    """The longest word that stands in all that a pattern finds, with no special sign beside it."""
    sure = _sure(template)
    if "|" in sure:
        return ""
    plain = re.sub(r"\{[a-z]+\}|\[[^]]*\]|\\.|.[?*+]", " ", sure)
    return max(re.findall(r"[^\W\d_]{2,}", plain), key=len, default="")


def _sure(template: str) -> str:
    """A pattern without its groups that may be missing or say one thing or another."""
    plain, groups = bare(template), 1
    while groups:
        plain, groups = re.subn(r"\([^()]*\)\??", " ", plain)
    return plain


def _needs(template: str, anchors: Sequence[str]) -> tuple[frozenset[str], frozenset[str]]:
    """What a sentence must hold for a pattern to be found in it: all of the first, one of the second."""
    sure = _sure(template)
    named = {name for name in _INGREDIENTS if name in sure}
    # Where something else is sure to stand, an anchor may be in a part that may be missing.
    is_sure = bool(named or _literal(template))
    words = re.sub(r"\{[a-z]+\}", " ", bare(template))
    return frozenset(named), frozenset() if is_sure else frozenset(a for a in anchors if a in words)


def _phrase(text: str) -> str:
    return re.escape(bare(text)).replace(r"\ ", r"\s+")


def _words(names: Mapping[str, int | str] | Sequence[str]) -> str:
    """Any of the words, the longest first."""
    return "|".join(_phrase(name) for name in sorted(names, key=lambda name: (-len(name), name)))


def _any(
    phrases: Sequence[str], *, at_start: bool = False, at_end: bool = False, whole: bool = False
) -> re.Pattern[str]:
    """Any of the phrases; at the start or the end of a stretch a few small words may stand between."""
    words = "|".join(_spaced(_bare(phrase)) for phrase in phrases) or "(?!)"
    if whole:
        return re.compile(rf"\W*(?:{words})\W*")
    if at_end:
        return re.compile(rf"(?:{words})(?:\s+[^\W\d]+){{0,3}}\s*$")
    if at_start:
        return re.compile(rf"\W*(?:\w+\W+)?(?:{words})")
    return re.compile(words)
