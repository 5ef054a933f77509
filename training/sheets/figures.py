"""Whether the words of a mark can stand for an amount of the sheet: a wrong figure is a writer's slip."""

import itertools
import re
import unicodedata
from collections.abc import Iterator

_NUMBER = re.compile(r"\d+(?:[.,'’٫٬\u00a0\u202f ]\d+)*")
_TRILLION, _BILLION, _MILLION, _THOUSAND = 1e12, 1e9, 1e6, 1e3
#: Words that multiply a number; of two that begin alike the longer comes first.
_TIMES: dict[str, tuple[tuple[str, float], ...]] = {
    "en": (("trillion", _TRILLION), ("billion", _BILLION), ("million", _MILLION), ("thousand", _THOUSAND),
           (r"bn\b", _BILLION), (r"mn?\b", _MILLION), (r"k\b", _THOUSAND)),
    "fr": (("billion", _TRILLION), ("milliard", _BILLION), ("million", _MILLION), ("mille", _THOUSAND),
           (r"mds?\b", _BILLION), (r"m\b", _MILLION), (r"k\b", _THOUSAND)),
    "es": (("mil millones", _BILLION), (r"bill[oó]n", _TRILLION), (r"mill[oó]n", _MILLION), (r"mm\b", _MILLION),
           (r"m\b", _MILLION), (r"mil\b", _THOUSAND)),
    "ar": (("تريليون", _TRILLION), ("مليار", _BILLION), ("بليون", _BILLION), ("مليون", _MILLION),
           ("ملايين", _MILLION), ("ألف", _THOUSAND), ("آلاف", _THOUSAND), ("الاف", _THOUSAND)),
    "zh": (("万亿", _TRILLION), ("兆", _TRILLION), ("千亿", 1e11), ("百亿", 1e10), ("亿", 1e8), ("千万", 1e7),
           ("百万", _MILLION), ("十万", 1e5), ("万", 1e4), ("千", _THOUSAND)),
}  # fmt: skip
#: What people say in other units than the sheet, square kilometres or kilowatts: only the digits must agree.
_FREE = frozenset({"capacity", "area"})


def figure_fault(words: str, language: str, kind: str, value: float) -> str | None:
    """What is wrong with the words of an amount; None where nothing is seen to be. Words without digits pass."""
    plain = "".join(str(unicodedata.decimal(char, char)) for char in words)
    numbers = _NUMBER.findall(plain)
    if not numbers:
        return None
    wanted = _digits(f"{value:.15g}")
    if not any(_digits(number) == wanted for number in numbers):
        return "has another figure"
    if kind in _FREE:
        return None
    factors = list(_factors(plain, language))
    sizes = [reading * factor for number in numbers for reading in _readings(number) for factor in factors]
    return None if any(abs(size - value) <= 0.001 * value for size in sizes) else "has another order of magnitude"


def _factors(words: str, language: str) -> Iterator[float]:
    """What the multiplying words may make of a number: one, two or none of them apply."""
    rest, found = words.casefold(), list[float]()
    for word, times in _TIMES[language]:
        rest, count = re.subn(word, " ", rest)
        found += [times] * count
    yield 1
    yield from found
    yield from (one * other for one, other in itertools.combinations(found, 2))


def _readings(number: str) -> Iterator[float]:
    """What a written number may be: its marks part thousands, or the last one parts decimals."""
    *groups, last = re.split(r"\D", number)
    if not groups or len(last) == 3:
        yield float("".join(groups) + last)
    if groups:
        yield float("".join(groups) + "." + last)


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number).strip("0")
