"""Invented companies: names made by the patterns of many countries, in Latin, Arabic and Chinese script."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from training.sheets import tables
from training.sheets.chance import chance

#: Where an investor from abroad comes from, if not from the country of the project.
FOREIGN = (
    "chinese",
    "chinese",
    "coined",
    "coined",
    "french",
    "german",
    "korean",
    "japanese",
    "arab",
    "nordic",
    "anglo",
)
_LATIN = ("en", "fr", "es")


@dataclass(frozen=True, slots=True)
class Company:
    """A company's short and long names by language."""

    short: Mapping[str, str]
    long: Mapping[str, str]

    @property
    def key(self) -> str:
        return self.short["en"]

    def variants(self, language: str) -> tuple[str, ...]:
        """What an operator writes under ``who``: long and short, in Latin and in the local script."""
        names = [self.long[language], self.short[language], self.long["en"], self.short["en"]]
        return tuple(dict.fromkeys(names))


@cache
def _parts() -> Mapping[str, tuple[tuple[str, str, str], ...]]:
    parts: dict[str, tuple[tuple[str, str, str], ...]] = {}
    for part, latin, arabic, chinese in tables.rows("names.txt"):
        parts[part] = (*parts.get(part, ()), (latin, arabic, chinese))
    return parts


def company(rng: random.Random, culture: str, group: str) -> Company:
    """A company of this culture that could own such a project."""
    if culture == "chinese":
        latin, arabic, chinese = _joined(rng, "syllable", "syllable")
    elif culture not in _parts() or chance(rng, 35):
        latin, arabic, chinese = _joined(rng, "head", "tail")
    else:
        latin, arabic, chinese = rng.choice(_parts()[culture])
    short = dict.fromkeys(_LATIN, latin) | {"ar": arabic, "zh": chinese}
    return Company(short, _long(rng, short, group))


def _joined(rng: random.Random, first: str, second: str) -> tuple[str, str, str]:
    one = rng.choice(_parts()[first])
    other = rng.choice([part for part in _parts()[second] if part != one])
    return one[0] + other[0].lower(), one[1] + other[1], one[2] + other[2]


def _long(rng: random.Random, short: Mapping[str, str], group: str) -> Mapping[str, str]:
    if " " in short["en"] or chance(rng, 25):
        return short
    suffixes = [cells for groups, *cells in tables.rows("suffixes.txt") if group in groups.split()]
    suffix = dict(zip(tables.ORDER, rng.choice(suffixes), strict=True))
    latin = {language: f"{short[language]} {suffix[rng.choice(['en', language])]}" for language in _LATIN}
    return latin | {"ar": f"{short['ar']} {suffix['ar']}", "zh": short["zh"] + suffix["zh"]}
