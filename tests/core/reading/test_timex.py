"""Time expressions in five languages: the phrases of ``phrases/dates.yaml``, and what no phrase shows."""

from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from monitor.core.periods import Period
from monitor.core.reading.dates.datewords import Calendar
from monitor.core.reading.dates.timex import TimeExpression, time_expressions
from monitor.core.reading.text.text import Document, Sentence, Span, Text
from monitor.core.reading.text.vocabulary import VocabularySection
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
    ("text", "published", "expected"),
    [
        pytest.param("yesterday", None, [], id="nothing to count from"),
        pytest.param("yesterday", "2025-03", [], id="counted from too coarse a day"),
        pytest.param("on Friday", "2025-03", ["2025-03"], id="a weekday of an unknown week lies in the month"),
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


MONTHS = {"march": 3}


@pytest.mark.parametrize(
    ("patterns", "text", "expected"),
    [
        pytest.param({"start of h{ordinal} {year}": "half start"}, "start of h2 2026", ["2026-Q3"], id="of a half"),
        pytest.param({"end of q{ordinal} {year}": "quarter end"}, "end of q1 2026", ["2026-03"], id="of a quarter"),
        pytest.param({"end of {month} {year}": "month end"}, "end of march 2026", ["2026-03"], id="a month stays"),
        pytest.param({"next half": "half next"}, "the next half", ["2025-H2"], id="a half counted"),
        pytest.param({"{month} again": "month future"}, "march again", ["2026-03"], id="ahead"),
        pytest.param({"year": "year"}, "a year of march", [], id="no year in it"),
        pytest.param(
            {"the next {day}th": "day later", "{digits}": "year"}, "2024, the next 5th", ["2024"], id="of what?"
        ),
        pytest.param({"\\S{6}": "day this"}, "onward", ["2025-03-10"], id="any word"),
    ],
)
def test_a_lexicon_may_say_it_its_own_way(patterns: dict[str, str], text: str, expected: list[str]) -> None:
    calendar = Calendar.from_section(VocabularySection({"months": MONTHS, "patterns": patterns}))
    folded = Text.of(text)
    sentence = Sentence(span=Span(0, len(text)), clauses=())
    document = Document(text=folded, sentences=(sentence,), language="xx", published=Period.parse(PUBLISHED))

    assert brief(time_expressions(document, calendar)) == expected


@given(st.sampled_from(["fr", "en", "ar", "zh", "es"]), st.text(max_size=300))
def test_any_text_is_read_without_raising_and_in_order(language: str, text: str) -> None:
    found = times(language, text)

    assert all(one.span.end <= other.span.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "en janvier et février 2026", ["2026-01", "2026-02"]),
        ("en", "from October to March 2026", ["2025-10", "2026-03"]),
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
