"""Time expressions: the dates and periods that a text names, each with the precision that the text gives."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, zip_longest
from typing import NamedTuple

from monitor.core.model import State
from monitor.core.periods import Period, Precision
from monitor.core.reading.dates.datewords import ERAS, FOLLOWING, SAME, YEAR, Calendar, Pattern
from monitor.core.reading.dates.reckoning import FROM_ANOTHER, YEARS, Meaning, Relation, reckon_from, resolve
from monitor.core.reading.text.text import Document, Sentence, Span

_A_YEAR = Meaning("year", "", Relation.NAMED)
#: The most characters back to the year of "that year", and to the time of "two years later".
_NEAR = 400
#: The most characters between a date with a year and another one that continues in that year.
_SHORTLY = 60
#: The most characters from a word for a move to the time to which something moves.
_MOVED = 60
_WORD = re.compile(r"[^\W\d_]{1,3}(?!\w)")
_SEMICOLONS = frozenset(";\u061b\uff1b")


class TimeExpression(NamedTuple):
    """A date or period named in a text."""

    span: Span
    #: Its meaning for something that has happened.
    behind: Period
    #: Its meaning for something still to come; the same unless the text left the year open.
    ahead: Period
    #: It is an old plan that no longer holds: "initially planned for 2025", "from 2025 to 2026".
    is_superseded: bool = False
    #: "And", or a similar word, follows directly.
    is_before_and: bool = False
    #: It is when a state began; nothing that is still to come can have it.
    is_since: bool = False
    #: It is the time of the event right after it: "two months after works began".
    is_of_next: bool = False
    #: It is relative to publication ("in two years"), which may also be how long something took.
    is_ahead: bool = False
    #: It continues in the year of a date still to come: "lines arrive in March 2027, for tests in July".
    is_of_plan: bool = False
    #: It continues in the year of a past date: "signed in February last year, a permit in November".
    is_of_past: bool = False
    #: Its sentence dates the event in the sentence before it: "It was signed on Thursday".
    is_of_before: bool = False
    #: It is when a halt or a wait ends: "suspended until Thursday".
    is_until: bool = False
    #: It is of a plan that was put off: "scheduled for Thursday, has been postponed".
    is_put_off: bool = False
    #: Something is moved to it, so it lies ahead: "put off to January".
    is_new: bool = False

    def period(self, state: State) -> Period:
        """Its meaning for an event in this state."""
        return self.ahead if state is State.EXPECTED else self.behind


def time_expressions(
    document: Document, calendar: Calendar, within: Iterable[int] | None = None
) -> tuple[TimeExpression, ...]:
    """All recognisable dates, in text order, without overlap; the longest reading wins.

    With ``within`` (sentence indices, ascending), only those of these sentences.

    A relative expression is left out if the day of publication is unknown, or known too coarsely for it.
    """
    found: list[TimeExpression] = []
    text = document.text.bare
    for number in range(len(document.sentences)) if within is None else within:
        sentence = document.sentences[number]
        patterns = calendar.patterns.within(text, sentence.span)
        before = found[-1] if found and sentence.span.start - found[-1].span.end < _NEAR else None
        found.extend(_in_sentence(document, sentence, patterns, calendar, before))
    return tuple(found)


def looking_back(document: Document, calendar: Calendar, told: Iterable[int]) -> Iterator[int]:
    """The indices of the sentences that date an event in the sentence before, which is one of ``told`` (indices)."""
    text, sentences = document.text.bare, document.sentences
    for number in {number + 1 for number in told}:
        if number < len(sentences) and calendar.looking_back.match(text, *sentences[number].span):
            yield number


class _Match(NamedTuple):
    """A match of a pattern."""

    span: Span
    pattern: Pattern
    named: Mapping[str, int | str]
    #: Before and after publication. None if it is relative to another time.
    periods: tuple[Period, Period] | None


class _FoundTime(NamedTuple):
    """A match whose meaning is known."""

    span: Span
    pattern: Pattern
    named: Mapping[str, int | str]
    behind: Period
    ahead: Period
    is_of_plan: bool = False
    is_of_past: bool = False


def _in_sentence(
    document: Document,
    sentence: Sentence,
    patterns: Iterable[Pattern],
    calendar: Calendar,
    before: TimeExpression | None,
) -> Iterator[TimeExpression]:
    text, published = document.text.bare, document.published
    matches: list[_Match] = []
    # The longest first; of two equally long ones, the one whose pattern comes first.
    for match in sorted(
        _matches(text, sentence.span, patterns, calendar, published),
        key=lambda m: (m.span.start - m.span.end, m.span.start, m.pattern.number),
    ):
        if not any(match.span.overlaps(other.span) for other in matches):
            matches.append(match)
    reckoned = list(_reckoned(sorted(matches, key=lambda match: match.span), before, published))
    chosen = list(_gone_on(text, reckoned, published))
    looks_back = bool(calendar.looking_back.match(text, sentence.span.start, sentence.span.end))
    slips = len(chosen) > 1 and bool(calendar.slip.search(text, sentence.span.start, sentence.span.end))
    #: Where the words begin that belong to the next time and not to one before it.
    since, was_superseded, is_new = sentence.span.start, False, False
    moved = [_is_moved_to(text, sentence.span.start, found, calendar, published) for found in chosen]
    for found, following, is_moved_to, moves_on in zip_longest(chosen, chosen[1:], moved, moved[1:]):
        between = text[found.span.end : following.span.start] if following else ""
        is_linked = bool(following and calendar.span_link.fullmatch(between))
        is_listed = bool(following and calendar.listing.fullmatch(between))
        is_led = bool(following and calendar.span_link.fullmatch(text[found.span.end : _led_to(text, following.span)]))
        if following and (is_linked or is_listed or is_led):
            found = _in_year_of(found, following)  # noqa: PLW2901 - it is the same, better understood
        is_put_off = _is_put_off(text, Span(since, sentence.span.end), found.span, following, calendar)
        is_superseded = bool(
            was_superseded
            or is_put_off
            or calendar.superseded_before.search(text[since : _led_to(text, found.span)])
            or calendar.superseded_after.match(text[found.span.end : sentence.span.end])
            # The new value of a former date is not itself a former date of what follows.
            or (slips and (is_linked or (_has_slid(between, calendar) and not is_new)))
            or (moves_on and calendar.moved_from.leads(text, since, found.span.start))
        )
        is_new = slips and is_linked
        is_since = bool(calendar.since.search(text, since, found.span.end))
        is_until = calendar.until.leads(text, since, found.span.start)
        since = found.span.end
        was_superseded = (is_superseded and is_listed) or (slips and bool(calendar.back_link.fullmatch(between)))
        yield TimeExpression(
            span=found.span,
            behind=found.ahead if is_moved_to else found.behind,
            # "It had been promised for September" means the September before, where that is over.
            ahead=found.behind if is_superseded and _is_over(found.behind, published) else found.ahead,
            is_superseded=is_superseded,
            is_before_and=bool(calendar.and_behind.match(text, found.span.end, sentence.span.end)),
            is_since=is_since,
            is_of_next=found.pattern.meaning.relation is Relation.AFTER,
            is_ahead=found.pattern.meaning.relation is Relation.AHEAD,
            is_of_plan=found.is_of_plan,
            is_of_past=found.is_of_past,
            is_of_before=looks_back,
            is_until=is_until,
            is_put_off=is_put_off,
            is_new=is_moved_to,
        )


def _is_over(period: Period, published: Period | None) -> bool:
    return published is not None and period.end < published.start


def _led_to(text: str, time: Span) -> int:
    """The end of what leads a time; the first word of the time may belong to it: "instead of March"."""
    word = _WORD.match(text, *time)
    return word.end() if word else time.start


def _is_moved_to(text: str, first: int, found: _FoundTime, calendar: Calendar, published: Period | None) -> bool:
    """Whether the words before a time say that something moves to it: "put off to January".

    A time that is over may be when something was put off: "aplazado a fines de 2023".
    """
    if found.is_of_past or _is_over(found.ahead, published):
        return False
    start = found.span.start
    since = max(first, start - _MOVED)
    return bool(calendar.slip.search(text, since, start)) and calendar.moved_to.leads(text, since, start)


def _is_put_off(text: str, part: Span, time: Span, following: _FoundTime | None, calendar: Calendar) -> bool:
    """Whether a time is that of a plan that was put off: "scheduled for Thursday, has been postponed".

    Args:
        text: the text.
        part: what belongs to the time, up to the end of the sentence.
        time: where the time stands.
        following: the next time in the sentence.
        calendar: the words for it.
    """
    end = following.span.start if following else part.end
    before = text[part.start : time.start]
    is_planned = bool(calendar.planned.search(before) or calendar.superseded_before.search(before))
    return is_planned and bool(calendar.put_off.match(text, time.end, end))


def _has_slid(between: str, calendar: Calendar) -> bool:
    """Whether the words between two times say that the second replaces the first: "…, has been pushed back to …"."""
    return any(calendar.span_link.fullmatch(between, slip.end()) for slip in calendar.slip.finditer(between))


def _reckoned(
    matches: Iterable[_Match], before: TimeExpression | None, published: Period | None
) -> Iterator[_FoundTime]:
    """The meaning of the matches of a sentence. Those relative to another time are counted from the time named last.

    That time may stand in the sentence before, except for "two months after it began".
    """
    last = (before.behind, before.ahead) if before else None
    here: tuple[Period, Period] | None = None
    for match in matches:
        meaning = match.pattern.meaning
        base = _base(meaning.relation, here if meaning.relation is Relation.AFTER else here or last, published)
        periods = match.periods or (base and _from_both(base, meaning, match.named))
        if periods is not None:
            here = periods
            yield _FoundTime(match.span, match.pattern, match.named, *periods)


def _base(
    relation: Relation, named: tuple[Period, Period] | None, published: Period | None
) -> tuple[Period, Period] | None:
    """The time that something is counted from, if it is past and if it is to come."""
    if named is None:
        # "Two years earlier" may be counted from today too, "two years later" may not.
        is_forward = relation in {Relation.LATER, Relation.SAME}
        return None if published is None or is_forward else (published, published)
    is_to_come = published is not None and named[0].start > published.end
    return (published, named[1]) if published and is_to_come and relation is Relation.EARLIER else named


def _from_both(
    base: tuple[Period, Period], meaning: Meaning, named: Mapping[str, int | str]
) -> tuple[Period, Period] | None:
    behind, ahead = (reckon_from(period, meaning, named) for period in base)
    return (behind, ahead) if behind and ahead else None


def _matches(
    text: str, place: Span, patterns: Iterable[Pattern], calendar: Calendar, published: Period | None
) -> Iterator[_Match]:
    """All matches of the patterns in a stretch of the text; they may overlap."""
    for pattern in patterns:
        for match in matches_of(pattern, text, place):
            named, meaning = named_by(match, calendar), pattern.meaning
            if "year" in named and meaning == _A_YEAR and calendar.title.search(text[place.start : match.start()]):
                # "The World Cup of 2030" is a name.
                continue
            year = _year_named(named, text, match.start(), published, is_open=_leaves_year_open(meaning))
            if year is not None:
                named["year"] = year
            elif SAME in named:
                continue
            periods = resolve(meaning, named, published)
            if periods is not None or meaning.relation in FROM_ANOTHER:
                yield _Match(Span(match.start(), match.end()), pattern, named, periods)


def matches_of(pattern: Pattern, text: str, place: Span) -> Iterator[re.Match[str]]:
    """The matches that begin at an edge. A match that does not begin at one hides no other that begins within it."""
    at = place.start
    while match := pattern.expression.search(text, at, place.end):
        if pattern.edge.match(text, match.start()):
            yield match
            at = match.end()
        else:
            at = match.start() + 1


def _year_named(
    named: Mapping[str, int | str], text: str, at: int, published: Period | None, *, is_open: bool
) -> int | None:
    """The year that a match names, in any form. None if it names none, or if the year cannot be determined."""
    for era, first in ERAS.items():
        if era in named:
            return first + int(named[era])
    this_year = published.start.year if published else None
    for name, shift in YEARS.items():
        if name in named:
            return None if this_year is None else this_year + shift
    if FOLLOWING in named:
        before = _year_before(text, at) or this_year
        return None if before is None else before + 1
    year = named.get("year", named.get("plan"))
    if year is None and (SAME in named or (is_open and published is None)):
        return _year_before(text, at)
    return None if year is None else int(year)


def _year_before(text: str, end: int) -> int | None:
    """The last year named shortly before a place."""
    years = YEAR.findall(text, max(0, end - _NEAR), end)
    return int(years[-1]) if years else None


def _leaves_year_open(meaning: Meaning) -> bool:
    return meaning.relation is Relation.OPEN and meaning.unit != "weekday"


def _is_in_this_year(meaning: Meaning) -> bool:
    """Whether it is a part of an unnamed year: year's end."""
    return meaning.relation is Relation.THIS and meaning.unit == "year" and meaning.part != ""


def _in_year_of(found: _FoundTime, following: _FoundTime) -> _FoundTime:
    """A date without a year, in the year of the next one: ``entre mars et juin 2026``."""
    meaning = found.pattern.meaning
    if not _leaves_year_open(meaning) or "year" in found.named or "year" not in following.named:
        return found
    if following.behind.precision is Precision.YEAR:
        # "In August and in 2027" are two times.
        return found
    meaning = replace(meaning, relation=Relation.NAMED)
    for year in (following.behind.start.year, following.behind.start.year - 1):
        periods = resolve(meaning, {**found.named, "year": year}, None)
        if periods is not None and periods[0].start <= following.behind.start:
            return found._replace(behind=periods[0], ahead=periods[1])
    return found


def _gone_on(text: str, reckoned: Iterable[_FoundTime], published: Period | None) -> Iterator[_FoundTime]:
    """The dates of a sentence; one without a year takes the year of a date before it, from one to the next."""
    earlier: _FoundTime | None = None
    last = 0
    for found in reckoned:
        gap = text[last : found.span.start]
        is_near = earlier is not None and len(gap) <= _SHORTLY and _SEMICOLONS.isdisjoint(gap)
        went_on = _in_year_gone_on(found, earlier, published) if earlier and is_near else found
        if went_on is found:
            earlier = found
        last = found.span.end
        yield went_on


def _in_year_gone_on(found: _FoundTime, earlier: _FoundTime, published: Period | None) -> _FoundTime:
    """A date without a year, in the year of one before it: ``approved in March 2024, begun in July``."""
    meaning = found.pattern.meaning
    if (
        published is None
        or "year" not in earlier.named
        or "year" in found.named
        or not (_leaves_year_open(meaning) or _is_in_this_year(meaning))
        or earlier.behind.precision < Precision.HALF
    ):
        return found
    periods = resolve(
        replace(meaning, relation=Relation.NAMED), {**found.named, "year": earlier.behind.start.year}, None
    )
    if periods is None or periods[0].start < earlier.behind.start:
        return found
    if periods[0].end <= published.end:
        return found._replace(behind=periods[0], is_of_past=True)
    is_of_plan = earlier.behind.start > published.end
    return found._replace(ahead=periods[1], is_of_plan=True) if is_of_plan else found


def named_by(match: re.Match[str], calendar: Calendar) -> dict[str, int | str]:
    """The numbers (and the unit) in the groups of a match, by group name; text that is not a number becomes 0."""
    found: dict[str, int | str] = {}
    for group, text in match.groupdict().items():
        if text is None:
            continue
        names = calendar.names.get(group)
        key = re.sub(r"\s+", " ", text)
        found[group] = names[key] if names and key in names else int(text) if text.isdecimal() else 0
    return found


# Plans that are brought forward: "in October 2027 instead of March 2028" is no delay ----------------------------------


def brought_forward(times: Sequence[TimeExpression], document: Document) -> Mapping[int, Span]:
    """Where a time stands beside a later one that it replaces, by sentence index; ``times`` are in text order."""
    numbers = document.sentences_at(time.span for time in times)
    return {
        number: Span(one.span.start, other.span.end)
        for (one, number), (other, after) in pairwise(zip(times, numbers, strict=True))
        if number == after and _is_sooner(one, other)
    }


def _is_sooner(one: TimeExpression, other: TimeExpression) -> bool:
    """Whether one of two times is a former plan, and the other one lies before it."""
    new, old = (one, other) if other.is_superseded else (other, one)
    # Without a year, the former time may lie on either side.
    return old.is_superseded and not new.is_superseded and new.ahead.end < old.behind.start
