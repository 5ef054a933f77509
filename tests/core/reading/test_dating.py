"""Which date belongs to which event: the sentences of ``phrases/dating.yaml``, and what lies behind them."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from monitor.core.reading.claims.dating import date_events
from monitor.core.reading.dates.timex import time_expressions
from monitor.core.reading.events.events import tell
from monitor.core.reading.text.tokens import Tokens
from tests.core.reading.texts import lay_out, lexicons

SENTENCES = YAML(typ="safe").load(Path(__file__).with_name("phrases") / "dating.yaml")


def dates(text: str, published: str | None = "2024-06-15", language: str = "en") -> list[tuple[str, list[str | None]]]:
    document = lay_out(text, published=published, language=language)
    lexicon = lexicons()[language]
    told = tell(document, Tokens.of(document.text), lexicon)
    dated = date_events(told, time_expressions(document, lexicon.dates), document, lexicon.focus)
    found = [
        (event.stage, [str(dating.period) if dating.period else None for dating in datings if not dating.is_superseded])
        for event, datings in zip(told, dated, strict=True)
        if event.stage != "announced"
    ]
    # The same stage may be told by several phrases at once.
    return [here for here, before in zip(found, [None, *found], strict=False) if here != before]


def test_what_was_planned_before_and_stands_between_commas_gives_way_in_other_languages_too() -> None:
    assert dates("La production, prévue en 2025, débutera en 2026.", language="fr") == [("operating", ["2026"])]
    assert dates("La producción, prevista para 2025, empezará en 2026.", language="es") == [("operating", ["2026"])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Construction began.", [("construction", [None])]),
        # Between commas, before what is planned now, stands what was planned before.
        ("Production, planned for 2025, will start in 2026.", [("operating", ["2026"])]),
        ("Production, planned for 2025, will employ 500 people by 2026.", [("operating", ["2025"])]),
        # The day on which something was said is not that on which it will be.
        ("The firm said on Friday that construction will begin in 2026.", [("construction", ["2026"])]),
        ("The firm said on Friday that construction will begin.", [("construction", [None])]),
        ("On Friday the firm said that construction had begun.", [("construction", ["2024-06-14"])]),
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
        # What is inserted between two commas has its own.
        (
            "The plant, put off by two years in May 2023, has been cancelled.",
            [("cancelled", [None]), ("delayed", ["2023-05"])],
        ),
        # What a sentence opens with, announced long ago, was not given up then.
        ("Announced in May 2023, the plant has been cancelled.", [("cancelled", [None])]),
        # What is under way has no time to come, and nothing has that of an aside since when it is something else.
        (
            "Already under construction, the plant will open in 2026.",
            [("construction", [None]), ("operating", ["2026"])],
        ),
        ("The mine, empty since 2022, opens.", [("operating", [None])]),
        ("The mine, running since 2022, pays.", [("operating", ["2022"])]),
        ("Empty since 2022, the mine opens.", [("operating", [None])]),
        ("Since 2022, the plant is operational.", [("operating", ["2022"])]),
        # A month and a year are no alternatives.
        (
            "Construction begins in August and in 2027 production will start.",
            [("construction", ["2024-08"]), ("operating", ["2027"])],
        ),
        # Alternatives are all kept, joined ones too.
        ("Production will start in 2026 or 2027.", [("operating", ["2026", "2027"])]),
        # A date in the clause beside it will do, where nothing else is told there.
        ("In May 2024; construction began.", [("construction", ["2024-05"])]),
        ("Construction began; production will start in 2026.", [("construction", [None]), ("operating", ["2026"])]),
        # A bare verb takes a date on either side of the day of publishing.
        ("The plant opens in May 2026.", [("operating", ["2026-05"])]),
        # What is delayed to a date was not delayed on that date.
        ("The project is delayed until 2027.", [("delayed", [None])]),
        # A date before the delay is that of what comes late.
        (
            "Production is now due in August, seven months behind schedule.",
            [("operating", ["2024-08"]), ("delayed", [None])],
        ),
        # A date of the future alone makes an expectation, which is for others to see.
        ("Construction starts in 2026.", [("construction", ["2026"])]),
        (
            "Construction started. The port opened its gates in 2023.",
            [("construction", [None]), ("operating", ["2023"])],
        ),
        # What was said that day may have happened that day.
        (
            "Works on the plant were halted, it said on Friday.",
            [("construction", [None]), ("suspended", ["2024-06-14"])],
        ),
    ],
)
def test_an_event_takes_the_date_that_is_nearest_and_its_own(
    text: str, expected: list[tuple[str, list[str | None]]]
) -> None:
    assert dates(text) == expected


def test_without_a_day_of_publication_the_nearest_date_is_believed() -> None:
    assert dates("Construction began in 2031.", None) == [("construction", ["2031"])]


@pytest.mark.parametrize(
    ("language", "text", "line"),
    [
        pytest.param(language, text, line, id=f"{language}: {text}")
        for language, lines in SENTENCES.items()
        for entry in lines
        for text, line in entry.items()
    ],
)
def test_a_sentence_tells_when(language: str, text: str, line: str) -> None:
    found: dict[str, set[str | None]] = {}
    for stage, periods in dates(text, "2025-03-10", language):
        found.setdefault(stage, set()).update(periods)

    for stage, period in (part.split() for part in line.split(", ")):
        assert found.get(stage) == ({None} if period == "-" else set(period.split("|")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In March 2024 it obtained the permit and broke ground.", "2024-03"),
        # The time stands behind; something else follows; it is told apart; it cannot have been then.
        ("It obtained the permit in March 2024 and broke ground.", None),
        ("In March 2024 it obtained the permit, then long after and with much ado broke ground.", None),
        ("In March 2024 it obtained the permit; and it broke ground.", None),
        ("In March 2024 it was halted and broke ground.", None),
        ("It obtained the permit and broke ground.", None),
    ],
)
def test_what_an_and_joins_to_an_event_has_the_time_before_that(text: str, expected: str | None) -> None:
    assert ("construction", [expected]) in dates(text)


def test_a_day_long_gone_behind_an_announcement_is_its_own_and_that_of_the_news_is_not() -> None:
    assert dates("It froze the plant that it announced in 2022.") == [("suspended", [None])]
    assert dates("It froze the plant, it announced on Monday.") == [("suspended", ["2024-06-10"])]


def test_what_goes_on_in_the_year_of_a_plan_is_part_of_it() -> None:
    text = "Construction is to begin in March 2025, with trial production in September."

    assert dates(text) == [("construction", ["2025-03"]), ("commissioning", ["2025-09"])]
    assert ("commissioning", ["2025-09"]) not in dates(text.replace(",", ";"))


def test_what_will_not_be_done_by_a_day_still_to_come_is_a_plan_given_up() -> None:
    document = lay_out("The plant will not be completed by the end of 2026.", published="2024-06-15")
    lexicon = lexicons()["en"]
    told = tell(document, Tokens.of(document.text), lexicon)
    ((dating,),) = date_events(told, time_expressions(document, lexicon.dates), document, lexicon.focus)

    assert (str(dating.period), dating.is_superseded) == ("2026-Q4", True)


def test_the_day_on_which_works_stop_is_not_that_on_which_they_began() -> None:
    assert dict(dates("Works have been suspended since Monday.")) == {
        "suspended": ["2024-06-10"],
        "construction": [None],
    }
