"""Quantities in a text: money, capacities, jobs, areas, shares and stretches of time, each with its span."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from monitor.core.model import FactKind
from monitor.core.reading.quantities.measures import MEASURES, SQUARE_METRES, Measure, QuantityWords
from monitor.core.reading.quantities.numerals import NumberWords
from monitor.core.reading.quantities.parts import Part, parts_by_sentence, past_gap
from monitor.core.reading.text.document import Document, Span
from monitor.core.reading.text.text import bare

#: How far before and after a quantity it may be said that it is so much a year.
_BEFORE, _AFTER = 25, 45
#: So near before a number a noun of jobs is what it counts, whatever was counted before.
_RIGHT_BEFORE = 12
#: A plain number that counts nothing is a year: old plants date from then.
_ALL_YEARS = range(1850, 2050)
#: Below it a number without unit is taken for anything but money or a count of things named before.
_ELLIPTIC_MONEY, _ELLIPTIC_COUNT = 1e6, 100
#: How far money may be from money that it takes its currency from, and how much larger or smaller a count may be.
_NEAR, _ALIKE = 300, 1000.0
_YEARLY, _MONTHLY, _DAILY = "/yr", "/month", "/day"
_OF_THE_WORLD = "USD"
_MARK = re.compile(r"[,;:،؛，、；：]")
_CLOSES = re.compile(r"\s*(?:[.,;:!?()،؛。，；）]|$)")


class Quantity(NamedTuple):
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


class _Place(NamedTuple):
    """A part where it stands."""

    text: str
    part: Part
    #: The stretch between the parts before and behind it.
    free: Span
    sentence: Span


class _Told(NamedTuple):
    """A quantity, with what an elliptic one after it would take over."""

    quantity: Quantity
    measure: Measure
    rate: str


def quantities(
    document: Document, numbers: NumberWords, words: QuantityWords, places: Sequence[str] = ()
) -> tuple[Quantity, ...]:
    """All quantities of a document, in the order of the text; linear in its length.

    ``places`` are those of the projects: they tell whose money a rupee is where the top of the document does not.

    A number without a unit is left out, unless it plainly goes on from a quantity before it (``10 000 tonnes, puis
    25 000``) or its unit stands before it (``planned jobs fall to 1,700``).
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


def _may_go_on(quantity: Quantity) -> bool:
    """Whether a plain number behind a quantity may be more of the same: "it employs 900 people, later 2,300"."""
    return quantity.kind not in {None, FactKind.PROGRESS} or quantity.unit == "people"


def _meaning(place: _Place, last: _Told | None, words: QuantityWords) -> tuple[Measure, str] | None:
    """What a part measures and at what rate: by its own unit, by the last quantity's, or by a noun before it."""
    if place.part.measure == MEASURES["m2"] and _is_of_each_year(place, words):
        # No site is so large a year: it is what is made.
        return SQUARE_METRES, _YEARLY
    if place.part.measure is not None:
        return place.part.measure, _rate(place, words) or _kept_rate(place, last)
    return _implied(place, last, words)


def _implied(place: _Place, last: _Told | None, words: QuantityWords) -> tuple[Measure, str] | None:
    """The same of a number without unit; a noun of jobs behind what was counted last goes before that."""
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
    """Whether it is so much a year, a month or a day: said behind the quantity, or before it."""
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
    """Whether "a year" there is said behind the part before: 180,000 tonnes of ammonia a year with 300 MW."""
    if place.free.start == place.sentence.start or words.per_year.at(place.text, at) is None:
        return False
    return at - place.free.start < _AFTER and not _MARK.search(place.text, place.free.start, at)


def _is_of_each_year(place: _Place, words: QuantityWords) -> bool:
    """Whether it is said right before a quantity or right behind it that it is so much a year."""
    text, part = place.text, place.part
    behind = words.per_year.at(text, past_gap(text, part.end))
    return behind is not None or words.yearly.before(text, part.start) is not None


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
    position = past_gap(text, end)
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


def _in_local_money(
    document: Document, found: Sequence[Quantity], words: QuantityWords, places: Sequence[str]
) -> Iterator[Quantity]:
    """The quantities, where several countries share a currency's name with that of the place named first at the top."""
    units = {quantity.unit for quantity in found}
    lead = document.sentences[:2]
    top = document.text.bare[: lead[-1].span.end] if lead else ""
    local = {}
    for name in units & words.shared.keys():
        coin = words.shared[name]
        # In dollars the world reckons, wherever it builds.
        texts = (top,) if coin.code == _OF_THE_WORLD else chain([top], map(bare, places))
        codes = (code for text in texts for _, _, code in coin.places.find(text, 0, len(text)))
        written = (code for sign, code in coin.written.items() if sign in document.text.original)
        named = next(chain(codes, written), coin.code)
        # Where the local money has its full name (C$7bn, or $5bn), the bare one is the other.
        local[name] = coin.code if named in units else named
    for quantity in found:
        yield quantity._replace(unit=local[quantity.unit]) if quantity.unit in local else quantity
