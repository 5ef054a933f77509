"""One language as messages speak it: its words and plural forms, dates, amounts, and the direction in which it runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_compact_decimal, format_decimal, format_percent

from monitor.core.model import FactKind, Project
from monitor.core.periods import Period, Precision
from monitor.core.plain import RIGHT_TO_LEFT_MARK, inert, isolate

#: From here on an amount is written with "million", "milliard", "亿"…
_COMPACT_FROM = 1e6
#: No quantity of a project is as large; Babel fails on some that are far larger.
_LARGEST = 1e18
#: Of CLDR.
_SKELETONS = {Precision.MONTH: "yMMMM", Precision.QUARTER: "yQQQQ", Precision.YEAR: "y"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What messages say in one language, by what they say in English."""

    #: Its Babel locale, where the reader's language tag names no region.
    locale: str
    #: By context ("" where there is none) and English singular: one form, or as many as the language has plurals.
    messages: Mapping[tuple[str, str], tuple[str, ...]]
    #: Which of the forms goes with a number.
    plural: Callable[[int], int]


#: The language that messages are written in where no other is known: its words are those of the code.
ENGLISH = Catalogue(locale="en_GB", messages={}, plural=lambda count: int(count != 1))


def mark(context: str, message: str) -> str:  # noqa: ARG001 - read by whoever collects what is to be translated
    """A text that is to be translated and is chosen at run time: it is found in the code by this call."""
    return message


@dataclass(frozen=True, slots=True)
class Tongue:
    """A reader's language. Whatever is not of the monitor's own words is made inert by it."""

    catalogue: Catalogue
    locale: Locale
    #: Of names that are given in several languages.
    language: str

    @classmethod
    def of(cls, catalogues: Mapping[str, Catalogue], language: str) -> "Tongue":
        """The tongue of a language tag, with or without region; English where the language is not spoken."""
        spoken = language.partition("-")[0].lower()
        catalogue = catalogues.get(spoken, ENGLISH)
        try:
            locale = Locale.parse(language, sep="-")
        except (ValueError, UnknownLocaleError):
            locale = Locale.parse(catalogue.locale)
        # A language without region stands for the region that its words were written for.
        if not locale.territory or catalogues.get(locale.language) is not catalogue:
            locale = Locale.parse(catalogue.locale)
        return cls(catalogue, locale, spoken)

    @property
    def is_rtl(self) -> bool:
        return self.locale.text_direction == "rtl"

    @property
    def mark(self) -> str:
        """Stands before a line, so that it runs the reader's way whatever it begins with."""
        return RIGHT_TO_LEFT_MARK if self.is_rtl else ""

    # ------------------------------------------------------------ words

    def say(self, message: str, **values: object) -> str:
        """The text in this language, with the values in its places."""
        return self.say_in("", message, **values)

    def say_in(self, context: str, message: str, **values: object) -> str:
        """As ``say``, of a text that is translated otherwise elsewhere."""
        forms = self.catalogue.messages.get((context, message), (message,))
        return forms[0].format(**values)

    def count(self, one: str, many: str, number: int, *, is_rough: bool = False) -> str:
        """The text in the form that goes with the number, which stands at ``{n}``."""
        forms = self.catalogue.messages.get(("", one), (one, many))
        chosen = forms[min(self.catalogue.plural(number), len(forms) - 1)]
        written = format_decimal(number, locale=self.locale)
        return chosen.format(n=f"≈{written}" if is_rough else written)

    def listed(self, *parts: str) -> str:
        """Parts of one sentence after each other."""
        sentence, *others = parts
        for part in others:
            sentence = self.say_in("list", "{before}, {after}", before=sentence, after=part)
        return sentence

    def quoted(self, sentence: str) -> str:
        """Words of an article, between the quotation marks of this language."""
        return self.say_in("quotation", "“{sentence}”", sentence=self.foreign(sentence))

    def foreign(self, text: str) -> str:
        """Text of others: nothing in it is live, and it does not disturb what stands around it."""
        return isolate(inert(text), rtl=self.is_rtl)

    def reference(self, id_: str, at: datetime) -> str:
        """By what and since when the monitor knows something, in the zone of the instant."""
        time = format_time(at, "short", locale=self.locale)
        return self.say("Ref. {id} · {day} {time}", id=self.foreign(id_), day=_written(at.date(), self), time=time)

    def name(self, project: Project, phase: str | None = None) -> str:
        name = self.foreign(project.name_in(self.language))
        return self.say("{project} ({phase})", project=name, phase=self.foreign(phase)) if phase else name

    # ------------------------------------------------------------ dates and amounts

    def moment(self, text: str | float) -> str:
        """A date as the JSON contracts write it."""
        period = parsed(text)
        return self.date(period) if period else self.foreign(str(text))

    def date(self, period: Period) -> str:
        """The period, as finely as it is known and no finer."""
        if period.precision is Precision.DAY:
            return _written(period.start, self)
        if period.precision is Precision.HALF:
            year = period.start.year
            if period.start.month == 1:
                return self.say("first half of {year}", year=year)
            return self.say("second half of {year}", year=year)
        return format_skeleton(_SKELETONS[period.precision], period.start, locale=self.locale)

    def value(self, value: str | float, kind: FactKind | None, unit: str) -> str:
        """An amount with its unit."""
        if isinstance(value, str) or not abs(value) < _LARGEST:
            return self.foreign(str(value))
        return isolate(self._amount(value, kind, unit), rtl=self.is_rtl)

    def _amount(self, value: float, kind: FactKind | None, unit: str) -> str:
        if kind is FactKind.PROGRESS:
            return format_percent(value / 100, locale=self.locale, decimal_quantization=False)
        if kind is FactKind.INVESTMENT and unit and abs(value) >= _COMPACT_FROM:
            return self.say("{millions}\u00a0{currency}", millions=self._large_number(value), currency=self._unit(unit))
        number = format_decimal(value, locale=self.locale)
        # Of jobs, the kind is the unit.
        return number if kind is FactKind.JOBS else f"{number}\u00a0{self._unit(unit)}".strip()

    def _large_number(self, value: float) -> str:
        """With the word for its order of magnitude; in Chinese, where Babel knows no words, with the sign."""
        width: Literal["long", "short"] = "long" if "long" in self.locale.compact_decimal_formats else "short"
        return format_compact_decimal(value, format_type=width, locale=self.locale, fraction_digits=3)

    def _unit(self, unit: str) -> str:
        thing, per_year, _ = unit.partition("/yr")
        word = self.say_in("unit", _UNITS[thing]) if thing in _UNITS else inert(thing)
        return word + (self.say_in("unit", _PER_YEAR) if per_year else "")


_PER_YEAR = mark("unit", "/yr")
#: Units that are words; others are written as they are.
_UNITS = {"units": mark("unit", "units"), "t": mark("unit", "t"), "ha": mark("unit", "ha")}


def _written(day: date, tongue: Tongue) -> str:
    # CLDR has one pattern for all days, and French another word for the first.
    pattern = tongue.say_in("Babel's pattern of the first day of a month", "long") if day.day == 1 else "long"
    return format_date(day, pattern, locale=tongue.locale)


def parsed(text: str | float | None) -> Period | None:
    """A date as the JSON contracts write it; None where the text is none."""
    try:
        return Period.parse(str(text))
    except ValueError:
        return None
