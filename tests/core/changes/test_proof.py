"""What proves a change: a sentence that tells exactly this, whatever brought the change."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.changes.changes import diff, unfold
from monitor.core.changes.comparison import Occasion
from monitor.core.folding.fold import fold
from monitor.core.folding.known import operators_word
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import State
from monitor.core.news import Change
from monitor.core.periods import Period
from monitor.core.state import Report
from tests.builders import NOW, make_article, make_claim


def article(day: int, *told: str, trust: float = 0.5) -> Report:
    """``article(3, "operating expected 2026-09")``: what an article of day 3 claims, each claim in its own sentence."""
    key = f"a{day}"
    claims = []
    for text in told:
        stage, state, *date = text.split()
        period = Period.parse(date[0]) if date else None
        claims.append(make_claim(stage=stage, state=State(state), date=period, evidence=f"{key}: {text}"))
    return Report(source=make_article(key, day=day, trust=trust, outlet=key).source, claims=tuple(claims))


def decided(before: list[Report], after: list[Report], *confirmed: Report) -> dict[tuple[str, object], list[str]]:
    """The sentences that prove each change of a decision, which confirms these reports and rejects the others."""
    words = [
        Occasion(
            key=f"review {number}",
            at=NOW,
            source=operators_word(report.source, claim=f"plant:{number}", by="zoe", at=NOW),
            claims=report.claims,
            by="zoe",
        )
        for number, report in enumerate(confirmed)
    ]
    rejection = Occasion(key="review", at=NOW, source=before[-1].source, by="zoe")
    was, now = (fold("plant", reports, INDUSTRIAL) for reports in (before, after))
    return proved(diff(was, now, Occasion.together([*words, rejection]), INDUSTRIAL))


def proved(changes: Iterable[Change]) -> dict[tuple[str, object], list[str]]:
    return {
        (change.type.value, change.to): [proof.sentence for proof in change.proof if proof.exact] for change in changes
    }


BUILT = article(1, "construction reached")
HALTED = article(2, "suspended reached")
RESUMED = article(3, "resumed reached")


def test_a_delay_that_shows_once_the_halt_is_over_is_proved_by_its_own_article() -> None:
    late = article(4, "delayed reached 2026-11")
    changes = [change for _, change in unfold("plant", [BUILT, HALTED, late], [RESUMED], INDUSTRIAL)]

    assert proved(changes) == {
        ("status", "construction"): ["a3: resumed reached"],
        ("schedule", None): ["a4: delayed reached 2026-11"],
    }
    assert str(changes[1].effective) == "2026-11"


def test_what_is_disputed_again_is_proved_by_the_denial() -> None:
    denied, settling = article(2, "construction denied"), article(3, "construction reached")

    found = decided([BUILT, denied, settling], [BUILT, denied])

    assert found == {("disputed", "disputed"): ["a2: construction denied"]}


@pytest.mark.parametrize("stage", ["agreed", "cancelled"])
def test_what_nobody_maintains_any_more_is_quoted(stage: str) -> None:
    wrong = article(2, f"{stage} reached")

    assert decided([wrong], [article(3, "operating expected 2028")]) == {
        ("disputed", "withdrawn"): [f"a2: {stage} reached"],
        ("schedule", "2028"): ["a3: operating expected 2028"],
    }


def test_an_end_is_disputed_by_who_tells_of_works_that_go_on() -> None:
    plan, ended = article(1, "announced reached"), article(2, "cancelled reached")
    working = article(9, "announced reached", "construction reached", "operating expected 2028")

    changes = [change for _, change in unfold("plant", [plan, ended], [working], INDUSTRIAL)]

    assert proved(changes)["disputed", "disputed"] == ["a9: construction reached"]


# ---------------------------------------------------------------- what only comes back


def test_a_date_that_is_expected_again_because_the_stage_was_not_reached_is_no_news() -> None:
    expected, wrong = article(2, "operating expected 2027-Q4"), article(3, "operating reached")

    assert decided([BUILT, expected, wrong], [BUILT, expected]) == {
        ("status", "construction"): ["a1: construction reached"]
    }
    again = article(4, "operating expected 2027-Q4")
    assert len(decided([BUILT, expected, wrong, again], [BUILT, expected, again])) == 1
    since = article(4, "operating expected 2028")
    assert decided([BUILT, expected, wrong, since], [BUILT, expected, since])["schedule", "2028"] == [
        "a4: operating expected 2028"
    ]


def test_a_date_that_comes_back_with_a_correction_by_the_publisher_is_no_news_either() -> None:
    expected, wrong = article(2, "operating expected 2027-Q4"), article(3, "operating reached")
    source = replace(wrong.source, seen_at=wrong.source.seen_at + timedelta(hours=1))
    edition = replace(wrong, source=source, claims=article(3, "construction reached").claims)

    changes = [change for _, change in unfold("plant", [BUILT, expected, wrong], [edition], INDUSTRIAL)]

    assert list(proved(changes)) == [("status", "construction")]
