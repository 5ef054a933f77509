"""Which claims an operator should look at."""

from dataclasses import replace

import pytest

from monitor.core.folding.fold import fold
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.review import Doubt, OpenClaim, Review, Ruling, open_claims, reviewed
from monitor.core.state import Report
from tests.core.review.test_review import DECIDED, amount, claim, decide, report, source


def found(*reports: Report, reviews: tuple[Review, ...] = ()) -> tuple[OpenClaim, ...]:
    state = fold("plant", reviewed("plant", reports, reviews), INDUSTRIAL)
    return open_claims(reports, reviews, state)


BUILT = report("a", claim("construction", date="2024-02"))


def test_a_claim_that_nothing_speaks_against_is_open_and_not_doubtful() -> None:
    assert found(BUILT) == (OpenClaim(claim=BUILT.claims[0], source=BUILT.source, copies=0, doubts=()),)


@pytest.mark.parametrize(
    ("other", "doubts"),
    [
        pytest.param(
            report("b", claim("agreed", confidence=0.5), day=1), [Doubt.UNVERIFIED], id="its reader is not sure"
        ),
        pytest.param(report("b", claim("construction", confidence=0.5), day=1), [], id="others bear it out"),
        pytest.param(
            report("b", claim("construction", "denied"), day=1), [Doubt.DISPUTED, Doubt.BACKWARD], id="it denies"
        ),
        pytest.param(report("b", claim("construction", "denied"), day=-1), [], id="it denied what came later"),
        pytest.param(report("b", claim("construction", "expected"), day=1), [Doubt.BACKWARD], id="it expects what is"),
        pytest.param(report("b", claim("operating", "expected"), day=1), [], id="it expects what is to come"),
        pytest.param(report("b", claim("closed", "expected"), day=1), [Doubt.AHEAD], id="it expects an end"),
        pytest.param(report("b", claim("suspended", "expected"), day=1), [Doubt.AHEAD], id="it expects a halt"),
        pytest.param(report("b", claim("resumed", "expected"), day=1), [], id="it expects works to go on"),
        pytest.param(report("b", claim("closed", "denied"), day=1), [], id="it denies an end"),
        pytest.param(
            Report(source=source("b", day=1, trust=0.3), claims=(claim("agreed"),)),
            [Doubt.LONE],
            id="nobody else says it",
        ),
        pytest.param(
            Report(source=source("b", day=1, trust=0.3), claims=(claim("construction"),)), [], id="others say it too"
        ),
        pytest.param(
            Report(source=source("b", day=1, trust=0.3), claims=(claim("agreed", "expected"),)), [], id="it may happen"
        ),
    ],
)
def test_a_claim_is_doubtful_when(other: Report, doubts: list[Doubt]) -> None:
    [its] = [each for each in found(BUILT, other) if each.source == other.source]

    assert list(its.doubts) == doubts


def test_both_sides_of_a_dispute_are_worth_a_look() -> None:
    denied = report("b", claim("construction", "denied"), day=1)

    assert [Doubt.DISPUTED in each.doubts for each in found(BUILT, denied)] == [True, True]


def test_what_was_decided_is_open_no_longer_in_copies_neither() -> None:
    copy = report("copy", BUILT.claims[0], day=1, story="a")
    review = decide(Ruling.REJECT, BUILT)

    assert found(BUILT, copy, reviews=(review,)) == ()
    assert len(found(BUILT, copy, reviews=(replace(review, claim=claim("agreed"), at=DECIDED),))) == 1


def test_amounts_are_open_too_and_unverified_where_their_reader_is_not_sure() -> None:
    facts = (amount(3e9), amount(4e9, confidence=0.5))
    told, copy = (replace(report(key, day=day, story="a"), facts=facts) for key, day in (("a", 0), ("b", 1)))

    assert [(each.claim, each.copies, each.doubts) for each in found(told, copy)] == [
        (facts[0], 1, ()),
        (facts[1], 1, (Doubt.UNVERIFIED,)),
    ]
    assert [each.claim for each in found(told, reviews=(decide(Ruling.REJECT, told, claim=facts[0]),))] == [facts[1]]
