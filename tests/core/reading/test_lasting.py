"""An end of works that is told by how long they last."""

import pytest

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Project
from monitor.core.reading.reader import RuleReader
from tests.core.reading.texts import lexicons, make_text

PLANT = Project(id="plant", name={"": "Plant"}, who=("Nordcell",), what=("cathode",), where=("Lulea",))
BEGUN = "Construction of Nordcell's cathode plant in Lulea began in January"
READER = RuleReader([PLANT], lexicons(), {"industrial": INDUSTRIAL})


def ends(text: str, *, language: str = "en", published: str | None = "2025-03-10") -> list[str]:
    reading = READER.read(make_text(text, language=language, published=published))
    return [f"{c.state} {c.date}" for c in reading.claims if c.stage == "completed"]


@pytest.mark.parametrize(
    ("language", "text", "end"),
    [
        (
            "en",
            "Construction of Nordcell's cathode plant in Lulea began in January and will take about two years.",
            "2027",
        ),
        ("en", "Works on Nordcell's cathode plant in Lulea started in May. They will last 18 months.", "2025-11"),
        (
            "en",
            "Nordcell started building its cathode plant in Lulea in May, with a 24-month construction period.",
            "2026-05",
        ),
        (
            "fr",
            "Les travaux de l'usine de cathode de Nordcell à Lulea, lancés en janvier, doivent durer 24 mois.",
            "2027-01",
        ),
        (
            "fr",
            "Les travaux de Nordcell à Lulea ont commencé à l'automne 2024. Ils s'étaleront sur vingt mois.",
            "2026-Q2",
        ),
        ("es", "Las obras de Nordcell en Lulea empezaron en mayo y durarán unos 18 meses.", "2025-11"),
        ("ar", "انطلقت أشغال بناء مصنع Nordcell في Lulea في مايو 2024 وستستغرق 18 شهرا.", "2025-11"),
        ("zh", "Nordcell在Lulea的cathode项目已于2024年5月开工建设，建设期18个月。", "2025-11"),
    ],
)
def test_works_end_as_long_after_their_beginning_as_they_last(language: str, text: str, end: str) -> None:
    assert ends(text, language=language) == [f"expected {end}"]


@pytest.mark.parametrize(
    "text",
    [
        # Not from a known day on, still to begin, not any more, or not of the works.
        "Works on Nordcell's cathode plant in Lulea start in May 2025. They will last two years.",
        "Construction of Nordcell's cathode plant in Lulea will take two years.",
        "Construction of Nordcell's cathode plant in Lulea began in 2022 and was expected to take two years.",
        "Construction of Nordcell's cathode plant in Lulea began in 2022 and takes two years.",
        "Nordcell's cathode plant in Lulea, under construction since 2024, has a contract for 25 years.",
        # Said otherwise, further down, or of a plant of somebody else.
        f"{BEGUN} and will take two years. Its construction will be completed in May 2027.",
        f"{BEGUN}. So be it. So be it. So be it. So be it. It will take two years.",
        f"{BEGUN}. At Volta's plant in Malmo works will take two years.",
        # Too short to count from a month.
        f"{BEGUN} and will take 80 days.",
    ],
)
def test_nothing_follows_from_other_lengths(text: str) -> None:
    assert "expected 2027" not in ends(text)
    assert ends(text) in ([], ["expected 2027-05"])


def test_it_is_not_as_sure_as_what_is_said_in_so_many_words() -> None:
    text = f"{BEGUN} and will take two years."
    reading = READER.read(make_text(text, published="2025-03-10"))
    sure = {claim.stage: claim.confidence for claim in reading.claims}

    assert sure["completed"] < sure["construction"]
