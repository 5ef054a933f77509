"""One language of messages: its words and plural forms, dates, amounts, and writing direction."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_compact_decimal, format_decimal, format_percent

from monitor.core.model import FactKind, Portion, Project
from monitor.core.periods import Period, Precision
from monitor.core.plain import RIGHT_TO_LEFT_MARK, inert, is_quoted, isolate

#: From this value on, an amount is written with "million", "milliard", "亿"…
_COMPACT_FROM = 1e6
#: No quantity of a project is this large. Babel fails on some far larger numbers.
_LARGEST = 1e18
#: A month in a CLDR pattern that is shortened.
_SHORT_MONTH = re.compile(r"(?<!M)MMM(?!M)")
#: CLDR skeletons.
_SKELETONS = {Precision.MONTH: "yMMMM", Precision.QUARTER: "yQQQQ", Precision.YEAR: "y"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The translations of messages into one language, by their English text."""

    #: The Babel locale to use if the reader's language tag names no region.
    locale: str
    #: By context ("" if there is none) and English singular: one form, or one for each plural form of the language.
    messages: Mapping[tuple[str, str], tuple[str, ...]]
    #: Number → index of the plural form.
    plural: Callable[[int], int]


#: The default language of messages. Its words are those in the code.
ENGLISH = Catalogue(locale="en_GB", messages={}, plural=lambda count: int(count != 1))


def mark(context: str, message: str) -> str:  # noqa: ARG001 - read by the tool that collects texts for translation
    """Mark a text for translation that is chosen at run time. The collecting tool finds it by this call."""
    return message


@dataclass(frozen=True, slots=True)
class Tongue:
    """A reader's language. It makes all text inert that is not the monitor's own."""

    catalogue: Catalogue
    locale: Locale
    #: The language for names that are given in several languages.
    language: str

    @classmethod
    def of(cls, catalogues: Mapping[str, Catalogue], language: str) -> "Tongue":
        """The tongue for a language tag, with or without region. English if there is no catalogue of the language."""
        spoken = language.partition("-")[0].lower()
        catalogue = catalogues.get(spoken, ENGLISH)
        try:
            locale = Locale.parse(language, sep="-")
        except (ValueError, UnknownLocaleError):
            locale = Locale.parse(catalogue.locale)
        # A language without region means the region that its catalogue was written for.
        if not locale.territory or catalogues.get(locale.language) is not catalogue:
            locale = Locale.parse(catalogue.locale)
        return cls(catalogue, locale, spoken)

    @property
    def is_rtl(self) -> bool:
        return self.locale.text_direction == "rtl"

    @property
    def mark(self) -> str:
        """The mark before a line that makes it run in the reader's direction, whatever it begins with."""
        return RIGHT_TO_LEFT_MARK if self.is_rtl else ""

    # ------------------------------------------------------------ words

    def say(self, message: str, **values: object) -> str:
        """The text in this language, with the values filled in."""
        return self.say_in("", message, **values)

    def say_in(self, context: str, message: str, **values: object) -> str:
        """As ``say``, for a text whose translation depends on the context."""
        forms = self.catalogue.messages.get((context, message), (message,))
        return forms[0].format(**values)

    def count(self, one: str, many: str, number: int, *, is_rough: bool = False) -> str:
        """The text in the plural form for the number, which replaces ``{n}``.

        If the number is rough, ``≈`` stands before it, or before a text that says it in a word.
        """
        forms, plural = self.catalogue.messages.get(("", one), (one, many)), self.catalogue.plural
        chosen = forms[min(plural(number), len(forms) - 1)]
        if number == 0 and plural(0) == plural(1) and "{n}" not in chosen:
            # In French none is singular like one, but "un nouveau" is not what none is.
            chosen = forms[min(plural(2), len(forms) - 1)]
        written = format_decimal(number, locale=self.locale)
        if not is_rough:
            return chosen.format(n=written)
        return chosen.format(n=f"≈{written}") if "{n}" in chosen else f"≈\u00a0{chosen}"

    def listed(self, *parts: str) -> str:
        """Parts of one sentence, joined as a list."""
        sentence, *others = parts
        for part in others:
            sentence = self.say_in("list", "{before}, {after}", before=sentence, after=part)
        return sentence

    def quoted(self, sentence: str) -> str:
        """Words of an article in the quotation marks of this language, unless they begin with marks of their own."""
        words = self.foreign(sentence)
        return words if is_quoted(sentence) else self.say_in("quotation", "“{sentence}”", sentence=words)

    def foreign(self, text: str) -> str:
        """Text from outside: nothing in it is live, and its direction does not affect the text around it."""
        return isolate(inert(text), rtl=self.is_rtl)

    def part(self, phase: str) -> str:
        """A part of a project as articles call it, or words for one without a name."""
        return self.say_in("amount", _PORTIONS[phase]) if phase in _PORTIONS else self.foreign(phase)

    def reference(self, id_: str, at: datetime) -> str:
        """An id, and since when the monitor knows it, in the time zone of the instant."""
        day, time = _written(at.date(), self), self.time(at)
        return self.say("Ref. {id} · {day} {time}", id=self.foreign(id_), day=day, time=time)

    def name(self, project: Project, phase: str | None = None) -> str:
        name = self.foreign(project.name_in(self.language))
        return self.say("{project} ({phase})", project=name, phase=self.part(phase)) if phase else name

    # ------------------------------------------------------------ dates and amounts

    def moment(self, text: str | float) -> str:
        """A date in the form of the JSON contracts."""
        period = parsed(text)
        return self.date(period) if period else self.foreign(str(text))

    def time(self, at: datetime) -> str:
        """The time of day with its time zone, as its distance from Greenwich: "13:05 GMT+1"."""
        minutes = int((at.utcoffset() or timedelta()) / timedelta(minutes=1))
        hours, rest = divmod(abs(minutes), 60)
        distance = f"{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
        zone = self.locale.zone_formats["gmt"] % (distance if minutes else "")
        return f"{format_time(at, 'short', locale=self.locale)} {zone}"

    def days(self, first: date, last: date) -> str:
        """From the first to the last day. What both share is said once: "3–10 March 2026"."""
        if first == last:
            return _written(first, self)
        formats = self.locale.interval_formats
        differs = "y" if first.year != last.year else "M" if first.month != last.month else "d"
        # CLDR shortens the month where it has no interval with the whole one.
        patterns = (formats.get("yMMMMd") or formats["yMMMd"])[differs]
        start, end = (_SHORT_MONTH.sub("MMMM", pattern) for pattern in patterns)
        written = format_date(first, start, locale=self.locale) + format_date(last, end, locale=self.locale)
        # CLDR sets thin spaces, which a subject does not keep.
        return written.replace("\u2009", " ")

    def date(self, period: Period) -> str:
        """The period with the precision that is known."""
        if period.precision is Precision.DAY:
            return _written(period.start, self)
        if period.precision is Precision.HALF:
            year = period.start.year
            if period.start.month == 1:
                return self.say("first half of {year}", year=year)
            return self.say("second half of {year}", year=year)
        return _by_skeleton(_SKELETONS[period.precision], period.start, self.locale)

    def short(self, period: Period) -> str:
        """The year of the period, with the short name of its month if it is finer than a year."""
        return _by_skeleton("y" if period.precision is Precision.YEAR else "yMMM", period.start, self.locale)

    def value(self, value: str | float, kind: FactKind | None, unit: str) -> str:
        """An amount with its unit."""
        if isinstance(value, str) or not abs(value) < _LARGEST:
            return self.foreign(str(value))
        return isolate(self._amount(value, kind, unit), rtl=self.is_rtl)

    def share(self, share: float) -> str:
        """In per cent, rounded down, so that what is below a threshold never looks as if it reached it."""
        return self.value(int(share * 100 + 1e-9), FactKind.PROGRESS, "%")

    def _amount(self, value: float, kind: FactKind | None, unit: str) -> str:
        if kind is FactKind.PROGRESS:
            return format_percent(value / 100, locale=self.locale, decimal_quantization=False)
        if kind is FactKind.INVESTMENT and unit and abs(value) >= _COMPACT_FROM:
            return self.say("{millions}\u00a0{currency}", millions=self._large_number(value), currency=self._unit(unit))
        number = format_decimal(value, locale=self.locale)
        # For jobs, the kind is the unit.
        return number if kind is FactKind.JOBS else f"{number}\u00a0{self._unit(unit)}".strip()

    def _large_number(self, value: float) -> str:
        """With the word for its order of magnitude. In Chinese, where Babel has no words, with the sign."""
        width: Literal["long", "short"] = "long" if "long" in self.locale.compact_decimal_formats else "short"
        return format_compact_decimal(value, format_type=width, locale=self.locale, fraction_digits=3)

    def _unit(self, unit: str) -> str:
        thing, _, time = unit.partition("/")
        if time and time not in _PER:
            return inert(unit)
        word = self.say_in("unit", _UNITS[thing]) if thing in _UNITS else inert(thing)
        return word + (self.say_in("unit", _PER[time]) if time else "")


_PORTIONS: Mapping[str, str] = {
    Portion.PART: mark("amount", "part"),
    Portion.FIRST: mark("amount", "at first"),
    Portion.LAST: mark("amount", "in the end"),
    Portion.EACH: mark("amount", "each"),
    Portion.INDIRECT: mark("amount", "indirect"),
}
#: By what follows the slash of a rate.
_PER = {"yr": mark("unit", "/yr"), "month": mark("unit", "/month"), "day": mark("unit", "/day")}
#: Units that are translated. Others are written as they are.
_UNITS = {
    "units": mark("unit", "units"),
    "t": mark("unit", "t"),
    "ha": mark("unit", "ha"),
    "m2": mark("unit", "m²"),
    "m3": mark("unit", "m³"),
    "km2": mark("unit", "km²"),
    "bbl": mark("unit", "barrels"),
    "oz": mark("unit", "ounces"),
    "TEU": mark("unit", "TEU"),
    "seats": mark("unit", "seats"),
    "passengers": mark("unit", "passengers"),
    "people": mark("unit", "people"),
    "wafers": mark("unit", "wafers"),
}


def _written(day: date, tongue: Tongue) -> str:
    # CLDR has one pattern for all days, but French has another word for the first.
    pattern = tongue.say_in("Babel's pattern of the first day of a month", "long") if day.day == 1 else "long"
    return _formatted(day, pattern, tongue.locale)


@lru_cache(maxsize=4096)
def _formatted(day: date, pattern: str, locale: Locale) -> str:
    """Cached, as the next one: pages write the same few days hundreds of times."""
    return format_date(day, pattern, locale=locale)


@lru_cache(maxsize=4096)
def _by_skeleton(skeleton: str, day: date, locale: Locale) -> str:
    return format_skeleton(skeleton, day, locale=locale)


def parsed(text: str | float | None) -> Period | None:
    """A date in the form of the JSON contracts. None if the text is not one."""
    try:
        return Period.parse(str(text))
    except ValueError:
        return None
