"""What any ledger does with an operator's decisions, tried on SQLite and PostgreSQL."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from monitor.core.folding.known import is_operators_word
from monitor.core.model import Reading, State
from monitor.core.periods import Period
from monitor.core.review import Review, Ruling, reviewed
from monitor.core.state import Report
from monitor.ledger.outbox import SQLOutbox
from monitor.ledger.store import SQLLedger
from monitor.ports import Decision, Ledger, ReadFor
from tests.builders import NOW, make_article, make_change, make_claim, make_fact, make_poll
from tests.ledger.decisions import nothing, owing

LATER = NOW + timedelta(days=1)
SIGNED = make_claim()
SUM = make_fact()


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    ledger = SQLLedger(engine)
    reading = Reading(language="en", projects=("plant",), claims=(SIGNED, make_claim(stage="approved")), facts=())
    ledger.record(make_poll(make_article(reading=reading)), nothing)
    return ledger


def make_review(**more: object) -> Review:
    review = Review(
        claim=SIGNED,
        source=make_article().source,
        verdict=Ruling.REJECT,
        author="zoe",
        reason="It is of another plant.",
        at=LATER,
    )
    return replace(review, **more)  # type: ignore[arg-type]  # as replace itself


def unchanged(before: Mapping[str, Sequence[Report]], after: Mapping[str, Sequence[Report]]) -> Decision:
    return Decision()


def stages(ledger: Ledger, project: str = "plant", **more: object) -> list[str]:
    reports = ledger.reports(**more).get(project, ())  # type: ignore[arg-type]  # as reports itself
    return [claim.stage for report in reports for claim in report.claims]


def test_a_decision_is_kept_whole(ledger: Ledger) -> None:
    corrected = make_review(
        verdict=Ruling.CORRECT,
        instead=make_claim(stage="approved", state=State.EXPECTED, date=Period.parse("2026-Q3"), confidence=1.0),
        at=LATER + timedelta(days=1),
    )

    ledger.review([make_review()], unchanged)
    ledger.review([corrected], unchanged)

    assert ledger.reviews() == ledger.reviews("plant") == [make_review(), corrected]
    assert ledger.reviews("other") == []


def test_a_decision_on_an_amount_is_kept_whole_and_can_be_undone(ledger: Ledger) -> None:
    reading = Reading(language="en", projects=("plant",), claims=(), facts=(SUM, make_fact(value=2e9)))
    ledger.record(make_poll(make_article("a2", reading=reading)), nothing)
    right = replace(SUM, value=3.6e9, unit="CNY", project="other", phase="first", confidence=1.0)
    review = make_review(claim=SUM, source=make_article("a2").source, verdict=Ruling.CORRECT, instead=right)

    ledger.review([review], unchanged)

    assert ledger.reviews("plant") == ledger.reviews("other") == [review]
    assert [fact.value for report in ledger.reports()["plant"] for fact in report.facts] == [2e9]
    assert [fact for report in ledger.reports()["other"] for fact in report.facts] == [right]

    ledger.review([replace(review, undone_at=LATER, undone_by="kim")], unchanged)
    assert "other" not in ledger.reports()


def test_reports_are_as_they_were_decided_and_can_be_had_as_they_were_read(ledger: Ledger) -> None:
    ledger.review([make_review()], unchanged)

    assert stages(ledger) == ["approved"]
    assert stages(ledger, as_read=True) == ["agreed", "approved"]
    assert stages(ledger, as_of=NOW) == ["agreed", "approved"]
    assert stages(ledger, as_of=LATER) == ["approved"]


def test_an_operators_word_is_a_report_of_its_own(ledger: Ledger) -> None:
    ledger.review([make_review(verdict=Ruling.CONFIRM)], unchanged)

    [article, word] = ledger.reports()["plant"]
    assert (is_operators_word(article.source), is_operators_word(word.source)) == (False, True)
    assert (word.source.decided_by, word.source.decides_on) == ("zoe", article.source.article)
    assert (word.source.outlet, word.source.trust, word.source.url) == (article.source.outlet, 1.0, article.source.url)


def test_a_claim_is_moved_to_a_project_that_nothing_was_known_of(ledger: Ledger) -> None:
    moved = make_review(verdict=Ruling.ASSIGN, instead=make_claim(project="other", confidence=1.0))

    ledger.review([moved], unchanged)

    assert (stages(ledger), stages(ledger, "other")) == (["approved"], ["agreed"])
    assert ledger.reports("other")["other"][0].source == make_article().source
    assert ledger.reviews("other") == [moved]


def test_what_follows_is_committed_with_the_decision(ledger: Ledger, engine: Engine) -> None:
    seen: list[list[int]] = []

    def decide(before: Mapping[str, Sequence[Report]], after: Mapping[str, Sequence[Report]]) -> Decision:
        seen.extend([len(report.claims) for report in told["plant"]] for told in (before, after))
        return owing(make_change())({}, {})

    assert ledger.review([make_review()], decide) == (make_change(),)

    assert seen == [[2], [1]]
    assert ledger.changes() == [make_change()]
    assert len(SQLOutbox(engine).deliveries()) == 1


def test_nothing_is_kept_of_a_decision_from_which_nothing_can_follow(ledger: Ledger) -> None:
    def decide(before: Mapping[str, Sequence[Report]], after: Mapping[str, Sequence[Report]]) -> Decision:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ledger.review([make_review()], decide)

    assert ledger.reviews() == []
    assert stages(ledger) == ["agreed", "approved"]


def test_a_decision_that_is_undone_is_none_and_stays_on_record(ledger: Ledger) -> None:
    undone = make_review(undone_at=LATER + timedelta(days=1), undone_by="kim")
    ledger.review([make_review()], unchanged)

    ledger.review([undone], unchanged)

    assert ledger.reviews() == [undone]
    assert stages(ledger) == ["agreed", "approved"]
    assert stages(ledger, as_of=LATER) == ["approved"]
    assert stages(ledger, as_of=LATER + timedelta(days=1)) == ["agreed", "approved"]


def test_undoing_what_is_not_in_force_asks_for_nothing(ledger: Ledger) -> None:
    def decide(before: Mapping[str, Sequence[Report]], after: Mapping[str, Sequence[Report]]) -> Decision:
        raise AssertionError

    assert ledger.review([make_review(undone_at=LATER, undone_by="kim")], decide) == ()
    assert ledger.reviews() == []


def test_a_poll_is_decided_on_what_the_operator_left(ledger: Ledger) -> None:
    """A copy of the story brings the rejected claim again, and it counts as little as before."""
    seen: dict[str, list[list[str]]] = {}

    def decide(before: Mapping[str, Sequence[Report]], fresh: Mapping[str, Sequence[Report]]) -> Decision:
        for name, told in {"before": before, "fresh": fresh}.items():
            seen[name] = [[claim.stage for claim in report.claims] for report in told["plant"]]
        return Decision()

    ledger.review([make_review()], unchanged)
    ledger.record(make_poll(make_article("a2", day=2)), decide)

    assert seen == {"before": [["approved"]], "fresh": [["agreed"]]}


def test_a_correction_that_tells_the_rejected_claim_again_brings_nothing(ledger: Ledger) -> None:
    seen: list[list[list[str]]] = []

    def decide(before: Mapping[str, Sequence[Report]], fresh: Mapping[str, Sequence[Report]]) -> Decision:
        seen.extend([[claim.stage for claim in r.claims] for r in told["plant"]] for told in (before, fresh))
        return Decision()

    ledger.review([make_review()], unchanged)
    reading = Reading(language="en", projects=("plant",), claims=(make_claim(date=Period.parse("2024-04")),), facts=())
    ledger.reread([make_article(reading=reading, day=3)], ReadFor.CORRECTION, decide)

    assert seen == [[["approved"]], [[]]]
    assert ledger.reports() == {}
    assert stages(ledger, as_read=True) == ["agreed"]


#: The article, the stage, what is decided, and whether it is undone.
DECISIONS = st.tuples(
    st.integers(0, 3), st.sampled_from(["agreed", "approved"]), st.sampled_from(Ruling), st.booleans()
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(DECISIONS, max_size=6))
def test_what_is_to_be_folded_is_what_was_read_by_the_decisions_in_force(
    engine: Engine, decisions: list[tuple[int, str, Ruling, bool]]
) -> None:
    ledger = SQLLedger(engine)
    for number in range(4):
        reading = Reading(language="en", projects=("plant",), claims=(SIGNED, make_claim(stage="approved")), facts=())
        ledger.record(make_poll(make_article(f"p{number}", reading=reading, day=-number)), nothing)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM reviews"))
    at = LATER
    for number, stage, verdict, is_undone in decisions:
        at += timedelta(hours=1)
        instead = {
            Ruling.CORRECT: make_claim(stage="operating", confidence=1.0),
            Ruling.ASSIGN: make_claim(project="other", stage=stage, confidence=1.0),
        }.get(verdict)
        source = next(r.source for r in ledger.reports(as_read=True)["plant"] if r.source.article == f"p{number}")
        review = make_review(claim=make_claim(stage=stage), source=source, verdict=verdict, instead=instead, at=at)
        ledger.review([review], unchanged)
        if is_undone:
            at += timedelta(hours=1)
            ledger.review([replace(review, undone_at=at, undone_by="kim")], unchanged)

    told, reviews = ledger.reports(as_read=True), ledger.reviews()
    in_force = [review for review in reviews if review.is_in_force]
    by_hand = {p: list(reviewed(p, told.get(p, ()), in_force)) for p in ("other", "plant")}
    assert ledger.reports() == {project: reports for project, reports in by_hand.items() if reports}
    assert ledger.reports(as_of=at) == ledger.reports()
    assert ledger.reports(as_of=LATER) == told


def test_what_a_decision_would_bring_is_shown_and_not_stored(ledger: Ledger, engine: Engine) -> None:
    new, known = make_change(id="c1"), make_change(id="c2")
    ledger.note(owing(known)({}, {}))
    owed = SQLOutbox(engine).deliveries()
    review = make_review()

    found = ledger.foresee([review], owing(new, known))

    assert [change.id for change in found.changes] == ["c1"]
    assert [one.change_id for one in found.outgoing] == ["c1"]
    assert ledger.reviews() == []
    assert [change.id for change in ledger.changes()] == ["c2"]
    assert SQLOutbox(engine).deliveries() == owed
    ledger.review([review], owing(new))
    assert [change.id for change in ledger.changes()] == ["c2", "c1"]
