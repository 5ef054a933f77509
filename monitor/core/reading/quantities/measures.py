"""Money and units of measurement: the meaning of the keys of a vocabulary, and the words of a language for them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from monitor.core.model import FactKind
from monitor.core.reading.quantities.numerals import numbered
from monitor.core.reading.text.alternation import Alternation
from monitor.core.reading.text.text import bare
from monitor.core.reading.text.vocabulary import LexiconError, VocabularySection


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit in an article, and the unit that it is converted to."""

    unit: str
    #: What it measures about a project. None if no fact uses it.
    kind: FactKind | None
    factor: float = 1.0
    #: Unit and factor for an amount per year, if they differ.
    yearly: tuple[str, float] | None = None


def money(currency: str) -> Measure:
    """The measure for a currency in full units."""
    return Measure(currency, FactKind.INVESTMENT)


def _capacity(unit: str, factor: float = 1.0, yearly: tuple[str, float] | None = None) -> Measure:
    return Measure(unit, FactKind.CAPACITY, factor, yearly)


#: Products measured by area: foils, films, glass.
SQUARE_METRES = Measure("m2", FactKind.CAPACITY)


def _area(hectares: float) -> Measure:
    return Measure("ha", FactKind.AREA, hectares)


#: Jobs, if the sentence is about work.
PEOPLE = "people"
#: By the keys of ``quantities.units`` in a vocabulary.
MEASURES = {
    "t": _capacity("t"),
    "kt": _capacity("t", 1e3),
    "Mt": _capacity("t", 1e6),
    "MWh": _capacity("MWh", 1.0, ("GWh", 1e-3)),
    "GWh": _capacity("GWh"),
    "TWh": _capacity("GWh", 1e3),
    "kW": _capacity("MW", 1e-3, ("GW", 1e-6)),
    "MW": _capacity("MW", 1.0, ("GW", 1e-3)),
    "GW": _capacity("GW"),
    "m3": _capacity("m3"),
    "bcm": _capacity("m3", 1e9),
    #: Litres a second.
    "l/s": _capacity("m3/day", 86.4),
    "bbl": _capacity("bbl"),
    "oz": _capacity("oz"),
    "TEU": _capacity("TEU"),
    "units": _capacity("units"),
    "seats": _capacity("seats"),
    "passengers": _capacity("passengers"),
    "jobs": Measure("jobs", FactKind.JOBS),
    PEOPLE: Measure(PEOPLE, None),
    "ha": _area(1.0),
    "m2": _area(1e-4),
    "km2": _area(100.0),
    "acre": _area(0.40468564),
    "mu": _area(1 / 15),
    "feddan": _area(0.42),
    "%": Measure("%", FactKind.PROGRESS),
    "tenth": Measure("%", FactKind.PROGRESS, 10.0),
    "year": Measure("year", None),
    "month": Measure("month", None),
    "week": Measure("week", None),
    "day": Measure("day", None),
    #: A count of plants: what is said about them together belongs to no single project.
    "plants": Measure("plants", None),
    #: Something that no fact uses; named so that its number is not read with an earlier unit.
    "other": Measure("other", None),
}


#: A word for money is joined to a scale only if it is at most this long, or is one of the codes below: M + ARS would be
#: March.
_LONGEST_SIGN = 2
_JOINED_CODES = {"usd", "eur", "dhs"}


@dataclass(frozen=True, slots=True)
class SharedCurrency:
    """A word for the money of several countries (dollar). The first place named at the top decides."""

    code: str
    places: Alternation[str]
    #: Characters in the published text → the money of the countries that write them; used if no place decides.
    written: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityWords:
    """How a language names money, units and rates."""

    after: Alternation[Measure]
    before: Alternation[Measure]
    money: Alternation[Measure]
    money_scales: Alternation[float]
    #: Words for several plants. Words for the kind of plant may stand before them: five large solar stations.
    plants: Alternation[Measure]
    pairs: Alternation[Measure]
    #: "Three quarters", in per cent.
    shares: Alternation[float]
    fillers: Alternation[None]
    per_year: Alternation[None]
    per_month: Alternation[None]
    per_day: Alternation[None]
    yearly: Alternation[None]
    monthly: Alternation[None]
    daily: Alternation[None]
    elliptic: Alternation[None]
    leads: Alternation[None]
    between: Alternation[None]
    to: frozenset[str]
    and_: frozenset[str]
    shared: Mapping[str, SharedCurrency]

    @classmethod
    def from_section(cls, section: VocabularySection) -> Self:
        """Compile the section ``quantities``.

        Raises:
            LexiconError: The section is invalid. Names the key.
        """
        section.only(
            "codes", "currencies", "shared", "money_scales", "units", "before", "pairs", "shares", "fillers",
            "per_year", "per_month", "per_day", "yearly", "monthly", "daily", "elliptic", "leads", "between", "to",
            "and", "prefixes", "articles",
        )  # fmt: skip
        shared = section.section("shared")
        signs = _coins(section.section("codes")) | {
            sign: money(name) for name in shared for sign in shared.section(name).strings("signs")
        }
        words = _coins(section.section("currencies")) | {
            word: money(name) for name in shared for word in shared.section(name).strings("words")
        }
        scales = numbered(section.section("money_scales"))
        # M€, MMDH, k$: the scale is part of the word.
        glued = {
            scale + coin: replace(measure, factor=factor)
            for scale, factor in scales.items()
            for coin, measure in (signs | words).items()
            if not coin.isalpha() or len(coin) <= _LONGEST_SIGN or coin in _JOINED_CODES
        }
        units = _measured(section.section("units"))
        prefixes = section.strings("prefixes")

        def listed(key: str) -> Alternation[None]:
            return Alternation.of(dict.fromkeys(section.strings(key)), prefixes)

        return cls(
            after=Alternation.of(glued | signs | words | units, section.strings("articles")),
            before=Alternation.of(glued | signs | _measured(section.section("before"))),
            money=Alternation.of(signs | words, section.strings("articles")),
            money_scales=Alternation.of(scales),
            plants=Alternation.of(
                {word: measure for word, measure in units.items() if measure.unit == "plants"}, prefixes
            ),
            pairs=Alternation.of(_measured(section.section("pairs")), prefixes),
            shares=Alternation.of(numbered(section.section("shares")), prefixes),
            fillers=listed("fillers"),
            per_year=listed("per_year"),
            per_month=listed("per_month"),
            per_day=listed("per_day"),
            yearly=listed("yearly"),
            monthly=listed("monthly"),
            daily=listed("daily"),
            elliptic=listed("elliptic"),
            leads=listed("leads"),
            between=listed("between"),
            to=frozenset(bare(word) for word in section.strings("to")),
            and_=frozenset(bare(word) for word in section.strings("and")),
            shared={name: _shared_currency(shared.section(name)) for name in shared},
        )


def _measured(section: VocabularySection) -> dict[str, Measure]:
    """The words of a section whose keys are units."""
    for key in section:
        if key not in MEASURES:
            raise LexiconError(section.at(key), f"no unit; there may be {', '.join(MEASURES)}")
    return {word: MEASURES[key] for key in section for word in section.strings(key)}


def _coins(section: VocabularySection) -> dict[str, Measure]:
    """The words of a section whose keys are currencies."""
    return {word: money(code) for code in section for word in section.strings(code)}


def _shared_currency(section: VocabularySection) -> SharedCurrency:
    section.only("signs", "words", "code", "places", "written")
    places, written = section.section("places"), section.section("written")
    return SharedCurrency(
        section.text("code"),
        Alternation.of({place: code for code in places for place in places.strings(code)}),
        {sign: code for code in written for sign in written.strings(code)},
    )
