"""What a list of many projects shows of each."""

from dataclasses import replace

from monitor.core.folding.brief import brief
from monitor.core.folding.fold import fold
from monitor.core.folding.proof import proofs
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Claim, State
from monitor.core.periods import Period
from monitor.core.state import Report
from tests.builders import make_article, make_claim, make_fact

EXPECTED = make_claim(stage="operating", state=State.EXPECTED, date=Period.parse("2027"))


def report(number: int) -> Report:
    source = replace(make_article(f"a{number}", day=number).source, outlet=f"Outlet {number}")
    claims = (make_claim(), replace(EXPECTED, date=Period.year(2027 + number % 2)), make_claim(phase="second"))
    return Report(source=source, claims=claims, facts=(make_fact(value=1e9 * (1 + number % 2)),))


STATE = fold("plant", [report(number) for number in range(9)], INDUSTRIAL, phases=("first", "second"))


def test_the_best_word_for_the_status_is_kept_and_how_well_all_else_is_borne_out() -> None:
    short = brief(STATE)

    assert short.evidence == STATE.evidence[:1]
    assert [(m.stage, m.standing) for m in short.milestones] == [(m.stage, m.standing) for m in STATE.milestones]
    assert [(fact.value, fact.standing) for fact in short.facts] == [(f.value, f.standing) for f in STATE.facts]
    assert [(phase.phase, phase.status) for phase in short.phases] == [("second", "agreed")]
    assert not any(milestone.evidence for milestone in (*short.milestones, *short.phases[0].milestones))
    assert not any(fact.evidence for fact in short.facts)


def test_rivals_are_left_out_and_what_is_or_was_expected_is_kept() -> None:
    operating, whole = brief(STATE).milestone("operating"), STATE.milestone("operating")

    assert operating is not None
    assert whole is not None
    assert operating == replace(whole, evidence=(), rivals=())
    assert len(operating.forecasts) > 1


def test_the_best_word_for_a_delay_is_kept() -> None:
    delayed = [
        Report(source=report(number).source, claims=(make_claim(), make_claim(stage="delayed", date=None)))
        for number in range(3)
    ]
    whole = fold("plant", delayed, INDUSTRIAL).delay
    short = brief(fold("plant", delayed, INDUSTRIAL)).delay

    assert whole is not None
    assert short is not None
    assert len(whole.evidence) == 3
    assert (short.evidence, short.standing) == (proofs(whole.evidence, None, language="en")[:1], whole.standing)


def test_halts_that_are_over_are_left_out() -> None:
    told = (make_claim(), make_claim(stage="suspended", date=None)), (make_claim(stage="resumed", date=None),)
    whole = fold("plant", [Report(source=report(n).source, claims=claims) for n, claims in enumerate(told)], INDUSTRIAL)

    assert len(whole.halts) == 1
    assert brief(whole).halts == ()


def test_in_brief_nothing_is_nothing() -> None:
    nothing = fold("plant", [], INDUSTRIAL)

    assert brief(nothing) == nothing


def test_in_brief_twice_is_in_brief() -> None:
    assert brief(brief(STATE)) == brief(STATE)


def test_of_what_is_unverified_the_latest_claims_are_kept_that_others_may_still_bear_out() -> None:
    sure = [
        ("agreed", 0.6),
        ("suspended", 0.62),
        ("approved", 0.49),
        ("delayed", 0.5),
        ("cancelled", 0.7),
        ("agreed", 0.5),
    ]
    told = [
        Report(
            source=make_article(f"a{day}", day=day).source,
            claims=(make_claim(stage=stage, date=None, confidence=each),),
        )
        for day, (stage, each) in enumerate(sure)
    ]
    amounts = Report(source=make_article("f", day=9).source, facts=(make_fact(confidence=0.6),))

    whole = fold("plant", [*told, amounts], INDUSTRIAL)
    short = brief(whole)

    assert len(whole.unverified) == 7
    assert [(each.said.stage, each.said.confidence) for each in short.unverified if isinstance(each.said, Claim)] == [
        ("delayed", 0.5),
        ("cancelled", 0.7),
        ("agreed", 0.5),
    ]
    assert brief(short) == short
