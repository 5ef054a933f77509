"""Facts in five languages: the sentences of ``phrases/facts.yaml``, and whose they are."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from monitor.core.model import Fact, FactKind, Project
from monitor.core.reading.projects.focus import Focus
from monitor.core.reading.projects.matching import Matcher
from monitor.core.reading.quantities.bearers import Bearers
from monitor.core.reading.quantities.facts import facts
from monitor.core.reading.quantities.factwords import FactWords
from monitor.core.reading.quantities.quantities import quantities
from monitor.core.reading.text.alternation import _compiled
from monitor.core.reading.text.document import Span
from monitor.core.reading.text.vocabulary import LexiconError, Section
from tests.core.reading.texts import lay_out, lexicons

SENTENCES = YAML(typ="safe").load(Path(__file__).with_name("phrases") / "facts.yaml")

PROJECTS = (
    Project(id="cathode", name={"": "Cathodes"}, who=("Acme",), what=("cathode", "cathodes"), where=("Tangier",)),
    Project(id="anode", name={"": "Anodes"}, who=("Acme",), what=("anode", "anodes"), where=("Tangier",)),
)


def read(text: str, *, language: str = "en", title: str = "Acme cathode plant in Tangier") -> tuple[Fact, ...]:
    lexicon = lexicons()[language]
    document = lay_out(text, title=title, language=language)
    matcher = Matcher(PROJECTS)
    mentions = matcher.mentions(document.text)
    pointers = lexicon.focus.find(document.text)
    concerned = matcher.concerns(document, mentions, pointers).projects
    focus = Focus(document, mentions, concerned, {p.id: p for p in PROJECTS}, pointers, vocabulary=lexicon.focus)
    bearers = Bearers(document, mentions, pointers, lexicon.focus, lexicon.facts)
    found = quantities(document, lexicon.numbers, lexicon.quantities)
    return facts(document, found, focus, lexicon.facts, bearers)


def brief(found: tuple[Fact, ...]) -> list[str]:
    return [f"{fact.kind} {fact.value:g} {fact.unit}" for fact in found]


class _OneProject(Focus):
    """Everything is about one project."""

    def __init__(self) -> None:
        """Follow nothing."""

    def projects_at(self, span: Span) -> tuple[str, ...]:
        return ("plant",)


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        pytest.param(language, case["text"], case["facts"], id=f"{language}: {case['text']}")
        for language, cases in SENTENCES.items()
        for case in cases
    ],
)
def test_a_sentence_tells_its_facts_and_no_others(language: str, text: str, wanted: list[str]) -> None:
    lexicon = lexicons()[language]
    document = lay_out(text, language=language)
    bearers = Bearers(document, (), lexicon.focus.find(document.text), lexicon.focus, lexicon.facts)
    measured = quantities(document, lexicon.numbers, lexicon.quantities)
    found = facts(document, measured, _OneProject(), lexicon.facts, bearers)

    parts = [fact.split() for fact in wanted]
    assert sorted(brief(found)) == sorted(f"{kind} {float(value):g} {unit}" for kind, value, unit in parts)


def test_a_fact_belongs_to_the_project_that_its_sentence_is_about() -> None:
    found = read("The cathode plant costs $300 million. The anode plant costs $400 million.")

    assert [(fact.project, fact.value) for fact in found] == [("cathode", 300e6), ("anode", 400e6)]


def test_an_amount_right_behind_the_name_of_one_of_several_is_that_ones() -> None:
    found = read(
        "The cathode plant lies beside the anode plant. Both make cathodes 50,000 t and anodes 60,000 t a year."
    )

    assert [(fact.project, fact.value) for fact in found] == [("cathode", 50e3), ("anode", 60e3)]


def test_a_sum_over_several_projects_is_nobodys() -> None:
    assert not read("The cathode plant lies beside the anode plant. Both plants cost $700 million.")


def test_a_fact_told_twice_is_told_once_with_its_first_sentence() -> None:
    found = read("The cathode plant costs $300 million. Its cost of $300 million is high.")

    assert [(fact.value, fact.evidence) for fact in found] == [(300e6, "The cathode plant costs $300 million.")]


@pytest.mark.parametrize(
    "text", ["The plant pays $20 an hour.", "The plant makes 5 units.", "The plant took two years."]
)
def test_a_price_a_word_or_a_time_is_no_fact(text: str) -> None:
    assert not read(text)


def test_after_something_superseded_the_next_amount_stands_for_itself() -> None:
    assert brief(read("The cost rose from an initial $300 million, to $400 million.")) == ["investment 4e+08 USD"]


def test_an_amount_that_was_planned_once_is_told_where_no_other_is() -> None:
    once = "The cathode plant was to cost an original $2 billion."

    assert brief(read(once)) == ["investment 2e+09 USD"]
    assert brief(read(f"{once} It now costs $3 billion.")) == ["investment 3e+09 USD"]


@pytest.mark.parametrize(
    "text",
    [
        "The cost of the plant has risen from $300 million to $350 million.",
        "Acme raised the cost of the plant from $300 to $350 million.",
    ],
)
def test_of_what_moved_the_end_it_moved_to_is_told(text: str) -> None:
    assert brief(read(text)) == ["investment 3.5e+08 USD"]


def test_a_range_gives_both_ends() -> None:
    assert brief(read("The plant will cost between $300 million and $350 million.")) == [
        "investment 3e+08 USD",
        "investment 3.5e+08 USD",
    ]


def test_a_word_that_bears_an_amount_out_makes_it_surer() -> None:
    (sure,) = read("The investment is $300 million.")
    (likely,) = read("There, $300 million are at work in a smelter.")

    assert sure.confidence > likely.confidence


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The battery plant makes 20 gigawatts of cells.", ["capacity 20 GW/yr"]),
        ("The cathode plant has a capacity of 20 gigawatts.", ["capacity 20000 MW"]),
        ("The battery maker's wind farm has 20 gigawatts.", ["capacity 20000 MW"]),
        ("The battery plant has a capacity of 500 MWh.", ["capacity 0.5 GWh/yr"]),
        ("The cathode plant can store 500 MWh.", ["capacity 500 MWh"]),
    ],
)
def test_watts_are_a_yearly_output_where_batteries_are_made(text: str, found: list[str]) -> None:
    assert brief(read(text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The plant is 60% complete.", ["progress 60 %"]),
        ("The plant is 160% complete.", []),
        ("The plant should be 60% complete by June.", []),
        ("Sixty percent of the plant has been completed.", ["progress 60 %"]),
        ("The plant met 60% resistance.", []),
    ],
)
def test_progress_is_what_has_been_built(text: str, found: list[str]) -> None:
    assert brief(read(text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The plant employs 1,200 people.", ["jobs 1200 jobs"]),
        ("The plant employs 2000 people.", ["jobs 2000 jobs"]),
        ("The arena holds 20,000 people.", ["capacity 20000 seats"]),
        ("The plant was visited by 1,200 people.", []),
    ],
)
def test_people_are_workers_or_spectators_or_neither(text: str, found: list[str]) -> None:
    assert brief(read(text)) == found


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"investment": {"after": []}}, "facts.investment.after"),
        ({"money": {}}, "facts.money"),
        ({"work": [1]}, "facts.work[0]"),
    ],
)
def test_a_wrong_section_names_its_key(data: dict[str, object], key: str) -> None:
    with pytest.raises(LexiconError) as error:
        FactWords.from_section(Section(data, "facts"))

    assert error.value.key == key


def test_what_is_prepared_compiles_nothing_when_it_is_needed() -> None:
    words = FactWords.from_section(
        Section({"employs": ["zemploys"], "jobs": {"yes": ["zjobs"], "no_after": ["zlost"]}})
    )

    words.prepare()
    compiled = _compiled.cache_info().misses

    cues = words.cues[FactKind.JOBS]
    assert [words.employs.at("zemploys", 0), cues.before.at("zjobs", 0), cues.after.at("zlost", 0)] == [
        (8, True),
        (5, True),
        (5, False),
    ]
    assert _compiled.cache_info().misses == compiled
