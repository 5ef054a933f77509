"""Which date belongs to which event."""

import pytest

from monitor.core.reading.dating import date_events
from monitor.core.reading.events import tell
from monitor.core.reading.timex import time_expressions
from monitor.core.reading.tokens import Tokens
from tests.core.reading.texts import lay_out, lexicons


def dates(text: str, published: str | None = "2024-06-15") -> list[tuple[str, list[str | None]]]:
    document = lay_out(text, published=published)
    lexicon = lexicons()["en"]
    told = tell(document, Tokens.of(document.text), lexicon)
    dated = date_events(told, time_expressions(document, lexicon.dates), document)
    found = [
        (event.stage, [str(dating.period) if dating.period else None for dating in datings])
        for event, datings in zip(told, dated, strict=True)
        if event.stage != "announced"
    ]
    # The same stage may be told by several phrases at once.
    return [here for here, before in zip(found, [None, *found], strict=False) if here != before]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Construction began.", [("construction", [None])]),
        ("Construction began in March 2024.", [("construction", ["2024-03"])]),
        ("In March 2024 construction began.", [("construction", ["2024-03"])]),
        (
            "Construction began in 2023 and production will start in 2026.",
            [("construction", ["2023"]), ("operating", ["2026"])],
        ),
        # A date may stand within the words that tell the event.
        ("Construction of the plant in May 2024 began.", [("construction", ["2024-05"])]),
        # The date of one event is not that of another that stands behind it.
        ("Construction began in 2023 and production will start.", [("construction", ["2023"]), ("operating", [None])]),
        # But what is decided by one act has one date.
        (
            "The board approved the plant and signed an investment agreement on 29 March 2024.",
            [("approved", ["2024-03-29"]), ("agreed", ["2024-03-29"])],
        ),
        (
            "The board approved the plant; an investment agreement was signed on 29 March 2024.",
            [("approved", ["2024-03-29"]), ("agreed", ["2024-03-29"])],
        ),
        # Of two events as near to a date, the one before it has it, if the other has another.
        (
            "Construction began in 2021 and production started in March 2024.",
            [("construction", ["2021"]), ("operating", ["2024-03"])],
        ),
        # Alternatives are all kept, joined ones too.
        ("Production will start in 2026 or 2027.", [("operating", ["2026", "2027"])]),
        # A date in the clause beside it will do, where nothing else is told there.
        ("In May 2024; construction began.", [("construction", ["2024-05"])]),
        ("Construction began; production will start in 2026.", [("construction", [None]), ("operating", ["2026"])]),
        # What is delayed to a date was not delayed on that date.
        ("The project is delayed until 2027.", [("delayed", [None])]),
        # A date of the future alone makes an expectation, which is for others to see.
        ("Construction starts in 2026.", [("construction", ["2026"])]),
        ("Construction started. That was in 2023.", [("construction", [None])]),
    ],
)
def test_an_event_takes_the_date_that_is_nearest_and_its_own(
    text: str, expected: list[tuple[str, list[str | None]]]
) -> None:
    assert dates(text) == expected


def test_without_a_day_of_publication_the_nearest_date_is_believed() -> None:
    assert dates("Construction began in 2031.", None) == [("construction", ["2031"])]
