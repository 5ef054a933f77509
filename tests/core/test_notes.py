"""What the notes on a reading say."""

from dataclasses import replace

import pytest

from monitor.core.explained import section
from monitor.core.model import FactKind
from monitor.core.notes import notes, quantity, relevance
from monitor.core.periods import Period
from monitor.core.reading.explanation import DateMark, ExplainedSentence, Explanation, Stretch
from tests.core.reading.texts import PLANT, make_text
from tests.core.reading.trained.explained import explained


@pytest.mark.parametrize(
    ("is_superseded", "is_used", "says"),
    [
        (True, True, "2026, or 2027 of what is to come, as it was planned once"),
        (False, True, "2026, or 2027 of what is to come"),
        (False, False, "2026, or 2027 of what is to come, dates nothing"),
    ],
)
def test_a_date_says_what_it_means_and_whether_it_counts(is_superseded: bool, is_used: bool, says: str) -> None:
    place = Stretch(0, 4)
    mark = DateMark(
        place=place,
        behind=Period.parse("2026"),
        ahead=Period.parse("2027"),
        is_superseded=is_superseded,
        is_used=is_used,
    )
    sentence = ExplainedSentence(place=place, is_title=False, marks=(mark,))
    explained = Explanation(
        text="soon",
        language="en",
        published=None,
        projects=(),
        sentences=(sentence,),
        claims=(),
        facts=(),
        reason=None,
    )

    assert [(note.kind, note.words, note.says) for note in notes(explained, sentence)] == [("date", "soon", says)]


def test_how_likely_an_article_concerns_a_project_is_told() -> None:
    article = make_text("BTR broke ground on its cathode plant in Tangier.")
    found = replace(explained(article, PLANT), relevance=(("cathode", 0.934), ("anode", 0.1)))

    assert relevance(found) == "concerns cathode 0.93, anode 0.10"
    assert "concerns cathode 0.93" in section("a", article, found, number=1)


@pytest.mark.parametrize(
    ("value", "unit", "kind", "words"),
    [
        (3e9, "MAD", FactKind.INVESTMENT, "3 billion MAD"),
        (5e5, "MAD", FactKind.INVESTMENT, "500,000 MAD"),
        (5e7, "t/yr", FactKind.CAPACITY, "50,000,000 t/yr"),
        (500, "jobs", FactKind.JOBS, "500"),
        (60, None, None, "60"),
    ],
)
def test_amounts_are_written_as_on_the_command_line(
    value: float, unit: str | None, kind: FactKind | None, words: str
) -> None:
    assert quantity(value, unit, kind) == words
