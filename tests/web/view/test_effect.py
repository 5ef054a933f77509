"""What differs between two states of a project, in the reader's words."""

from monitor.core.folding.fold import fold
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.message.tongue import Tongue
from monitor.core.model import FactKind, State
from monitor.core.periods import Period
from monitor.core.state import Report
from monitor.web.view.effect import Effect, StateDifference, effect
from tests.builders import VOICE, make_article, make_change, make_claim, make_fact, make_project

ENGLISH = Tongue.of(VOICE.catalogues, "en")
ONE = "Reported by one source, not yet confirmed"


def report(key: str, *, claims: tuple[object, ...] = (), facts: tuple[object, ...] = ()) -> Report:
    return Report(source=make_article(key, day=-9).source, claims=claims, facts=facts)  # type: ignore[arg-type]  # a test


def between(*reports: Report, before: tuple[Report, ...] = ()) -> Effect:
    was, now = (fold("plant", told, INDUSTRIAL, phases=("Line 1", "Line 2")) for told in (before, (*before, *reports)))
    return effect(make_project(), was, now, [make_change(), make_change(id="c2", project="other")], ENGLISH)


def test_what_is_newly_known_has_nothing_before_it() -> None:
    found = between(report("a", claims=(make_claim(),), facts=(make_fact(),)))

    assert (found.project, found.name) == ("plant", "Plant")
    assert [(each.label, each.before, each.after.replace("\u00a0", " ")) for each in found.differences] == [
        ("Status", "", f"agreed, {ONE}"),
        ("agreed", "", f"reached, 29 March 2024, {ONE}"),
        ("investment (MAD)", "", f"3 billion MAD, {ONE}"),
    ]
    assert [(each.label, each.news, each.is_history) for each in found.changes] == [
        ("Status", "announced → agreed", False)
    ]


def test_what_stays_is_left_out() -> None:
    known = report("a", claims=(make_claim(),))

    assert between(before=(known,)).differences == ()


def test_a_condition_a_phase_and_what_waits_are_differences_too() -> None:
    expected = make_claim(stage="operating", state=State.EXPECTED, date=Period.parse("2027"), phase="Line 2")
    doubtful = make_claim(stage="completed", date=None, confidence=0.2)
    undated = make_claim(stage="construction", date=None)
    found = between(
        report("b", claims=(make_claim(stage="delayed", date=None), expected, undated, doubtful, doubtful)),
        report("c", facts=(make_fact(kind=FactKind.JOBS, value=500, unit="jobs", phase="Line 2"),)),
    )

    assert [each.label for each in found.differences] == [
        "Status",
        "Condition",
        "construction",
        "operating (Line 2)",
        "jobs (Line 2)",
        "completed: reached",
    ]
    assert found.differences[1] == StateDifference(label="Condition", before="", after="delayed")
    assert found.differences[-1].after == "reported, not verified, by 2 articles"
