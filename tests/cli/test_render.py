"""What people see: the right words for each value, and nothing that a terminal would obey."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console, RenderableType

from monitor.cli.render import sureness
from monitor.cli.render_lists import changes, deliveries, feeds, move, news_and_history, reading, why
from monitor.cli.render_projects import detail, overview, timeline
from monitor.cli.render_work import attempt, discovered, poll, polls
from monitor.core.changes.changes import to_come
from monitor.core.folding.fold import fold
from monitor.core.folding.known import known_reports
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Claim, Entry, FactKind, KnownMilestone, Reading, State
from monitor.core.news import ChangeType, Delivery
from monitor.core.periods import Period
from monitor.core.polling.cadence import Habit
from monitor.core.polling.polling import PollReason, Rule
from monitor.core.polling.websub import HubSubscription
from monitor.core.review import claim_id
from monitor.core.state import Confidence, Correction, ProjectState, Report, Standing
from monitor.deliver.send import Attempt
from monitor.poll.poll import PollOutcome, PollResult
from monitor.poll.trial import FeedTrial
from monitor.ports import DeliveryRecord, DeliveryState, FeedRecord, Outcome, SendResult
from tests.builders import NOW, make_article, make_change, make_claim, make_fact, make_feed, make_project

PROJECT = make_project()
BOMB = "\x1b[2J[bold]\u202e\x07BTR\nforged"


def shown(renderable: RenderableType, width: int = 100) -> str:
    console = Console(width=width, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(renderable, crop=False)
    return capture.get()


def state(*claims: Claim, outlet: str = "Example Daily") -> ProjectState:
    return fold("plant", [Report(source=replace(make_article().source, outlet=outlet), claims=claims)], INDUSTRIAL)


# ---------------------------------------------------------------- projects


def test_a_project_in_full_has_status_ladder_dates_and_proof() -> None:
    expected = make_claim(stage="operating", state=State.EXPECTED, date=Period.parse("2026-09"))

    seen = shown(detail(PROJECT, state(make_claim(), expected), INDUSTRIAL, today=NOW.date()))

    assert "agreed" in seen
    assert "◧■□□□□□" in seen
    assert "since 2024-03-29 · reported by 1 independent source · operating expected 2026-09" in seen
    assert "“The agreement was signed.”" in seen
    assert "Example Daily · 2026-11-24 · https://example.org/a1" in seen


def test_a_forecast_that_moved_shows_where_it_was() -> None:
    one, two = make_article("a1", day=-9).source, make_article("a2").source
    first = make_claim(stage="operating", state=State.EXPECTED, date=Period.parse("2026-09"))
    later = make_claim(stage="operating", state=State.EXPECTED, date=Period.parse("2027"))
    known = fold("plant", [Report(source=one, claims=(first,)), Report(source=two, claims=(later,))], INDUSTRIAL)

    assert "operating expected 2027 (first 2026-09)" in shown(detail(PROJECT, known, INDUSTRIAL, today=NOW.date()))


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ((), "nothing known"),
        ((make_claim(),), "agreed"),
        ((make_claim(), make_claim(stage="delayed", date=None)), "agreed, delayed"),
        ((make_claim(), make_claim(stage="suspended", date=Period.parse("2025"))), "suspended"),
    ],
)
def test_a_condition_is_part_of_where_a_project_stands(claims: tuple[Claim, ...], status: str) -> None:
    first = shown(detail(PROJECT, state(*claims), INDUSTRIAL, today=NOW.date())).splitlines()[0]

    assert first.split("   ")[0].strip() == status


def test_a_phase_of_which_nobody_says_that_it_has_begun_is_not_said_to_have_not() -> None:
    claims = (make_claim(phase="First"), make_claim(stage="operating", state=State.EXPECTED, phase="Second"))
    report = Report(source=make_article().source, claims=claims)
    known = fold("plant", [report], INDUSTRIAL, phases=("First", "Second"))

    seen = shown(detail(PROJECT, known, INDUSTRIAL, today=NOW.date()))

    assert "First: agreed" in seen
    assert {line.strip() for line in seen.splitlines() if "Second" in line} == {"Second"}


def test_what_the_configuration_knows_is_said_to_be_known_to_the_operator() -> None:
    known = KnownMilestone(
        stage="agreed", state=State.REACHED, date=Period.parse("2024"), source="https://example.org/k"
    )
    project = replace(PROJECT, known=(known,))
    reports = known_reports(project)

    seen = shown(detail(project, fold("plant", reports, INDUSTRIAL), INDUSTRIAL, today=NOW.date()))
    assert "since 2024 · entered by hand" in seen
    assert "entered by hand · https://example.org/k" in seen
    assert shown(timeline(reports)).startswith("known before   agreed reached · 2024")


def test_what_a_publisher_has_taken_back_stands_in_the_timeline_on_the_day_when_he_did() -> None:
    source = make_article().source
    former = Report(source=source, claims=(make_claim(),), facts=(make_fact(),))
    now = Report(source=source, claims=(make_claim(stage="construction"),))
    correction = Correction.of(former, now, at=source.published_at + timedelta(days=3))

    assert correction is not None
    seen = shown(timeline([now], [correction]))
    assert seen.index("construction reached") < seen.index("2026-11-27   corrected, no longer says: agreed reached")
    assert "corrected, no longer says: investment" in seen


def test_what_is_unverified_is_called_so_in_the_timeline_in_copies_too_and_at_the_end_of_the_project_in_full() -> None:
    doubtful, amount = make_claim(stage="operating", confidence=0.5), make_fact(confidence=0.5)
    told = Report(source=make_article().source, claims=(make_claim(), doubtful), facts=(amount,))
    copy = Report(source=make_article("a2", day=1, story="a1", outlet="Another").source, claims=(doubtful,))
    known = fold("plant", [told, copy], INDUSTRIAL)

    seen = shown(timeline([told, copy], unverified=known.unverified))
    in_full = shown(detail(PROJECT, known, INDUSTRIAL, today=NOW.date()), width=160)

    marked = [line for line in seen.splitlines() if "reported, not verified" in line]
    assert [line.split("   ")[1].split(" · ")[0] for line in marked] == [
        "operating reached",
        "investment 3 billion MAD",
        "operating reached",
    ]
    assert "not verified" not in shown(timeline([told, copy]))
    section = in_full.partition("Reported, not verified")[2]
    assert claim_id(doubtful, told.source) in section
    assert "operating reached 2024-03-29" in section
    assert "not verified" not in shown(detail(PROJECT, fold("plant", [], INDUSTRIAL), INDUSTRIAL, today=NOW.date()))


def test_a_sentence_that_is_quoted_is_not_quoted_again() -> None:
    told = [Report(source=make_article("a").source, claims=(make_claim(evidence="“We have signed,” says Acme."),))]

    seen = shown(detail(PROJECT, fold("plant", told, INDUSTRIAL), INDUSTRIAL, today=NOW.date()))

    assert " “We have signed,” says Acme." in seen


def test_a_halt_that_is_over_stands_in_the_project_in_full_with_both_dates_and_proofs() -> None:
    stopped = make_claim(stage="suspended", date=Period.parse("2026-02"), evidence="Works have stopped.")
    resumed = make_claim(stage="resumed", date=None, evidence="Works have resumed.")
    told = [
        Report(source=make_article(f"a{n}", day=n).source, claims=(each,)) for n, each in enumerate((stopped, resumed))
    ]

    seen = shown(detail(PROJECT, fold("plant", told, INDUSTRIAL), INDUSTRIAL, today=NOW.date()))

    section = " ".join(seen.partition("Halts that are over")[2].split())
    assert "suspended 2026-02 · reported by 1 independent source “Works have stopped.” Example Daily" in section
    assert (
        f"ended: resumed {told[1].source.published_at.date()} or before “Works have resumed.” Example Daily" in section
    )
    assert "Halts" not in shown(detail(PROJECT, fold("plant", told[:1], INDUSTRIAL), INDUSTRIAL, today=NOW.date()))


def halted(*sure: float) -> str:
    """A project in full whose works were halted and go on, as outlets report that are so sure."""
    told = [make_claim(stage="suspended", date=Period.parse("2026-02"), confidence=each) for each in sure]
    claims = (*told, make_claim(stage="resumed", date=None))
    reports = [
        Report(source=make_article(f"a{n}", day=n, story=f"a{n}", outlet=f"Outlet {n}").source, claims=(each,))
        for n, each in enumerate(claims)
    ]
    return shown(detail(PROJECT, fold("plant", reports, INDUSTRIAL), INDUSTRIAL, today=NOW.date()), width=160)


def test_a_halt_that_nobody_verified_is_no_halt_that_is_over() -> None:
    seen = halted(0.62)

    assert "Halts that are over" not in seen
    assert "suspended reached 2026-02 · sure 0.62" in seen.partition("Reported, not verified: moves nothing yet")[2]


def test_what_several_sources_bear_out_only_together_says_so() -> None:
    assert "confirmed by 2 independent sources; 0.84 from 2 sources: 0.62, 0.60" in halted(0.62, 0.6)
    assert "sure 0.55 · 0.79 from 2 sources: 0.55, 0.55" in halted(0.55, 0.55)
    assert "from" not in halted(0.62, 0.9).partition("Halts that are over")[2]


def test_after_a_halt_head_and_table_say_the_same_of_the_start_of_works() -> None:
    begun = make_claim(stage="construction", date=Period.parse("2025-09-22"))
    claims = (begun, begun, make_claim(stage="suspended", date=None), make_claim(stage="resumed", date=None))
    told = [
        Report(source=make_article(f"a{n}", day=n - 9, story=f"a{n}", outlet=f"Outlet {n}").source, claims=(each,))
        for n, each in enumerate(claims)
    ]
    known = fold("plant", told, INDUSTRIAL)

    seen = shown(detail(PROJECT, known, INDUSTRIAL, today=NOW.date()), width=160)
    listed = shown(overview([PROJECT], [known], {"industrial": INDUSTRIAL}, {}, now=NOW))

    assert "since 2025-09-22 · confirmed by 2 independent sources" in seen
    assert seen.count("confirmed by 2 independent sources") == 2
    assert "construction  ✔" in listed


def test_a_project_of_which_nothing_is_known_has_no_table_of_dashes() -> None:
    seen = shown(detail(PROJECT, fold("plant", [], INDUSTRIAL), INDUSTRIAL, today=NOW.date()))

    assert "nothing known" in seen
    assert "Milestones" not in seen


def test_a_milestone_is_compared_with_its_first_and_its_last_date_each_by_name() -> None:
    told = [
        Report(source=make_article("a0", day=-400).source, claims=(expecting("2025"),)),
        Report(source=make_article("a1", day=-390).source, claims=(expecting("2024-Q4"),)),
        Report(source=make_article("a2").source, claims=(make_claim(stage="operating", date=Period.parse("2025-11")),)),
    ]

    seen = shown(detail(PROJECT, fold("plant", told, INDUSTRIAL), INDUSTRIAL, today=NOW.date()), width=160)

    assert "As first expected" in seen
    assert re.search(r"≈\d+ days later than last expected", seen)


def test_a_project_in_full_has_every_stage_and_fact() -> None:
    source = make_article().source
    known = fold("plant", [Report(source=source, claims=(make_claim(),), facts=(make_fact(),))], INDUSTRIAL)

    seen = shown(detail(PROJECT, known, INDUSTRIAL, today=NOW.date()), width=80)

    assert all(stage in seen for stage in INDUSTRIAL.stages)
    assert "2024-03-29" in seen
    assert "3 billion MAD" in seen


def test_a_project_in_full_shows_how_it_was_weighed_and_what_was_expected_when() -> None:
    sources = [make_article(f"a{day}", day=day, outlet=f"outlet {day}").source for day in (-300, -200, -100)]
    dates = ("2026-06", "2026-09", "2026-09")
    told = [
        Report(
            source=source,
            claims=(
                make_claim(phase="Line 1"),
                make_claim(stage="operating", state=State.EXPECTED, date=Period.parse(date)),
            ),
            facts=(make_fact(value=value), make_fact(kind=FactKind.AREA, value=15.0, unit="ha", phase="Line 1")),
        )
        for source, date, value in zip(sources, dates, (3e9, 3e9, 4e9), strict=True)
    ]
    denied = make_claim(state=State.DENIED, date=None)
    told.append(Report(source=make_article("b", outlet="other").source, claims=(denied,)))
    known = fold("plant", told, INDUSTRIAL, phases=("Line 1",))

    seen = shown(
        detail(PROJECT, known, INDUSTRIAL, to_come(known, INDUSTRIAL, timedelta(days=1)), today=NOW.date()), width=200
    )

    for words in (
        "confirmed by 3 independent sources; disputed, 1 against",
        "disputed: agreed; no news since 2026-11-24",
        "operating expected 2026-09 (first 2026-06), overdue since 1 October 2026: 55 days",
        "≈92 days later than first expected",
        "≈92 days later",
        "Line 1: agreed · area 15 ha",
        "also told: 4 billion MAD, by 1 source",
        "What was expected when",
        "Line 1: agreed",
        "Line 1: facts",
    ):
        assert words in seen


OVERDUE = "overdue since 1 October 2026: 55 days"


def expecting(date: str) -> Claim:
    return make_claim(stage="operating", state=State.EXPECTED, date=Period.parse(date))


@pytest.mark.parametrize(
    ("claims", "row"),
    [
        pytest.param((expecting("2026-09"),), f"expected 2026-09 2026-09 {OVERDUE}", id="overdue"),
        pytest.param(
            (expecting("2026-09"), make_claim(stage="suspended")), f"expected 2026-09 2026-09 {OVERDUE}", id="halted"
        ),
        pytest.param((expecting("2027-06"),), "expected 2027-06 2027-06 As first expected", id="still to come"),
        pytest.param(
            (make_claim(stage="operating", date=None),), "reached 2026-11-24 or before – –", id="never expected"
        ),
    ],
)
def test_nothing_is_on_time_that_is_not_there(claims: tuple[Claim, ...], row: str) -> None:
    seen = shown(detail(PROJECT, state(*claims), INDUSTRIAL, today=NOW.date()), width=160)

    assert "on time" not in seen
    assert f"operating {row}" in " ".join(seen.split())


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2026-10-07", "As first expected"),
        ("2026-09-30", "≈ One day earlier than first expected"),
        ("2026-11", "≈30 days later than first expected"),
    ],
)
def test_what_is_reached_is_on_time_late_or_early(date: str, words: str) -> None:
    told = [
        Report(source=make_article("a1", day=-90).source, claims=(expecting("2026-10"),)),
        Report(source=make_article("a2").source, claims=(make_claim(stage="operating", date=Period.parse(date)),)),
    ]
    seen = shown(detail(PROJECT, fold("plant", told, INDUSTRIAL), INDUSTRIAL, today=NOW.date()), width=160)

    assert f"reached {date} 2026-10 {words}" in " ".join(seen.split())


def test_a_narrow_terminal_shows_every_column_of_the_milestones() -> None:
    claims = (expecting("2025"), make_claim(stage="commissioning", date=Period.parse("2026-09-30")))
    told = [
        Report(source=make_article("a0", day=-200).source, claims=claims),
        Report(source=make_article("a1", day=-90).source, claims=(expecting("2024-Q4"),)),
        Report(source=make_article("a2").source, claims=(make_claim(stage="operating", date=Period.parse("2026-11")),)),
    ]
    seen = shown(detail(PROJECT, fold("plant", told, INDUSTRIAL), INDUSTRIAL, today=NOW.date()), width=80)

    for words in (
        " Stage ",
        " Stands ",
        " Baseline ",
        " Slip ",
        " How sure",
        " commissioning ",
        "2026-09-30",
        "source",
    ):
        assert words in seen


def test_what_nobody_dates_is_said_by_the_day_of_the_first_article_and_a_delay_has_its_proof() -> None:
    late = make_claim(stage="delayed", date=Period.parse("2026-10"), evidence="The works are late.")
    begun = Report(source=make_article("a0", day=-60).source, claims=(make_claim(stage="construction", date=None),))
    known = fold("plant", [begun, Report(source=make_article("a1").source, claims=(late,))], INDUSTRIAL)
    seen = shown(detail(PROJECT, known, INDUSTRIAL, today=NOW.date()), width=160)

    assert "since 2026-09-25 at the latest · reported by 1 independent source" in seen
    assert "reached 2026-09-25 or before" in seen
    assert "delayed since 2026-10 · reported by 1 independent source" in seen
    assert "“The works are late.”" in seen


def test_a_denial_of_what_nobody_has_said_is_called_not_yet() -> None:
    denied = make_claim(stage="construction", state=State.DENIED, date=None)
    begun = Report(source=make_article("a0", day=-9).source, claims=(make_claim(stage="construction"),))
    halted = Report(source=make_article("a1", trust=1.0).source, claims=(denied,))

    never = shown(detail(PROJECT, state(denied), INDUSTRIAL, today=NOW.date()), width=160)
    taken_back = shown(detail(PROJECT, fold("plant", [begun, halted], INDUSTRIAL), INDUSTRIAL, today=NOW.date()))

    assert f"not yet on {make_article('a1').source.published_at.date()}" in never
    assert "denied" not in never
    assert "denied" in taken_back


def test_amounts_are_labelled_with_their_part_and_an_investment_is_one_figure_in_all_currencies() -> None:
    facts = (
        make_fact(),
        make_fact(value=3e8, unit="USD"),
        make_fact(kind=FactKind.CAPACITY, value=2e4, unit="t/yr", phase="première phase"),
    )
    again = Report(source=make_article("a2", outlet="Another").source, facts=(make_fact(value=3e8, unit="USD"),))
    known = fold("plant", [Report(source=make_article("a1").source, facts=facts), again], INDUSTRIAL)
    seen = shown(detail(PROJECT, known, INDUSTRIAL, today=NOW.date()), width=160)

    assert "capacity (première phase) 20,000 t/yr · investment 300 million USD, also told: 3 billion MAD" in seen
    assert "capacity (première phase)" in seen.partition("Facts")[2]


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        (make_fact(), "investment 3 billion MAD"),
        (make_fact(value=2.75e9), "investment 2.75 billion MAD"),
        (make_fact(kind=FactKind.CAPACITY, value=50_000.0, unit="t/yr"), "capacity 50,000 t/yr"),
        (make_fact(kind=FactKind.JOBS, value=1800.0, unit="jobs"), "jobs 1,800\n"),
        (make_fact(kind=FactKind.PROGRESS, value=62.5, unit="%"), "progress 62.5 %"),
    ],
)
def test_a_quantity_is_written_as_people_write_it(fact: object, text: str) -> None:
    known = fold("plant", [Report(source=make_article().source, facts=(fact,))], INDUSTRIAL)  # type: ignore[arg-type]  # built by cases

    seen = "\n".join(line.rstrip() for line in shown(detail(PROJECT, known, INDUSTRIAL, today=NOW.date())).splitlines())
    assert text in f"{seen}\n"


# ---------------------------------------------------------------- lists


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (make_change(), "status: announced → agreed"),
        (make_change(from_=None), "status: agreed"),
        (
            make_change(type=ChangeType.SCHEDULE, stage="operating", from_="2026", to="2027"),
            "schedule, operating: 2026 → 2027",
        ),
        (
            make_change(type=ChangeType.CONFIRMED, from_="reported", to="confirmed"),
            "confirmed, agreed: reported → confirmed",
        ),
        (
            make_change(type=ChangeType.FACT, stage=None, kind=FactKind.CAPACITY, unit="t/yr", from_=5e4, to=6e4),
            "capacity: 50,000 t/yr → 60,000 t/yr",
        ),
        (
            make_change(
                type=ChangeType.FACT, stage=None, kind=FactKind.AREA, unit="ha", from_=None, to=15.0, phase="Line 1"
            ),
            "area (Line 1): 15 ha",
        ),
        (make_change(type=ChangeType.QUIET, stage=None, from_=None, to=None), "quiet"),
    ],
)
def test_a_change_says_what_moved(change: object, text: str) -> None:
    assert move(change).plain == text  # type: ignore[arg-type]  # built by cases


def test_news_comes_before_history() -> None:
    past, new = make_change(from_=None, to="agreed"), make_change(from_="agreed", to="approved")

    seen = "\n".join(line.rstrip() for line in shown(news_and_history([new], [past], {}, UTC)).splitlines())
    places = [seen.index(words) for words in ("News", "status: agreed → approved", "History", "status: agreed\n")]
    assert places == sorted(places)
    assert shown(news_and_history([], [past], {}, UTC)).startswith("No news yet.")
    assert "History" not in shown(news_and_history([new], [], {}, UTC))


def test_a_change_of_a_project_that_is_gone_is_shown_by_its_id() -> None:
    assert "gone: status" in shown(changes([make_change(project="gone")], {}, UTC))


def test_deliveries_say_how_they_went() -> None:
    delivery = Delivery(id=1, change=make_change(), subscriber="Desk", destination="d1", attempts=1)
    rows = [
        DeliveryRecord(delivery=delivery, state=state, due_at=NOW, sent_at=sent, last_outcome=outcome)
        for state, sent, outcome in (
            (DeliveryState.SENT, NOW, "sent"),
            (DeliveryState.PENDING, None, ""),
            (DeliveryState.DEAD, None, "refused: no such channel"),
            (DeliveryState.SUPERSEDED, None, "told at another destination"),
        )
    ]

    seen = shown(deliveries(rows, {"d1": "slack://***"}, UTC), width=120)

    assert "slack://***" in seen
    assert "2026-11-24 12:00 · tried 1 time" in seen
    assert "due 2026-11-24 12:00" in seen
    assert "given up" in seen
    assert "not needed" in seen
    assert "refused: no such channel" in seen
    assert "d1, no longer configured" in shown(deliveries(rows, {}, UTC), width=120)


@pytest.mark.parametrize(
    ("result", "retry_at", "text"),
    [
        (SendResult(outcome=Outcome.SENT), None, "✔ status: announced → agreed → slack://***"),
        (
            SendResult(outcome=Outcome.FAILED, detail="503"),
            NOW + timedelta(minutes=1),
            "✘ status: announced → agreed → slack://***: failed, 503; will be tried again",
        ),
        (
            SendResult(outcome=Outcome.REFUSED, detail="no such channel"),
            None,
            "✘ status: announced → agreed → slack://***: refused, no such channel; given up",
        ),
    ],
)
def test_an_attempt_says_what_follows(result: SendResult, retry_at: datetime | None, text: str) -> None:
    delivery = Delivery(id=1, change=make_change(), subscriber="Desk", destination="d1", attempts=1)

    done = Attempt(delivery=delivery, destination="slack://***", message="c1", result=result, retry_at=retry_at)

    assert attempt(done).plain == text


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (
            PollResult(feed=make_feed(), outcome=PollOutcome.READ, entries=1, new=1, relevant=1, is_history=True),
            "✔ Example Daily: 1 entry, 1 new, 1 about projects, 0 changes (its past: alerts nobody)",
        ),
        (PollResult(feed=make_feed(), outcome=PollOutcome.NOT_MODIFIED), "✔ Example Daily: not modified"),
        (PollResult(feed=make_feed(), outcome=PollOutcome.FAILED, error="gone (410)"), "✘ Example Daily: gone (410)"),
        (
            PollResult(feed=make_feed(), outcome=PollOutcome.READ, problems=("an entry without words",)),
            "✔ Example Daily: 0 entries, 0 new, 0 about projects, 0 changes\n  an entry without words",
        ),
    ],
)
def test_a_poll_is_told_in_a_line(result: PollResult, text: str) -> None:
    assert poll(result).plain == text


def test_changes_that_others_raised_meanwhile_are_counted_apart() -> None:
    read = PollResult(feed=make_feed(), outcome=PollOutcome.READ)

    assert polls([read], elsewhere=2).plain == (
        "1 feed polled · 0 new articles · 0 about projects · 0 changes · "
        "2 more by the service or another poll meanwhile: monitor changes"
    )


def test_a_round_without_a_network_says_so_once_and_counts_no_failure() -> None:
    read = PollResult(feed=make_feed(), outcome=PollOutcome.READ, new=2)
    waiting = PollResult(feed=make_feed(), outcome=PollOutcome.NOT_ASKED, error="there is no network")

    assert polls([read, waiting, waiting]).plain == (
        "1 feed polled · 2 new articles · 0 about projects · 0 changes · no network: 2 feeds not asked"
    )


def test_feeds_say_when_they_failed() -> None:
    feed = make_feed()
    failing = FeedRecord(url=feed.url, polled_at=NOW, next_poll_at=NOW, failures=3, last_error="no answer")

    seen = shown(feeds([(feed, failing), (make_feed(name="New"), FeedRecord(url=feed.url))], UTC), width=120)

    assert "failed 3 times in a row: no answer" in seen
    assert "not polled yet" in seen


def test_a_feed_is_listed_with_what_it_publishes_and_what_its_answer_was_like() -> None:
    feed = make_feed()
    record = FeedRecord(
        url=feed.url,
        last_status="read",
        habit=Habit(at=NOW, since=NOW - timedelta(days=14), entries=14),
        latency=0.251,
        size=20_480,
        last_entries=30,
        last_new=2,
    )

    seen = shown(feeds([(feed, record)], UTC), width=140)

    assert "1 entries a day · 5% about projects" in seen
    assert "0.25 s · 20,480 bytes · 2 of 30 entries new" in seen


def test_why_a_feed_is_asked_is_told_rule_by_rule() -> None:
    feed = make_feed()
    reason = PollReason(rule=Rule.EVERY, wait=timedelta(hours=2), words="the operator's interval of this feed")
    record = FeedRecord(
        url=feed.url, polled_at=NOW, next_poll_at=NOW, reasons=(reason,), moved_to="https://new.example/", moves=2
    )

    seen = shown(why(feed, record, UTC), width=140)

    assert "every 2 h the operator's interval of this feed" in " ".join(seen.split())
    assert "said 2 times in a row that it has moved to https://new.example/" in seen
    assert "as soon as it can be" in shown(why(feed, FeedRecord(url=feed.url), UTC))


# ---------------------------------------------------------------- hostile words


@pytest.mark.parametrize(
    "renderable",
    [
        detail(PROJECT, state(make_claim(evidence=BOMB), outlet=BOMB), INDUSTRIAL, today=NOW.date()),
        overview([make_project(name={"": BOMB})], [state()], {"industrial": INDUSTRIAL}, now=NOW),
        timeline([Report(source=replace(make_article().source, outlet=BOMB), claims=(make_claim(evidence=BOMB),))]),
        changes([make_change(evidence=(BOMB,), sources=(BOMB,))], {}, UTC),
        reading(BOMB, BOMB, Reading(language=None, projects=(), claims=(make_claim(evidence=BOMB),), facts=())),
        poll(PollResult(feed=make_feed(name=BOMB), outcome=PollOutcome.FAILED, error=BOMB)),
        feeds([(make_feed(name=BOMB), FeedRecord(url="", last_error=BOMB))], UTC),
        why(make_feed(name=BOMB), FeedRecord(url="", moved_to=BOMB), UTC),
    ],
)
def test_words_from_outside_are_shown_and_not_obeyed(renderable: RenderableType) -> None:
    seen = shown(renderable)

    assert "[bold]" in seen
    assert not set("\x1b\x07\u202e") & set(seen)
    assert "BTR forged" in " ".join(seen.split())


def test_no_secret_of_an_address_is_shown() -> None:
    url = "https://bob:hunter22@example.org/feed?api_key=hunter22"
    failed = PollResult(feed=make_feed(url=url, name=url), outcome=PollOutcome.FAILED, error=f"{url}: gone")

    assert "hunter22" not in poll(failed).plain


def make_hub(**more: object) -> HubSubscription:
    made = HubSubscription(
        token="unguessable",
        public="https://monitor.example.org",
        feed=make_feed().url,
        hub="https://hub.example.org/",
        topic="https://example.org/self",
        secret="s3cret",
        next_at=NOW,
    )
    return replace(made, **more)  # type: ignore[arg-type]  # what a case names


def test_a_feed_shows_what_its_hub_does_and_not_what_makes_that_safe() -> None:
    feed = make_feed()
    hub = make_hub(until=NOW + timedelta(days=9), pushes=3, pushed_at=NOW)

    listed = shown(feeds([(feed, FeedRecord(url=feed.url))], UTC, {feed.url: hub}), width=160)
    told = shown(why(feed, FeedRecord(url=feed.url, hub=hub.hub), UTC, hub), width=160)

    for seen in (listed, told):
        assert "pushed by its hub until" in seen
        assert "https://hub.example.org/" in seen
        assert "3 documents pushed, the last" in seen
        assert "unguessable" not in seen
        assert "s3cret" not in seen


def test_a_hub_that_fails_says_how() -> None:
    feed = make_feed()
    hub = make_hub(failures=2, error="the hub did not ask back")

    seen = shown(why(feed, FeedRecord(url=feed.url), UTC, hub), width=160)

    assert "its hub was asked to push it" in seen
    assert "2 times in a row: the hub did not ask back" in seen


def test_a_hub_that_nobody_subscribed_to_is_named() -> None:
    feed = make_feed()

    seen = shown(why(feed, FeedRecord(url=feed.url, hub="https://hub.example.org/"), UTC), width=160)

    assert "names a hub, https://hub.example.org/" in seen


def test_feeds_that_were_found_are_a_table_and_no_address_is_broken() -> None:
    url = "https://example.org/" + "%D8%B7%D9%86%D8%AC%D8%A9/" * 9 + "feed.xml"
    entries = tuple(
        (Entry(guid=None, url=None, title="", text="", published_at=NOW - timedelta(days=day)), ("plant",)[day:])
        for day in range(3)
    )
    found = [
        FeedTrial(feed=make_feed(url=url, name=url), title="A title " * 20, format="Atom", entries=entries),
        FeedTrial(feed=make_feed(url="https://example.org/b", name="B"), format="RSS"),
        FeedTrial(feed=make_feed(name="Broken"), error="gone (410)"),
    ]

    seen = [line.rstrip() for line in shown(discovered(found, {"https://example.org/b"}), width=60).splitlines()]

    assert seen[0].split() == ["Format", "Entries", "Relevant", "Newest", "Title"]
    assert seen[1].startswith("1   Atom             3         1  2026-11-24  A title")
    assert seen[1].endswith("…")
    assert seen[2] == "    https://example.org/" + "طنجة/" * 9 + "feed.xml"
    assert seen[3].split() == ["2", "RSS", "0", "0", "–", "B"]
    assert seen[5] == "    in feeds.yaml already"
    assert seen[6] == "✘ Broken: gone (410)"


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing(sources=2, official=1), "confirmed by 2 independent sources, 1 official"),
        (Standing(sources=1, official=1, decided=1), "confirmed by hand"),
        (Standing(sources=3, official=2, decided=1), "confirmed by 2 independent sources, 1 official and by hand"),
        (
            Standing(sources=2, official=1, decided=1, against=1),
            "confirmed by 1 independent source and by hand; 1 against",
        ),
        (
            Standing(sources=1, official=1, confirms_date=False),
            "confirmed, but at this date only reported by 1 independent source, 1 official",
        ),
    ],
)
def test_a_decision_is_no_official_source(standing: Standing, words: str) -> None:
    assert sureness(replace(standing, confidence=Confidence.CONFIRMED)).plain == words
