"""Finds quantities in a text: money, capacities, jobs, areas, shares and durations, each with its span."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from monitor.core.model import FactKind
from monitor.core.reading.quantities.measures import MEASURES, PEOPLE, SQUARE_METRES, Measure, QuantityWords
from monitor.core.reading.quantities.numerals import Number, NumberWords
from monitor.core.reading.quantities.parts import BREAK, Part, parts_by_sentence, past_gap
from monitor.core.reading.text.document import Document, Span, apart
from monitor.core.reading.text.text import bare

#: The most characters before and after a quantity to the words that say that it is per year.
_BEFORE, _AFTER = 25, 45
#: A noun for jobs at most this many characters before a number is what it counts, whatever was counted before.
_RIGHT_BEFORE = 12
#: A plain number in this range without a unit is a year: old plants date from then.
_ALL_YEARS = range(1850, 2050)
#: A number below this and without a unit is neither money nor a count of things named before.
_ELLIPTIC_MONEY, _ELLIPTIC_COUNT = 1e6, 100
#: The most characters between money and the money whose currency it takes; the factor by which a count may differ.
_NEAR, _ALIKE = 300, 1000.0
#: The most characters between a number and a unit that is not right beside it.
_FAR = 45
_YEARLY, _MONTHLY, _DAILY = "/yr", "/month", "/day"
_OF_THE_WORLD = "USD"
_MARK = re.compile(r"[,;:،؛，、；：]")
_CLOSES = re.compile(r"\s*(?:[.,;:!?()،؛。，；）]|$)")


class Quantity(NamedTuple):
    """A quantity: both ends of a range, or the same value twice."""

    span: Span
    low: float
    high: float
    #: The end that the text names last; if the amount moved, the present value ("raised from 38 to 45 billion").
    last: float
    #: An ISO 4217 code for money; otherwise a unit of ``measures``, with ``/yr``, ``/month`` or ``/day`` if the text
    #: says so.
    unit: str
    #: What it measures if it belongs to a project. None if no fact uses it.
    kind: FactKind | None


class _Place(NamedTuple):
    """A part at its place in the text."""

    text: str
    part: Part
    #: The stretch between the parts before and after it.
    free: Span
    sentence: Span


class _Told(NamedTuple):
    """A quantity, with what a later number without a unit would take over."""

    quantity: Quantity
    measure: Measure
    rate: str


def quantities(
    document: Document, numbers: NumberWords, words: QuantityWords, places: Sequence[str] = ()
) -> tuple[Quantity, ...]:
    """All quantities of a document, in text order; takes time linear in its length.

    ``places`` are those of the projects. They decide whose money a rupee is if the top of the document does not.

    A number without a unit is left out, unless it clearly continues a quantity before it
    (``10 000 tonnes, puis 25 000``) or its unit stands before it (``planned jobs fall to 1,700``).
    """
    told: list[Quantity] = []
    last: _Told | None = None
    text = document.text.bare
    for sentence, parts in parts_by_sentence(document, numbers, words):
        for index, part in enumerate(parts):
            floor = parts[index - 1].end if index else sentence.start
            ceiling = parts[index + 1].start if index + 1 < len(parts) else sentence.end
            place = _Place(text, part, Span(floor, ceiling), sentence)
            if (meaning := _meaning(place, last, words)) is not None:
                item = _told(part, *meaning)
                told.append(item.quantity)
                last = item if _may_go_on(item.quantity) else last
    return tuple(_in_local_money(document, told, words, places))


def far_quantities(
    document: Document,
    numbers: NumberWords,
    words: QuantityWords,
    found: Sequence[Quantity],
    *,
    places: Sequence[str],
    unit: str,
) -> tuple[Quantity, ...]:
    """What the other numbers of a document may count, in text order: too little to read by, enough to bear others out.

    The unit is the nearest one beside the number, with other words between, but neither a number nor a mark. A number
    without one may count people. A few people or jobs are left out.

    Args:
        document: the document.
        numbers: how its language writes numbers.
        words: how its language names units.
        found: its quantities, whose numbers are left out, as are years and parts of names.
        places: those of the projects.
        unit: a further unit of capacity, which the language does not know: its name as the article may have it, or "".
    """
    text, named = document.text.bare, bare(unit)
    others = [number for number in numbers.find(text) if not number.is_glued]
    free = set(apart((number.span for number in others), (quantity.span for quantity in found)))
    told = []
    for number, place in _numbers_in_places(document, others):
        if number.span not in free or (number.is_plain and number.value in _ALL_YEARS):
            continue
        behind = Span(number.span.end, place.free.end)
        if named and _names(text, behind, named):
            near = [Measure(unit, FactKind.CAPACITY)]
        else:
            near = [each for _, _, each in words.after.find(text, *behind)]
            near += reversed([each for _, _, each in words.money.find(text, place.free.start, number.span.start)])
            near.append(MEASURES[PEOPLE])
        is_few = near[0].unit in {PEOPLE, "jobs"} and number.value < _ELLIPTIC_COUNT
        if not is_few:
            part = place.part._replace(measure=near[0])
            told.append(_told(part, near[0], _rate(place._replace(part=part), words)).quantity)
    return tuple(_in_local_money(document, [*found, *told], words, places))[len(found) :]


def _names(text: str, place: Span, word: str) -> bool:
    """Whether a word stands in a stretch as a whole. The stretch is short."""
    before, found, behind = text[slice(*place)].partition(word)
    return bool(found) and not before[-1:].isalnum() and not behind[:1].isalnum()


def _numbers_in_places(document: Document, numbers: Sequence[Number]) -> Iterator[tuple[Number, _Place]]:
    """Each number that stands in a sentence, with the words beside it that no mark and no number separates from it."""
    text, starts = document.text.bare, [number.span.start for number in numbers]
    for sentence in document.sentences:
        start, end = sentence.span
        for number in numbers[bisect_left(starts, start) : bisect_left(starts, end)]:
            since = max(start, number.span.start - _FAR)
            breaks = [mark.end() for mark in BREAK.finditer(text, since, number.span.start)]
            stop = BREAK.search(text, number.span.end, until := min(end, number.span.end + _FAR))
            free = Span(max([since, *breaks]), stop.start() if stop else until)
            value = number.value
            part = Part(*number.span, value, value, value, number.scale, None)
            yield number, _Place(text, part, free, sentence.span)


def _may_go_on(quantity: Quantity) -> bool:
    """Whether a plain number after a quantity may be more of the same: "it employs 900 people, later 2,300"."""
    return quantity.kind not in {None, FactKind.PROGRESS} or quantity.unit == "people"


def _meaning(place: _Place, last: _Told | None, words: QuantityWords) -> tuple[Measure, str] | None:
    """What a part measures and at what rate: by its own unit, by the last quantity's, or by a noun before it."""
    if place.part.measure == MEASURES["m2"] and _is_of_each_year(place, words):
        # An area per year is a product, not a site.
        return SQUARE_METRES, _YEARLY
    if place.part.measure is not None:
        return place.part.measure, _rate(place, words) or _kept_rate(place, last)
    return _implied(place, last, words)


def _implied(place: _Place, last: _Told | None, words: QuantityWords) -> tuple[Measure, str] | None:
    """Like ``_meaning``, for a number without a unit. A noun for jobs after the last quantity takes precedence."""
    start = place.part.start
    if place.part.low < _ELLIPTIC_COUNT or place.part.low in _ALL_YEARS:
        return None
    is_closed = _is_closed(place, words)
    since = start - last.quantity.span.end if last and last.quantity.span.start >= place.sentence.start else 0
    if is_closed and (head := _head(place, words, max(_RIGHT_BEFORE, since))) is not None:
        return head, ""
    if last is not None and (is_closed or words.leads.before(place.text, start)) and _goes_on(place, last):
        return last.measure, last.rate
    head = _head(place, words, _AFTER) if is_closed else None
    return (head, "") if head is not None else None


def _told(part: Part, measure: Measure, rate: str) -> _Told:
    unit, factor = measure.unit, measure.factor
    if rate == _YEARLY and measure.yearly:
        unit, factor = measure.yearly
    quantity = Quantity(
        span=Span(part.start, part.end),
        low=round(part.low * factor, 6),
        high=round(part.high * factor, 6),
        last=round(part.last * factor, 6),
        unit=unit + rate,
        kind=measure.kind,
    )
    return _Told(quantity, measure, rate)


def _rate(place: _Place, words: QuantityWords) -> str:
    """The rate, per year, month or day, given after the quantity or before it; empty if none is given."""
    text, part, free = place.text, place.part, place.free
    if part.measure is None or part.measure.kind is not FactKind.CAPACITY:
        return ""
    behind = part.end, min(free.end, part.end + _AFTER)
    before = max(free.start, part.start - _BEFORE), part.start
    if any(words.per_day.find(text, *behind)) or any(words.daily.find(text, *before)):
        return _DAILY
    if any(words.per_month.find(text, *behind)) or any(words.monthly.find(text, *before)):
        return _MONTHLY
    yearly = [start for start, _, _ in words.yearly.find(text, *before) if not _is_of_earlier(place, start, words)]
    if yearly or any(words.per_year.find(text, *behind)):
        return _YEARLY
    return ""


def _is_of_earlier(place: _Place, at: int, words: QuantityWords) -> bool:
    """Whether the "a year" there belongs to the part before: 180,000 tonnes of ammonia a year with 300 MW."""
    if place.free.start == place.sentence.start or words.per_year.at(place.text, at) is None:
        return False
    return at - place.free.start < _AFTER and not _MARK.search(place.text, place.free.start, at)


def _is_of_each_year(place: _Place, words: QuantityWords) -> bool:
    """Whether the words right before or right after a quantity say that it is per year."""
    text, part = place.text, place.part
    behind = words.per_year.at(text, past_gap(text, part.end))
    return behind is not None or words.yearly.before(text, part.start) is not None


def _kept_rate(place: _Place, last: _Told | None) -> str:
    """The rate of the last quantity, if its sentence continues with more of the same: 50,000 a month, 8,000 first."""
    if last is None or last.measure != place.part.measure or last.quantity.span.start < place.sentence.start:
        return ""
    return last.rate


def _is_closed(place: _Place, words: QuantityWords) -> bool:
    """Whether what follows a number cannot be what it counts."""
    text, end = place.text, place.part.end
    if _CLOSES.match(text, end, place.sentence.end):
        return True
    position = past_gap(text, end)
    return bool(words.elliptic.at(text, position) or words.per_year.at(text, position))


def _goes_on(place: _Place, last: _Told) -> bool:
    """Whether a number without a unit can be more of what was counted last."""
    part, before = place.part, last.quantity
    if before.kind is FactKind.INVESTMENT:
        return part.low >= _ELLIPTIC_MONEY and part.start - before.span.end < _NEAR
    return (
        before.span.start >= place.sentence.start
        and 1 / _ALIKE < part.low * last.measure.factor / max(before.high, 1.0) < _ALIKE
    )


def _head(place: _Place, words: QuantityWords, within: int) -> Measure | None:
    """The measure of a noun for jobs before a number without a unit: ``planned jobs fall to 1,700``."""
    part = place.part
    heads = words.after.find(place.text, max(place.free.start, part.start - within), part.start)
    nouns = [measure for _, _, measure in heads]
    return next((measure for measure in reversed(nouns) if measure.kind is FactKind.JOBS), None)


def _in_local_money(
    document: Document, found: Sequence[Quantity], words: QuantityWords, places: Sequence[str]
) -> Iterator[Quantity]:
    """The quantities. If several countries share a currency's name, the place named first at the top decides."""
    units = {quantity.unit for quantity in found}
    lead = document.sentences[:2]
    top = document.text.bare[: lead[-1].span.end] if lead else ""
    local = {}
    for name in units & words.shared.keys():
        coin = words.shared[name]
        # Everybody uses dollars, wherever they build.
        texts = (top,) if coin.code == _OF_THE_WORLD else chain([top], map(bare, places))
        codes = (code for text in texts for _, _, code in coin.places.find(text, 0, len(text)))
        written = (code for sign, code in coin.written.items() if sign in document.text.original)
        named = next(chain(codes, written), coin.code)
        # If the local money has its full name (C$7bn, or $5bn), the bare name is the other money.
        local[name] = coin.code if named in units else named
    for quantity in found:
        yield quantity._replace(unit=local[quantity.unit]) if quantity.unit in local else quantity
