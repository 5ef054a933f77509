"""Finds quantities in a text: money, capacities, jobs, areas, shares and durations, each with its span."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from monitor.core.model import FactKind
from monitor.core.reading.quantities.measures import MEASURES, PEOPLE, SQUARE_METRES, Measure, QuantityWords
from monitor.core.reading.quantities.numerals import Number, NumberWords
from monitor.core.reading.text.text import Document, Span, apart, bare

# Numbers with their units, before they have a meaning: joins ranges and leaves out names ------------------------------


#: The most words between a number and what it counts (``2 500 nouveaux emplois directs``).
_FILLERS = 5
#: The most characters between a number and the end of its word for plants (``five planned offshore wind farms``).
_KIND = 40
#: A plain number in this range is a year, unless it counts something right after it.
_YEARS = range(1990, 2050)
#: A number below this and without a unit does not count what was named before.
_ELLIPTIC = 100
#: The number of per cent in a tenth.
_TENTHS = 10
_GAP = re.compile(r"\s*-?\s*")
#: What ends the words that belong to a number.
BREAK = re.compile(r"[\d.,;:()،؛。，、；（）]")


# A tuple, because one is created for each number of a text.
class NumberPart(NamedTuple):
    """A number, or two that form a range, with their unit, if any."""

    start: int
    end: int
    low: float
    high: float
    last: float
    scale: float
    measure: Measure | None


def parts_by_sentence(
    document: Document, numbers: NumberWords, words: QuantityWords
) -> Iterator[tuple[Span, Sequence[NumberPart]]]:
    """The sentences with numbers, each with the parts that may be quantities."""
    text = document.text.bare
    told = [*_told_by_words(text, words)]
    found = [
        number for number in numbers.find(text) if not any(each.start <= number.span.start < each.end for each in told)
    ]
    starts = [number.span.start for number in found]
    told_starts = [part.start for part in told]
    for sentence in document.sentences:
        start, end = sentence.span.start, sentence.span.end
        within = found[bisect_left(starts, start) : bisect_left(starts, end)]
        parts = [part for number in within if (part := _part(text, number, end, words))]
        parts += told[bisect_left(told_starts, start) : bisect_left(told_starts, end)]
        if parts:
            yield sentence.span, _ranges(text, sorted(parts, key=lambda part: part.start), words)


def _told_by_words(text: str, words: QuantityWords) -> Sequence[NumberPart]:
    """Parts without a number, in text order: pairs of something, and shares of a whole."""
    pairs = [
        NumberPart(start, end, 2.0, 2.0, 2.0, 1.0, measure)
        for start, end, measure in words.pairs.find(text, 0, len(text))
    ]
    shares = [
        NumberPart(start, end, share, share, share, 1.0, MEASURES["%"])
        for start, end, share in words.shares.find(text, 0, len(text))
    ]
    return sorted(pairs + shares, key=lambda part: part.start)


def _part(text: str, number: Number, stop: int, words: QuantityWords) -> NumberPart | None:
    """A number with its unit, which may stand before or after it. None if it is part of a name."""
    start, end, scale = number.span.start, number.span.end, number.scale
    measure = None
    coin = words.before.before(text, start)
    if coin:
        start, measure = coin
        if scaled := words.money_scales.at(text, past_gap(text, end)):
            end, scale = scaled[0], scale * scaled[1]
    elif number.is_glued:
        return None
    is_year = number.is_plain and number.value in _YEARS
    after = _unit_after(text, end, stop, words, is_year=is_year)
    # A currency before the number and a word after it, $7 billion CAD: the word says which. But not $7 billion cars.
    if after and (coin is None or after[2].kind is FactKind.INVESTMENT):
        end, scale = after[0], scale * after[1]
        # In NT$3 billion dollars, the sign says whose dollars they are.
        measure = after[2] if measure is None or after[2].unit not in words.shared else measure
    if measure and measure.kind is None and is_year and measure is not MEASURES["people"]:
        measure = None
    value = number.value * scale / number.scale
    return NumberPart(start, end, value, value, value, scale, measure)


def _unit_after(
    text: str, position: int, stop: int, words: QuantityWords, *, is_year: bool
) -> tuple[int, float, Measure] | None:
    """The end of the unit after a number, the scale written with it (5 Md$), and the unit."""
    position = past_gap(text, position)
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
            break
        position = past_gap(text, filler[0])
    return None if is_year else _plants_behind(text, position, stop, words)


def _plants_behind(text: str, position: int, stop: int, words: QuantityWords) -> tuple[int, float, Measure] | None:
    """Like ``_unit_after``, for a word for plants with words for their kind before it."""
    stop = min(stop, position + _KIND)
    found = next(words.plants.find(text, position, stop), None)
    if found is None or BREAK.search(text, position, found[0]):
        return None
    return found[1], 1.0, found[2]


def _ranges(text: str, parts: Sequence[NumberPart], words: QuantityWords) -> list[NumberPart]:
    """The parts, with the two ends of a range joined; the first takes over scale and unit of the second."""
    merged: list[NumberPart] = []
    for part in parts:
        if merged and _is_rest(merged[-1], part):
            tenths = merged.pop()
            value = tenths.low + part.low / _TENTHS
            merged.append(tenths._replace(end=part.end, low=value, high=value, last=value))
        elif merged and _is_range(text, merged[-1], part, words):
            first = merged.pop()
            ratio = _ratio(first.measure, part.measure) or 1.0
            low = (
                first.low * part.scale
                if first.scale == 1 and first.low * part.scale <= part.high
                else first.low * ratio
            )
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


def _is_rest(tenths: NumberPart, part: NumberPart) -> bool:
    """Whether a number is the rest of a share in tenths, written after its unit: 六成五 is 65 %."""
    is_tenth = tenths.measure is not None and (tenths.measure.unit, tenths.measure.factor) == ("%", _TENTHS)
    return is_tenth and part.start == tenths.end and part.measure is None and part.low < _TENTHS


def _is_range(text: str, first: NumberPart, second: NumberPart, words: QuantityWords) -> bool:
    # $5-6bn: only the first number has the sign.
    measure = second.measure or (first.measure if second.scale > 1 else None)
    if first.low != first.high or (first.measure and _ratio(first.measure, measure) is None):
        return False
    if measure is None and not (_may_count(text, first) and _may_count(text, second)):
        return False
    is_year = first.measure is None and _is_year(text, first)
    if is_year and not first.low < second.high <= 2 * first.low:
        return False
    gap = text[first.end : second.start].strip()
    return gap in words.to or (gap in words.and_ and words.between.before(text, first.start) is not None)


def _may_count(text: str, part: NumberPart) -> bool:
    """Whether a number without a unit may count what was named before it: a workforce cut from 2,000 to 900."""
    return part.measure is None and part.low >= _ELLIPTIC and not _is_year(text, part)


def _is_year(text: str, part: NumberPart) -> bool:
    return part.low in _YEARS and text[part.start : part.end].isdigit()


def _ratio(one: Measure | None, other: Measure | None) -> float | None:
    """How many of another unit one unit is. None if their kinds differ: 500 megawatts to 1 gigawatt."""
    if one is None or other is None or one.kind is not other.kind:
        return None
    in_thousands = one.yearly is not None and other.unit == one.yearly[0]
    return one.factor / other.factor if one.unit == other.unit else 1e-3 if in_thousands else None


def past_gap(text: str, position: int) -> int:
    """The position after white space and a hyphen."""
    match = _GAP.match(text, position)
    assert match is not None, "the gap may be empty"
    return match.end()


def _skip_fillers(text: str, position: int, words: QuantityWords) -> int:
    position = past_gap(text, position)
    filler = words.fillers.at(text, position)
    return past_gap(text, filler[0]) if filler else position


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
    part: NumberPart
    #: The stretch between the parts before and after it.
    free: Span
    sentence: Span


class _ReadQuantity(NamedTuple):
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
    last: _ReadQuantity | None = None
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
            part = NumberPart(*number.span, value, value, value, number.scale, None)
            yield number, _Place(text, part, free, sentence.span)


def _may_go_on(quantity: Quantity) -> bool:
    """Whether a plain number after a quantity may be more of the same: "it employs 900 people, later 2,300"."""
    return quantity.kind not in {None, FactKind.PROGRESS} or quantity.unit == "people"


def _meaning(place: _Place, last: _ReadQuantity | None, words: QuantityWords) -> tuple[Measure, str] | None:
    """What a part measures and at what rate: by its own unit, by the last quantity's, or by a noun before it."""
    if place.part.measure == MEASURES["m2"] and _is_of_each_year(place, words):
        # An area per year is a product, not a site.
        return SQUARE_METRES, _YEARLY
    if place.part.measure is not None:
        return place.part.measure, _rate(place, words) or _kept_rate(place, last)
    return _implied(place, last, words)


def _implied(place: _Place, last: _ReadQuantity | None, words: QuantityWords) -> tuple[Measure, str] | None:
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


def _told(part: NumberPart, measure: Measure, rate: str) -> _ReadQuantity:
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
    return _ReadQuantity(quantity, measure, rate)


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


def _kept_rate(place: _Place, last: _ReadQuantity | None) -> str:
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


def _goes_on(place: _Place, last: _ReadQuantity) -> bool:
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
