"""Where datelines end, in five languages; what only begins like one is news."""

import pytest

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Project
from monitor.core.reading.reader import RuleReader
from monitor.core.reading.text.text import Text
from tests.core.reading.texts import lexicons, make_text

NEWS = {
    "en": "Nordcell began",
    "fr": "Nordcell a lancé",
    "es": "Nordcell inició",
    "ar": "أعلنت الشركة",
    "zh": "公司宣布",
}
PLANT = Project(id="plant", name={"": "Plant"}, who=("Nordcell",), what=("cathode",), where=("Lulea",))
READER = RuleReader([PLANT], lexicons(), {"industrial": INDUSTRIAL})


@pytest.mark.parametrize(
    ("language", "dateline"),
    [
        ("en", "RABAT, March 12 (Reuters) - "),
        ("en", "New Delhi, Aug 21 (PTI) "),
        ("en", "RENO, Nev. (AP) — "),
        ("en", "(April 27 – AFP) "),
        ("en", "SHANGHAI, March 12, 2025 /PRNewswire/ -- "),
        ("en", "LONDON, 12 March 2025 – "),
        ("en", "By our staff with agencies | "),
        ("fr", "Rabat, le 12 mars (MAP) – "),
        ("fr", "(Agence Ecofin) - "),
        ("fr", "Par la rédaction avec agences | "),
        ("es", "HUELVA, 5 Mar. (EUROPA PRESS) -\n\n"),
        ("es", "LIMA (Reuters).- "),
        ("ar", "الرباط 22 غشت (و م ع) - "),
        ("ar", "مسقط في 3 ديسمبر / "),
        ("zh", "新华社拉巴特3月12日电　"),
        ("zh", "新华社阿克拉11月20日电（记者 李楠）"),
        ("zh", "（中央社記者林巧／新竹25日電）"),
        ("zh", "（3月12日）"),
        ("zh", "本报综合报道："),
        ("zh", "财联社4月22日电，"),
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
        ("en", "Nordcell, 3 billion in sales - it is the largest - builds in Lulea."),
        ("fr", "Le 12 mars, Nordcell a signé."),
        ("fr", "Le chantier a démarré le 12 mars : Nordcell s'en félicite."),
        ("fr", "L'usine ouvrira le 12 mars – soit six mois plus tôt."),
        ("en", "Works began on March 12 - ahead of schedule."),
        ("fr", "Nordcell a dit à l'AFP que l'usine ouvrira."),
        ("es", "Southern Energy (SESA), la sociedad integrada por Pan American, firmó."),
        ("ar", "قالت شركة BTR الصينية إنها ستستثمر 2.6 مليار يوان (330 مليون يورو)."),
        ("zh", "据智利媒体4月14日报道，法院当天责令公司停工。"),
        ("zh", "8月22日，项目投产。"),
        ("zh", "记者6月2日从国轩高科得知，公司有意建厂。"),
        ("zh", "凯锐轮胎（603000）4月17日称，项目获批。"),
    ],
)
def test_what_only_begins_like_a_dateline_is_none(language: str, text: str) -> None:
    assert lexicons()[language].datelines.end(Text.of(text).bare, 0) == 0


@pytest.mark.parametrize("dateline", ["", "LULEA, May 10 (AFP) - ", "(10 May) "])
def test_the_day_of_a_dateline_dates_nothing(dateline: str) -> None:
    news = "Construction of the cathode plant of Nordcell in Lulea has begun."
    reading = READER.read(make_text(dateline + news, title="Cathodes", published="2024-05-10"))

    assert [(str(c.stage), c.date, c.evidence) for c in reading.claims] == [("construction", None, news)]


def test_a_place_that_stands_in_the_dateline_alone_still_names_the_project() -> None:
    text = "LULEA, May 10 (AFP) - Nordcell builds its plant."

    assert READER.read(make_text(text, title="Cells", published="2024-05-10")).projects == ("plant",)
