"""Numbers with their units, before they have a meaning: joins ranges and leaves out names."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from monitor.core.model import FactKind
from monitor.core.reading.quantities.measures import MEASURES, Measure, QuantityWords
from monitor.core.reading.quantities.numerals import Number, NumberWords
from monitor.core.reading.text.document import Document, Span

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
class Part(NamedTuple):
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
) -> Iterator[tuple[Span, Sequence[Part]]]:
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


def _told_by_words(text: str, words: QuantityWords) -> Sequence[Part]:
    """Parts without a number, in text order: pairs of something, and shares of a whole."""
    pairs = [
        Part(start, end, 2.0, 2.0, 2.0, 1.0, measure) for start, end, measure in words.pairs.find(text, 0, len(text))
    ]
    shares = [
        Part(start, end, share, share, share, 1.0, MEASURES["%"])
        for start, end, share in words.shares.find(text, 0, len(text))
    ]
    return sorted(pairs + shares, key=lambda part: part.start)


def _part(text: str, number: Number, stop: int, words: QuantityWords) -> Part | None:
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
    return Part(start, end, value, value, value, scale, measure)


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


def _ranges(text: str, parts: Sequence[Part], words: QuantityWords) -> list[Part]:
    """The parts, with the two ends of a range joined; the first takes over scale and unit of the second."""
    merged: list[Part] = []
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


def _is_rest(tenths: Part, part: Part) -> bool:
    """Whether a number is the rest of a share in tenths, written after its unit: 六成五 is 65 %."""
    is_tenth = tenths.measure is not None and (tenths.measure.unit, tenths.measure.factor) == ("%", _TENTHS)
    return is_tenth and part.start == tenths.end and part.measure is None and part.low < _TENTHS


def _is_range(text: str, first: Part, second: Part, words: QuantityWords) -> bool:
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


def _may_count(text: str, part: Part) -> bool:
    """Whether a number without a unit may count what was named before it: a workforce cut from 2,000 to 900."""
    return part.measure is None and part.low >= _ELLIPTIC and not _is_year(text, part)


def _is_year(text: str, part: Part) -> bool:
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
