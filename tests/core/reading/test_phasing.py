"""Phases: which part of a project is spoken of."""

from collections.abc import Sequence
from functools import cache

import pytest

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Article, Phase, Project, Reading
from monitor.core.periods import Period
from monitor.core.reading.reader import RuleReader
from monitor.settings.lexicons import load_lexicons

FIRST = Phase(name="first", words=("first phase", "phase one", "première phase", "一期", "المرحلة الأولى"))
SECOND = Phase(name="second", words=("second phase", "deuxième phase", "二期", "المرحلة الثانية"))
PLANT = Project(
    id="plant",
    name={"": "Plant"},
    who=("Voltara", "沃塔", "فولتارا"),
    what=("cathode", "正极", "كاثود"),
    where=("Morocco", "Maroc", "摩洛哥", "المغرب"),
    phases=(FIRST, SECOND),
)


@cache
def reader() -> RuleReader:
    return RuleReader([PLANT], load_lexicons(), {"industrial": INDUSTRIAL})


def read(text: str, language: str) -> Reading:
    article = Article(
        key="a", url=None, title="", text=text, published=Period.parse("2026-03-01"), language=language, outlet="x"
    )
    return reader().read(article)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        pytest.param(
            "en",
            "Voltara's cathode plant in Morocco has started production of its first phase. "
            "Construction of the second phase will begin in 2027.",
            [("operating", "reached", "first"), ("construction", "expected", "second")],
            id="en: a sentence for each",
        ),
        pytest.param(
            "en",
            "At Voltara's cathode plant in Morocco the first phase went into production in 2025, while the second "
            "phase is under construction.",
            [("operating", "reached", "first"), ("construction", "reached", "second")],
            id="en: both in one sentence",
        ),
        pytest.param(
            "fr",
            "Voltara a lancé les travaux de la deuxième phase de son usine de cathodes au Maroc.",
            [("construction", "reached", "second")],
            id="fr",
        ),
        pytest.param(
            "en",
            "Voltara signed the investment agreement for its cathode plant in Morocco.",
            [("agreed", "reached", None)],
            id="the whole",
        ),
    ],
)
def test_a_claim_names_the_phase_that_its_sentence_names(
    language: str, text: str, expected: Sequence[tuple[str, str, str | None]]
) -> None:
    found = [(c.stage, c.state.value, c.phase) for c in read(text, language).claims]

    assert [claim for claim in found if claim[0] != "announced"] == expected


def test_amounts_name_their_phase_too() -> None:
    text = (
        "Voltara builds a cathode plant in Morocco with a capacity of 50,000 tonnes a year. "
        "The first phase will have a capacity of 25,000 tonnes a year."
    )

    assert [(f.value, f.phase) for f in read(text, "en").facts] == [(50_000, None), (25_000, "first")]


def test_the_phase_of_another_project_is_not_this_ones() -> None:
    other = Project(id="other", name={"": "Other"}, who=("Acme",), where=("Spain",), phases=())
    both = RuleReader([PLANT, other], load_lexicons(), {"industrial": INDUSTRIAL})
    article = Article(
        key="a",
        url=None,
        title="",
        text="Acme has started construction of the first phase of its plant in Spain.",
        published=None,
        language="en",
        outlet="x",
    )

    assert {c.phase for c in both.read(article).claims} == {None}
