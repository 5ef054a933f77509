"""What a list of many projects shows of each."""

from dataclasses import replace

from monitor.core.folding.fold import fold
from monitor.core.folding.listing import brief
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
