"""Whether the words of a mark can stand for an amount or a date of the sheet: wrong figures are a writer's slip."""

import re
import unicodedata

from monitor.core.periods import Period, Precision

_NUMBER = re.compile(r"\d[\d.,'’٫٬\u00a0\u202f ]*\d|\d")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
#: The names of months, by language; a mark with another month than the sheet's is wrong.
MONTHS: dict[str, tuple[str, ...]] = {
    "en": ("january|jan", "february|feb", "march", "april", "", "june", "july", "august", "september|sept",
           "october|oct", "november|nov", "december|dec"),
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
           "décembre"),
    "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre|setiembre", "octubre",
           "noviembre", "diciembre"),
    "ar": ("يناير|جانفي|كانون الثاني", "فبراير|فيفري|شباط", "مارس|آذار", "أبريل|إبريل|أفريل|نيسان", "مايو|أيار",
           "يونيو|يونيه|جوان|حزيران", "يوليو|يوليوز|جويلية|تموز", "أغسطس|غشت|أوت", "سبتمبر|شتنبر|أيلول",
           "أكتوبر|تشرين الأول", "نوفمبر|نونبر|تشرين الثاني", "ديسمبر|دجنبر|كانون الأول"),
    "zh": tuple(rf"(?<!\d){month}月" for month in range(1, 13)),
}  # fmt: skip


def has_figure(words: str, value: float) -> bool:
    """Whether one of the numbers in the words has the significant digits of the value; words without digits may."""
    wanted = _significant(f"{value:.15g}")
    numbers = _NUMBER.findall(_plain(words))
    return not numbers or any(wanted in _readings(number) for number in numbers)


def date_fault(words: str, language: str, period: Period) -> str | None:
    """What is wrong with the words of a date; None where nothing is seen to be."""
    plain = _plain(words)
    years = {int(year) for year in _YEAR.findall(plain)}
    if years and period.start.year not in years:
        return f"says {sorted(years)}, the sheet {period}"
    named = _months(plain, language)
    fits = {month for month in range(1, 13) if period.overlaps(Period.month(period.start.year, month))}
    if named and not named & fits:
        return f"names month {sorted(named)}, the sheet {period}"
    if period.precision is Precision.YEAR and named and years:
        return f"is finer than the sheet's {period}"
    return None


def _months(words: str, language: str) -> set[int]:
    edge = "" if language in {"zh", "ar"} else r"\b"
    return {
        number
        for number, names in enumerate(MONTHS[language], 1)
        if names and re.search(f"{edge}(?:{names}){edge}", words, re.IGNORECASE)
    }


def _plain(words: str) -> str:
    """With all digits in ASCII."""
    return "".join(str(unicodedata.decimal(char, char)) for char in words)


def _readings(number: str) -> set[str]:
    """The significant digits of a written number, its last mark taken for a decimal point or not."""
    return {_significant(re.sub(r"\D", "", number))}


def _significant(digits: str) -> str:
    return re.sub(r"\D", "", digits).strip("0")
