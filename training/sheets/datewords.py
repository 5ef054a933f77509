"""Whether the words of a mark can stand for a date of the sheet."""

import re
import unicodedata

from monitor.core.periods import Period, Precision

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DAY = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
#: Names of the months from January on.
MONTHS: dict[str, tuple[str, ...]] = {
    "en": ("january|jan", "february|feb", "march", "april|apr", "may", "june", "july", "august|aug", "september|sept",
           "october|oct", "november|nov", "december|dec"),
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
           "novembre", "décembre"),
    "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre|setiembre",
           "octubre", "noviembre", "diciembre"),
    "ar": ("يناير|جانفي|كانون الثاني", "فبراير|فيفري|شباط", "مارس|آذار", "أبريل|إبريل|أفريل|نيسان", "مايو|أيار",
           "يونيو|يونيه|جوان|حزيران", "يوليو|يوليوز|جويلية|تموز", "أغسطس|غشت|أوت", "سبتمبر|شتنبر|أيلول",
           "أكتوبر|تشرين الأول", "نوفمبر|نونبر|تشرين الثاني", "ديسمبر|دجنبر|كانون الأول"),
    "zh": tuple(rf"(?<!\d){month}月(?!内|后|前)" for month in range(1, 13)),
}  # fmt: skip
#: Names of the days from Monday on.
WEEKDAYS: dict[str, tuple[str, ...]] = {
    "en": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "ar": ("الاثنين|الإثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
    "zh": tuple(f"(?:周|星期|礼拜){day}" for day in ("一", "二", "三", "四", "五", "六", "[日天]")),
}  # fmt: skip


def date_fault(words: str, language: str, period: Period) -> str | None:
    """What is wrong with the words of a date; None where nothing is seen to be."""
    plain = "".join(str(unicodedata.decimal(char, char)) for char in words)
    years = {int(year) for year in _YEAR.findall(plain)}
    if years and period.start.year not in years:
        return f"says {min(years)}"
    months = _named(plain, language, MONTHS)
    inside = {month for month in range(1, 13) if period.overlaps(Period.month(period.start.year, month))}
    if months and not months & inside:
        return "names another month"
    if months and years and period.precision < Precision.MONTH:
        return "is finer than the sheet"
    if period.precision is Precision.DAY:
        return _day_fault(plain, language, period, names_month=bool(months))
    return None


def _day_fault(words: str, language: str, period: Period, *, names_month: bool) -> str | None:
    weekdays = _named(words, language, WEEKDAYS)
    if weekdays and period.start.isoweekday() not in weekdays:
        return "names another day of the week"
    days = {int(day) for day in _DAY.findall(words)}
    if names_month and days and period.start.day not in days:
        return "names another day"
    return None


def _named(words: str, language: str, table: dict[str, tuple[str, ...]]) -> set[int]:
    """The numbers of the months or days of the week that are named."""
    edge = "" if language in {"ar", "zh"} else r"\b"
    return {
        number
        for number, names in enumerate(table[language], 1)
        if re.search(f"{edge}(?:{names}){edge}", words, re.IGNORECASE)
    }
