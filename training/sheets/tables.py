"""The word lists and tables in ``data/``, read once. One line is one row; ``|`` parts its cells."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent / "data"
ORDER = ("en", "fr", "es", "ar", "zh")


@dataclass(frozen=True, slots=True)
class Country:
    code: str
    names: Mapping[str, str]
    currency: str
    culture: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Town:
    country: Country
    region: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Range:
    unit: str
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of project: what it is called, and what sizes it has."""

    id: str
    group: str
    words: Mapping[str, tuple[str, ...]]
    capacities: tuple[Range, ...]
    investment: Range
    jobs: Range
    area: Range | None


@dataclass(frozen=True, slots=True)
class Row:
    """A weighted line of text: a trap, a register."""

    id: str
    weight: int
    cells: tuple[str, ...]


def rows(name: str) -> list[tuple[str, ...]]:
    """The rows of a table, without comments."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [tuple(cell.strip() for cell in line.split("|")) for line in lines if line and not line.startswith("#")]


@cache
def countries() -> Mapping[str, Country]:
    return {
        code: Country(code, dict(zip(ORDER, names, strict=True)), currency, culture, tuple(languages.split()))
        for code, *names, currency, culture, languages in rows("countries.txt")
    }


@cache
def towns() -> tuple[Town, ...]:
    return tuple(
        Town(countries()[code], region, {key: name or names[0] for key, name in zip(ORDER, names, strict=True)})
        for code, region, *names in rows("towns.txt")
    )


@cache
def kinds() -> tuple[Kind, ...]:
    return tuple(
        Kind(
            id=key,
            group=group,
            words={lang: tuple(cell.split(";")) for lang, cell in zip(ORDER, words, strict=True)},
            capacities=tuple(_range(*cell.split(":")) for cell in capacities.split(",")),
            investment=_span("USD", investment),
            jobs=_span("jobs", jobs),
            area=_span("ha", area) if area else None,
        )
        for key, group, *words, capacities, investment, jobs, area in rows("kinds.txt")
    )


@cache
def alike(kind: Kind) -> tuple[Kind, ...]:
    """The other kinds of its group, of all groups where it is alone."""
    others = [other for other in kinds() if other != kind]
    return tuple(other for other in others if other.group == kind.group) or tuple(others)


@cache
def weighted(name: str) -> tuple[Row, ...]:
    return tuple(Row(key, int(weight), tuple(cells)) for key, weight, *cells in rows(name))


@cache
def lines(name: str) -> tuple[str, ...]:
    return tuple("|".join(row) for row in rows(name))


def _range(unit: str, low: str, high: str) -> Range:
    return Range(unit, float(low), float(high))


def _span(unit: str, text: str) -> Range:
    low, _, high = text.partition(":")
    return Range(unit, float(low), float(high))
