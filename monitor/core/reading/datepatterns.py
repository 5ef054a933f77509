"""The patterns by which a lexicon names dates, as regular expressions; ``datewords`` says how they are written."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
RELATIVE = (SAME, FOLLOWING, *YEARS)
#: From where years are counted that are written otherwise: "Q3'26", the 115th year of the Republic (of China).
ERAS: Mapping[str, int] = {"short": 2000, "minguo": 1911}
_INGREDIENTS = ("{year}", "{relative}", "{digits}", "{short}", "{month}", "{weekday}", "{season}", "{unit}", "{plan}")
_LETTER = r"[^\W\d_\u2e80-\u9fff]"
#: What a sentence must hold for a pattern to be found in it: all of the first, one of the second.
Needs = tuple[frozenset[str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Pattern:
    number: int
    expression: re.Pattern[str]
    #: What must hold where it begins. Asked afterwards: a search that begins with a look behind is many times slower.
    edge: re.Pattern[str]
    meaning: Meaning
    #: A word that stands in all that it finds; "" where there is none.
    literal: str


def compile_patterns(
    dates: Section, names: Mapping[str, Mapping[str, int | str]], anchors: Sequence[str]
) -> Mapping[Needs, tuple[Pattern, ...]]:
    """The ``patterns:`` of a lexicon's dates, grouped by what a sentence must hold.

    Raises:
        LexiconError: one is no regular expression, or its meaning unknown.
    """
    digits, relative = _year(dates.section("years"))
    placeholders = {
        "year": f"(?:{digits}|{relative})",
        "relative": relative,
        **_placeholders(names, dates.text("day_suffix"), dates.text("month_suffix")),
    }
    edge = _edge(dates.strings("proclitics"))
    written = dates.section("patterns")
    found: dict[Needs, list[Pattern]] = {}
    for number, template in enumerate(written):
        pattern = Pattern(
            number,
            _compiled(template, placeholders, written.at(template)),
            edge,
            Meaning.parse(written.text(template), written.at(template)),
            literal_of(template),
        )
        found.setdefault(_needs(template, anchors), []).append(pattern)
    return {needs: tuple(group) for needs, group in found.items()}


def relative_years(dates: Section) -> list[str]:
    """All ways to name a year by how it lies to another."""
    years = dates.section("years")
    return [words for name in RELATIVE for words in years.strings(name)]


def _year(section: Section) -> tuple[str, str]:
    """A year by its number, and by how it lies to that of the publishing or to the one named last."""
    section.only("number", *RELATIVE)
    number = spaced(section.text("number", "{digits}")).replace("{digits}", _DIGITS)
    relative = (
        rf"(?P<{name}>{'|'.join(spaced(words) for words in section.strings(name))})(?!{_LETTER})"
        for name in RELATIVE
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
        "day": rf"(?P<day>3[01]|[12]\d|0?[1-9])(?!\d){_optional(day_suffix)}",
        "weekday": f"(?P<weekday>{_words(names['weekday']) or '(?!)'})",
        "season": f"(?P<season>{_words(names['season']) or '(?!)'})",
        "ordinal": f"(?P<ordinal>{_words(names['ordinal']) or '(?!)'}|[1-4](?!\\d|[.,]\\d))",
        "count": f"(?P<count>{_words(names['count']) or '(?!)'}|\\d{{1,2}}(?!\\d|[.,]\\d))",
        "unit": f"(?P<unit>{_words(names['unit']) or '(?!)'})",
    }


def _optional(suffix: str) -> str:
    return f"(?:{spaced(suffix)})?" if suffix else ""


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

    pattern = re.sub(r"\{([a-z]+)\}", fill, spaced(template))
    # A letter behind would make it another word; Chinese sets no words apart.
    after = rf"(?!{_LETTER})" if not re.search(r"[\u2e80-\u9fff]\)?\??$", template) else ""
    try:
        return re.compile(f"(?:{pattern}){after}")
    except re.error as error:
        raise LexiconError(path, f"is no pattern: {error}") from error


def spaced(pattern: str) -> str:
    """A pattern for bare text: white space of any kind and length where it has a space; ``" ?"`` is none or some."""
    parts = re.sub(r"\\.|[^\\]+", lambda part: part[0] if part[0].startswith("\\") else bare(part[0]), pattern)
    return parts.replace(" ?", r"\s*").replace(" ", r"\s+")


def literal_of(template: str) -> str:
    """The longest word that stands in all that a pattern finds, with no special sign beside it."""
    sure = _sure(template)
    if "|" in sure:
        return ""
    plain = re.sub(r"\{[a-z]+\}|\[[^]]*\]|\\.|.[?*+]", " ", sure)
    return max(re.findall(r"[^\W\d_]+", plain), key=len, default="")


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
    is_sure = bool(named or literal_of(template))
    words = re.sub(r"\{[a-z]+\}", " ", bare(template))
    return frozenset(named), frozenset() if is_sure else frozenset(a for a in anchors if a in words)


def phrase(text: str) -> str:
    """A regular expression for these words."""
    return re.escape(bare(text)).replace(r"\ ", r"\s+")


def _words(names: Mapping[str, int | str] | Sequence[str]) -> str:
    """Any of the words, the longest first."""
    return "|".join(phrase(name) for name in sorted(names, key=lambda name: (-len(name), name)))
