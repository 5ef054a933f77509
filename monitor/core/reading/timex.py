"""Time expressions: the dates and periods that a text names, each with the precision with which it was said."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest

from monitor.core.model import State
from monitor.core.periods import Period
from monitor.core.reading.datewords import YEAR, Calendar, Pattern
from monitor.core.reading.document import Document, Sentence, Span
from monitor.core.reading.reckoning import Meaning, Relation, resolve

_A_YEAR = Meaning("year", "", Relation.NAMED)
#: So far back "that year" can mean a year.
_NEAR = 400


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


def time_expressions(
    document: Document, calendar: Calendar, within: Iterable[int] | None = None
) -> tuple[TimeExpression, ...]:
    """All that can be told to be a date, in the order of the text, without overlap; the longest reading wins.

    Of sentences that are not ``within`` (numbers, ascending; all where there is None) nothing is told.

    A relative expression is left out where the day of publishing is unknown, or known too coarsely for it.
    """
    found: list[TimeExpression] = []
    text = document.text.bare
    narrowed = calendar.narrowed(text)
    for number in range(len(document.sentences)) if within is None else within:
        found.extend(_in_sentence(text, document.sentences[number], narrowed, document.published))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a pattern found."""

    span: Span
    pattern: Pattern
    named: Mapping[str, int | str]
    behind: Period
    ahead: Period


def _in_sentence(
    text: str, sentence: Sentence, calendar: Calendar, published: Period | None
) -> Iterator[TimeExpression]:
    chosen: list[_Found] = []
    # The longest first; of two as long the one whose pattern stands first.
    for found in sorted(
        _found(text, sentence.span, calendar, published),
        key=lambda f: (f.span.start - f.span.end, f.span.start, f.pattern.number),
    ):
        if not any(found.span.overlaps(other.span) for other in chosen):
            chosen.append(found)
    chosen.sort(key=lambda found: found.span)
    slips = bool(calendar.slip.search(text, sentence.span.start, sentence.span.end))
    for found, following in zip_longest(chosen, chosen[1:]):
        between = text[found.span.end : following.span.start] if following else ""
        is_linked = bool(following and calendar.span_link.fullmatch(between))
        if following and (is_linked or calendar.listing.fullmatch(between)):
            found = _in_year_of(found, following)  # noqa: PLW2901 - it is the same, better understood
        yield TimeExpression(
            span=found.span,
            behind=found.behind,
            ahead=found.ahead,
            is_superseded=bool(
                calendar.superseded_before.search(text[sentence.span.start : found.span.start])
                or calendar.superseded_after.match(text[found.span.end : sentence.span.end])
                or (slips and is_linked)
            ),
        )


def _found(text: str, place: Span, calendar: Calendar, published: Period | None) -> Iterator[_Found]:
    """All that the patterns find in a stretch of the text, overlapping."""
    for pattern in calendar.patterns_in(text[place.start : place.end]):
        for match in pattern.expression.finditer(text, place.start, place.end):
            if not pattern.edge.match(text, match.start()):
                continue
            if pattern.meaning == _A_YEAR and calendar.title.search(text[place.start : match.start()]):
                # The World Cup of 2030 is a name.
                continue
            named, meaning = _named(match, calendar), pattern.meaning
            is_undated = published is None and meaning.relation is Relation.OPEN and meaning.unit != "weekday"
            if is_undated or meaning.relation is Relation.SAME:
                named = {**named, **_year_before(text, match.start())}
                meaning = replace(meaning, relation=Relation.NAMED)
            periods = resolve(meaning, named, published)
            if periods is not None:
                yield _Found(Span(match.start(), match.end()), pattern, named, *periods)


def _year_before(text: str, end: int) -> Mapping[str, int]:
    """The last year named before a place, not far from it."""
    years = YEAR.findall(text, max(0, end - _NEAR), end)
    return {"year": int(years[-1])} if years else {}


def _in_year_of(found: _Found, following: _Found) -> _Found:
    """A date without year, in the year that the next one has: ``entre mars et juin 2026``."""
    meaning = found.pattern.meaning
    if meaning.relation is not Relation.OPEN or meaning.unit == "weekday" or "year" not in following.named:
        return found
    meaning = replace(meaning, relation=Relation.NAMED)
    for year in (following.behind.start.year, following.behind.start.year - 1):
        periods = resolve(meaning, {**found.named, "year": year}, None)
        if periods is not None and periods[0].start <= following.behind.start:
            return replace(found, behind=periods[0], ahead=periods[1])
    return found


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
