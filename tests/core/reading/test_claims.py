"""What is told becomes claims: one for each stage, state and date, without what the article itself takes back."""

from typing import Any

import pytest

from monitor.core.model import Claim, Fact, FactKind, State
from monitor.core.periods import Period
from monitor.core.reading.claims.claims import assemble
from monitor.core.reading.claims.confidence import Ground, confidence
from monitor.core.reading.claims.dated import Dated
from monitor.core.reading.claims.dating import Dating
from monitor.core.reading.events.events import Told
from monitor.core.reading.text.document import Document, Span
from tests.core.reading.texts import lay_out

DOCUMENT = lay_out("The first sentence. The second sentence. The third.", title="A headline", published="2024-06-15")
TITLE, FIRST, SECOND = 0, 1, 2


def event(
    stage: str, state: State = State.REACHED, date: str | None = None, *, sentence: int = FIRST, **more: Any
) -> Dated:
    told = Told(
        stage=stage,
        state=state,
        sentence=sentence,
        span=Span(0, 1),
        head=Span(0, 1),
        sureness=more.pop("sureness", 0.9),
        superseded=more.pop("superseded", False),
        hearsay=more.pop("hearsay", False),
        is_open=more.pop("is_open", False),
        is_imminent=more.pop("is_imminent", False),
    )
    period = Period.parse(date) if date else None
    known = {key: more.pop(key, False) for key in ("is_named", "is_on_it")}
    return Dated(project=more.pop("project", "plant"), told=told, dating=Dating(period, **more), **known)


def claims(*events: Dated, facts: tuple[Fact, ...] = (), document: Document = DOCUMENT) -> list[Claim]:
    return [each.claim for each in assemble(events, facts, document, ("plant",), end=9)]


def briefly(*events: Dated, **more: Any) -> list[tuple[str, str, str | None]]:
    return [(c.stage, str(c.state), str(c.date) if c.date else None) for c in claims(*events, **more)]


def test_a_project_of_which_nothing_further_is_told_is_planned() -> None:
    assert briefly() == [("announced", "reached", None)]
    assert claims()[0].evidence == "A headline"
    assert briefly(event("operating", State.EXPECTED, "2026")) == [
        ("operating", "expected", "2026"),
        ("announced", "reached", None),
    ]


def test_works_that_are_to_resume_are_not_under_way() -> None:
    def told(date: str) -> set[str]:
        return {stage for stage, _, _ in briefly(event("resumed", date=date, is_open=True), event("construction"))}

    assert told("2024-01") == {"resumed", "construction"}
    assert told("2030") == {"resumed", "announced"}


def test_what_has_happened_is_not_expected_of_the_day_of_the_news_too() -> None:
    def told(expected: str) -> list[tuple[str, str, str | None]]:
        return briefly(event("suspended"), event("suspended", State.EXPECTED, expected, sentence=SECOND))

    assert told("2024-06-15") == [("suspended", "reached", None)]
    assert ("suspended", "expected", "2024-09") in told("2024-09")


def test_the_evidence_is_the_sentence_that_says_so() -> None:
    assert claims(event("agreed", sentence=SECOND))[0].evidence == "The second sentence."


def test_the_same_told_twice_is_one_claim_with_the_date_that_one_of_them_gives() -> None:
    assert briefly(event("agreed"), event("agreed", date="2024-03", sentence=SECOND)) == [
        ("agreed", "reached", "2024-03")
    ]


def test_different_expected_dates_are_different_claims_and_finer_ones_the_same() -> None:
    told = [event("operating", State.EXPECTED, date) for date in ("2026", "2026-09", "2028")]

    assert ("operating", "expected", "2026") in briefly(*told)
    assert ("operating", "expected", "2028") in briefly(*told)
    assert len(briefly(*told)) == 3


def test_a_fact_of_the_future_is_an_expectation() -> None:
    assert briefly(event("operating", date="2026"))[0] == ("operating", "expected", "2026")


def test_an_expectation_for_a_day_gone_by_says_nothing() -> None:
    assert briefly(event("operating", State.EXPECTED, "2023")) == [("announced", "reached", None)]


def test_what_was_planned_once_counts_only_if_its_date_is_to_come() -> None:
    assert briefly(event("operating", State.EXPECTED, "2026", superseded=True))[0] == ("operating", "expected", "2026")
    assert briefly(event("operating", State.EXPECTED, superseded=True)) == [("announced", "reached", None)]
    assert briefly(event("operating", State.EXPECTED, "2026", is_superseded=True)) == [("announced", "reached", None)]


def test_what_will_not_be_by_the_day_for_which_it_was_planned_is_late() -> None:
    assert briefly(event("operating", State.DENIED, "2026", is_superseded=True))[0] == ("delayed", "reached", None)
    assert briefly(event("resumed", State.DENIED, "2026", is_superseded=True)) == [("announced", "reached", None)]


def test_a_halt_to_come_is_an_end_where_the_plant_is_to_close() -> None:
    halt, end = event("suspended", State.EXPECTED, "2026"), event("closed", State.EXPECTED)

    assert briefly(halt, end)[0] == ("closed", "expected", "2026")
    assert briefly(halt)[0] == ("suspended", "expected", "2026")


def test_the_first_output_of_trials_is_no_start_of_a_production_that_is_still_to_come() -> None:
    trials, output, start = event("commissioning"), event("operating"), event("operating", State.EXPECTED, "2026")

    assert ("operating", "reached", None) not in briefly(trials, output, start)
    assert ("operating", "reached", None) in briefly(trials, output)
    assert ("operating", "reached", None) in briefly(trials, event("operating", sentence=SECOND, is_named=True), start)


def test_what_was_planned_once_is_void_where_the_project_is_halted() -> None:
    assert briefly(event("operating", State.EXPECTED, "2026", superseded=True), event("suspended")) == [
        ("suspended", "reached", None)
    ]


def test_an_expected_stage_without_any_date_is_no_news_but_a_decision_or_a_threat_is() -> None:
    assert briefly(event("operating", State.EXPECTED)) == [("announced", "reached", None)]
    assert briefly(event("approved", State.EXPECTED))[0] == ("approved", "expected", None)
    assert briefly(event("cancelled", State.EXPECTED))[0] == ("cancelled", "expected", None)


def test_the_body_puts_its_headline_right() -> None:
    headline = event("construction", sentence=TITLE)

    assert briefly(headline, event("construction", State.EXPECTED, "2025")) == [
        ("construction", "expected", "2025"),
        ("announced", "reached", None),
    ]
    assert briefly(headline, event("construction")) == [("construction", "reached", None)]
    assert briefly(headline, event("agreed")) == [("construction", "reached", None), ("agreed", "reached", None)]


def test_a_rumour_does_not_stand_against_a_denial() -> None:
    rumour = event("cancelled", hearsay=True)

    assert briefly(rumour, event("cancelled", State.DENIED, sentence=SECOND))[0] == ("cancelled", "denied", None)
    assert ("cancelled", "reached", None) not in briefly(rumour, event("cancelled", State.DENIED))
    assert briefly(rumour) == [("cancelled", "reached", None)]


def test_a_threat_that_is_denied_is_no_threat() -> None:
    told = briefly(event("cancelled", State.EXPECTED), event("cancelled", State.DENIED))
    assert ("cancelled", "expected", None) not in told


def test_a_halt_that_turned_out_an_end_is_an_end() -> None:
    assert briefly(event("suspended"), event("closed")) == [("closed", "reached", None)]


def test_a_halt_under_a_headline_of_the_end_is_the_end() -> None:
    ended = event("cancelled", sentence=TITLE)
    assert ("suspended", "reached", None) not in briefly(ended, event("suspended", sentence=SECOND))
    assert ("suspended", "reached", None) in briefly(event("cancelled"), event("suspended", sentence=SECOND))


def test_an_undated_threat_adds_nothing_to_what_has_happened() -> None:
    assert briefly(event("delayed", State.EXPECTED), event("delayed")) == [("delayed", "reached", None)]


def progress(value: float) -> Fact:
    return Fact(project="plant", kind=FactKind.PROGRESS, value=value, unit="%", evidence="Sixty per cent are done.")


def test_what_is_half_done_is_under_way() -> None:
    (claim,) = claims(facts=(progress(60),))

    assert (claim.stage, claim.state, claim.evidence) == (
        "construction",
        State.REACHED,
        "Sixty per cent are done.",
    )
    assert briefly(facts=(progress(100),)) == [("announced", "reached", None)]
    assert briefly(event("construction"), facts=(progress(60),)) == [("construction", "reached", None)]


def test_of_what_is_half_done_only_a_part_is_complete_or_not_begun() -> None:
    assert briefly(event("completed"), facts=(progress(60),)) == [("construction", "reached", None)]
    assert ("completed", "reached", None) in briefly(event("completed"), facts=(progress(100),))
    on_part = event("completed")._replace(is_on_part=True)
    assert ("completed", "reached", None) in briefly(on_part, facts=(progress(60),))
    assert briefly(event("construction", State.DENIED), facts=(progress(60),)) == [("construction", "reached", None)]


def test_of_several_announcements_the_first_dated_one_is_told() -> None:
    told = [event("announced", date=date, sentence=at) for at, date in ((FIRST, "2024-02"), (SECOND, "2023-05"))]

    assert briefly(*told) == [("announced", "reached", "2023-05")]


def test_projects_come_in_the_order_of_the_configuration() -> None:
    found = assemble([event("agreed", project="b"), event("agreed", project="a")], (), DOCUMENT, ("a", "b"), end=9)
    assert [each.claim.project for each in found] == ["a", "b"]


@pytest.mark.parametrize(
    ("stage", "date", "state"),
    [
        # Gone by, to come, and around the day of publishing (15 June 2024).
        ("operating", "2023", "reached"),
        ("operating", "2025", "expected"),
        ("operating", "2024", "expected"),
        ("operating", "2024-06", "reached"),
        # What was announced or stopped this year was.
        ("announced", "2024", "reached"),
        ("suspended", "2024", "reached"),
    ],
)
def test_the_date_of_a_bare_verb_or_noun_says_whether_it_has_happened(stage: str, date: str, state: str) -> None:
    for told in (State.REACHED, State.EXPECTED):
        if told is State.REACHED or state == "expected" or date == "2023":
            assert (stage, state, date) in briefly(event(stage, told, date, is_open=True))


def test_a_bare_denial_stays_one() -> None:
    assert ("operating", "denied", "2025") in briefly(event("operating", State.DENIED, "2025", is_open=True))


def test_hearsay_of_what_is_denied_is_dropped() -> None:
    told = briefly(event("construction", hearsay=True), event("construction", State.DENIED, sentence=SECOND))
    assert [claim for claim in told if claim[0] == "construction"] == [("construction", "denied", None)]
    # A plant that does not come back does not work.
    rumour = event("operating", hearsay=True)
    assert ("operating", "reached", None) not in briefly(rumour, event("resumed", State.DENIED, sentence=SECOND))


def test_a_denied_delay_may_still_come_unless_the_same_sentence_takes_it_back() -> None:
    denied = event("delayed", State.DENIED)
    assert ("delayed", "expected", None) in briefly(denied, event("delayed", State.EXPECTED, sentence=SECOND))
    assert ("delayed", "expected", None) not in briefly(denied, event("delayed", State.EXPECTED))


def test_a_halt_is_told_beside_the_end_only_with_a_date_of_its_own() -> None:
    closed = event("closed", date="2024-05")
    assert ("suspended", "reached", None) not in briefly(closed, event("suspended"))
    assert ("suspended", "reached", "2023-12") in briefly(closed, event("suspended", date="2023-12"))


def test_an_approval_may_be_needed_beside_the_one_that_was_given() -> None:
    told = briefly(event("approved"), event("approved", State.EXPECTED, sentence=SECOND))
    assert {("approved", "reached", None), ("approved", "expected", None)} <= set(told)


def test_a_production_by_the_way_is_another_plants_where_all_is_still_to_come() -> None:
    ahead = event("construction", State.EXPECTED, "2025")
    by_the_way = event("operating", date="2022", sentence=SECOND)
    assert "operating" not in {stage for stage, _, _ in briefly(ahead, by_the_way)}
    assert "operating" not in {stage for stage, _, _ in briefly(event("construction", date="2023"), by_the_way)}
    assert "operating" not in {stage for stage, _, _ in briefly(event("approved", State.DENIED), by_the_way)}


def test_a_production_counts_where_it_can_be_this_plants() -> None:
    ahead = event("construction", State.EXPECTED, "2025")
    named = event("operating", date="2022", sentence=SECOND, is_named=True)
    assert ("operating", "reached", "2022") in briefly(ahead, named)
    on_it = event("operating", date="2022", sentence=SECOND, is_on_it=True)
    assert ("operating", "reached", "2022") in briefly(ahead, on_it)
    for opening in (TITLE, FIRST):
        assert ("operating", "reached", "2022") in briefly(ahead, event("operating", date="2022", sentence=opening))
    assert ("operating", "reached", "2024") in briefly(
        event("construction", date="2023"), event("operating", date="2024")
    )
    assert ("operating", "reached", "2022") in briefly(event("delayed"), event("operating", date="2022"))


def test_a_production_of_long_ago_is_another_plants_where_the_projects_own_is_years_from_it() -> None:
    due = event("operating", State.EXPECTED, "2027")

    def told(date: str | None, *others: Dated, **more: Any) -> bool:
        by_the_way = event("operating", date=date, sentence=SECOND, **{"is_named": True, **more})
        return ("operating", "reached", date) in briefly(due, *others, by_the_way)

    assert not told("2021")
    assert not told("2023-12")
    # Since it may be its first line, or the news.
    assert told("2024-05")
    assert told(None)
    assert told("2021", is_on_it=True)
    assert told("2021", event("suspended", date="2022"))
    assert ("operating", "reached", "2021") in briefly(due, event("operating", date="2021"))
    soon = event("operating", State.EXPECTED, "2024-09")
    assert ("operating", "reached", "2023-12") in briefly(
        soon, event("operating", date="2023-12", sentence=SECOND, is_named=True)
    )


@pytest.mark.parametrize("end", ["cancelled", "closed"])
def test_an_end_by_the_way_is_not_that_of_a_project_whose_news_is_that_it_goes_on(end: str) -> None:
    by_the_way = event(end, sentence=SECOND)

    def told(*others: Dated) -> bool:
        return (end, "reached", None) in briefly(*others, by_the_way)

    assert not told(event("construction", date="2024-06"))
    assert not told(event("operating", sentence=TITLE))
    assert not told(event("resumed", sentence=SECOND))
    # It is told again, or all that went before is long ago, bad, or behind the first sentence too.
    assert told(event("construction"), event(end, sentence=SECOND + 1))
    assert told(event("construction", date="2022"))
    assert told(event("construction"), event("suspended"))
    assert told(event("construction", sentence=SECOND))
    assert told(event("construction", State.EXPECTED, "2025"))
    assert (end, "reached", None) in briefly(event("construction"), event(end))


def test_a_claim_is_as_sure_as_what_speaks_for_it() -> None:
    weighed = assemble(
        [event("agreed", sentence=TITLE), event("agreed", date="2024-05")], (), DOCUMENT, ("plant",), end=9
    )

    assert [(each.claim.stage, each.grounds) for each in weighed] == [
        ("agreed", (Ground.HEADLINE, Ground.TWICE, Ground.DATED))
    ]
    assert weighed[0].claim.confidence == confidence(weighed[0].grounds)


def test_a_stage_claimed_in_two_states_makes_each_less_sure() -> None:
    built, to_be_built = claims(event("construction"), event("construction", State.EXPECTED, "2025"))[:2]

    assert built.confidence < claims(event("construction"))[0].confidence
    assert to_be_built.confidence < claims(event("construction", State.EXPECTED, "2025"))[0].confidence


def test_a_plant_that_is_to_close_is_no_plan() -> None:
    assert briefly(event("closed", State.EXPECTED, "2025")) == [("closed", "expected", "2025")]


def test_a_headline_that_denies_and_a_body_that_expects_both_hold() -> None:
    told = briefly(event("construction", State.DENIED, sentence=TITLE), event("construction", State.EXPECTED, "2025"))
    assert {("construction", "denied", None), ("construction", "expected", "2025")} <= set(told)


def test_a_plant_that_closes_has_produced() -> None:
    history = event("operating", date="1981", sentence=SECOND)
    assert ("operating", "reached", "1981") in briefly(event("closed", State.EXPECTED, "2025"), history)


def test_what_is_imminent_is_expected_within_days() -> None:
    soon = event("construction", State.EXPECTED, is_imminent=True)
    assert ("construction", "expected", "2024-06") in briefly(soon)
    undated = lay_out("The first sentence. The second sentence.", published=None)
    assert ("construction", "expected", None) in briefly(soon, document=undated)
    assert not [c for c in briefly(event("construction", State.EXPECTED)) if c[0] == "construction"]
