"""What an operator's phrases always or never mean, over whatever was read."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Article, Claim, Phase, Project, Reading, State
from monitor.core.reading.layout import Surveyor
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.overrules.overrules import CONFIDENCE, Misread, Overrules, misread
from monitor.core.reading.overrules.phrase import Phrase, PhraseExample
from monitor.core.reading.projects.matching import Matcher
from tests.builders import make_claim
from tests.core.reading.texts import lexicons, make_text

CATHODE = Project(
    id="cathode",
    name={"": "C"},
    who=("Acme",),
    what=("cathode",),
    where=("Maroc",),
    phases=(Phase(name="one", words=("première phase",)),),
)
ANODE = Project(id="anode", name={"": "A"}, who=("Acme",), what=("anode",), where=("Maroc",))
DIGS = "Acme a donné le premier coup de pioche de son usine."
LEAVES = "Acme lève le camp."
#: Phrases need no words of a vocabulary, only dates do.
WORDLESS = {"fr": Lexicon.from_mapping({"language": "fr", "about": ["à propos d"]}, {})}


def always(stage: str = "construction", **more: Any) -> Phrase:
    state = more.pop("state", State.REACHED)
    given: dict[str, Any] = {
        "language": "fr",
        "words": ("premier coup de pioche",),
        "is_always": True,
        "states": (state,),
    }
    return Phrase(stage=stage, **(given | more))


def never(stage: str = "cancelled", **more: Any) -> Phrase:
    given: dict[str, Any] = {"language": "fr", "words": ("lève le camp",), "is_always": False, "states": tuple(State)}
    return Phrase(stage=stage, **(given | more))


def overrule(
    phrases: Sequence[Phrase],
    article: Article | str,
    *claims: Claim,
    projects: Sequence[str] = ("cathode",),
    language: str | None = "fr",
    vocabulary: Mapping[str, Lexicon] = WORDLESS,
) -> list[Claim]:
    plants = [CATHODE, ANODE]
    overrules = Overrules(phrases, Surveyor(plants, vocabulary, Matcher(plants)), {"industrial": INDUSTRIAL})
    article = make_text(article, language=language) if isinstance(article, str) else article
    reading = Reading(language=language, projects=tuple(projects), claims=claims, facts=())
    return list(overrules.applied(article, reading).claims)


def told(claims: Sequence[Claim]) -> list[str]:
    return [f"{claim.project} {claim.stage} {claim.state}" for claim in claims]


# ---------------------------------------------------------------- always


def test_a_sentence_with_a_phrase_gives_its_claim_as_published() -> None:
    text = "Il pleut. Acme a donné le PREMIER COUP  de pioche de son usine."

    (claim,) = overrule([always()], make_text(text, title="Maroc", language="fr"))

    assert told([claim]) == ["cathode construction reached"]
    assert (claim.evidence, claim.confidence, claim.date) == (text[10:], CONFIDENCE, None)
    assert claim.span is not None
    assert f"Maroc\n{text}"[slice(*claim.span)] == "PREMIER COUP  de pioche"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        pytest.param("Le premier coup de pioche a eu lieu.", None, id="no time"),
        pytest.param("Le premier coup de pioche en mars 2026.", "2026-03", id="the only one"),
        pytest.param("Le premier coup de pioche en mars 2025, après un accord en mai 2024.", None, id="two times"),
        pytest.param("Premier coup de pioche de l'usine, qui produira en 2028.", None, id="ahead of what happened"),
        pytest.param("Signé en mai 2024. Le premier coup de pioche a eu lieu.", None, id="that of another sentence"),
    ],
)
def test_its_date_is_the_only_time_of_the_sentence(text: str, date: str | None) -> None:
    (claim,) = overrule([always()], make_text(text, language="fr", published="2026-03-20"), vocabulary=lexicons())

    assert (str(claim.date) if claim.date else None) == date


def test_what_is_expected_may_lie_ahead() -> None:
    text = "Premier coup de pioche en 2028."
    article = make_text(text, language="fr", published="2026-03-20")
    (claim,) = overrule([always(state=State.EXPECTED)], article, vocabulary=lexicons())

    assert (claim.state, str(claim.date)) == (State.EXPECTED, "2028")


@pytest.mark.parametrize(
    ("text", "project"),
    [
        pytest.param("Acme a donné le premier coup de pioche de son usine d'anodes.", ["anode"], id="by who and what"),
        pytest.param("Premier coup de pioche pour la cathode au Maroc.", ["cathode"], id="by what"),
        pytest.param("Acme a donné le premier coup de pioche.", [], id="both by who"),
        pytest.param("Premier coup de pioche au Maroc.", [], id="a place says nothing"),
        pytest.param("La cathode avance. Premier coup de pioche hier.", [], id="named in another sentence"),
    ],
)
def test_of_several_projects_it_is_told_of_the_one_that_the_sentence_names(text: str, project: list[str]) -> None:
    assert [claim.project for claim in overrule([always()], text, projects=("cathode", "anode"))] == project


def test_a_claim_that_is_there_only_becomes_as_sure() -> None:
    there = make_claim(project="cathode", stage="construction", confidence=0.6)
    surer = make_claim(project="cathode", stage="construction", confidence=0.99)

    assert [claim.confidence for claim in overrule([always()], DIGS, there)] == [CONFIDENCE]
    assert overrule([always()], DIGS, there)[0].evidence == there.evidence
    assert overrule([always()], DIGS, surer) == [surer]


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"phrases": [always(language="en")]}, id="another language"),
        pytest.param({"phrases": [always(projects=("anode",))]}, id="other projects"),
        pytest.param({"phrases": [always("financed")]}, id="a stage that the project has not"),
        pytest.param({"projects": ()}, id="no project"),
        pytest.param({"projects": ("stranger",)}, id="a project that is not watched"),
        pytest.param({"language": "de", "phrases": [always(language="de")]}, id="no vocabulary"),
        pytest.param({"language": None}, id="no language"),
        pytest.param({"article": "Le premier coup. De pioche, rien."}, id="over two sentences"),
        pytest.param({"article": "Rien de neuf."}, id="no phrase"),
        pytest.param({"article": "À propos d'Acme : premier coup de pioche."}, id="where nothing is read"),
    ],
)
def test_nothing_comes_of_it_elsewhere(more: dict[str, Any]) -> None:
    given = {"phrases": [always()], "article": DIGS} | more

    assert overrule(**given) == []


# ---------------------------------------------------------------- never


def test_a_claim_by_a_sentence_with_the_phrase_is_left_out() -> None:
    claim = make_claim(project="cathode", stage="cancelled", evidence=LEAVES)

    assert overrule([never()], LEAVES, claim) == []


@pytest.mark.parametrize(
    ("phrase", "claim"),
    [
        pytest.param(never("closed"), {}, id="another stage"),
        pytest.param(never(states=(State.EXPECTED,)), {}, id="another state"),
        pytest.param(never(projects=("anode",)), {}, id="another project"),
        pytest.param(never(language="en"), {}, id="another language"),
        pytest.param(never(), {"evidence": "Acme annule."}, id="another sentence"),
    ],
)
def test_other_claims_stay(phrase: Phrase, claim: dict[str, str]) -> None:
    stays = make_claim(**({"project": "cathode", "stage": "cancelled", "evidence": LEAVES} | claim))

    assert overrule([phrase], LEAVES, stays) == [stays]


def test_never_makes_an_exception_of_always() -> None:
    exception = never("construction", words=("pas donné le premier coup de pioche",))
    denial = "Acme n'a pas donné le premier coup de pioche."
    doubtful = make_claim(project="cathode", stage="construction", confidence=0.5, evidence="Acme construit.")

    assert overrule([always(), exception], denial) == []
    assert overrule([always(), exception], denial, doubtful) == [doubtful]
    assert [claim.evidence for claim in overrule([always(), exception], f"{denial} {DIGS}")] == [DIGS]


@given(st.text(), st.text(), st.sampled_from([(), ("cathode",), ("cathode", "anode"), ("stranger",)]))
def test_on_any_text_what_is_given_is_told_by_words_of_it(title: str, text: str, projects: Sequence[str]) -> None:
    article = make_text(f"{text} premier coup de pioche {text}", title=title, language="fr")

    for claim in overrule([always(), never()], article, projects=projects):
        assert claim.evidence in f"{title}\n{article.text}"
        assert claim.project in projects


# ---------------------------------------------------------------- proofs


def example(text: str, *claims: str) -> PhraseExample:
    return PhraseExample(text=text, claims=frozenset(claims))


def proven(*phrases: Phrase) -> list[tuple[int, int, set[str]]]:
    return [(wrong.phrase, wrong.example, set(wrong.read)) for wrong in misread(phrases, WORDLESS)]


@pytest.mark.parametrize(
    ("phrase", "read"),
    [
        pytest.param(always(examples=(example(DIGS, "construction reached"),)), None, id="always"),
        pytest.param(always(examples=(example(LEAVES),)), None, id="always, not here"),
        pytest.param(always(examples=(example(DIGS),)), {"construction reached"}, id="too much"),
        pytest.param(never(examples=(example(LEAVES),)), None, id="never"),
        pytest.param(never(examples=(example(DIGS),)), {"cancelled reached"}, id="its words are not there"),
    ],
)
def test_an_example_is_read_by_the_phrases_alone(phrase: Phrase, read: set[str] | None) -> None:
    assert proven(phrase) == ([] if read is None else [(0, 0, read)])


def test_several_are_told_in_their_order() -> None:
    wrong = always(examples=(example(DIGS, "construction reached"), example(LEAVES, "construction reached")))

    assert list(misread([wrong, wrong], WORDLESS)) == [Misread(0, 1, frozenset()), Misread(1, 1, frozenset())]
