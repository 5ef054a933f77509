"""Quantities of a project: round numbers of a likely size, and how a person says them."""

import random
from dataclasses import dataclass
from math import floor, log10

from training.sheets.chance import chance, pick
from training.sheets.model import Claim, Fact
from training.sheets.tables import Country, Kind, Range

#: Roughly what a dollar is in each currency.
RATES = {
    "USD": 1, "EUR": 0.9, "GBP": 0.8, "CHF": 0.9, "CAD": 1.35, "AUD": 1.5, "NZD": 1.65, "MAD": 10, "DZD": 135,
    "TND": 3.1, "LYD": 4.8, "EGP": 48, "SAR": 3.75, "AED": 3.67, "QAR": 3.64, "KWD": 0.31, "OMR": 0.385, "BHD": 0.38,
    "IQD": 1310, "JOD": 0.71, "XOF": 600, "XAF": 600, "NGN": 1500, "GHS": 14, "KES": 130, "TZS": 2600, "ZAR": 18,
    "INR": 84, "PKR": 280, "BDT": 120, "PHP": 57, "MYR": 4.5, "SGD": 1.35, "IDR": 16000, "VND": 25000, "THB": 34,
    "CNY": 7.2, "TWD": 32, "HKD": 7.8, "JPY": 150, "KRW": 1380, "KZT": 480, "TRY": 34, "SEK": 10.5, "NOK": 10.8,
    "PLN": 4, "MXN": 18, "DOP": 60, "COP": 4100, "PEN": 3.75, "BOB": 6.9, "CLP": 950, "BRL": 5.4,
}  # fmt: skip
NOTES = ("rounded: nearly, about", "more than", "in words, not in digits", "in a quote", "in the headline too", "")
_SIZES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity without its code."""

    kind: str
    value: float
    unit: str


def draw_facts(
    rng: random.Random, kind: Kind, country: Country, claims: list[Claim], *, first: int, most: int, may_progress: bool
) -> list[Fact]:
    """Some quantities of a project, numbered from ``first``; progress only where works are under way."""
    amounts = [_capacity(rng, kind), _investment(rng, kind, country), _whole("jobs", rng, kind.jobs)]
    rng.shuffle(amounts)
    if kind.area:
        amounts.insert(0 if chance(rng, 14) else len(amounts), _whole("area", rng, kind.area))
    if may_progress and _is_being_built(claims) and chance(rng, 45):
        amounts.insert(0, Amount("progress", float(rng.randint(4, 97)), "%"))
    count = min(most, pick(rng, ((20, 0), (33, 1), (30, 2), (17, 3))))
    chosen = amounts[:count]
    facts = [
        Fact(f"f{number}", amount.kind, amount.value, amount.unit, spoken(amount), _note(rng, amount))
        for number, amount in enumerate(chosen, first)
    ]
    if count and chosen[-1].kind == "investment" and chance(rng, 8):
        same = _converted(chosen[-1])
        facts.append(
            Fact(f"f{first + count}", same.kind, same.value, same.unit, spoken(same), "the same sum, converted")
        )
    return facts


def spoken(amount: Amount) -> str:
    """The amount as a person says it: ``3.6 billion MAD``."""
    unit = "" if amount.unit == "jobs" else f" {amount.unit}"
    for size, name in _SIZES:
        if amount.value >= size:
            return f"{amount.value / size:g} {name}{unit}"
    return f"{amount.value:,.10g}{unit}"


def _is_being_built(claims: list[Claim]) -> bool:
    keys = {(claim.stage, claim.state) for claim in claims}
    past = {("completed", "reached"), ("operating", "reached"), ("commissioning", "reached"), ("cancelled", "reached")}
    return ("construction", "reached") in keys and not keys & past


def _note(rng: random.Random, amount: Amount) -> str:
    if amount.kind == "progress":
        return "of the works"
    if chance(rng, 60):
        return ""
    note = rng.choice(NOTES)
    return "" if note.startswith("in words") and len(f"{amount.value:.0f}".rstrip("0")) > 2 else note


def _capacity(rng: random.Random, kind: Kind) -> Amount:
    size = rng.choice(kind.capacities)
    return Amount("capacity", _between(rng, size), size.unit)


def _investment(rng: random.Random, kind: Kind, country: Country) -> Amount:
    currency = country.currency if chance(rng, 72) else rng.choice(("USD", "USD", "EUR"))
    return Amount("investment", _round(_between(rng, kind.investment) * 1e6 * RATES[currency], rng), currency)


def _converted(amount: Amount) -> Amount:
    """The same sum in dollars, or in euros."""
    currency = "EUR" if amount.unit == "USD" else "USD"
    return Amount("investment", _rounded(amount.value / RATES[amount.unit] * RATES[currency], 2), currency)


def _whole(kind: str, rng: random.Random, size: Range) -> Amount:
    return Amount(kind, float(max(1, round(_between(rng, size)))), size.unit)


def _between(rng: random.Random, size: Range) -> float:
    """A round number in the range; small ones are as likely as large ones."""
    return _round(size.low * (size.high / size.low) ** rng.random(), rng)


def _round(value: float, rng: random.Random) -> float:
    return _rounded(value, pick(rng, ((35, 1), (50, 2), (15, 3))))


def _rounded(value: float, digits: int) -> float:
    """The value to so many significant digits."""
    places = digits - 1 - floor(log10(value))
    rounded = round(value, places)
    return rounded if rounded < 10 or places > 0 else float(round(rounded))
