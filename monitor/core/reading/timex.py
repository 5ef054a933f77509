"""Time expressions: the dates and periods that a text names, each with the precision with which it was said.

The patterns are the lexicon's (``dates:``); the calendar is here. A pattern is a regular expression on the bare form of
the text, in which a space stands for any white space and ``{year}``, ``{month}``, ``{day}``… for what those names say.
Its meaning is a precision, then at most one of each of these, in this order:

=========================  ==========================================================================================
``start`` ``middle``       of a longer period: ``year end`` is its last quarter; a month keeps its precision, and so
``end``                    does the middle of a year, which no shorter period names
``this`` ``next``          counted from the day of publishing: ``month next`` the month after; with a month, quarter
``last``                   or half that the pattern names, ``in the year that is this, next or last``
``ago`` ``ahead``          so many ``{count}`` of ``{unit}`` before or after the day of publishing
``open``                   no year was said: the nearest one, behind for what has happened, ahead for what will
``past`` ``future``        the same, where the text says on which side it lies
=========================  ==========================================================================================
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from monitor.core.model import State
from monitor.core.periods import Period, Precision
from monitor.core.reading.document import Document, Sentence, Span
from monitor.core.reading.text import bare
from monitor.core.reading.vocabulary import LexiconError, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeExpression:
    """A date or period named in a text."""

    span: Span
    #: What it means of something that has happened.
    behind: Period
    #: What it means of something still to come; the same unless the text left the year open.
    ahead: Period
    #: It was so planned once, and is no more: "initially planned for 2025", "from 2025 to 2026".
    is_superseded: bool = False

    def period(self, state: State) -> Period:
        """When it is, for something told in this state."""
        return self.ahead if state is State.EXPECTED else self.behind


class _Relation(StrEnum):
    """How a period is counted where the text does not name its year."""

    NAMED = ""
    THIS = "this"
    NEXT = "next"
    LAST = "last"
    AGO = "ago"
    AHEAD = "ahead"
    OPEN = "open"
    PAST = "past"
    FUTURE = "future"


_SHIFT = {_Relation.THIS: 0, _Relation.NEXT: 1, _Relation.LAST: -1, _Relation.AGO: -1, _Relation.AHEAD: 1}
_PARTS = ("start", "middle", "end")
_UNITS = ("day", "week", "month", "quarter", "half", "year", "season", "weekday", "unit")
#: Years that news of projects speak of; other numbers of four digits are amounts.
_YEAR = r"(?P<year>(?:19[89]|20[0-5])\d)(?![\d%])(?![.,]\d)"
_A_YEAR = re.compile(r"(?:19[89]|20[0-5])\d")
_EDGE = re.compile(r"(?<!\d)(?<!\d[.,])")
_WORD_EDGE = re.compile(r"(?<!\d)(?<!\d[.,])(?<![^\W\d_\u2e80-\u9fff])")


@dataclass(frozen=True, slots=True)
class _Meaning:
    unit: str
    part: str
    relation: _Relation

    @classmethod
    def parse(cls, text: str, path: str) -> Self:
        unit, *rest = text.split() or [""]
        part = rest.pop(0) if rest and rest[0] in _PARTS else ""
        relation = rest.pop(0) if rest else ""
        if unit not in _UNITS or rest or relation not in set(_Relation):
            raise LexiconError(path, f"{text!r}: write a precision ({', '.join(_UNITS)}), then how it is counted")
        return cls(unit, part, _Relation(relation))


@dataclass(frozen=True, slots=True)
class _Pattern:
    number: int
    expression: re.Pattern[str]
    #: What must hold where it begins. Asked afterwards: a search that begins with a look behind is many times slower.
    edge: re.Pattern[str]
    meaning: _Meaning
    #: A word that stands in all that it finds; "" where there is none.
    literal: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """The ``dates:`` of a lexicon, compiled."""

    #: By what a sentence must hold for any of them to be found: all of the first, one of the second.
    patterns: Mapping[tuple[frozenset[str], frozenset[str]], tuple[_Pattern, ...]]
    #: For each kind of name and each anchor, what a sentence must hold one of to hold it.
    ingredients: Mapping[str, tuple[str, ...]]
    names: Mapping[str, Mapping[str, int | str]]
    superseded_before: re.Pattern[str]
    superseded_after: re.Pattern[str]
    slip: re.Pattern[str]
    span_link: re.Pattern[str]

    @classmethod
    def from_section(cls, section: Section) -> Self:
        """Compile.

        Raises:
            LexiconError: a name is no number, a pattern no regular expression, or a meaning unknown.
        """
        section.only(
            "months", "weekdays", "units", "counts", "ordinals", "seasons", "anchors", "patterns", "superseded",
            "slips", "links", "day_suffix",
        )  # fmt: skip
        names: dict[str, Mapping[str, int | str]] = {
            group: _numbers(section.section(key))
            for group, key in (
                ("month", "months"),
                ("weekday", "weekdays"),
                ("count", "counts"),
                ("ordinal", "ordinals"),
                ("season", "seasons"),
            )
        }
        units = section.section("units")
        names["unit"] = {bare(word): unit for unit in units for word in units.strings(unit)}
        placeholders = _placeholders(names, section.text("day_suffix"))
        written = section.section("patterns")
        anchors = [bare(anchor) for anchor in section.strings("anchors")]
        patterns: dict[tuple[frozenset[str], frozenset[str]], list[_Pattern]] = {}
        for number, template in enumerate(written):
            pattern = _Pattern(
                number,
                *_compiled(template, placeholders, written.at(template)),
                _Meaning.parse(written.text(template), written.at(template)),
                _literal(template),
            )
            patterns.setdefault(_needs(template, anchors), []).append(pattern)
        superseded = section.section("superseded")
        return cls(
            patterns={needs: tuple(group) for needs, group in patterns.items()},
            ingredients={anchor: (anchor,) for anchor in anchors}
            | {f"{{{group}}}": tuple(names[group]) for group in ("month", "weekday", "season", "unit")},
            names=names,
            superseded_before=_any(superseded.strings("before"), at_end=True),
            superseded_after=_any(superseded.strings("after"), at_start=True),
            slip=_any(section.strings("slips")),
            span_link=_any(section.strings("links"), whole=True),
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

    def patterns_in(self, sentence: str) -> Iterator[_Pattern]:
        """The patterns whose ingredients a sentence holds."""
        held = {name for name, words in self.ingredients.items() if any(word in sentence for word in words)}
        if _A_YEAR.search(sentence):
            held.add("{year}")
        for (needs, needs_any), patterns in self.patterns.items():
            if needs <= held and not (needs_any and held.isdisjoint(needs_any)):
                yield from (pattern for pattern in patterns if pattern.literal in sentence)


def time_expressions(document: Document, calendar: Calendar) -> tuple[TimeExpression, ...]:
    """All that can be told to be a date, in the order of the text, without overlap; the longest reading wins.

    A relative expression is left out where the day of publishing is unknown, or known too coarsely for it.
    """
    found: list[TimeExpression] = []
    text = document.text.bare
    within = calendar.narrowed(text)
    for sentence in document.sentences:
        found.extend(_in_sentence(text, sentence, within, document.published))
    return tuple(found)


def _in_sentence(
    text: str, sentence: Sentence, calendar: Calendar, published: Period | None
) -> Iterator[TimeExpression]:
    candidates: list[tuple[int, Span, Period, Period]] = []
    for pattern in calendar.patterns_in(text[sentence.span.start : sentence.span.end]):
        for match in pattern.expression.finditer(text, sentence.span.start, sentence.span.end):
            if not pattern.edge.match(text, match.start()):
                continue
            periods = _resolve(pattern.meaning, _named(match, calendar), published)
            if periods is not None:
                candidates.append((pattern.number, Span(match.start(), match.end()), *periods))
    chosen: list[tuple[Span, Period, Period]] = []
    # The longest first; of two as long the one whose pattern stands first.
    for _, span, behind, ahead in sorted(candidates, key=lambda c: (c[1].start - c[1].end, c[1].start, c[0])):
        if not any(span.overlaps(other) for other, _, _ in chosen):
            chosen.append((span, behind, ahead))
    chosen.sort(key=lambda c: c[0])
    slips = bool(calendar.slip.search(text, sentence.span.start, sentence.span.end))
    for index, (span, behind, ahead) in enumerate(chosen):
        following = chosen[index + 1][0] if index + 1 < len(chosen) else None
        yield TimeExpression(
            span=span,
            behind=behind,
            ahead=ahead,
            is_superseded=bool(
                calendar.superseded_before.search(text[sentence.span.start : span.start])
                or calendar.superseded_after.match(text[span.end : sentence.span.end])
                or (slips and following and calendar.span_link.fullmatch(text[span.end : following.start]))
            ),
        )


def _named(match: re.Match[str], calendar: Calendar) -> dict[str, int | str]:
    """The numbers (and the unit) that the groups of a match name."""
    found: dict[str, int | str] = {}
    for group, text in match.groupdict().items():
        if text is None:
            continue
        names = calendar.names.get(group)
        key = re.sub(r"\s+", " ", text)
        found[group] = names[key] if names and key in names else int(text)
    return found


# ---------------------------------------------------------------- the calendar


def _resolve(
    meaning: _Meaning, named: Mapping[str, int | str], published: Period | None
) -> tuple[Period, Period] | None:
    """What an expression means behind and ahead of the day of publishing; None where it means nothing."""
    try:
        if meaning.relation is _Relation.NAMED:
            year = named.get("year")
            period = _part(_in_year(meaning.unit, named, int(year)), meaning.part) if year is not None else None
            return (period, period) if period else None
        if published is None:
            return None
        if meaning.relation in {_Relation.OPEN, _Relation.PAST, _Relation.FUTURE}:
            return _open(meaning, named, published)
        period = _counted(meaning, named, published)
    except (ValueError, OverflowError):
        # The thirtieth of February, the year 10000.
        return None
    return (period, period) if period else None


def _in_year(unit: str, named: Mapping[str, int | str], year: int) -> Period:
    """The day, month, quarter, half or season that was named, in this year; the year itself."""
    if unit == "day":
        return Period.day(date(year, int(named["month"]), int(named["day"])))
    if unit == "month":
        return Period.month(year, int(named["month"]))
    if unit == "quarter":
        return Period.quarter(year, _within(int(named["ordinal"]), 4))
    if unit == "half":
        return Period.half(year, _within(int(named["ordinal"]), 2))
    if unit == "season":
        # Winter is the end of one year and the beginning of the next: only the year is sure.
        quarter = int(named["season"])
        return Period.quarter(year, quarter) if quarter else Period.year(year)
    return Period.year(year)


def _within(number: int, most: int) -> int:
    if not 1 <= number <= most:
        raise ValueError(number)
    return number


def _part(period: Period, part: str) -> Period:
    """The beginning or the end of a period, as far as shorter periods have names."""
    year, first = period.start.year, period.start.month
    if part not in {"start", "end"}:
        return period
    if period.precision is Precision.YEAR:
        return Period.quarter(year, 1 if part == "start" else 4)
    if period.precision is Precision.HALF:
        return Period.quarter(year, (first + 2) // 3 + (0 if part == "start" else 1))
    if period.precision is Precision.QUARTER:
        return Period.month(year, first if part == "start" else first + 2)
    return period


def _open(meaning: _Meaning, named: Mapping[str, int | str], published: Period) -> tuple[Period, Period] | None:
    """The nearest such period on either side; what lies around the day of publishing itself is on both."""
    if meaning.unit == "weekday":
        if published.precision is not Precision.DAY:
            # "On Friday" in an article of March is a day of March.
            return published, published
        back = (published.start.isoweekday() - int(named["weekday"])) % 7
        last = published.start - timedelta(days=back)
        following = last + timedelta(days=7) if back or meaning.relation is _Relation.FUTURE else last
        return _sided(meaning, Period.day(last), Period.day(following))
    years = [published.start.year + shift for shift in (-1, 0, 1)]
    if published.precision is Precision.YEAR:
        # Not known on which side of the day it lies: then it is of that year.
        years = [published.start.year]
    candidates = [_part(_in_year(meaning.unit, named, year), meaning.part) for year in years]
    behind_ = [candidate for candidate in candidates if candidate.start <= published.end]
    ahead = [candidate for candidate in candidates if candidate.end >= published.start]
    return _sided(meaning, (behind_ or candidates)[-1], (ahead or candidates)[0])


def _sided(meaning: _Meaning, behind: Period, ahead: Period) -> tuple[Period, Period]:
    if meaning.relation is _Relation.PAST:
        return behind, behind
    return (ahead, ahead) if meaning.relation is _Relation.FUTURE else (behind, ahead)


def _counted(meaning: _Meaning, named: Mapping[str, int | str], published: Period) -> Period | None:
    """A period counted from the day of publishing."""
    shift = _SHIFT[meaning.relation]
    unit = meaning.unit
    if meaning.relation in {_Relation.AGO, _Relation.AHEAD}:
        shift *= int(named.get("count", 1))
    if unit == "unit":
        unit = str(named["unit"])
    if unit in named or (unit in {"quarter", "half"} and "ordinal" in named):
        return _part(_in_year(unit, named, published.start.year + shift), meaning.part)
    period = _moved(unit, shift, published)
    return _part(period, meaning.part) if period else None


def _moved(unit: str, shift: int, published: Period) -> Period | None:
    """The period of this unit in which the publishing lies, moved by so many; None where it is known too coarsely."""
    needed = {"day": Precision.DAY, "week": Precision.MONTH, "month": Precision.MONTH, "quarter": Precision.QUARTER,
              "half": Precision.HALF, "year": Precision.YEAR}  # fmt: skip
    if published.precision < needed[unit]:
        # A number of months that makes whole years can be counted from a year.
        return (
            Period.year(published.start.year + shift // 12) if unit == "month" and shift % 12 == 0 and shift else None
        )
    start = published.start
    if unit == "day":
        return Period.day(start + timedelta(days=shift))
    if unit == "week":
        day = start + timedelta(weeks=shift)
        return Period.month(day.year, day.month)
    length = {"month": 1, "quarter": 3, "half": 6, "year": 12}[unit]
    number = (start.year * 12 + start.month - 1) // length + shift
    year, index = divmod(number * length, 12)
    made = {"month": Period.month, "quarter": Period.quarter, "half": Period.half}
    return Period.year(year) if unit == "year" else made[unit](year, index // length + 1)


# ---------------------------------------------------------------- compiling


def _numbers(section: Section) -> dict[str, int | str]:
    return {bare(name): int(section.number(name, 0)) for name in section}


def _placeholders(names: Mapping[str, Mapping[str, int | str]], day_suffix: str) -> Mapping[str, str]:
    suffix = f"(?:{day_suffix})?" if day_suffix else ""
    return {
        "year": _YEAR,
        "month": f"(?P<month>{_words(names['month']) or '(?!)'})",
        "monthnumber": r"(?P<month>1[0-2]|0?[1-9])(?!\d)",
        "day": rf"(?P<day>3[01]|[12]\d|0?[1-9])(?!\d){suffix}",
        "weekday": f"(?P<weekday>{_words(names['weekday']) or '(?!)'})",
        "season": f"(?P<season>{_words(names['season']) or '(?!)'})",
        "ordinal": f"(?P<ordinal>{_words(names['ordinal']) or '(?!)'}|[1-4](?![\\d.,]))",
        "count": f"(?P<count>{_words(names['count']) or '(?!)'}|\\d{{1,2}}(?![\\d.,]))",
        "unit": f"(?P<unit>{_words(names['unit']) or '(?!)'})",
    }


def _compiled(template: str, placeholders: Mapping[str, str], path: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A pattern of the lexicon as a regular expression on bare text, and what must hold where it begins."""

    def fill(match: re.Match[str]) -> str:
        if match[1] not in placeholders:
            raise LexiconError(path, f"{{{match[1]}}} is none of {', '.join(placeholders)}")
        return placeholders[match[1]]

    pattern = re.sub(r"\{([a-z]+)\}", fill, _spaced(_bare(template)))
    # A letter before or behind would make it another word; Chinese sets no words apart.
    edge = _EDGE if re.match(r"[\u2e80-\u9fff]", template) else _WORD_EDGE
    after = r"(?![^\W\d_\u2e80-\u9fff])" if not re.search(r"[\u2e80-\u9fff]\)?\??$", template) else ""
    try:
        return re.compile(f"(?:{pattern}){after}"), edge
    except re.error as error:
        raise LexiconError(path, f"is no pattern: {error}") from error


def _bare(pattern: str) -> str:
    """A pattern in the bare form, its escapes (as of a word character) as they were."""
    return re.sub(r"\\.|[^\\]+", lambda part: part[0] if part[0].startswith("\\") else bare(part[0]), pattern)


def _spaced(pattern: str) -> str:
    """White space of any kind and length where the pattern has a space; ``" ?"`` is none or some."""
    return pattern.replace(" ?", r"\s*").replace(" ", r"\s+")


def _literal(template: str) -> str:
    """The longest word of a pattern that stands in no group, may not be missing, and has no special sign beside it."""
    plain, groups = bare(template), 1
    while groups:
        plain, groups = re.subn(r"\([^()]*\)\??", " ", plain)
    if "|" in plain:
        return ""
    plain = re.sub(r"\{[a-z]+\}|\[[^]]*\]|\\.|.[?*+]", " ", plain)
    return max(re.findall(r"[^\W\d_]{2,}", plain), key=len, default="")


def _needs(template: str, anchors: Sequence[str]) -> tuple[frozenset[str], frozenset[str]]:
    """What a sentence must hold for a pattern to be found in it: all of the first, one of the second."""
    named = {name for name in ("{year}", "{month}", "{weekday}", "{season}", "{unit}") if name in template}
    # Where something else is sure to stand, an anchor may be in a part that may be missing.
    is_sure = bool(named or _literal(template))
    return frozenset(named), frozenset() if is_sure else frozenset(a for a in anchors if a in bare(template))


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
