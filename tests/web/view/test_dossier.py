"""All that is known about one project, in the reader's words."""

from dataclasses import replace
from datetime import UTC, timedelta

from monitor.core.changes.changes import to_come
from monitor.core.folding.fold import fold
from monitor.core.folding.known import known_reports, operators_word
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.message.tongue import Tongue
from monitor.core.model import FactKind, KnownMilestone, Phase, Project, State
from monitor.core.periods import Period
from monitor.core.state import Correction, Report
from monitor.web.view.dossier import Dossier, dossier
from monitor.web.view.overview import Known
from tests.builders import NOW, VOICE, make_article, make_claim, make_fact, make_project
from tests.web.view.test_overview import expected, report

ENGLISH = Tongue.of(VOICE.catalogues, "en")


def of(*reports: Report, project: Project | None = None, corrections: tuple[Correction, ...] = ()) -> Dossier:
    watched = project or make_project()
    told = (*known_reports(watched), *reports)
    state = fold(watched.id, told, INDUSTRIAL, phases=[phase.name for phase in watched.phases])
    inferred = [each for each in to_come(state, INDUSTRIAL, timedelta(days=180)) if each.at <= NOW]
    return dossier(
        Known(project=watched, state=state, lifecycle=INDUSTRIAL, inferred=inferred),
        told,
        corrections,
        tongue=ENGLISH,
        zone=UTC,
        today=NOW.date(),
    )


def test_a_milestone_has_its_date_its_proof_and_how_sure_it_is() -> None:
    found = of(report("a", make_claim()))

    (agreed,) = found.parts[0].stages
    assert (agreed.label, agreed.state, agreed.stands, agreed.when) == ("agreed", "reached", "reached", "29 March 2024")
    assert agreed.sureness == "Reported by one source, not yet confirmed"
    (quote,) = agreed.quotes
    assert quote.words == "“The agreement was signed.”"
    assert quote.place is not None
    assert (quote.place.outlet, quote.place.url) == ("Example Daily", "https://example.org/a")
    assert found.proof == agreed.quotes
    assert found.head.status == "agreed"


def test_stages_are_in_their_order() -> None:
    found = of(report("a", *[make_claim(stage=stage) for stage in ("construction", "agreed")]))

    assert [stage.label for stage in found.parts[0].stages] == ["agreed", "construction"]


def test_a_slip_is_told_with_the_date_first_expected() -> None:
    found = of(
        report("a", expected("operating", "2026-09"), day=-400), report("b", expected("operating", "2027-03"), day=-5)
    )

    (operating,) = found.parts[0].stages
    assert (operating.stands, operating.when, operating.first) == ("expected", "March 2027", "September 2026")
    assert operating.slips == ("≈182 days later than first expected",)
    assert [(each.stage, each.expected, each.said) for each in found.forecasts] == [
        ("start of operation", "September 2026", "20 October 2025"),
        ("start of operation", "March 2027", "19 November 2026"),
    ]
    assert found.chart is not None


def test_what_is_expected_next_is_marked_and_says_how_sure_its_date_is() -> None:
    found = of(
        report("a", make_claim(stage="construction")),
        report("b", expected("operating", "2027-03"), day=-5, outlet="Other"),
        report("c", expected("completed", "2027-01"), day=-4),
    )

    assert [stage.label for stage in found.parts[0].stages if stage.is_next] == ["completed"]
    assert found.head.awaited is not None
    assert found.head.awaited.sureness == "Reported by one source, not yet confirmed"


def test_what_is_overdue_is_late_by_so_many_days() -> None:
    found = of(report("a", expected("operating", "2026-09"), day=-90))

    (operating,) = found.parts[0].stages
    assert operating.slips == ("overdue since 1 October 2026: 55 days",)


def test_a_delay_has_its_date_and_its_proof() -> None:
    delayed = make_claim(stage="delayed", date=Period.parse("2026-05"), evidence="Works are late since May.")

    found = of(report("a", make_claim(stage="construction")), report("b", delayed, day=-20))

    *_, delay = found.parts[0].stages
    assert (delay.label, delay.stands, delay.when) == ("delayed", "", "since May 2026")
    assert delay.sureness == "Reported by one source, not yet confirmed"
    assert [quote.words for quote in delay.quotes] == ["“Works are late since May.”"]


def test_an_amount_of_a_part_is_labelled_as_such() -> None:
    told = Report(source=make_article("a", day=-3).source, facts=(make_fact(phase="first phase"),))

    assert [figure.label for figure in of(told).parts[0].figures] == ["investment (first phase)"]


def test_what_others_say_stands_beside_what_is_believed() -> None:
    found = of(
        report("a", make_claim(), trust=1.0),
        report("b", make_claim(date=Period.parse("2024-06")), outlet="Other", day=-29),
    )

    (agreed,) = found.parts[0].stages
    assert agreed.rivals == ("also said: June 2024 (one source)",)


def test_a_denial_is_told_as_one_and_of_its_day() -> None:
    denied = make_claim(state=State.DENIED, date=None)
    found = of(report("a", denied, day=-90), report("b", denied, day=-30, outlet="Other"))

    (agreed,) = found.parts[0].stages
    assert (agreed.state, agreed.stands, agreed.slips) == ("denied", "denied", ())
    assert agreed.when == ENGLISH.date(Period.day((NOW - timedelta(days=30)).date()))


def test_what_nobody_dates_had_happened_by_the_day_of_the_first_article() -> None:
    (agreed,) = of(report("a", make_claim(date=None), day=-30)).parts[0].stages

    assert agreed.when == f"since {ENGLISH.date(Period.day((NOW - timedelta(days=30)).date()))} at the latest"


def test_a_day_by_which_it_had_happened_is_told_as_that() -> None:
    dated = report("b", make_claim(stage="operating", date=Period.parse("2027")))
    (operating,) = of(report("a", make_claim(stage="operating", date=None)), dated).parts[0].stages

    assert operating.rivals == ("also said: by 25 October 2026 (one source)",)


def test_an_amount_that_may_be_of_another_plan_is_told_with_the_investment_of_that_plan() -> None:
    jobs = make_fact(kind=FactKind.JOBS, unit="jobs", value=900)
    first, again, other = (
        Report(source=make_article(key, outlet=key).source, facts=facts)
        for key, facts in {"a": (make_fact(),), "b": (make_fact(),), "c": (make_fact(value=9e9), jobs)}.items()
    )

    (_, figure) = of(first, again, other).parts[0].figures

    assert figure.rivals == ("told with: 9 billion\xa0MAD",)


def test_figures_have_their_values_and_rivals() -> None:
    first = Report(source=make_article("a", day=-3, trust=1.0).source, facts=(make_fact(),))
    other = Report(source=make_article("b", day=-2, outlet="Other").source, facts=(make_fact(value=5e9),))

    (figure,) = of(first, other).parts[0].figures

    assert (figure.label, figure.value) == ("investment", "3 billion\xa0MAD")
    assert figure.rivals == ("also said: 5 billion\xa0MAD (one source)",)
    assert figure.quotes[0].words == "“3 billion dirhams.”"


def test_each_phase_is_a_part() -> None:
    project = make_project(phases=(Phase(name="Phase 1", words=("first",)), Phase(name="Phase 2", words=("second",))))
    claim = make_claim(stage="construction", phase="Phase 1")

    whole, first, *_ = of(report("a", claim, expected("operating", "2028")), project=project).parts

    assert whole.name == ""
    assert (first.name, first.status) == ("Phase 1", "construction")


def test_a_phase_that_is_only_expected_has_no_status() -> None:
    """Nobody says that it has not begun."""
    project = make_project(phases=(Phase(name="Phase 1", words=("first",)), Phase(name="Phase 2", words=("second",))))

    *_, last = of(report("a", replace(expected("operating", "2028"), phase="Phase 2")), project=project).parts

    assert (last.name, last.status) == ("Phase 2", "")


def test_everything_that_was_said_is_listed_the_latest_first() -> None:
    told = Report(source=make_article("b", day=-1).source, claims=(make_claim(phase="Phase 9"),), facts=(make_fact(),))

    found = of(report("a", make_claim(evidence="")), told)

    assert [entry.day for entry in found.said.entries] == ["23 November 2026", "25 October 2026"]
    assert [(each.words, each.sentence) for each in found.said.entries[0].said] == [
        ("agreed: reached, 29 March 2024, Phase 9", "“The agreement was signed.”"),
        ("investment: 3 billion\xa0MAD", "“3 billion dirhams.”"),
    ]
    assert [each.sentence for each in found.said.entries[1].said] == [""]


def test_what_a_source_no_longer_says_is_told_as_withdrawn() -> None:
    source = make_article("a", day=-9).source

    found = of(corrections=(Correction(source=source, at=NOW, claims=(make_claim(date=None),), facts=()),))

    (entry,) = found.said.entries
    assert entry.is_withdrawn
    (said,) = entry.said
    assert (entry.day, said.words, said.sentence) == (
        "24 November 2026",
        "agreed: reached",
        "“The agreement was signed.”",
    )
    assert not said.is_waiting


def test_what_the_operator_knows_and_decides_is_told_as_such() -> None:
    milestone = KnownMilestone(stage="agreed", state=State.REACHED, date=None, source="https://example.org/k")
    source = operators_word(make_article("a", day=-9).source, claim="c1", by="Nadia", at=NOW)

    found = of(Report(source=source, claims=(make_claim(),)), project=make_project(known=(milestone,)))

    decided, known = found.said.entries
    assert (decided.decided_by, decided.place) == ("Nadia", None)
    assert known.day == "known before"
    assert known.place is not None
    assert (known.place.url, known.decided_by) == ("https://example.org/k", "")


def test_a_forecast_that_was_known_before_says_so() -> None:
    milestone = KnownMilestone(
        stage="operating", state=State.EXPECTED, date=Period.parse("2027"), source="https://example.org/k"
    )

    found = of(project=make_project(known=(milestone,)))

    assert [(each.expected, each.said) for each in found.forecasts] == [("2027", "known before")]


def test_what_is_not_verified_is_apart_and_never_looks_like_what_is_known() -> None:
    found = of(report("a", make_claim(stage="suspended", confidence=0.62)), report("b", make_claim(stage="agreed")))

    (waits,) = found.waiting
    assert (waits.words, waits.sure) == ("suspended: happened, 29 March 2024", "sure: 62%")
    assert waits.quote.words == "“The agreement was signed.”"
    assert [place.outlet for place in waits.quote.places] == ["Example Daily"]
    assert found.head.waiting == (waits,)
    assert (found.head.status, found.head.is_adverse) == ("agreed", False)
    assert [stage.label for stage in found.parts[0].stages] == ["agreed"]
    assert sorted((said.words, said.is_waiting) for entry in found.said.entries for said in entry.said) == [
        ("agreed: reached, 29 March 2024", False),
        ("suspended: happened, 29 March 2024", True),
    ]
