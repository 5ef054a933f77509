"""What a correction takes back of what was told, and what it tells instead."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.core.changes.changes import unfold
from monitor.core.changes.comparison import proof_of
from monitor.core.changes.revision import Revision, annuls, correction_id, is_covered, is_taken_back
from monitor.core.folding.fold import fold
from monitor.core.folding.known import operators_word
from monitor.core.folding.weighing import DEFAULT_POLICY
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Claim, Fact, FactKind, State
from monitor.core.news import Change, ChangeType, Mistake
from monitor.core.periods import Period
from monitor.core.state import Evidence, Report
from tests.builders import NOW, make_article, make_change, make_claim, make_fact

PHASES = ("first", "second")


def report(number: int, *said: Claim | Fact, trust: float = 0.5) -> Report:
    source = make_article(f"a{number}", day=number, trust=trust).source
    claims = tuple(each for each in said if isinstance(each, Claim))
    return Report(source=source, claims=claims, facts=tuple(each for each in said if isinstance(each, Fact)))


def says(stage: str, state: str = "reached", date: str | None = None, **more: Any) -> Claim:
    return make_claim(stage=stage, state=State(state), date=Period.parse(date) if date else None, **more)


AGREED = report(1, says("agreed"))
BUILT = report(2, says("construction"))
CANCELLED = report(3, says("cancelled"))


def news(*reports: Report) -> list[Change]:
    """What the last report brings."""
    *before, last = reports
    return [change for _, change in unfold("plant", before, [last], INDUSTRIAL, phases=PHASES)]


def revision(before: list[Report], after: list[Report], because: Mistake | None = None) -> Revision:
    was, now = (fold("plant", reports, INDUSTRIAL, phases=PHASES) for reports in (before, after))
    return Revision(
        states=lambda: (was, now),
        before=before,
        after=after,
        policy=DEFAULT_POLICY,
        at=NOW + timedelta(hours=1),
        because=because,
    )


@pytest.mark.parametrize(
    ("told", "known"),
    [
        (says("cancelled"), "construction"),
        (says("operating"), "construction"),
        (says("approved", date="2023"), "construction"),
        (says("agreed", phase="second"), None),
        (says("operating", "expected", "2027"), None),
        (says("operating", "expected", "2027", phase="second"), None),
        (says("delayed"), None),
        (says("construction", "denied"), None),
        (make_fact(value=3e9), None),
        (make_fact(value=3e9, phase="the port"), None),
    ],
)
def test_what_one_article_says_is_a_mistake_once_it_is_taken_back(told: Claim | Fact, known: str | None) -> None:
    wrong, other = report(3, told), report(4, says("agreed"))
    changes = news(AGREED, BUILT, wrong)
    assert changes

    revised = revision([AGREED, BUILT, wrong, other], [AGREED, BUILT, other], Mistake.PROJECT)

    for change in changes:
        assert revised.is_mistake(change)
        assert revised.is_outdated(change)
        correction = revised.correction(change)
        assert correction.mistake == replace(change, by=None)
        assert correction.retracts is not None
        assert (correction.id, correction.at) == (correction_id("plant", change.id), NOW + timedelta(hours=1))
        assert correction.retracts.because is Mistake.PROJECT
        if change.type is ChangeType.STATUS:
            assert correction.to == known


def test_what_another_article_still_says_is_no_mistake() -> None:
    (wrong,) = news(AGREED, BUILT, CANCELLED)
    again = report(4, says("cancelled"))

    assert not revision([AGREED, BUILT, CANCELLED, again], [AGREED, BUILT, again]).is_mistake(wrong)


def test_what_was_so_and_is_over_was_no_mistake() -> None:
    resumed = report(4, says("resumed"), trust=1.0)
    (halt,) = news(AGREED, BUILT, CANCELLED)

    revised = revision([AGREED, BUILT, CANCELLED], [AGREED, BUILT, CANCELLED, resumed])

    assert not revised.is_mistake(halt)
    assert revised.is_outdated(halt)


def test_a_claim_that_does_not_count_supports_nothing() -> None:
    (wrong,) = news(AGREED, BUILT, CANCELLED)
    unsure = report(4, says("cancelled", confidence=0.1))

    assert revision([AGREED, BUILT, CANCELLED, unsure], [AGREED, BUILT, unsure]).is_mistake(wrong)


@pytest.mark.parametrize("stage", ["construction", "suspended"])
def test_a_confirmation_is_wrong_when_one_of_its_sources_is(stage: str) -> None:
    first, second = report(2, says(stage)), report(3, says(stage), trust=1.0)
    (confirmed,) = news(AGREED, first, second)

    revised = revision([AGREED, first, second], [AGREED, first])

    assert revised.is_mistake(confirmed)
    assert revised.correction(confirmed).to == "reported"
    assert revision([AGREED, first], [AGREED]).correction(confirmed).to is None


def test_a_corrected_date_or_amount_is_what_is_known_now() -> None:
    wrong = report(3, says("operating", "expected", "2029"), make_fact(value=3e9))
    right = report(3, says("operating", "expected", "2027"), make_fact(value=4e9))
    date, amount = news(AGREED, wrong)

    revised = revision([AGREED, wrong], [AGREED, right])

    assert [revised.correction(each).to for each in (date, amount)] == ["2027", 4e9]
    assert [revised.is_mistake(each) for each in (date, amount)] == [True, True]


def test_a_plan_is_wrong_only_when_nobody_says_anything_of_it() -> None:
    plan = make_change(stage="announced", from_=None, to="announced")
    fact = report(1, make_fact(value=3e9))

    assert revision([fact], []).is_mistake(plan)
    assert not revision([fact, AGREED], [AGREED]).is_mistake(plan)


def test_a_correction_is_never_corrected_but_is_outdated_when_the_decision_is_undone() -> None:
    (wrong,) = news(AGREED, BUILT, CANCELLED)
    both, one = [AGREED, BUILT, CANCELLED], [AGREED, BUILT]
    correction = revision(both, one).correction(wrong)
    undone = revision(one, both)

    assert not undone.is_mistake(correction)
    assert undone.is_outdated(correction)
    assert not is_taken_back(correction, *revision(both, one).states(), DEFAULT_POLICY)
    again = replace(wrong, id="again")
    assert annuls(again, correction)
    assert not annuls(replace(again, to="closed"), correction)


@pytest.mark.parametrize(
    ("new", "is_told"),
    [
        ({"type": ChangeType.STATUS, "from_": "cancelled", "to": "construction"}, True),
        ({"type": ChangeType.MILESTONE, "stage": "construction"}, True),
        ({"type": ChangeType.SCHEDULE, "stage": "operating", "to": "2027"}, False),
        ({"type": ChangeType.FACT, "kind": FactKind.JOBS, "unit": "jobs"}, False),
        ({"type": ChangeType.STATUS, "phase": "second"}, False),
    ],
)
def test_a_correction_says_where_the_project_stands(new: dict[str, Any], *, is_told: bool) -> None:
    (wrong,) = news(AGREED, BUILT, CANCELLED)
    correction = revision([AGREED, BUILT, CANCELLED], [AGREED, BUILT]).correction(wrong)

    assert is_covered(make_change(**new), correction) is is_told


def test_the_proof_of_a_decision_names_the_outlet_and_never_the_operator() -> None:
    source = replace(make_article("a1").source, outlet="Gazette")
    word = operators_word(source, claim="plant:1", by="zoe", at=NOW)
    said = says("construction")

    alone = proof_of([Evidence.of(said, word)])
    both = proof_of([Evidence.of(said, word), Evidence.of(said, source)])

    assert [(each.outlet, each.url) for each in alone] == [("Gazette", source.url)]
    assert [each.outlet for each in both] == ["Gazette"]


def test_what_was_right_when_it_was_told_is_no_mistake_whatever_was_told_since() -> None:
    halted = report(3, says("suspended"))
    elsewhere = report(4, says("operating"))
    (suspended, *_) = news(AGREED, BUILT, halted)
    (running, *_) = news(AGREED, BUILT, halted, elsewhere)

    revised = revision([AGREED, BUILT, halted, elsewhere], [AGREED, BUILT, halted], Mistake.PROJECT)

    assert not revised.is_mistake(suspended)
    assert revised.is_mistake(running)


def test_what_another_article_still_says_is_a_mistake_if_it_does_not_hold_without_the_wrong_one() -> None:
    halted, resumed, wrong = report(3, says("suspended")), report(4, says("resumed")), report(5, says("suspended"))
    (again, *_) = news(AGREED, BUILT, halted, resumed, wrong)

    revised = revision([AGREED, BUILT, halted, resumed, wrong], [AGREED, BUILT, halted, resumed], Mistake.READING)

    assert revised.is_mistake(again)
    assert not revised.is_mistake(news(AGREED, BUILT, halted)[0])


# ---------------------------------------------------------------- the date that a change names beside its news

FIRST = report(1, says("operating", "expected", "2026-12"))
FALSE = report(2, says("operating", "expected", "2027-06", evidence="The neighbour opens in June."))
MOVED = report(3, says("operating", "expected", "2027-02"), says("delayed"))


def test_a_move_from_a_date_that_only_a_false_report_told_is_a_mistake_and_quotes_that_report() -> None:
    (later,), (earlier, *_) = news(FIRST, FALSE), news(FIRST, FALSE, MOVED)
    assert (earlier.from_, earlier.to) == ("2027-06", "2027-02")

    revised = revision([FIRST, FALSE, MOVED], [FIRST, MOVED], Mistake.PROJECT)

    assert [revised.is_mistake(each) for each in (later, earlier)] == [True, True]
    correction = revised.correction(earlier)
    assert (correction.from_, correction.to) == ("2027-02", "2027-02")
    assert [proof.sentence for proof in correction.proof] == ["The neighbour opens in June."]
    assert correction.evidence == ("The neighbour opens in June.",)
    assert correction.retracts is not None
    assert (correction.retracts.from_, correction.retracts.because) == ("2027-06", Mistake.PROJECT)
    assert not revised.is_outdated(earlier)
    assert not revision([FIRST, FALSE, MOVED], [FALSE, MOVED]).is_mistake(earlier)


@pytest.mark.parametrize("stage", ["construction", "delayed"])
def test_a_date_that_is_corrected_is_why_the_change_that_named_it_was_wrong(stage: str) -> None:
    wrong = report(3, says(stage, date="2026-11-26"))
    word = operators_word(wrong.source, claim="plant:1", by="zoe", at=NOW)
    right = Report(source=word, claims=(says(stage, date="2026-11-27"),))
    (change,) = news(AGREED, wrong)

    revised = revision([AGREED, wrong], [AGREED, right], Mistake.REPORT)

    assert revised.is_mistake(change)
    assert not revised.is_outdated(change)
    correction = revised.correction(change)
    assert correction.to == change.to
    assert correction.retracts is not None
    assert correction.retracts.because is Mistake.DATE
    assert correction.id != correction_id("plant", change.id)
    assert not revised.is_mistake(correction)
    rejected = revision([AGREED, right], [AGREED], Mistake.REPORT)
    assert rejected.correction(change).id == correction_id("plant", change.id)


def test_a_correction_of_what_two_articles_told_quotes_only_the_wrong_one() -> None:
    right = report(2, says("construction", date=None, evidence="Works have begun."))
    wrong = report(3, says("construction", date=None, evidence="The neighbour builds."), trust=1.0)
    (confirmed,) = news(AGREED, right, wrong)
    assert len(confirmed.proof) == 2

    correction = revision([AGREED, right, wrong], [AGREED, right], Mistake.PROJECT).correction(confirmed)

    assert [proof.sentence for proof in correction.proof] == ["The neighbour builds."]
