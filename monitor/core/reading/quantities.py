"""Quantities in a text: money, capacities, jobs, areas, shares and stretches of time, each with its span."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from monitor.core.model import FactKind
from monitor.core.reading.document import Document, Span
from monitor.core.reading.measures import Measure, QuantityWords
from monitor.core.reading.numerals import Number, NumberWords

#: How far before and after a quantity it may be said that it is so much a year.
_BEFORE, _AFTER = 25, 45
#: So near before a number a noun of jobs is what it counts, whatever was counted before.
_RIGHT_BEFORE = 12
#: Most words between a number and what it counts (``2 500 nouveaux emplois directs``).
_FILLERS = 5
#: A plain number that is a year, unless it counts something right behind it.
_YEARS = range(1990, 2050)
#: The same of one that counts nothing: old plants date from then.
_ALL_YEARS = range(1850, 2050)
#: Below it a number without unit is taken for anything but money or a count of things named before.
_ELLIPTIC_MONEY, _ELLIPTIC_COUNT = 1e6, 100
#: A share in tenths is so many per cent.
_TENTHS = 10
#: How far money may be from money that it takes its currency from, and how much larger or smaller a count may be.
_NEAR, _ALIKE = 300, 1000.0
_YEARLY, _MONTHLY, _DAILY = "/yr", "/month", "/day"
_GAP = re.compile(r"\s*-?\s*")
_CLOSES = re.compile(r"\s*(?:[.,;:!?()،؛。，；）]|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """So much of something: both ends of a range, the same value twice where there is none."""

    span: Span
    low: float
    high: float
    #: The end that is told last: where something moved, the one that holds ("raised from 38 to 45 billion").
    last: float
    #: An ISO 4217 code for money; else a unit of ``measures``, with ``/yr``, ``/month`` or ``/day`` where that is said.
    unit: str
    #: What it measures if it belongs to a project; None for what no fact is made of.
    kind: FactKind | None


# Tuples, what is made for each number of a text.
class _Part(NamedTuple):
    """A number, or two that are a range, with the unit that was found there, if any."""

    start: int
    end: int
    low: float
    high: float
    last: float
    scale: float
    measure: Measure | None


class _Place(NamedTuple):
    """A part where it stands."""

    text: str
    part: _Part
    #: The stretch between the parts before and behind it.
    free: Span
    sentence: Span


class _Told(NamedTuple):
    """A quantity, with what an elliptic one after it would take over."""

    quantity: Quantity
    measure: Measure
    rate: str


def quantities(document: Document, numbers: NumberWords, words: QuantityWords) -> tuple[Quantity, ...]:
    """All quantities of a document, in the order of the text; linear in its length.

    A number without a unit is left out, unless it plainly goes on from a quantity before it (``10 000 tonnes, puis
    25 000``) or its unit stands before it (``planned jobs fall to 1,700``).
    """
    told: list[Quantity] = []
    last: _Told | None = None
    text = document.text.bare
    for sentence, parts in _by_sentence(document, numbers, words):
        for index, part in enumerate(parts):
            floor = parts[index - 1].end if index else sentence.start
            ceiling = parts[index + 1].start if index + 1 < len(parts) else sentence.end
            place = _Place(text, part, Span(floor, ceiling), sentence)
            if (meaning := _meaning(place, last, words)) is not None:
                item = _told(part, *meaning)
                told.append(item.quantity)
                last = item if item.quantity.kind not in {None, FactKind.PROGRESS} else last
    return tuple(_in_local_money(document, told, words))


def _by_sentence(
    document: Document, numbers: NumberWords, words: QuantityWords
) -> Iterator[tuple[Span, Sequence[_Part]]]:
    """The sentences that hold numbers, each with what may be quantities in it."""
    text = document.text.bare
    found = list(numbers.find(text))
    pairs = [
        _Part(start, end, 2.0, 2.0, 2.0, 1.0, measure) for start, end, measure in words.pairs.find(text, 0, len(text))
    ]
    starts = [number.span.start for number in found]
    pair_starts = [pair.start for pair in pairs]
    for sentence in document.sentences:
        start, end = sentence.span.start, sentence.span.end
        within = found[bisect_left(starts, start) : bisect_left(starts, end)]
        parts = [part for number in within if (part := _part(text, number, end, words))]
        parts += pairs[bisect_left(pair_starts, start) : bisect_left(pair_starts, end)]
        if parts:
            yield sentence.span, _ranges(text, sorted(parts, key=lambda part: part.start), words)


def _part(text: str, number: Number, stop: int, words: QuantityWords) -> _Part | None:
    """A number with its unit, before or after it; None where it is part of a name."""
    start, end, scale = number.span.start, number.span.end, number.scale
    measure = None
    coin = words.before.before(text, start)
    if coin:
        start, measure = coin
        if scaled := words.money_scales.at(text, end):
            end, scale = scaled[0], scale * scaled[1]
    elif number.is_glued:
        return None
    is_year = number.is_plain and number.value in _YEARS
    after = _unit_after(text, end, stop, words, is_year=is_year)
    # A coin before the number and a word behind it, $7 billion CAD: the word says which. But not $7 billion cars.
    if after and (coin is None or after[2].kind is FactKind.INVESTMENT):
        end, scale = after[0], scale * after[1]
        # Of NT$3 billion dollars the sign says whose they are.
        measure = after[2] if measure is None or after[2].unit not in words.shared else measure
    if measure and measure.kind is None and is_year:
        measure = None
    value = number.value * scale / number.scale
    return _Part(start, end, value, value, value, scale, measure)


def _unit_after(
    text: str, position: int, stop: int, words: QuantityWords, *, is_year: bool
) -> tuple[int, float, Measure] | None:
    """Where the unit that follows a number ends, the scale written at it (5 Md$), and the unit."""
    position = _skip(text, position)
    if scaled := words.money_scales.at(text, position):
        coin = words.money.at(text, _skip_fillers(text, scaled[0], words))
        if coin and coin[0] <= stop:
            return coin[0], scaled[1], coin[1]
    for _ in range(_FILLERS):
        unit = words.after.at(text, position)
        if unit:
            # The sign of the next amount (between $5 and $6 billion) is not the unit of this one.
            is_next = unit[1].kind is FactKind.INVESTMENT and text[unit[0] : unit[0] + 1].isdigit()
            return (unit[0], 1.0, unit[1]) if unit[0] <= stop and not is_next else None
        filler = None if is_year else words.fillers.at(text, position)
        if filler is None:
            return None
        position = _skip(text, filler[0])
    return None


def _ranges(text: str, parts: Sequence[_Part], words: QuantityWords) -> list[_Part]:
    """The parts, with two ends of a range made one; the first takes over scale and unit of the second."""
    merged: list[_Part] = []
    for part in parts:
        if merged and _is_rest(merged[-1], part):
            tenths = merged.pop()
            value = tenths.low + part.low / _TENTHS
            merged.append(tenths._replace(end=part.end, low=value, high=value, last=value))
        elif merged and _is_range(text, merged[-1], part, words):
            first = merged.pop()
            low = first.low * part.scale if first.scale == 1 and first.low * part.scale <= part.high else first.low
            merged.append(
                part._replace(
                    start=first.start,
                    low=min(low, part.high),
                    high=max(low, part.high),
                    measure=part.measure or first.measure,
                )
            )
        else:
            merged.append(part)
    return merged


def _is_rest(tenths: _Part, part: _Part) -> bool:
    """Whether a number is the rest of a share in tenths, told behind its unit: 六成五 is 65 %."""
    is_tenth = tenths.measure is not None and (tenths.measure.unit, tenths.measure.factor) == ("%", _TENTHS)
    return is_tenth and part.start == tenths.end and part.measure is None and part.low < _TENTHS


def _is_range(text: str, first: _Part, second: _Part, words: QuantityWords) -> bool:
    # $5-6bn: the sign stands before the first only.
    measure = second.measure or (first.measure if second.scale > 1 else None)
    if measure is None or first.measure not in {None, measure} or first.low != first.high:
        return False
    if first.measure is None and first.low in _YEARS and second.high > 2 * first.low:
        return False
    gap = text[first.end : second.start].strip()
    return gap in words.to or (gap in words.and_ and words.between.before(text, first.start) is not None)


def _meaning(place: _Place, last: _Told | None, words: QuantityWords) -> tuple[Measure, str] | None:
    """What a part measures and at what rate: by its own unit, by the last quantity's, or by a noun before it."""
    if place.part.measure is not None:
        return place.part.measure, _rate(place, words) or _kept_rate(place, last)
    if place.part.low < _ELLIPTIC_COUNT or place.part.low in _ALL_YEARS:
        return None
    is_closed = _is_closed(place, words)
    if is_closed and (head := _head(place, words, _RIGHT_BEFORE)) is not None:
        return head, ""
    if last is not None and (is_closed or words.leads.before(place.text, place.part.start)) and _goes_on(place, last):
        return last.measure, last.rate
    head = _head(place, words, _AFTER) if is_closed else None
    return (head, "") if head is not None else None


def _told(part: _Part, measure: Measure, rate: str) -> _Told:
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
    """Whether it is so much a year, a month or a day: said behind the quantity, or before it."""
    text, part, free = place.text, place.part, place.free
    if part.measure is None or part.measure.kind is not FactKind.CAPACITY:
        return ""
    behind = part.end, min(free.end, part.end + _AFTER)
    if any(words.per_day.find(text, *behind)):
        return _DAILY
    before = max(free.start, part.start - _BEFORE), part.start
    if any(words.per_month.find(text, *behind)) or any(words.monthly.find(text, *before)):
        return _MONTHLY
    if any(words.per_year.find(text, *behind)) or any(words.yearly.find(text, *before)):
        return _YEARLY
    return ""


def _kept_rate(place: _Place, last: _Told | None) -> str:
    """The rate of the last quantity, where its sentence goes on with more of the same: 50,000 a month, 8,000 first."""
    if last is None or last.measure != place.part.measure or last.quantity.span.start < place.sentence.start:
        return ""
    return last.rate


def _is_closed(place: _Place, words: QuantityWords) -> bool:
    """Whether what follows a number cannot be what it counts."""
    text, end = place.text, place.part.end
    if _CLOSES.match(text, end, place.sentence.end):
        return True
    position = _skip(text, end)
    return bool(words.elliptic.at(text, position) or words.per_year.at(text, position))


def _goes_on(place: _Place, last: _Told) -> bool:
    """Whether a number without unit can be more of what was counted last."""
    part, before = place.part, last.quantity
    if before.kind is FactKind.INVESTMENT:
        return part.low >= _ELLIPTIC_MONEY and part.start - before.span.end < _NEAR
    return (
        before.span.start >= place.sentence.start
        and 1 / _ALIKE < part.low * last.measure.factor / max(before.high, 1.0) < _ALIKE
    )


def _head(place: _Place, words: QuantityWords, within: int) -> Measure | None:
    """The jobs that a number without unit tells the number of: ``planned jobs fall to 1,700``."""
    part = place.part
    heads = words.after.find(place.text, max(place.free.start, part.start - within), part.start)
    nouns = [measure for _, _, measure in heads]
    return next((measure for measure in reversed(nouns) if measure.kind is FactKind.JOBS), None)


def _in_local_money(document: Document, found: Sequence[Quantity], words: QuantityWords) -> Iterator[Quantity]:
    """The quantities, where several countries share a currency's name with that of the place named first at the top."""
    units = {quantity.unit for quantity in found}
    top = document.sentences[:2]
    local = {}
    for name in units & words.shared.keys():
        coin = words.shared[name]
        named = next((code for _, _, code in coin.places.find(document.text.bare, 0, top[-1].span.end)), coin.code)
        # Where the local money has its full name (C$7bn, or $5bn), the bare one is the other.
        local[name] = coin.code if named in units else named
    for quantity in found:
        yield replace(quantity, unit=local[quantity.unit]) if quantity.unit in local else quantity


def _skip(text: str, position: int) -> int:
    """Past white space and a hyphen."""
    match = _GAP.match(text, position)
    assert match is not None, "the gap may be empty"
    return match.end()


def _skip_fillers(text: str, position: int, words: QuantityWords) -> int:
    position = _skip(text, position)
    filler = words.fillers.at(text, position)
    return _skip(text, filler[0]) if filler else position
