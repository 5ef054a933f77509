"""Where datelines end, in five languages; what only begins like one is news."""

import pytest

from monitor.core.model import Project
from monitor.core.reading.dates.timex import time_expressions
from monitor.core.reading.projects.matching import Matcher, MentionRole
from monitor.core.reading.segment import text_of
from monitor.core.reading.text.text import Text
from tests.core.reading.texts import lay_out, lexicons, make_text

NEWS = {
    "en": "Nordcell began",
    "fr": "Nordcell a lancé",
    "es": "Nordcell inició",
    "ar": "أعلنت الشركة",
    "zh": "公司宣布",
}


@pytest.mark.parametrize(
    ("language", "dateline"),
    [
        ("en", "RABAT, March 12 (Reuters) - "),
        ("en", "RENO, Nev. (AP) — "),
        ("en", "SHANGHAI, March 12, 2025 /PRNewswire/ -- "),
        ("en", "By our staff with agencies | "),
        ("fr", "Rabat, le 12 mars (MAP) – "),
        ("fr", "(Agence Ecofin) - "),
        ("es", "HUELVA, 5 Mar. (EUROPA PRESS) -\n\n"),
        ("ar", "الرباط 22 غشت (و م ع) - "),
        ("zh", "新华社拉巴特3月12日电　"),
        ("zh", "（中央社記者林巧／新竹25日電）"),
        ("zh", "（3月12日）"),
        ("zh", "本报综合报道："),
    ],
)
def test_a_dateline_ends_where_the_news_begins(language: str, dateline: str) -> None:
    news = NEWS[language]
    text = Text.of(dateline + news)
    end = lexicons()[language].datelines.end(text.bare, 0)

    assert text.quote(end, len(text.bare)) == news


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "BTR said on 28 December 2023 that two of its units, BTR (Jiangsu) New, will build."),
        ("en", "Ironbark Resources (ASX: IBK) is pleased to announce first copper."),
        ("en", "Nordcell's staff — 300 people in all — went home."),
        ("fr", "Le 12 mars, Nordcell a signé."),
        ("fr", "L'usine ouvrira le 12 mars – soit six mois plus tôt."),
        ("fr", "Nordcell a dit à l'AFP que l'usine ouvrira."),
        ("ar", "قالت شركة BTR الصينية إنها ستستثمر 2.6 مليار يوان (330 مليون يورو)."),
        ("zh", "据智利媒体4月14日报道，法院当天责令公司停工。"),
        ("zh", "记者6月2日从国轩高科得知，公司有意建厂。"),
    ],
)
def test_what_only_begins_like_a_dateline_is_none(language: str, text: str) -> None:
    assert lexicons()[language].datelines.end(Text.of(text).bare, 0) == 0


@pytest.mark.parametrize("dateline", ["", "LULEA, May 10 (AFP) - ", "(10 May) "])
def test_a_dateline_is_no_part_of_the_first_sentence(dateline: str) -> None:
    news = "Construction of the cathode plant of Nordcell in Lulea has begun."
    document = lay_out(dateline + news, title="Cathodes", published="2024-05-10")

    assert [document.quote(each.span) for each in document.sentences] == ["Cathodes", news]
    assert list(time_expressions(document, lexicons()["en"].dates)) == []


def test_a_place_that_stands_in_the_dateline_alone_still_names_the_project() -> None:
    plant = Project(id="plant", name={"": "Plant"}, who=("Nordcell",), what=("cathode",), where=("Lulea",))
    text = text_of(make_text("LULEA, May 10 (AFP) - Nordcell builds its plant.", title="Cells"))

    assert [mention.role for mention in Matcher([plant]).mentions(text)] == [MentionRole.WHERE, MentionRole.WHO]
