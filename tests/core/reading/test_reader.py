"""The reader as a whole: what it promises of any article."""

import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.lifecycle import INDUSTRIAL, Lifecycle
from monitor.core.model import Project, Reading
from monitor.core.reading.reader import RuleReader
from tests.core.reading.texts import lexicons, make_text

PLANT = Project(
    id="cathode",
    name={"": "Cathode plant"},
    who=("BTR", "贝特瑞", "بي تي آر"),
    what=("cathode", "正极", "كاثود"),
    where=("Tangier", "Tanger", "Tánger", "丹吉尔", "طنجة"),
)
READER = RuleReader([PLANT], lexicons(), {"industrial": INDUSTRIAL})

ARTICLES = {
    "en": "BTR broke ground on its cathode plant in Tangier on 3 May 2024. Production is expected to start in 2026.",
    "fr": "BTR a lancé les travaux de son usine de cathodes à Tanger. La production démarrera en septembre 2026.",
    "es": "BTR inició las obras de su planta de cathode en Tánger. La producción comenzará en septiembre de 2026.",
    "ar": "أطلقت بي تي آر أشغال بناء مصنع كاثود في طنجة. سيبدأ الإنتاج سنة 2026.",
    "zh": "贝特瑞丹吉尔正极工厂已开工，预计2026年9月投产。",
}


def claims(reading: Reading) -> set[tuple[str, str, str | None]]:
    return {(c.stage, str(c.state), str(c.date) if c.date else None) for c in reading.claims}


@pytest.mark.parametrize("language", sorted(ARTICLES))
def test_the_same_news_is_read_alike_in_every_language(language: str) -> None:
    reading = READER.read(make_text(ARTICLES[language], language=language, published="2024-05-10"))

    stages = {(stage, state) for stage, state, _ in claims(reading)}
    assert stages == {("construction", "reached"), ("operating", "expected")}
    assert reading.projects == ("cathode",)


#: What counts days from the publishing: news of the lead, what is told by the way, what is to come any day now.
COUNTED = (
    "BTR closed its cathode plant in Tangier on Friday. Production at the BTR cathode plant in Tangier is about to "
    "start and is expected in 2026. Works at the site were completed two years later. Its plant in Tangier started "
    "production in 2021. It was cancelled three weeks earlier."
)


@pytest.mark.parametrize("published", ["0001", "0001-01", "0001-01-01", "9999", "9999-12", "9999-12-31"])
@pytest.mark.parametrize("text", [*ARTICLES.values(), COUNTED, "BTR will soon sign for its cathode plant in Tangier."])
def test_an_article_of_either_end_of_the_calendar_is_read(text: str, published: str) -> None:
    assert READER.read(make_text(text, published=published)).projects == ("cathode",)


def test_an_article_on_nothing_that_is_watched_says_nothing() -> None:
    reading = READER.read(make_text("Tesla broke ground in Berlin."))
    assert (reading.projects, reading.claims, reading.facts) == ((), (), ())


@pytest.mark.parametrize(
    ("text", "projects"),
    [
        ("It announced nothing on Spain.", ("cathode",)),
        ("Production in Spain started in May 2024.", ("cathode", "spain")),
        ("Its plant in Spain was not spoken of.", ("cathode", "spain")),
    ],
)
def test_a_sibling_that_is_named_in_passing_counts_if_something_is_told_of_it(
    text: str, projects: tuple[str, ...]
) -> None:
    spain = Project(id="spain", name={}, who=PLANT.who, what=PLANT.what, where=("Spain",))
    reader = RuleReader([PLANT, spain], lexicons(), {"industrial": INDUSTRIAL})

    assert reader.read(make_text(f"{ARTICLES['en']} {text}", published="2025-05-10")).projects == projects


@pytest.mark.parametrize(
    ("text", "is_its_own"),
    [
        ("The first phase entered production in 2023, the second is under construction.", True),
        ("They opened the first phase in 2023 and are building the second.", True),
        ("The first phase entered production in 2023.", False),
        ("A pilot line entered production in 2023, the second is under construction.", False),
        ("Plants opened in 2023 as part of a phase of growth, and others are under construction.", False),
    ],
)
def test_a_phase_that_produces_beside_another_is_the_projects_while_all_else_is_to_come(
    text: str, *, is_its_own: bool
) -> None:
    told = f"BTR will expand its cathode plant in Tangier and start production in 2027. {text}"
    reading = READER.read(make_text(told, published="2025-05-10"))

    assert (("operating", "reached", "2023") in claims(reading)) is is_its_own


@pytest.mark.parametrize(
    ("text", "is_its_own"),
    [("فمنذ يناير ينتج المعمل السلائف.", True), ("فمنذ يناير ينتج معمل مجاور السلائف.", False)],
)
def test_what_the_plant_behind_its_verb_produces_is_the_projects(text: str, *, is_its_own: bool) -> None:
    told = f"ستفتتح BTR معمل الكاثود بطنجة في يونيو 2025. ولم تنتظر الآلات: {text}"
    reading = READER.read(make_text(told, language="ar", published="2025-05-10"))

    assert (("operating", "reached", "2025-01") in claims(reading)) is is_its_own


@pytest.mark.parametrize("language", [None, "de"])
def test_an_article_in_a_language_without_vocabulary_is_not_read(language: str | None) -> None:
    reading = READER.read(make_text(ARTICLES["en"], language=language))
    assert reading == Reading(language=language, projects=(), claims=(), facts=())


def test_a_stage_that_the_lifecycle_has_not_is_not_claimed() -> None:
    rail = Lifecycle(name="rail", stages=("announced", "operating"))
    reader = RuleReader([replace(PLANT, lifecycle="rail")], lexicons(), {"rail": rail})

    reading = reader.read(make_text(ARTICLES["en"], published="2024-05-10"))

    assert {claim.stage for claim in reading.claims} == {"operating"}


ASIDES = {
    "en": "\n\nThe weather was fine and the harvest was good.",
    "fr": "\n\nLe temps était beau et la récolte fut bonne.",
    "es": "\n\nHacía buen tiempo.",
    "ar": "\n\nكان الطقس جميلا.",
    "zh": "\n\n天气很好。",
}


@pytest.mark.parametrize("language", sorted(ARTICLES))
def test_an_unrelated_paragraph_changes_no_claim(language: str) -> None:
    alone = READER.read(make_text(ARTICLES[language], language=language, published="2024-05-10"))
    more = READER.read(make_text(ARTICLES[language] + ASIDES[language], language=language, published="2024-05-10"))

    assert more.claims == alone.claims


#: Pieces that bring every part of the reader into play, between anything at all.
PIECES = st.sampled_from([
    *ARTICLES.values(), "BTR ", "cathode ", "贝特瑞", "正极", "بي تي آر ", "has not ", "will ", "construction ",
    "began ",
    " in 2026", "3 billion dirhams", "50,000 tonnes a year", "60 %", "; ", ", ", ". ", "\n", "İ", "ﷺ", "\u200f",
])  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=20), max_size=12).map("".join)
PUBLISHED = st.none() | st.sampled_from(["2024", "2024-05", "2024-05-10"])


@given(TEXTS, TEXTS, st.sampled_from(sorted(ARTICLES)), PUBLISHED)
def test_any_text_is_read_and_quoted_as_it_was_published(
    title: str, text: str, language: str, published: str | None
) -> None:
    article = make_text(text, title=title, language=language, published=published)

    reading = READER.read(article)

    for evidence in (*(c.evidence for c in reading.claims), *(f.evidence for f in reading.facts)):
        assert evidence
        assert evidence in article.title or evidence in article.text
    assert all(0 <= claim.confidence <= 1 for claim in reading.claims)
    assert len({(c.project, c.stage, c.state, c.date) for c in reading.claims}) == len(reading.claims)
    assert READER.read(article) == reading


#: Said again and again. Each brings another step into play, and stands where it could be read as one long thing.
PIECES_OF_ENDLESS_TEXTS = [
    "x", "é", "1", "1 ", "1.234,5 ", "two million ", "$5 billion ", "500 new jobs, ", "50,000 tonnes, ", "(", ".",
    ' ."\')] ', " ", "\n", ", ", "word ", "BTR ", "BTR cathode ", "BTR cathode Tangier. ", "BTR Tanger cathode and ",
    "such as BTR ", "German plant and Moroccan plant, ", "sign agreement ", "construction began ", "will not ",
    "rumours it began. ", "on 3 May 2024 ", "2026 ", "from 2025 to 2026 ", "May ", "60 % ", "بدأ البناء ", "开工",
    "\u064b", "\ufdfa",
]  # fmt: skip


def work(text: str) -> int:
    """How many calls it takes to read an article that goes on like this: the same on every machine."""
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    article = make_text(f"{ARTICLES['en']} {text}", published="2024-05-10")
    sys.setprofile(count)
    try:
        reading = READER.read(article)
    finally:
        sys.setprofile(None)
    assert ("construction", "reached", "2024-05-03") in claims(reading)
    return calls


@pytest.mark.parametrize("piece", PIECES_OF_ENDLESS_TEXTS)
def test_four_times_the_text_takes_four_times_the_work(piece: str) -> None:
    short, long = (work(piece * (length // len(piece))) for length in (5_000, 20_000))

    assert long < 5 * short


def test_a_sentence_far_down_may_say_when_that_was_which_the_one_before_it_tells() -> None:
    text = "BTR is glad. So is the town. So is the state. It signed its investment agreement on cathodes in Tangier."
    reading = READER.read(make_text(f"{text} It was signed on 3 May 2024.", published="2024-09-10"))

    assert ("agreed", "reached", "2024-05-03") in claims(reading)
