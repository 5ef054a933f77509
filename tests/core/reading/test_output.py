"""A start of production that is told as an output from some day on."""

import pytest

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Project
from monitor.core.reading.reader import RuleReader
from tests.core.reading.texts import lexicons, make_text

PLANT = Project(id="plant", name={"": "Plant"}, who=("Nordcell",), what=("cathode",), where=("Lulea",))
READER = RuleReader([PLANT], lexicons(), {"industrial": INDUSTRIAL})
LEAD = "Nordcell signed the investment agreement for its cathode plant in Lulea."


def starts(text: str, *, published: str | None = "2024-05-10") -> list[str]:
    reading = READER.read(make_text(f"{LEAD} {text}", published=published))
    return [f"{c.state} {c.date}" for c in reading.claims if c.stage == "operating"]


@pytest.mark.parametrize(
    "text",
    [
        "The first 25,000 tonnes a year come in September 2026.",
        "The plant's capacity will be 50,000 tonnes a year from September 2026; the works cover 20 hectares.",
        "A first 25,000 tonnes a year are promised for September 2026, and 50,000 tonnes a year for 2028.",
    ],
)
def test_an_output_from_a_day_to_come_on_is_a_start_of_production(text: str) -> None:
    assert starts(text) == ["expected 2026-09"]


@pytest.mark.parametrize(
    "text",
    [
        # No day, or one gone by.
        "The plant's capacity is 50,000 tonnes a year.",
        "Since September 2023 its capacity has been 50,000 tonnes a year.",
        # A day that may be that of the news.
        "Nordcell said on Monday that its capacity is 50,000 tonnes a year.",
        # A day that is no more.
        "Its 50,000 tonnes a year were initially planned for 2026.",
        # The day of something else, or another clause's.
        "The plant of 50,000 tonnes a year will be completed in September 2026.",
        "It will employ 800 people in 2026; the capacity is 50,000 tonnes a year.",
        # No capacity.
        "From September 2026 it is to employ 800 people.",
    ],
)
def test_other_days_and_quantities_are_none(text: str) -> None:
    assert starts(text) == []


def test_a_start_that_is_told_in_so_many_words_comes_first() -> None:
    text = "Production is to start in March 2026. The first 25,000 tonnes a year come in September 2026."
    assert starts(text) == ["expected 2026-03"]


def test_of_a_project_on_hold_a_quantity_with_a_day_starts_nothing() -> None:
    assert starts("The project is on hold. The first 25,000 tonnes a year come in September 2026.") == []


def test_without_the_day_of_publishing_nothing_is_known_to_be_still_to_come() -> None:
    assert starts("The first 25,000 tonnes a year come in September 2026.", published=None) == []


def test_a_headline_alone_starts_nothing() -> None:
    article = make_text(LEAD, title="Nordcell: 50,000 tonnes a year of cathode from 2026", published="2024-05-10")
    assert "operating" not in {claim.stage for claim in READER.read(article).claims}
