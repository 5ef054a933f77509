"""Time expressions in five languages: the phrases of ``phrases/dates.yaml``, and what no phrase shows."""

from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from monitor.core.model import State
from monitor.core.periods import Period
from monitor.core.reading.dates.datewords import Calendar
from monitor.core.reading.dates.timex import TimeExpression, time_expressions
from monitor.core.reading.text.document import Document, Sentence, Span
from monitor.core.reading.text.text import Text
from monitor.core.reading.text.vocabulary import LexiconError, Section
from monitor.settings.lexicons import load_lexicons

#: A Monday.
PUBLISHED = "2025-03-10"
PHRASES = YAML(typ="safe").load(Path(__file__).with_name("phrases") / "dates.yaml")
lexicons = cache(load_lexicons)


def times(language: str, text: str, published: str | None = PUBLISHED) -> tuple[TimeExpression, ...]:
    folded = Text.of(text)
    document = Document(
        text=folded,
        sentences=(Sentence(span=Span(0, len(folded.bare)), clauses=()),),
        language=language,
        published=Period.parse(published) if published else None,
    )
    return time_expressions(document, lexicons()[language].dates)


def brief(found: tuple[TimeExpression, ...]) -> list[str]:
    """``behind`` of each, with ``ahead`` where it differs, and ``~`` where it is superseded."""
    return [
        ("~" if time.is_superseded else "")
        + (f"{time.behind}" if time.behind == time.ahead else f"{time.behind} or {time.ahead}")
        for time in found
    ]


@pytest.mark.parametrize(
    ("language", "text", "line"),
    [
        pytest.param(language, text, line, id=f"{language}: {text}")
        for language, lines in PHRASES.items()
        for text, line in lines.items()
    ],
)
def test_a_phrase_means(language: str, text: str, line: str) -> None:
    assert "; ".join(brief(times(language, text))) == line


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "signée le 29 mars 2024 à Rabat", ["2024-03-29"]),
        ("fr", "signée le vendredi 29 mars à Rabat", ["2024-03-29 or 2025-03-29"]),
        ("fr", "le 1er juillet 2025", ["2025-07-01"]),
        ("fr", "dès septembre 2026", ["2026-09"]),
        ("fr", "en septembre", ["2024-09 or 2025-09"]),
        ("fr", "en mars dernier", ["2024-03"]),
        ("fr", "au troisième trimestre de 2026", ["2026-Q3"]),
        ("fr", "au premier semestre 2027", ["2027-H1"]),
        ("fr", "fin 2026", ["2026-Q4"]),
        ("fr", "lancée début 2024", ["2024-Q1"]),
        ("fr", "mi-2025", ["2025"]),
        ("fr", "durant l'été 2023", ["2023-Q3"]),
        ("fr", "cet hiver 2024", ["2024"]),
        ("fr", "le mois dernier", ["2025-02"]),
        ("fr", "l'année prochaine", ["2026"]),
        ("fr", "dans deux ans", ["2027"]),
        ("fr", "il y a six mois", ["2024-09"]),
        ("fr", "dans dix jours", ["2025-03-20"]),
        ("fr", "la semaine dernière", ["2025-03"]),
        ("fr", "ce vendredi", ["2025-03-07 or 2025-03-14"]),
        ("fr", "vendredi dernier", ["2025-03-07"]),
        ("fr", "aujourd’hui", ["2025-03-10"]),
        ("fr", "initialement prévue pour 2025, elle débutera en 2027", ["~2025", "2027"]),
        ("fr", "repoussé de 2025 à fin 2026", ["~2025", "2026-Q4"]),
        ("fr", "2.500 emplois et 50 000 tonnes", []),
        ("en", "in Q2 2025", ["2025-Q2"]),
        ("en", "in the second half of 2026", ["2026-H2"]),
        ("en", "on March 15, 2024", ["2024-03-15"]),
        ("en", "15 March 2024", ["2024-03-15"]),
        ("en", "2024-03-15", ["2024-03-15"]),
        ("en", "in late 2024", ["2024-Q4"]),
        ("en", "since late September", ["2024-09 or 2025-09"]),
        ("en", "by the end of 2026", ["2026-Q4"]),
        ("en", "next year", ["2026"]),
        ("en", "in two years", ["2027"]),
        ("en", "three months ago", ["2024-12"]),
        ("en", "last Friday", ["2025-03-07"]),
        ("en", "next Monday", ["2025-03-17"]),
        ("en", "this quarter", ["2025-Q1"]),
        ("en", "this month", ["2025-03"]),
        ("en", "yesterday", ["2025-03-09"]),
        ("en", "was originally due to open in 2025", ["~2025"]),
        ("en", "pushed back from 2025 to 2027", ["~2025", "2027"]),
        ("en", "it may start soon", []),
        ("ar", "في شتنبر 2026", ["2026-09"]),
        ("ar", "تشرين الأول 2025", ["2025-10"]),
        ("ar", "في جويلية ٢٠٢٦", ["2026-07"]),
        ("ar", "نهاية 2026", ["2026-Q4"]),
        ("ar", "خلال الربع الثالث من عام 2026", ["2026-Q3"]),
        ("ar", "يوم الخميس 6 يونيو 2024", ["2024-06-06"]),
        ("ar", "18 نوفمبر الماضي", ["2024-11-18"]),
        ("ar", "العام المقبل", ["2026"]),
        ("zh", "2026年9月30日", ["2026-09-30"]),
        ("zh", "8月7日", ["2024-08-07 or 2025-08-07"]),
        ("zh", "二〇二六年五月开工", ["2026-05"]),
        ("zh", "八月三十日竣工", ["2024-08-30 or 2025-08-30"]),
        ("zh", "三个月的工期", []),
        ("fr", "au mois d'août", ["2024-08 or 2025-08"]),
        ("fr", "il y a vingt-six mois", ["2023-01"]),
        ("zh", "2026年第三季度", ["2026-Q3"]),
        ("zh", "预计2027年初投入使用", ["2027-Q1"]),
        ("zh", "今年下半年动工", ["2025-H2"]),
        ("zh", "明年3月", ["2026-03"]),
        ("zh", "两年内", ["2027"]),
        ("zh", "原定2025年投产推迟至2027年", ["~2025", "2027"]),
        ("es", "el 6 de junio de 2024", ["2024-06-06"]),
        ("es", "en el tercer trimestre de 2026", ["2026-Q3"]),
        ("es", "a finales de 2026", ["2026-Q4"]),
        ("es", "el próximo año", ["2026"]),
        ("es", "retrasado de 2025 a 2027", ["~2025", "2027"]),
    ],
)
def test_an_expression_means(language: str, text: str, expected: list[str]) -> None:
    assert brief(times(language, text)) == expected


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        pytest.param("yesterday", None, [], id="nothing to count from"),
        pytest.param("yesterday", "2025-03", [], id="counted from too coarse a day"),
        pytest.param("on Friday", "2025-03", ["2025-03"], id="a weekday of an unknown week lies in the month"),
        pytest.param("last month", "2025", [], id="a month of a known year"),
        pytest.param("in 24 months", "2025", ["2027"], id="months that make years"),
        pytest.param("next year", "2025", ["2026"], id="a year from a year"),
        pytest.param("on 29 September", "2025", ["2025-09-29"], id="a day in a year known only so"),
        pytest.param("on 30 February 2025", PUBLISHED, ["2025-02"], id="no such day"),
        pytest.param("in the fourth half of 2025", PUBLISHED, ["2025"], id="no such half"),
        pytest.param("on Monday", PUBLISHED, ["2025-03-10"], id="today's weekday"),
        pytest.param("early in the first half of 2026", PUBLISHED, ["2026-Q1"], id="the longest reading wins"),
    ],
)
def test_what_is_known_of_the_publishing_decides(text: str, published: str | None, expected: list[str]) -> None:
    assert brief(times("en", text, published)) == expected


def test_the_tense_chooses_the_side() -> None:
    (time,) = times("en", "in September")

    assert str(time.period(State.REACHED)) == "2024-09"
    assert str(time.period(State.EXPECTED)) == "2025-09"
    assert str(time.period(State.DENIED)) == "2024-09"


MONTHS = {"march": 3}


@pytest.mark.parametrize(
    ("patterns", "text", "expected"),
    [
        pytest.param({"start of h{ordinal} {year}": "half start"}, "start of h2 2026", ["2026-Q3"], id="of a half"),
        pytest.param({"end of h{ordinal} {year}": "half end"}, "end of h1 2026", ["2026-Q2"], id="end of a half"),
        pytest.param({"end of q{ordinal} {year}": "quarter end"}, "end of q1 2026", ["2026-03"], id="of a quarter"),
        pytest.param({"start of q{ordinal} {year}": "quarter start"}, "start of q2 2026", ["2026-04"], id="its start"),
        pytest.param({"end of {month} {year}": "month end"}, "end of march 2026", ["2026-03"], id="a month stays"),
        pytest.param({"next half": "half next"}, "the next half", ["2025-H2"], id="a half counted"),
        pytest.param({"{month} again": "month future"}, "march again", ["2026-03"], id="ahead"),
        pytest.param({"month of now|this month": "month this"}, "this month", ["2025-03"], id="one way or the other"),
        pytest.param({"year": "year"}, "a year of march", [], id="no year in it"),
        pytest.param(
            {"the next {day}th": "day later", "{digits}": "year"}, "2024, the next 5th", ["2024"], id="of what?"
        ),
        pytest.param({"\\S{6}": "day this"}, "onward", ["2025-03-10"], id="any word"),
    ],
)
def test_a_lexicon_may_say_it_its_own_way(patterns: dict[str, str], text: str, expected: list[str]) -> None:
    calendar = Calendar.from_section(Section({"months": MONTHS, "patterns": patterns}))
    folded = Text.of(text)
    sentence = Sentence(span=Span(0, len(text)), clauses=())
    document = Document(text=folded, sentences=(sentence,), language="xx", published=Period.parse(PUBLISHED))

    assert brief(time_expressions(document, calendar)) == expected


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"patterns": {"(": "year"}}, "not a pattern"),
        ({"patterns": {"{century}": "year"}}, "is none of"),
        ({"patterns": {"x": "century"}}, "write a precision"),
        ({"patterns": {"x": "year soon"}}, "write a precision"),
        ({"patterns": {"x": "year end this that"}}, "write a precision"),
        ({"months": {"may": "five"}}, "number"),
        ({"moths": {}}, "unknown|none"),
    ],
)
def test_a_wrong_lexicon_names_the_key(section: dict[str, object], words: str) -> None:
    with pytest.raises(LexiconError, match=words):
        Calendar.from_section(Section(section, "dates"))


@given(st.sampled_from(["fr", "en", "ar", "zh", "es"]), st.text(max_size=300))
def test_any_text_is_read_without_raising_and_in_order(language: str, text: str) -> None:
    found = times(language, text)

    assert all(one.span.end <= other.span.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "entre mars et juin 2026", ["2026-03", "2026-06"]),
        ("fr", "en janvier et février 2026", ["2026-01", "2026-02"]),
        ("en", "from October to March 2026", ["2025-10", "2026-03"]),
        ("es", "entre septiembre y enero de 2025", ["2024-09", "2025-01"]),
        ("en", "in March. In June 2026", ["2025-03", "2026-06"]),
        ("en", "last October and June 2026", ["2024-10", "2026-06"]),
        ("en", "on Friday and June 2026", ["2025-03-07 or 2025-03-14", "2026-06"]),
        ("en", "in the first half of this year and in June 2026", ["2025-H1", "2026-06"]),
    ],
)
def test_dates_told_together_share_their_year(language: str, text: str, expected: list[str]) -> None:
    assert brief(times(language, text)) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "la Coupe du monde 2030"),
        ("en", "Vision 2030"),
        ("es", "el Mundial de 2030"),
        ("ar", "مونديال 2030"),
        ("zh", "数字摩洛哥2030"),
    ],
)
def test_a_year_in_a_name_is_no_date(language: str, text: str) -> None:
    assert not times(language, text)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("es", "anunció en marzo de 2023 y, a fines de ese año, se retrasó", ["2023-03", "2023-Q4"]),
        ("fr", "en 2022, puis en mars de la même année", ["2022", "2022-03"]),
        ("en", "in 2022, and late that year", ["2022", "2022-Q4"]),
        ("ar", "سنة 2022، وفي نهاية العام نفسه", ["2022", "2022-Q4"]),
        ("zh", "2024年6月签约，同年11月动工", ["2024-06", "2024-11"]),
        ("en", "late that year", []),
    ],
)
def test_that_year_is_the_one_named_last(language: str, text: str, expected: list[str]) -> None:
    assert brief(times(language, text)) == expected


def test_without_a_day_of_publishing_a_month_is_of_the_year_named_before() -> None:
    assert brief(times("fr", "signée en mars 2024, lancée en avril, un vendredi", published=None)) == [
        "2024-03",
        "2024-04",
    ]


def test_the_twenty_ninth_of_february_shares_no_common_year() -> None:
    assert brief(times("fr", "le 29 février et en mars 2027", published="2024-01-10")) == ["2024-02-29", "2027-03"]


def test_a_pattern_begins_with_a_word() -> None:
    assert brief(times("fr", "enfin 2026")) == ["2026"]


def test_a_day_of_no_month_is_no_date() -> None:
    assert brief(times("zh", "2028年投产，7日公布", published=None)) == ["2028"]


@pytest.mark.parametrize(
    ("published", "text", "found"),
    [
        ("0001-01-01", "It had begun two days earlier.", []),
        ("0001-01-01", "It was built three weeks earlier, and opened today.", ["0001-01-01"]),
        ("9999-12-31", "It began today, and ended two days later.", ["9999-12-31"]),
        ("9999-12-31", "It began today, and will end three weeks later.", ["9999-12-31"]),
        ("9999-12-31", "It ends in two weeks, or in a year, or on Friday.", []),
        ("9999", "It ends next year, or in two decades.", []),
    ],
)
def test_what_lies_beyond_the_calendar_is_no_date(published: str, text: str, found: list[str]) -> None:
    assert brief(times("en", text, published)) == found
