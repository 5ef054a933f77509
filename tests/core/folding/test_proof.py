"""Which sentence proves a stage with its date, or an amount."""

from dataclasses import replace

import pytest

from monitor.core.folding.known import proofs
from monitor.core.folding.listing import brief
from monitor.core.model import Claim, State
from monitor.core.state import Report
from tests.core.folding.test_fold import claim, fact, folded, known, source


def written(article: str, day: int, told: Claim, *, language: str | None = None) -> Report:
    return Report(source=replace(source(article, day=day), language=language), claims=(told,))


def built(date: str | None = None) -> Claim:
    return claim("construction", date=date)


def works(date: str) -> Claim:
    return claim("operating", "expected", date=date)


KNOWN = known("construction", State.REACHED, "2024-04")


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        pytest.param(
            [written("a", 100, built("2024-04")), written("b", 200, built("2024-04"))], "a", id="the earliest"
        ),
        pytest.param(
            [KNOWN, written("a", 100, built("2024-04")), written("b", 700, built("2025-09-29"))],
            "a",
            id="not one of another date, though it is the newest",
        ),
        pytest.param(
            [written("a", 100, built("2024")), written("b", 200, built("2024-04"))], "b", id="not one less precise"
        ),
        pytest.param(
            [
                written("a", 100, built("2024-04"), language="fr"),
                written("b", 200, built("2024-04"), language="en"),
                written("c", 300, built("2024-04"), language="en"),
            ],
            "b",
            id="the earliest in the reader's language",
        ),
        pytest.param(
            [
                KNOWN,
                written("a", 100, built("2024-04"), language="fr"),
                written("b", 700, built("2025-09-29"), language="en"),
            ],
            "a",
            id="the date before the language",
        ),
        pytest.param(
            [KNOWN, written("a", 700, built("2025-09-29"))], "known:plant:0", id="known, if no article tells it"
        ),
        pytest.param([KNOWN, written("a", 100, built())], "known:plant:0", id="known, if the article tells no date"),
        pytest.param([written("a", 100, built()), written("b", 200, built())], "a", id="without a date the earliest"),
        pytest.param(
            [written("a", 50, replace(built("2024-04"), evidence="")), written("b", 200, built("2024-04"))],
            "b",
            id="one with a sentence",
        ),
    ],
)
def test_a_status_is_proved_by_what_tells_this_stage_at_this_date(reports: list[Report], expected: str) -> None:
    state = folded(*reports)

    first, *_ = proofs(state.evidence, state.since, language="en-GB")
    assert first.source.article == expected
    assert [each.source.article for each in brief(state).evidence] == [expected]


def test_what_is_still_expected_is_proved_by_the_newest_that_tells_this_date() -> None:
    state = folded(
        *(written(f"a{day}", day, works(date)) for day, date in ((1, "2026-Q3"), (2, "2026-Q3"), (3, "2026")))
    )
    milestone = state.milestone("operating")

    assert milestone is not None
    shown = proofs(milestone.evidence, milestone.forecast, is_expected=True)
    assert [each.sentence for each in shown] == ["operating expected 2026-Q3"] * 2
    assert [each.source.article for each in shown] == ["a2", "a1"]


def test_an_amount_is_proved_by_who_tells_exactly_this_amount() -> None:
    told = ((1, 3.02e9), (2, 3e9), (3, 3e9))
    reports = [Report(source=source(f"a{day}", day=day), facts=(fact(value),)) for day, value in told]
    (amount,) = folded(*reports).facts

    assert amount.value == 3e9
    assert [each.source.article for each in proofs(amount.evidence, amount.value)] == ["a2", "a3"]
