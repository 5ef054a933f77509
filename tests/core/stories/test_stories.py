"""What is a copy, what is not, and which articles are one story, in whatever order they come."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.articles import source_of
from monitor.core.folding.fold import fold
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Article, Fact
from monitor.core.state import Confidence, Report, Source
from monitor.core.stories import Stories, StoryMember, copies, sketch, without_echoes
from tests.builders import NOW, make_article, make_claim, make_fact

FRENCH = (
    "Le groupe chinois a posé lundi la première pierre de son usine de cathodes à Tanger. L'investissement atteint "
    "3 milliards de dirhams. La première phase, de 25.000 tonnes, doit entrer en service en septembre 2026. Le "
    "ministre a salué un projet qui place le pays au cœur de la chaîne mondiale des batteries."
)
ARABIC = (
    "وضعت المجموعة الصينية يوم الاثنين حجر الأساس لمصنع الكاثود في طنجة باستثمار يبلغ ثلاثة مليارات درهم، ومن المرتقب "
    "أن يدخل الشطر الأول حيز الخدمة في شتنبر 2026 بطاقة إنتاجية تصل إلى خمسة وعشرين ألف طن سنويا."
)
CHINESE = (
    "中国企业周一在丹吉尔为其正极材料工厂举行奠基仪式，总投资三十亿迪拉姆。第一期年产两万五千吨，"
    "预计2026年9月投产。部长表示，该项目使该国进入全球电池产业链的核心。"
)


def are_copies(one: str, other: str, titles: tuple[str, str] = ("", "")) -> bool:
    return copies(sketch(titles[0], one), [("other", sketch(titles[1], other))]) == ["other"]


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param(FRENCH, id="word for word"),
        pytest.param(f"TANGER, 12 mai (MAP) - {FRENCH}", id="an agency's dateline"),
        pytest.param(FRENCH.partition(" La première phase")[0], id="cut after its first paragraph"),
        pytest.param(f"{FRENCH} Abonnez-vous à notre lettre. Tous droits réservés, reproduction interdite.", id="more"),
        pytest.param(FRENCH.replace("'", "’").replace(", ", " – ").upper(), id="other punctuation and capitals"),
        pytest.param(FRENCH.replace("lundi", "ce lundi").replace("doit entrer", "entrera"), id="words exchanged"),
        pytest.param(FRENCH.replace("é", "e").replace("è", "e"), id="accents lost"),
    ],
)
def test_a_copy_is_known_whatever_its_outlet_did_to_it(copy: str) -> None:
    assert are_copies(FRENCH, copy, ("Tanger : première pierre", "Une usine de batteries pour le Nord"))
    assert are_copies(copy, FRENCH)


@pytest.mark.parametrize(
    ("text", "copy"),
    [
        pytest.param(ARABIC, f"طنجة (و م ع) – {ARABIC[:-40]}", id="Arabic"),
        pytest.param(ARABIC, ARABIC.replace("أ", "ا").replace("ة", "ه"), id="Arabic, letter forms"),
        pytest.param(CHINESE, f"新华社丹吉尔5月12日电　{CHINESE[:-20]}责任编辑：李明", id="Chinese"),
        pytest.param(CHINESE, CHINESE.replace("，", ", ").replace("为", "為"), id="Chinese, the old way of writing"),
    ],
)
def test_copies_are_known_in_every_script(text: str, copy: str) -> None:
    assert are_copies(text, copy)


def test_notes_that_are_written_alike_are_copies_only_where_they_say_the_same() -> None:
    halted, resumed = (
        f"BTR has {verb} work on its cathode plant in Morocco. Note {{}}." for verb in ("halted", "resumed")
    )

    assert not are_copies(halted.format(1), resumed.format(2))
    assert not are_copies(halted.format(1), halted.format(3))
    assert are_copies(halted.format(1), halted.format(1).upper())


@given(st.text(), st.text())
def test_any_text_has_a_sketch_that_is_a_copy_of_itself(title: str, text: str) -> None:
    sketched = sketch(title, text)

    assert copies(sketched, [("itself", sketched)]) == (["itself"] if sketched else [])
    assert len(sketched) <= 2400


# ---------------------------------------------------------------- stories


def article(key: str, text: str, outlet: str) -> Article:
    return Article(key=key, url=None, title="", text=text, published=None, language="fr", outlet=outlet)


def coming(
    key: str, text: str, days: float, trust: float = 0.5, *, outlet: str | None = None
) -> tuple[Article, Source]:
    at, own = NOW + timedelta(days=days), article(key, text, key if outlet is None else outlet)
    return own, source_of(own, trust=trust, published_at=at, seen_at=at)


def story(stories: Stories, key: str) -> str:
    return stories.of(Report(source=coming(key, "", 0)[1])).source.story


#: Two halves of one text, and the text that has both.
FIRST, SECOND = FRENCH[:170], FRENCH[170:]
#: (key, text, days after the first, projects)
Told = tuple[str, str, float, Sequence[str]]
TOLD: list[Told] = [
    ("b", FIRST, 0, ["plant"]),
    ("a", FIRST, 0, ["plant"]),
    ("z", f"(MAP) {FIRST}", -1, ["plant", "other"]),
    ("second", SECOND, 2, ["plant"]),
    ("whole", FRENCH, 3, ["plant"]),
    ("again", FIRST, 40, ["plant"]),
    ("elsewhere", FIRST, 1, ["third"]),
    ("aside", FIRST, -2, ["other"]),
    ("chinese", CHINESE, 0, ["plant", "other", "third"]),
]


def grouped(told: Sequence[Told]) -> dict[str, str]:
    stories = Stories()
    for key, text, days, projects in told:
        stories.add(*coming(key, text, days), projects)
    return {key: story(stories, key) for key, *_ in told}


def test_a_story_is_known_by_its_earliest_article_and_ties_by_the_key() -> None:
    assert grouped([TOLD[0], TOLD[3]]) == {"b": "b", "second": "second"}
    assert grouped(TOLD[:2]) == {"b": "a", "a": "a"}
    assert grouped(TOLD[:3]) == {"b": "z", "a": "z", "z": "z"}


def test_an_article_that_comes_late_joins_two_stories() -> None:
    assert grouped([TOLD[0], TOLD[3], TOLD[4]]) == {"b": "b", "second": "b", "whole": "b"}


def test_what_is_told_again_much_later_or_of_another_project_is_another_story() -> None:
    assert grouped([TOLD[0], TOLD[5], TOLD[6]]) == {"b": "b", "again": "again", "elsewhere": "elsewhere"}


def test_an_article_that_is_heard_twice_or_concerns_nothing_changes_nothing() -> None:
    told = [TOLD[0], ("b", CHINESE, 5, ["plant"]), ("idle", FIRST, -9, ()), TOLD[1]]
    stories = Stories()
    for key, text, days, projects in told:
        stories.add(*coming(key, text, days), projects)

    assert story(stories, "b") == story(stories, "a") == "a"


@given(st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(chance: Random) -> None:
    expected = dict.fromkeys(("b", "a", "z", "second", "whole", "aside"), "aside")
    expected |= {key: key for key in ("again", "elsewhere", "chinese")}

    assert grouped(chance.sample(TOLD, len(TOLD))) == expected


# ---------------------------------------------------------------- what a story weighs


def report(key: str, *facts: Fact, minutes: int = 0, story: str = "a", trust: float = 0.5, **more: object) -> Report:
    at = NOW + timedelta(minutes=minutes)
    source = make_article(key, story=story, trust=trust, published_at=at, seen_at=at, outlet=key).source
    return Report(source=source, claims=(make_claim(**more),), facts=facts)


def test_copies_weigh_as_one_and_own_words_as_two() -> None:
    copied = [report("a"), report("b", minutes=1)]
    own = [report("a"), report("b", minutes=1, story="b")]

    assert fold("plant", copied, INDUSTRIAL).confidence is Confidence.REPORTED
    assert fold("plant", own, INDUSTRIAL).confidence is Confidence.CONFIRMED


def test_an_official_copy_confirms_its_story_and_is_shown_for_it() -> None:
    state = fold("plant", [report("a"), report("b", minutes=1), report("c", minutes=2, trust=1.0)], INDUSTRIAL)

    assert state.confidence is Confidence.CONFIRMED
    assert [evidence.source.article for evidence in state.evidence] == ["a", "c"]


def test_what_a_copy_adds_is_heard() -> None:
    state = fold("plant", [report("a"), report("b", minutes=1, stage="construction")], INDUSTRIAL)

    assert state.status == "construction"


def heard(told: Sequence[tuple[str, str, float]], *, sentence: str, by: str) -> tuple[int, int]:
    """How many claims and facts that are read in a sentence of one of these articles (key, text, trust) are heard."""
    stories = Stories()
    for minutes, (key, text, trust) in enumerate(told):
        stories.add(*coming(key, text, minutes / 1440, trust), ["plant"])
    fact = make_fact(evidence=sentence)
    found = stories.of(replace(report(by, fact, evidence=sentence), source=coming(by, "", 0)[1]))
    return len(found.claims), len(found.facts)


SENTENCE = "L'investissement atteint 3 milliards de dirhams."
FOUR_MILLIONS = SENTENCE.replace("3", "4")
FOUR = FRENCH.replace(SENTENCE, FOUR_MILLIONS)
LAST = FRENCH[FRENCH.index("Le ministre") :]
MET = LAST.replace("place", "met")
OTHERS = LAST.replace("place", "met").replace("chaîne", "filière").replace("salué", "loué")
LABELLED = f"Industrie : {LAST.rstrip('.')} | L'Écho du Matin"
BELOW = f"{LAST} - {ARABIC.partition('،')[0]}"
NEWER = f"2027 : {LAST}"


@pytest.mark.parametrize(
    ("told", "sentence", "expected"),
    [
        pytest.param([("a", FRENCH, 0.5), ("b", FIRST, 0.5)], SENTENCE, (0, 0), id="a cut copy, word for word"),
        pytest.param([("a", FRENCH, 0.5), ("b", FIRST, 0.5)], SENTENCE.upper(), (0, 0), id="other signs"),
        pytest.param([("a", FRENCH, 0.5), ("b", FOUR, 0.5)], FOUR_MILLIONS, (1, 1), id="another number"),
        pytest.param([("a", FRENCH, 0.5), ("b", FRENCH.replace(LAST, MET), 0.5)], MET, (0, 0), id="one other word"),
        pytest.param([("a", FRENCH, 0.5), ("b", FRENCH.replace(LAST, MET), 0.5)], LAST, (0, 0), id="corrected back"),
        pytest.param([("a", FRENCH, 0.5), ("b", FRENCH, 0.5)], MET, (1, 1), id="corrected, one other word"),
        pytest.param(
            [("a", FRENCH, 0.5), ("b", FRENCH.replace(LAST, OTHERS), 0.5)], OTHERS, (1, 1), id="more other words"
        ),
        pytest.param(
            [("a", FRENCH, 0.5), ("b", FRENCH.replace(LAST, LABELLED), 0.5)], LABELLED, (0, 0), id="between labels"
        ),
        pytest.param(
            [("a", FRENCH, 0.5), ("b", FRENCH.replace(LAST, BELOW), 0.5)], BELOW, (1, 1), id="more label than words"
        ),
        pytest.param(
            [("a", FRENCH, 0.5), ("b", FRENCH.replace(LAST, NEWER), 0.5)],
            NEWER,
            (1, 1),
            id="with a figure in its label",
        ),
        pytest.param([("a", FIRST, 0.5), ("b", FRENCH, 0.5)], SENTENCE, (1, 1), id="a fuller one"),
        pytest.param([("a", FRENCH, 0.5), ("b", FIRST, 1.0)], SENTENCE, (1, 1), id="a more trusted one"),
        pytest.param([("b", FIRST, 0.5), ("a", FRENCH, 0.5)], SENTENCE, (1, 1), id="an earlier one"),
        pytest.param([("a", CHINESE, 0.5), ("b", FIRST, 0.5)], SENTENCE, (1, 1), id="another story"),
    ],
)
def test_a_copy_is_heard_for_what_an_earlier_one_has_not_nearly_word_for_word(
    told: list[tuple[str, str, float]], sentence: str, expected: tuple[int, int]
) -> None:
    assert heard(told, sentence=sentence, by="b") == expected


@pytest.mark.parametrize(
    ("outlets", "days", "expected"),
    [
        pytest.param(("one", "other"), 1, 0, id="taken over by another outlet"),
        pytest.param(("one", "one"), 1, 1, id="the next piece of the same outlet"),
        pytest.param(("one", "other"), 4, 1, id="days later"),
    ],
)
def test_a_word_that_is_another_may_be_the_news(outlets: tuple[str, str], days: int, expected: int) -> None:
    suspended, resumed = FRENCH, FRENCH.replace(LAST, MET)
    stories = Stories()
    stories.add(*coming("a", suspended, 0, outlet=outlets[0]), ["plant"])
    own, source = coming("b", resumed, days, outlet=outlets[1])
    stories.add(own, source, ["plant"])

    found = stories.of(replace(report("b", evidence=MET), source=source))
    assert len(found.claims) == expected


def test_an_article_that_nobody_has_seen_is_no_echo() -> None:
    alone = report("b")

    assert without_echoes(alone, [StoryMember(NOW, "a", sketch=sketch("", FRENCH))]) == alone
