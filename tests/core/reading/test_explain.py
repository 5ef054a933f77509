"""How a reading is explained: the marks, what came of them, and why of others nothing did."""

from dataclasses import replace
from typing import TypeVar

import pytest
from hypothesis import given, settings

from monitor.core.lifecycle import INDUSTRIAL, Lifecycle
from monitor.core.model import Project
from monitor.core.reading.explain import explain
from monitor.core.reading.explanation import (
    Basis,
    CueMark,
    DateMark,
    EventMark,
    Explanation,
    Mark,
    NameMark,
    Place,
    QuantityMark,
    Reason,
)
from monitor.core.reading.lexicon import Lexicon, Side, Tone
from monitor.core.reading.projects.mention import Role
from monitor.core.reading.reader import RuleReader
from tests.core.reading.test_reader import ARTICLES, PUBLISHED, READER, TEXTS
from tests.core.reading.texts import lexicons, make_text

M = TypeVar("M", bound=Mark)

#: A vocabulary of events of its own, so that what is shown here does not move with the shipped one.
_OWN = Lexicon.from_mapping(
    {
        "language": "en",
        "scope": {"few": 3, "stretch": 8, "before": 6, "past": 2, "after": 5},
        "verbs": {"start": ["starts", "started"]},
        "tenses": {"past": ["started", "closed", "halted", "signed"]},
        "outcomes": {"not_an_event": {}, "idea": {"reached": ["announced reached"]}},
        "events": {
            "operating": ["production ... START", "START ... production"],
            "construction": ["groundbreaking", "work ... START"],
            "agreed": ["signed"],
            "suspended": ["halted"],
            "closed": ["closed"],
            "idea": ["idea"],
            "not_an_event": ["groundbreaking technology"],
        },
        "cues": {
            "expected": {"before": ["will", "due"], "after": ["planned", "due"]},
            "denied": {"before": ["no"]},
            "superseded": {"before": ["once"]},
            "unreal": {"before": ["if"]},
            "hearsay": {"anywhere": ["rumour"]},
        },
    },
    {},
)
LEXICON = replace(
    lexicons()["en"], scope=_OWN.scope, events=_OWN.events, cues=_OWN.cues, tenses=_OWN.tenses,
)  # fmt: skip
CATHODE = Project(
    id="cathode", name={"": "Cathode plant"}, who=("BTR",), what=("cathode",), where=("Tangier", "Morocco")
)
ANODE = replace(CATHODE, id="anode", what=("anode",))
PROJECTS = [CATHODE, ANODE]
PLANT = "BTR has a cathode plant in Tangier. "


def explained(
    text: str, *, title: str = "", published: str | None = "2024-05-10", lifecycle: Lifecycle = INDUSTRIAL
) -> Explanation:
    reader = RuleReader(PROJECTS, {"en": LEXICON}, {"industrial": lifecycle})
    return explain(make_text(text, title=title, published=published), reader)


def marks(explanation: Explanation, kind: type[M]) -> dict[str, M]:
    """The marks of one kind by their words; the last of several that stand on the same."""
    found = (mark for sentence in explanation.sentences for mark in sentence.marks if isinstance(mark, kind))
    return {explanation.words(mark.place): mark for mark in found}


def event(explanation: Explanation, words: str) -> EventMark:
    return marks(explanation, EventMark)[words]


# ---------------------------------------------------------------- what is shown is what is read


@settings(max_examples=50)
@given(TEXTS, TEXTS, PUBLISHED)
def test_what_is_explained_is_what_is_read_and_stands_where_it_was_published(
    title: str, text: str, published: str | None
) -> None:
    article = make_text(text, title=title, published=published)

    explanation = explain(article, READER)

    reading = READER.read(article)
    assert tuple(each.claim for each in explanation.claims) == reading.claims
    assert explanation.facts == reading.facts
    assert explanation.projects == reading.projects
    for sentence in explanation.sentences:
        pieces = list(sentence.pieces())
        assert "".join(explanation.words(piece.place) for piece in pieces) == explanation.words(sentence.place)
        assert list(sentence.marks) == sorted(sentence.marks, key=lambda m: (m.place.start, -m.place.end))
        assert {mark for piece in pieces for mark in piece.marks} == set(sentence.marks)
        for piece in pieces:
            assert all(m.place.start <= piece.place.start < piece.place.end <= m.place.end for m in piece.marks)
        for mark in sentence.marks:
            assert 0 <= mark.place.start < mark.place.end <= len(explanation.text)


@settings(max_examples=50)
@given(TEXTS)
def test_everything_found_has_become_something_or_has_a_reason(text: str) -> None:
    explanation = explain(make_text(text, published="2024-05-10"), READER)

    claims = {each.claim for each in explanation.claims}
    for mark in (mark for sentence in explanation.sentences for mark in sentence.marks):
        match mark:
            case EventMark():
                assert (mark.reason is None) == bool(mark.tellings)
                for telling in mark.tellings:
                    assert (telling.claim in claims) == (telling.reason is None)
            case QuantityMark():
                assert (mark.reason is None) == bool(mark.facts)


@pytest.mark.parametrize("language", sorted(ARTICLES))
def test_every_claim_of_an_event_leads_to_its_words_in_every_language(language: str) -> None:
    explanation = explain(make_text(ARTICLES[language], language=language, published="2024-05-10"), READER)

    assert explanation.claims
    heads = {mark.head for mark in marks(explanation, EventMark).values() if mark.is_claimed}
    for each in explanation.claims:
        assert each.basis is Basis.TOLD
        assert set(each.places) <= heads


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        # Tatweel, diacritics, a proclitic; traditional characters; a letter that folds to two.
        ("أطلقت بي تي آر أشغال بناء مصنع كـاثُود في طنجة.", "ar", "كـاثُود"),
        ("貝特瑞丹吉爾正極工廠已開工。", "zh", "正極"),
        ("ﬃ İ BTR broke ground on its CATH\u00adODE plant in Tangier.", "en", "CATH\u00adODE"),
    ],
)
def test_marks_stand_over_the_letters_as_published(text: str, language: str, name: str) -> None:
    explanation = explain(make_text(text, language=language, published="2024-05-10"), READER)

    assert marks(explanation, NameMark)[name].role is Role.WHAT
    assert explanation.text == text


# ---------------------------------------------------------------- why nothing was read


@pytest.mark.parametrize(
    ("text", "language", "reason"),
    [
        ("BTR hat den Spatenstich gesetzt.", "de", Reason.NO_LEXICON),
        ("BTR.", None, Reason.NO_LEXICON),
        ("Tesla started production.", "en", Reason.NOTHING_NAMED),
        ("BTR started production.", "en", Reason.NOT_CONCERNED),
    ],
)
def test_an_article_that_is_not_read_says_why_and_shows_its_text(
    text: str, language: str | None, reason: Reason
) -> None:
    explanation = explain(make_text(text, language=language), READER)

    assert (explanation.reason, explanation.language) == (reason, language)
    assert (explanation.projects, explanation.claims, explanation.facts) == ((), (), ())
    assert [explanation.words(piece.place) for s in explanation.sentences for piece in s.pieces()] in (
        [text],
        ["BTR", text.removeprefix("BTR")],
    )


def test_what_an_article_names_is_shown_though_it_concerns_no_project() -> None:
    explanation = explained("BTR started production.")

    assert marks(explanation, NameMark)["BTR"].projects == ("cathode", "anode")
    assert marks(explanation, EventMark) == {}


# ---------------------------------------------------------------- names and focus


def test_a_name_has_its_role_and_the_word_of_the_configuration() -> None:
    name = marks(explained("btr has a CATHODES plant in Tangier."), NameMark)

    assert {words: (mark.role, mark.word, mark.projects) for words, mark in name.items()} == {
        "btr": (Role.WHO, "BTR", ("cathode", "anode")),
        "CATHODES": (Role.WHAT, "cathode", ("cathode",)),
        "Tangier": (Role.WHERE, "Tangier", ("cathode", "anode")),
    }


def test_the_focus_covers_each_sentence_and_moves_with_what_it_speaks_of() -> None:
    explanation = explained(f"{PLANT}Its cathode plant cost money, and its anode plant in Tangier did too.")

    for sentence in explanation.sentences:
        assert sentence.focus[0].place.start == sentence.place.start
        assert sentence.focus[-1].place.end == sentence.place.end
    parts = [(explanation.words(part.place), part.projects) for part in explanation.sentences[-1].focus]
    assert parts == [
        ("Its cathode plant cost money, ", ("cathode",)),
        ("and its anode plant in Tangier did too.", ("anode",)),
    ]
    assert {piece.projects for piece in explanation.sentences[-1].pieces()} == {("cathode",), ("anode",)}


# ---------------------------------------------------------------- events and cues


def test_an_event_shows_its_verb_the_cues_that_decide_on_it_and_its_claim() -> None:
    explanation = explained(f"{PLANT}Production will for certain starts in 2026.", title="News of BTR")

    start = event(explanation, "Production will for certain starts")
    assert explanation.words(start.head) == "starts"
    assert [explanation.words(place) for place in start.cues] == ["will"]
    (telling,) = start.tellings
    assert (telling.project, telling.stage, str(telling.date)) == ("cathode", "operating", "2026")
    assert telling.claim == explanation.claims[0].claim
    assert explanation.claims[0].places == (start.head,)
    assert marks(explanation, DateMark)["2026"].is_used
    assert [sentence.is_title for sentence in explanation.sentences] == [True, False, False]


def test_a_cue_shows_its_tone_its_sides_and_what_it_governs() -> None:
    explanation = explained(f"{PLANT}If production starts, it is due.")

    cues = marks(explanation, CueMark)
    assert (cues["If"].tone, cues["If"].sides) == (Tone.UNREAL, (Side.BEFORE,))
    assert [explanation.words(place) for place in cues["If"].governs] == ["starts"]
    assert set(cues["due"].sides) == {Side.BEFORE, Side.AFTER}
    assert cues["due"].governs == ()


@pytest.mark.parametrize(
    ("text", "words", "reason", "because"),
    [
        ("It has groundbreaking technology.", "groundbreaking technology", Reason.NO_NEWS, None),
        ("It has groundbreaking technology.", "groundbreaking", Reason.OTHER_PHRASE, "groundbreaking technology"),
        ("If production starts, it will pay.", "production starts", Reason.UNREAL, None),
        ("There is no idea.", "idea", Reason.NO_OUTCOME, None),
    ],
)
def test_a_phrase_that_tells_nothing_says_why(text: str, words: str, reason: Reason, because: str | None) -> None:
    explanation = explained(PLANT + text)

    phrase = event(explanation, words)
    assert (phrase.reason, phrase.tellings, phrase.is_claimed) == (reason, (), False)
    assert (phrase.because and explanation.words(phrase.because)) == because


@pytest.mark.parametrize(
    ("title", "text", "words", "reason", "because"),
    [
        ("", "Production will starts.", "Production will starts", Reason.UNDATED, None),
        ("", "Once production starts in 2023.", "production starts", Reason.SUPERSEDED, None),
        ("", "Production will planned starts in 2023.", "Production will planned starts", Reason.GONE_BY, None),
        ("", "Work started. Again work started.", "work started", Reason.SAID_ELSEWHERE, "construction"),
        ("", "Work started. It halted. It closed.", "halted", Reason.CONTRADICTED, "closed"),
        # What the body says of it is the last word, though it comes to nothing.
        ("BTR production started", "Production will starts.", "production started", Reason.OUTWEIGHED, None),
        ("", "Tesla in Berlin, Germany signed.", "signed", None, None),
    ],
)
def test_what_is_told_and_not_claimed_says_why(
    title: str, text: str, words: str, reason: Reason | None, because: str | None
) -> None:
    explanation = explained(PLANT + text, title=title)

    (telling,) = event(explanation, words).tellings
    assert (telling.claim is None) == (reason is not None)
    assert (telling.reason, telling.because and telling.because.stage) == (reason, because)


def test_what_is_told_of_no_project_says_so() -> None:
    explanation = explained(f"{PLANT}BTR signed for a plant in Germany.")

    (telling,) = event(explanation, "signed").tellings
    assert (telling.project, telling.reason) == (None, Reason.NO_FOCUS)


def test_a_stage_that_the_lifecycle_has_not_says_so() -> None:
    explanation = explained(f"{PLANT}It signed.", lifecycle=Lifecycle(name="industrial", stages=("announced",)))

    (telling,) = event(explanation, "signed").tellings
    assert telling.reason is Reason.NO_STAGE
    assert explanation.claims == ()


def test_hearsay_is_shown() -> None:
    assert event(explained(f"{PLANT}Rumour has it that it closed."), "closed").hearsay


def test_a_claim_that_no_phrase_tells_shows_what_it_is_made_from() -> None:
    assert [(e.basis, e.places) for e in explained(PLANT).claims] == [(Basis.DESCRIBED, ())]
    assert [(e.basis, e.places) for e in explained(f"{PLANT}Works are 60% complete.").claims] == [(Basis.PROGRESS, ())]


# ---------------------------------------------------------------- dates and amounts


def test_a_date_shows_what_it_means_and_whether_it_dates_anything() -> None:
    explanation = explained(f"{PLANT}Work started in March. It is a sight, as it was in 2023.")

    dates = marks(explanation, DateMark)
    assert (str(dates["in March"].behind), str(dates["in March"].ahead)) == ("2024-03", "2025-03")
    assert (dates["in March"].is_used, dates["2023"].is_used) == (True, False)
    assert marks(explained(f"{PLANT}Initially planned for 2025."), DateMark)["2025"].is_superseded


def test_an_amount_shows_its_facts_or_why_it_is_none() -> None:
    text = "It cost 3 billion dirhams. A loan of 2 billion dirhams runs for 15 years. "
    both = "BTR has an anode plant in Tangier. Both plants have 90 hectares."
    abroad = "A BTR plant in Germany cost 7 billion dirhams."

    explanation = explained(f"{PLANT}{text}{both} {abroad}")

    amounts = marks(explanation, QuantityMark)
    (fact,) = amounts["3 billion dirhams"].facts
    assert (fact.project, fact.value, fact.unit) == ("cathode", 3e9, "MAD")
    assert {words: mark.reason for words, mark in amounts.items()} == {
        "3 billion dirhams": None,
        "2 billion dirhams": Reason.NOT_ITS_OWN,
        "15 years": Reason.NO_MEASURE,
        "90 hectares": Reason.SEVERAL_PROJECTS,
        "7 billion dirhams": Reason.NO_FOCUS,
    }


# ---------------------------------------------------------------- pieces


def test_marks_that_overlap_are_cut_where_one_begins_or_ends() -> None:
    explanation = explained("BTR has no idea of a cathode plant in Tangier.")

    pieces = [
        (explanation.words(piece.place), [type(mark) for mark in piece.marks])
        for sentence in explanation.sentences
        for piece in sentence.pieces()
    ]
    assert pieces == [
        ("BTR", [NameMark]),
        (" has ", []),
        ("no", [CueMark]),
        (" ", []),
        ("idea", [EventMark]),
        (" of a ", []),
        ("cathode", [NameMark]),
        (" plant in ", []),
        ("Tangier", [NameMark]),
        (".", []),
    ]


def test_a_place_is_half_open() -> None:
    assert explained("BTR.").words(Place(0, 3)) == "BTR"


@pytest.mark.parametrize(
    ("words", "claimed"),
    [
        ("did the same", "lyon operating"),
        ("foundations of the Lyon cars plant were completed", "lyon construction"),
        ("pulled out of the project", None),
    ],
)
def test_what_stands_for_something_else_shows_what_that_is(words: str, claimed: str | None) -> None:
    projects = (
        Project(id="huelva", name={}, who=("Nordfuel",), what=("hydrogen",), where=("Huelva",)),
        Project(id="lyon", name={}, who=("Motorix",), what=("cars",), where=("Lyon",)),
    )
    reader = RuleReader(projects, lexicons(), {"industrial": INDUSTRIAL})
    text = (
        "Nordfuel opened its Huelva hydrogen plant in May. Motorix did the same with its Lyon cars plant. "
        "The foundations of the Lyon cars plant were completed in 2023. Kesling pulled out of the project in 2022."
    )
    explanation = explain(make_text(text, published="2025-03-01"), reader)
    marks = [mark for sentence in explanation.sentences for mark in sentence.marks if isinstance(mark, EventMark)]
    [mark] = [m for m in marks if text[m.place.start : m.place.end] == words]

    found = [f"{t.claim.project} {t.claim.stage}" for t in mark.tellings if t.claim]
    assert found == ([claimed] if claimed else [])
    assert all(t.reason is Reason.NO_FOCUS for t in mark.tellings if not t.claim)
