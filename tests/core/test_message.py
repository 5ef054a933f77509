"""Messages as people read them. What they read is in ``golden/``: the text in each language, markup in two.

After a change of wording or of a template, run this module with ``UPDATE_GOLDEN=1`` in the environment and read the
difference.
"""

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.event import cloud_event
from monitor.core.message.briefing import Briefing, SharedOccasion, Unmoved
from monitor.core.message.compose import MAX_TITLE, compose, compose_digest, probe
from monitor.core.message.examples import ANODE, CATHODE, EXAMPLES, TOGETHER, UNMOVED
from monitor.core.message.told import MAX_SENTENCE
from monitor.core.message.tongue import Tongue
from monitor.core.model import FactKind, Project, State
from monitor.core.news import Change, ChangeType, Message, Mistake, Proof
from monitor.core.periods import Period
from monitor.core.state import Confidence, Delay, KnownFact, Milestone, PhaseState, ProjectState, Standing
from tests.builders import VOICE

GOLDEN = Path(__file__).parent / "golden"
CASABLANCA = ZoneInfo("Africa/Casablanca")
LANGUAGES = sorted(VOICE.catalogues)
DAY = datetime(2026, 9, 2, 7, tzinfo=UTC)
STATUS = EXAMPLES["status"]
#: One message of each shape. The markup of the others is the same.
SHAPES = (
    "status", "status, resumed, and no stage is known", "milestone", "schedule, slipped", "overdue", "fact, progress",
    "disputed", "correction", "quiet", "together, digest", "what one article tells", "status, with a page",
)  # fmt: skip
PAGE = "https://monitor.example.org/projects/plant"
OF_ONE_ARTICLE = tuple(
    replace(EXAMPLES[name], state=STATUS.state)
    for name in ("fact, changed", "milestone", "status", "schedule, slipped")
)


def told(briefing: Briefing, *, language: str = "en", zone: tzinfo = UTC) -> Message:
    return compose(briefing, voice=VOICE, language=language, zone=zone)


def digest(*briefings: Briefing, **more: Any) -> Message:
    options: dict[str, Any] = {
        "id": "b1",
        "at": DAY,
        "occasion": SharedOccasion.DIGEST,
        "voice": VOICE,
        "language": "en",
    }
    return compose_digest(briefings, **(options | more))


def but(name: str = "status", *, state: ProjectState | None = None, **fields: Any) -> Briefing:
    """An example with other fields of its change."""
    known = EXAMPLES[name]
    return replace(known, change=replace(known.change, **fields), state=state or known.state)


# ---------------------------------------------------------------- as they are read


def all_messages(language: str) -> dict[str, Message]:
    messages = {name: told(example, language=language, zone=CASABLANCA) for name, example in EXAMPLES.items()}
    for occasion in (SharedOccasion.DIGEST, SharedOccasion.HELD, SharedOccasion.STORM, SharedOccasion.MERGED):
        messages[f"together, {occasion}"] = digest(
            *TOGETHER,
            occasion=occasion,
            language=language,
            zone=CASABLANCA,
            unmoved=UNMOVED,
            with_doubt=occasion is SharedOccasion.DIGEST,
        )
    messages["together, of one project"] = digest(*TOGETHER[::2], language=language, zone=CASABLANCA)
    messages["what one article tells"] = digest(
        *OF_ONE_ARTICLE, occasion=SharedOccasion.AT_ONCE, language=language, zone=CASABLANCA
    )
    messages["status, with a page"] = told(replace(STATUS, page=PAGE), language=language, zone=CASABLANCA)
    messages["together, with pages"] = digest(
        *(replace(each, page=f"{PAGE}-{each.project.id}") for each in TOGETHER), language=language, zone=CASABLANCA
    )
    return messages


# Left to right and right to left: the other languages have the same markup.
@pytest.mark.parametrize(
    ("language", "form"),
    [*((each, "txt") for each in LANGUAGES), *((each, form) for each in ("ar", "en") for form in ("html", "md"))],
)
def test_messages_read_as_they_should(language: str, form: str) -> None:
    file = GOLDEN / f"messages.{language}.{form}"
    messages = all_messages(language)
    text = "\n".join(
        f"==== {name}\n{message.title}\n----\n{body_of(message, form)}\n"
        for name, message in messages.items()
        if form == "txt" or name in SHAPES
    )
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8")

    assert text == file.read_text(encoding="utf-8")


def body_of(message: Message, form: str) -> str:
    return {"txt": message.body, "md": message.markdown, "html": message.html}[form]


def test_a_message_has_no_link_to_a_page_that_its_readers_cannot_reach() -> None:
    message = told(STATUS)

    assert not any("Where the project stands" in body_of(message, form) for form in ("txt", "md", "html"))


@pytest.mark.parametrize("form", ["txt", "md", "html"])
def test_a_digest_links_to_the_page_of_each_project(form: str) -> None:
    briefings = [replace(each, page=f"{PAGE}-{each.project.id}") for each in TOGETHER]
    body = body_of(digest(*briefings), form)

    assert [body.count(each) for each in sorted({briefing.page for briefing in briefings})] == [1, 1]


def test_every_type_of_change_has_an_example() -> None:
    assert {example.change.type for example in EXAMPLES.values()} == set(ChangeType)


def test_a_message_carries_the_id_and_the_event_of_its_change() -> None:
    message = told(STATUS, language="fr")

    assert message.id == STATUS.change.id
    assert message.event == cloud_event(STATUS.change)


@pytest.mark.parametrize(
    ("language", "zone", "time"),
    [
        ("fr", "Asia/Shanghai", "20:05 UTC+8"),
        ("en", "Africa/Casablanca", "13:05 GMT+1"),
        ("en", "UTC", "12:05 GMT"),
        ("es", "America/New_York", "8:05 GMT-4"),
        ("zh", "Asia/Kolkata", "17:35 GMT+5:30"),
        ("ar", "Africa/Casablanca", "1:05 م غرينتش+1"),
    ],
)
def test_the_time_is_the_readers_and_names_its_zone(language: str, zone: str, time: str) -> None:
    message = told(STATUS, language=language, zone=ZoneInfo(zone))

    assert message.body.endswith(f" {time}")
    assert f" {time}<" in message.html
    assert message.markdown.endswith(f" {time}")


# ---------------------------------------------------------------- since when


@pytest.mark.parametrize(
    ("name", "stage"),
    [("status", "suspended"), ("status", "cancelled"), ("schedule, late without a date", "delayed")],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_condition_is_told_with_its_date(name: str, stage: str, language: str) -> None:
    known = told(but(name, stage=stage, effective=Period.parse("2019-07")), language=language)

    assert all("2019" in body_of(known, form) for form in ("txt", "md", "html"))
    if language == "en":
        assert known.body.splitlines()[0] == "Since: July 2019"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        pytest.param("ar-MA", "غشت 2026", id="a Moroccan reader has Moroccan months"),
        pytest.param("ar", "أغسطس 2026", id="other Arabic readers have others"),
        pytest.param("zh-Hans-CN", "2026年8月", id="a script and a region"),
        pytest.param("en-US", "August 2026", id="a region"),
        pytest.param("de", "Since: August 2026", id="English for one whose language is not spoken"),
        pytest.param("", "Since: August 2026", id="or has none"),
        pytest.param("no language", "Since: August 2026", id="or is not a language"),
        pytest.param("fr-ZZZZ", "août 2026", id="a region that is none is left out"),
    ],
)
def test_the_readers_region_counts(language: str, words: str) -> None:
    assert words in told(STATUS, language=language).body


def test_stages_of_the_operators_own_are_shown_as_they_are() -> None:
    own = but(stage="ground_broken", from_="final_design", to="ground_broken")

    assert told(own).title == "Orvandel anode plant, Port Alder: final design → ground broken"
    assert "\u2068final design\u2069 ← \u2068ground broken\u2069" in told(own, language="ar").title


def test_what_is_no_date_or_number_is_shown_as_it_is() -> None:
    odd = but("schedule, slipped", from_="soon", to="later")
    plenty = but("fact, jobs", from_=None, to="plenty")

    assert "start of operation later than expected, soon → later" in told(odd).title
    assert told(plenty).title.endswith("jobs plenty")


def test_an_overdue_stage_whose_date_is_lost_still_makes_a_message() -> None:
    assert told(but("overdue", effective=None)).title.endswith("completion overdue")


@pytest.mark.parametrize(
    ("language", "unit", "written"),
    [
        ("fr", "m3/day", "200 m³/jour"),
        ("fr", "t/month", "200 t/mois"),
        ("es", "bbl/day", "200 barriles/día"),
        ("zh", "m3/day", "200 立方米/日"),
        ("fr", "knots/h", "200 knots/h"),
    ],
)
def test_a_rate_is_written_in_the_readers_words(language: str, unit: str, written: str) -> None:
    tongue = Tongue.of(VOICE.catalogues, language)

    assert tongue.value(200.0, FactKind.CAPACITY, unit).replace("\N{NO-BREAK SPACE}", " ") == written


def test_an_amount_without_unit_is_shown_bare() -> None:
    assert told(but("fact, changed", from_=None, to=5e6, unit=None)).title.endswith("investment 5,000,000")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_does_not_name_the_account_that_decided(language: str) -> None:
    decided = told(but(by="zoe @all"), language=language)

    assert "zoe" not in f"{decided.title}{decided.body}{decided.html}{decided.event}"


def test_corrections_of_one_alert_say_once_which_it_was_and_name_the_status_first() -> None:
    status = EXAMPLES["correction"]
    figure = replace(EXAMPLES["correction of a figure"], told_at=status.told_at)
    assert figure.change.retracts is not None
    same = replace(figure.change.retracts, because=Mistake.PROJECT)
    message = digest(replace(figure, change=replace(figure.change, at=status.change.at, retracts=same)), status)

    assert message.body.count("Our alert of") == 1
    assert "“construction → cancelled” was wrong (+1)" in message.title
    assert "Now known: capacity" in message.body


@pytest.mark.parametrize(
    ("type_", "stage", "wrong", "right"),
    [
        (
            ChangeType.STATUS,
            "construction",
            "“construction, January 2025” was wrong",
            "The status is: construction (since",
        ),
        (ChangeType.MILESTONE, "approved", "reached, January 2025” was wrong", "Now known: approval, 12 March 2025"),
        (
            ChangeType.CONFIRMED,
            "completed",
            "confirmed, January 2025” was wrong",
            "expected again is: 15 December 2026",
        ),
        (ChangeType.SCHEDULE, "delayed", "“delayed, January 2025” was wrong", "Now known: delay, March 2026"),
    ],
)
def test_the_correction_of_a_day_names_it_and_what_is_known_now(
    type_: ChangeType, stage: str, wrong: str, right: str
) -> None:
    known = EXAMPLES["correction of a date"]
    assert known.change.retracts is not None
    assert known.state is not None
    to = None if type_ is ChangeType.SCHEDULE else stage
    delay = Delay(since=Period.parse("2026-03"), by=None, standing=Standing(sources=1), evidence=())
    change = replace(
        known.change,
        type=type_,
        stage=stage,
        from_=to,
        to=to,
        effective=Period.parse("2025-01"),
        retracts=replace(known.change.retracts, from_=None, because=Mistake.DATE),
    )

    message = told(replace(known, change=change, state=replace(known.state, delay=delay)))

    assert wrong in message.title
    assert "was wrong: it gave a wrong date." in message.body
    assert right in message.body
    assert "was wrong" in told(replace(known, change=change, state=None)).body


def test_nothing_is_expected_again_of_what_has_ended() -> None:
    again = EXAMPLES["correction, expected again"]
    assert again.state is not None

    assert "expected again" in told(again).body
    assert "expected again" not in told(replace(again, state=replace(again.state, status="cancelled"))).body


def test_a_correction_says_nothing_of_a_status_that_is_not_known() -> None:
    unknown = told(replace(EXAMPLES["correction"], state=None)).body

    assert "was wrong" in unknown
    assert "The status is" not in unknown


def test_a_message_says_of_which_phase_it_tells() -> None:
    assert told(but(phase="15,000 t")).title.startswith("Orvandel anode plant, Port Alder (15,000 t): ")


# ---------------------------------------------------------------- how sure, and why


def held(standing: Standing, **more: Any) -> ProjectState:
    return ProjectState(project=ANODE.id, status="suspended", standing=standing, **more)


def decided(number: int, *, others: int = 0, official: int = 0, **more: Any) -> Standing:
    """So many decisions of operators beside other sources."""
    told: dict[str, Any] = {"sources": number + others, "official": number + official, **more}
    return Standing(confidence=Confidence.CONFIRMED, decided=number, **told)


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing(sources=1), "Reported by one source, not yet confirmed"),
        (Standing(sources=2), "Reported by 2 sources, not yet confirmed"),
        (Standing(confidence=Confidence.CONFIRMED, sources=1, official=1), "Confirmed by one official source"),
        (Standing(confidence=Confidence.CONFIRMED, sources=1), "Confirmed by one source"),
        (Standing(confidence=Confidence.CONFIRMED, sources=3), "Confirmed by 3 independent sources"),
        (
            Standing(confidence=Confidence.CONFIRMED, sources=3, official=2, against=1),
            "Confirmed by 3 independent sources, 2 of them official, one source says otherwise",
        ),
        (decided(1), "Entered by hand"),
        (decided(1, against=1), "Entered by hand, one source says otherwise"),
        (decided(1, others=1), "Confirmed by hand, reported by one source"),
        (decided(2, others=2, official=1), "Confirmed by hand, reported by 2 sources, one of them official"),
        (decided(1, sources=2, confirms_date=False), "Confirmed, but at this date only reported by 2 sources"),
        (Standing(), "Reported, not yet confirmed"),
        (Standing(known=True), "Entered by hand"),
        (Standing(implied=1), "Implied by one source"),
        (Standing(implied=2), "Implied by 2 independent sources"),
        (
            Standing(confidence=Confidence.CONFIRMED, sources=1, confirms_date=False),
            "Confirmed, but at this date only reported by one source",
        ),
        (
            Standing(confidence=Confidence.CONFIRMED, sources=2, confirms_date=False),
            "Confirmed, but at this date only reported by 2 sources",
        ),
        (Standing(sources=1, known=True), "Reported by one source, not yet confirmed"),
    ],
)
def test_a_message_says_by_whom_it_is_borne_out(standing: Standing, words: str) -> None:
    assert words in told(but(state=held(standing), confidence=standing.confidence)).body.splitlines()


def test_a_message_is_no_surer_than_its_change() -> None:
    by_now = Standing(confidence=Confidence.CONFIRMED, sources=2)

    body = told(but(state=held(by_now), confidence=Confidence.REPORTED)).body

    assert "Reported, not yet confirmed" in body.splitlines()


def test_without_knowledge_of_the_sources_it_only_says_how_sure_it_is() -> None:
    unknown = replace(but(confidence=Confidence.CONFIRMED), state=None)
    gone_on = but(state=ProjectState(project=ANODE.id, status="operating", standing=Standing(sources=9)))
    another_amount = but("fact, first known", to=1.0)
    no_such_phase = but("milestone", phase="third line")

    assert "Confirmed" in told(unknown).body.splitlines()
    assert "Reported, not yet confirmed" in told(gone_on).body
    assert "Confirmed" in told(another_amount).body.splitlines()
    assert "Confirmed" in told(no_such_phase).body.splitlines()


def test_of_a_forecast_that_has_been_overtaken_the_sources_do_not_count() -> None:
    assert "one source" in told(EXAMPLES["schedule, slipped"]).body
    assert "one source" not in told(but("schedule, slipped", to="2029")).body


def test_a_stage_that_is_only_expected_lends_no_sources_to_one_that_is_told_as_reached() -> None:
    assert "one source" not in told(but("milestone", stage="operating", to="operating")).body


# ---------------------------------------------------------------- slips, and what is next


def expecting(*dates: tuple[str, str | None, str | None], **more: Any) -> ProjectState:
    """A state with stages, each with its first and its present forecast."""
    milestones = tuple(
        Milestone(
            stage=stage,
            state=State.EXPECTED,
            baseline=Period.parse(first) if first else None,
            forecast=Period.parse(now) if now else None,
            actual=None,
            standing=Standing(sources=1),
            evidence=(),
        )
        for stage, first, now in dates
    )
    return ProjectState(project=ANODE.id, milestones=milestones, **more)


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        ("2026-09-01", "2026-09-02", "One day later than said before"),
        ("2026-09-02", "2026-09-01", "One day earlier than said before"),
        ("2026-09", "2027-Q1", "≈182 days later than said before"),
        ("2026-09", "2026-10", "≈31 days later than said before"),
        ("2026-09-30", "2026-10", "≈31 days later than said before"),
        ("2027", "2026-06", "≈214 days earlier than said before"),
        ("2026-10", "2026-09-30", "≈\u00a0One day earlier than said before"),
    ],
)
def test_what_is_late_is_counted_between_last_days_and_what_is_early_between_first_days(
    was: str, now: str, words: str
) -> None:
    assert words in told(but("schedule, slipped", from_=was, to=now, effective=Period.parse(now))).body.splitlines()


@pytest.mark.parametrize(
    ("first", "at", "words"),
    [
        ("2026-07-31", "2026-08-01", "One day later than first expected"),
        ("2026-08-02", "2026-08-01", "One day earlier than first expected"),
        ("2026", "2026-08-01", "As first expected"),
        ("2026-05", "2026-08", "≈92 days later than first expected"),
        ("2026-Q1", "2026-08-31", "≈153 days later than first expected"),
    ],
)
def test_what_is_reached_is_compared_with_what_was_first_expected(first: str, at: str, words: str) -> None:
    reached = but("milestone", state=expecting(("approved", first, None)), effective=Period.parse(at))

    assert words in told(reached).body.splitlines()


@pytest.mark.parametrize(("was", "is_compared"), [("construction", True), ("suspended", False)])
def test_what_goes_on_again_is_not_compared_with_when_it_was_first_to_start(was: str, is_compared: bool) -> None:
    state, at = expecting(("operating", "2027-06", None)), Period.parse("2026-11-27")
    moved = but(stage="operating", from_=was, to="operating", effective=at, state=state)

    assert ("first expected" in told(moved).body) == is_compared


def test_a_slip_that_is_the_first_one_is_said_once() -> None:
    slipped = but("schedule, slipped", from_="2026-10", state=expecting(("operating", "2026-10", "2027")))

    assert "first expected" not in told(slipped).body
    assert "first expected" in told(EXAMPLES["schedule, slipped"]).body


def test_a_forecast_is_not_said_to_be_as_first_expected() -> None:
    again = but("schedule, slipped", from_=None, state=expecting(("operating", "2027", "2027")))

    assert "first expected" not in told(again).body


def test_what_is_expected_next_is_the_soonest_that_has_not_gone_by() -> None:
    state = expecting(("approved", None, "2025"), ("operating", None, "2028"), ("completed", None, "2026-12"))

    assert "Next expected: completion, December 2026" in told(but(state=state)).body.splitlines()
    assert "Next expected" not in told(but(state=expecting(("approved", None, "2025")))).body


def test_a_date_that_moved_is_expected_next_if_nothing_else_comes_before_it() -> None:
    alone = but("schedule, slipped", state=expecting(("operating", "2026-10", "2027")))

    assert "Next expected: start of operation, 2027" in told(alone).body.splitlines()
    assert "Next expected: completion, 15 December 2026" in told(EXAMPLES["schedule, slipped"]).body.splitlines()


@pytest.mark.parametrize("status", ["suspended", "cancelled"])
def test_during_a_halt_nothing_is_overdue(status: str) -> None:
    late = expecting(("completed", "2026-07", "2026-07"), status=status)

    assert "overdue since" not in told(but("fact, jobs", state=late)).body


def test_a_day_is_overdue_when_the_clock_says_so() -> None:
    yesterday = expecting(("completed", "2026-08-30", "2026-08-30"))

    assert "overdue since" not in told(but("fact, jobs", state=yesterday)).body


def test_what_is_overdue_is_said_with_the_days_since_then_unless_the_message_is_about_it() -> None:
    late = expecting(("approved", "2026-07", "2026-07"), ("completed", "2026-08-29", "2026-08-29"))
    about_another, about_it = but("fact, jobs", state=late), but("overdue", stage="approved", state=late)

    lines = told(about_another).body.splitlines()
    assert "Expected: approval, July 2026, overdue since 1 August 2026: 32 days" in lines
    assert "Expected: completion, 29 August 2026, overdue since 30 August 2026: 3 days" in lines
    assert "Expected: approval" not in told(about_it).body
    assert "Expected: completion" in told(about_it).body
    assert (
        "Expected: approval, July 2026, overdue since 1 August 2026: 33 days" in digest(about_another).body.splitlines()
    )


@pytest.mark.parametrize(
    ("promised", "words"),
    [
        ("2026-07-31", "One day later than last expected"),
        ("2026-08-02", "One day earlier than last expected"),
        ("2026-06", "≈32 days later than last expected"),
        ("2026-09", "≈31 days earlier than last expected"),
        ("2026-08", "As last expected"),
    ],
)
def test_what_is_reached_is_also_compared_with_what_was_expected_last(promised: str, words: str) -> None:
    [approved] = expecting(("approved", "2026", None)).milestones
    known = ProjectState(project=ANODE.id, milestones=(replace(approved, promised=Period.parse(promised)),))
    lines = told(but("milestone", state=known, effective=Period.parse("2026-08-01"))).body.splitlines()

    assert [line for line in lines if "first expected" in line] == ["As first expected"]
    assert words in lines


def test_what_was_only_ever_expected_for_one_date_is_compared_once() -> None:
    [approved] = expecting(("approved", "2026", None)).milestones
    known = ProjectState(project=ANODE.id, milestones=(replace(approved, promised=approved.baseline),))

    assert "last expected" not in told(but("milestone", state=known, effective=Period.parse("2026-08"))).body


@pytest.mark.parametrize(
    ("language", "by", "stands"),
    [
        (
            "en",
            "Since 30 September 2025 at the latest",
            "Status: construction (since 30 September 2025 at the latest)",
        ),
        (
            "fr",
            "Depuis le 30 septembre 2025 au plus tard",
            "Statut\u00a0: en construction (au plus tard depuis le 30 septembre 2025)",
        ),
        (
            "es",
            "Desde el 30 de septiembre de 2025 a más tardar",
            "Estado: en construcción (desde el 30 de septiembre de 2025 a más tardar)",
        ),
        ("zh", "最迟自2025年9月30日起", "状态：建设中（最迟自2025年9月30日起）"),
        ("ar", "منذ 30 سبتمبر 2025 على أبعد تقدير", "الوضع: قيد الإنشاء (منذ 30 سبتمبر 2025 على أبعد تقدير)"),
    ],
)
def test_if_nobody_says_since_when_it_is_since_the_first_article_at_the_latest(
    language: str, by: str, stands: str
) -> None:
    known = ProjectState(project=ANODE.id, status="construction", by=date(2025, 9, 30))
    moved = but(stage="construction", to="construction", effective=None, state=known)

    assert by in told(moved, language=language).body
    assert stands in told(but("fact, jobs", state=known), language=language).body


def test_a_milestone_that_nobody_dates_was_reached_by_the_first_article() -> None:
    [approved] = expecting(("approved", None, None)).milestones
    known = ProjectState(project=ANODE.id, milestones=(replace(approved, by=date(2025, 9, 30)),))

    assert (
        "Since 30 September 2025 at the latest" in told(but("milestone", state=known, effective=None)).body.splitlines()
    )
    assert "at the latest" not in told(but("milestone", effective=None)).body
    assert "at the latest" not in told(but("disputed", stage="approved", state=known)).body


def test_a_delay_is_told_with_its_date_and_its_sources() -> None:
    since = Delay(since=Period.parse("2026-08"), by=None, standing=Standing(sources=3), evidence=())
    known = ProjectState(project=ANODE.id, status="construction", condition="delayed", delay=since)
    dated = but("schedule, late without a date", effective=Period.parse("2026-08"), state=known)
    undated = but(
        "schedule, late without a date", state=replace(known, delay=replace(since, since=None, by=date(2026, 8, 31)))
    )
    over = but("schedule, late without a date", state=replace(known, condition=None, delay=None))

    assert "Since: August 2026" in told(dated).body.splitlines()
    assert "Reported by 3 sources, not yet confirmed" in told(dated).body.splitlines()
    assert "Status: construction, delayed (since August 2026)" in told(dated).body.splitlines()
    assert "Since 31 August 2026 at the latest" in told(undated).body.splitlines()
    assert "Status: construction, delayed (since 31 August 2026 at the latest)" in told(undated).body.splitlines()
    assert "Reported, not yet confirmed" in told(over).body.splitlines()


def test_an_amount_of_a_part_names_the_part() -> None:
    assert "(première phase)" in told(EXAMPLES["fact, of a part"]).title


def test_where_a_project_stands_is_said_unless_it_has_just_moved_there() -> None:
    assert "Status: construction (since March 2025)" in told(EXAMPLES["fact, changed"]).body.splitlines()
    assert "Status: suspended" in told(but("fact, jobs", state=held(Standing()))).body.splitlines()
    assert "Status:" not in told(STATUS).body


# ---------------------------------------------------------------- what articles say


def test_each_sentence_is_quoted_once_with_all_who_say_it() -> None:
    twice = tuple(
        Proof(sentence="The works have stopped.", url=f"https://{name}.example/1", outlet=name)
        for name in ("North", "South")
    )

    body = told(but(proof=(*twice, twice[0]))).body

    assert body.count("The works have stopped.") == 1
    assert "— North\nhttps://North.example/1\n— South\nhttps://South.example/1" in body


@pytest.mark.parametrize(
    ("language", "sentence", "quoted"),
    [
        ("fr", "Les travaux ont commencé.", "« Les travaux ont commencé. »"),
        ("fr", "« Nous avons commencé », dit Acme.", "« Nous avons commencé », dit Acme."),
        ("ar", "«بدأنا الأشغال»، قالت الشركة.", "«بدأنا الأشغال»، قالت الشركة."),
        ("zh", "“我们已经开工。”", "“我们已经开工。”"),
        ("en", '"We have begun," says Acme.', '"We have begun," says Acme.'),
        ("es", "La planta «Acme» abre.", "«La planta «Acme» abre.»"),
    ],
)
def test_what_begins_with_a_quotation_mark_gets_no_other(language: str, sentence: str, quoted: str) -> None:
    said = Tongue.of(VOICE.catalogues, language).quoted(sentence)

    assert said.replace("\u00a0", " ").replace("\u202f", " ") == quoted


@pytest.mark.parametrize(
    ("language", "first"), [("fr-MA", "Les travaux ont repris."), ("ar", "استؤنفت الأشغال."), ("zh", "Works resume.")]
)
def test_what_tells_it_in_the_readers_language_is_quoted_first(language: str, first: str) -> None:
    proof = (
        Proof(sentence="Works resume.", url=None, outlet="North", language="en"),
        Proof(sentence="Les travaux ont repris.", url=None, outlet="Nord", language="fr"),
        Proof(sentence="استؤنفت الأشغال.", url=None, outlet="الشمال", language="ar"),
        Proof(sentence="Tout autre chose.", url=None, outlet="Nord", language="fr", exact=False),
        Proof(sentence="شيء آخر.", url=None, outlet="الشمال", language="ar", exact=False),
    )
    message = told(but(proof=proof), language=language)
    in_digest = digest(but(proof=proof), language=language)

    for body in (message.body, message.markdown, message.html, in_digest.body, in_digest.html):
        found = [each.sentence for each in proof if each.sentence.rstrip(".") in body]
        assert min(found, key=lambda sentence: body.index(sentence.rstrip("."))) == first
    assert "Tout autre chose" not in in_digest.html


def test_none_is_not_told_as_one() -> None:
    """In French nought takes the singular, which may say the number as a word."""
    assert Tongue.of(VOICE.catalogues, "fr").count("one project", "{n} projects", 0) == "0 projets"


@pytest.mark.parametrize(("url", "lines"), [("https://example.org/k", ["https://example.org/k"]), (None, [])])
def test_what_the_operator_knew_is_no_outlet(url: str | None, lines: list[str]) -> None:
    known = but("overdue", proof=(Proof(sentence="", url=url, outlet="", known=True),))

    assert "\n".join(["— Entered by hand", *lines]) in told(known).body
    assert "Saisi à la main" in told(known, language="fr").html


def said(sentence: str, url: str | None = None, outlet: str = "") -> Proof:
    return Proof(sentence=sentence, url=url, outlet=outlet)


def test_an_outlet_without_a_name_goes_by_its_host() -> None:
    assert (
        "— news\u2060.example\n"
        in told(but(proof=(Proof(sentence="x", url="https://www.news.example/1", outlet=""),))).body
    )
    assert "— " not in told(but(proof=(Proof(sentence="x", url=None, outlet=""),))).body


def test_an_outlet_is_named_even_where_its_address_cannot_be_shown() -> None:
    body = told(but(proof=(Proof(sentence="x", url="javascript:alert(1)", outlet="Odd Daily"),))).body

    assert "— Odd Daily" in body
    assert "javascript" not in body


def test_an_address_that_shows_another_host_than_it_leads_to_is_not_shown() -> None:
    proof = (Proof(sentence="x", url="https://bank.example@evil.example/1", outlet="Odd Daily"),)

    assert "evil" not in told(but(proof=proof)).body


def test_of_changes_whose_proof_was_not_kept_the_sentences_and_the_addresses_are_told() -> None:
    body = told(but(proof=(), evidence=("Works stopped.",), sources=("https://example.org/1",))).body

    assert "“Works stopped.”" in body
    assert "https://example.org/1" in body


def test_markup_and_control_characters_of_articles_stay_text() -> None:
    sentence = "<b>bold</b> *stars* [link](https://evil.example)\r\nBcc: all@example.org\x1b[31m @everyone <!channel>"
    hidden = said("\u200b\u202e\x00")
    hostile = told(but(proof=(said(sentence, outlet="<i>Daily</i>\n# x"), hidden)))

    for text in (hostile.body, hostile.markdown, hostile.html):
        assert "@everyone" not in text
        assert "https://evil" not in text
        assert "evil.example" not in text
        assert "\x1b" not in text
    assert "<b>bold</b>" in hostile.body
    assert hostile.body.count("“") == 1
    assert r"\<b\>bold\</b\> \*stars\* \[link\](" in hostile.markdown
    assert "&lt;b&gt;bold&lt;/b&gt;" in hostile.html
    assert "<i>" not in hostile.html
    assert "\n# x" not in hostile.markdown


def test_long_sentences_end_at_a_sentence() -> None:
    sentence = "The works have stopped. " * 100
    body = told(but(proof=(Proof(sentence=sentence, url=None, outlet=""),))).body

    quote = next(line for line in body.splitlines() if line.startswith("“"))
    assert quote.endswith("stopped. …”")
    assert len(quote) <= MAX_SENTENCE + len("“”")


def test_a_message_is_not_longer_than_a_telephone_bears() -> None:
    proof = tuple(
        Proof(sentence=f"{number} word " * 500, url=f"https://example.org/{number}", outlet="name " * 100)
        for number in range(100)
    )
    message = told(replace(but(proof=proof), project=replace(ANODE, name={"": "name " * 200})))

    assert len(message.body) < 2000
    assert len(message.title) <= MAX_TITLE
    assert "\n" not in message.title


def test_only_web_addresses_are_shown() -> None:
    urls = ("javascript:alert(1)", "https://example.org/a\nb", "https://example.org/" + "x" * 600, "https://[half")

    for outlet in ("", "Odd Daily"):
        for url in urls:
            message = told(but(proof=(said("x", url, outlet),)))
            assert "http" not in message.body
            assert "href" not in message.html
            assert "](" not in message.markdown


# ---------------------------------------------------------------- which article says it


def evidence_line(proof: Proof, *, language: str = "en", zone: tzinfo = UTC) -> str:
    body = told(but(proof=(proof,)), language=language, zone=zone).body
    return next(line for line in body.splitlines() if "— " in line)


ARTICLE = Proof(
    sentence="The works have stopped.",
    url="https://north.example/1",
    outlet="North",
    title="Orvandel halts its plant",
    published=datetime(2026, 8, 31, 23, 30, tzinfo=UTC),
)


def test_a_sentence_stands_with_the_outlet_the_title_and_the_day_of_its_article() -> None:
    assert evidence_line(ARTICLE) == "— North · Orvandel halts its plant · 31 August 2026"
    assert evidence_line(replace(ARTICLE, title="", published=None)) == "— North"


@pytest.mark.parametrize("form", ["txt", "md", "html"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_title_and_day_are_in_every_form_and_language(language: str, form: str) -> None:
    for message in (
        told(but(proof=(ARTICLE,)), language=language),
        digest(but(proof=(ARTICLE,)), language=language),
    ):
        text = body_of(message, form).translate({ord(each): None for each in "\u2068\u2069"})
        _, there, day = text.partition(" · Orvandel halts its plant · ")
        assert there
        assert "31" in day.splitlines()[0]


def test_the_day_is_the_readers_unless_the_source_gives_only_a_day() -> None:
    casablanca, new_york = ZoneInfo("Africa/Casablanca"), ZoneInfo("America/New_York")

    assert evidence_line(ARTICLE, zone=casablanca).endswith("1 September 2026")
    a_day = replace(ARTICLE, published=datetime(2026, 8, 31, tzinfo=UTC))
    assert evidence_line(a_day, zone=new_york).endswith("31 August 2026")


def test_a_title_that_is_quoted_already_is_not_said_again() -> None:
    assert evidence_line(replace(ARTICLE, sentence=ARTICLE.title)) == "— North · 31 August 2026"


def test_a_title_is_inert_and_cut_at_a_word() -> None:
    hostile = replace(ARTICLE, title="@everyone https://evil.example <b>\r\nBcc: x " + "word " * 100)

    for form in ("txt", "md", "html"):
        text = body_of(told(but(proof=(hostile,))), form)
        assert "@everyone" not in text
        assert "https://evil" not in text
        assert text.count("word") < 30
    assert "<b>" not in told(but(proof=(hostile,))).html


# ---------------------------------------------------------------- whatever comes

texts = st.text(max_size=40)
dates = st.sampled_from(["2026", "2026-H1", "2026-Q4", "2026-02", "2026-02-03"])
periods = st.none() | dates.map(Period.parse)
values = st.none() | texts | dates | st.floats()
stages = st.none() | texts | st.sampled_from(["operating", "delayed"])
instants = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is given beside
proofs = st.builds(
    Proof, sentence=texts, url=st.none() | texts, outlet=texts, title=texts, published=st.none() | instants
)
standings = st.builds(
    Standing,
    confidence=st.sampled_from(Confidence),
    sources=st.integers(0, 200),
    official=st.integers(0, 200),
    decided=st.integers(0, 200),
    against=st.integers(0, 3),
)
milestones = st.builds(
    Milestone,
    stage=st.sampled_from(["operating", "delayed", "own"]),
    state=st.sampled_from(State),
    baseline=periods,
    forecast=periods,
    actual=periods,
    standing=standings,
    evidence=st.just(()),
)
facts = st.builds(
    KnownFact, kind=st.sampled_from(FactKind), value=st.floats(), unit=texts, standing=standings, evidence=st.just(())
)
phases = st.builds(
    PhaseState,
    phase=st.just("one"),
    status=st.none(),
    milestones=st.lists(milestones, max_size=2).map(tuple),
    facts=st.just(()),
)
states = st.builds(
    ProjectState,
    project=st.just("p"),
    status=stages,
    since=periods,
    standing=standings,
    milestones=st.lists(milestones, max_size=3).map(tuple),
    facts=st.lists(facts, max_size=2).map(tuple),
    phases=st.lists(phases, max_size=1).map(tuple),
)
changes = st.builds(
    Change,
    id=texts,
    type=st.sampled_from(ChangeType),
    project=texts,
    stage=stages,
    from_=values,
    to=values,
    at=instants,
    effective=periods,
    confidence=st.sampled_from(Confidence),
    sources=st.lists(texts, max_size=3).map(tuple),
    evidence=st.lists(texts, max_size=3).map(tuple),
    kind=st.none() | st.sampled_from(FactKind),
    unit=st.none() | texts,
    phase=st.none() | st.just("one"),
    proof=st.lists(proofs, max_size=4).map(tuple),
)
briefings = st.builds(Briefing, change=changes, project=st.sampled_from([ANODE, CATHODE]), state=st.none() | states)


@given(briefings, st.sampled_from(LANGUAGES) | texts)
def test_any_change_makes_a_message_that_can_be_sent(briefing: Briefing, language: str) -> None:
    message = told(briefing, language=language)

    assert message.title
    assert message.body
    assert "\n" not in message.title
    assert "\r" not in message.body
    (message.title + message.body + message.markdown + message.html).encode()


@given(st.lists(briefings, min_size=1, max_size=4), st.sampled_from(SharedOccasion), st.sampled_from(LANGUAGES))
def test_any_changes_make_a_message_that_can_be_sent(
    several: list[Briefing], occasion: SharedOccasion, language: str
) -> None:
    message = digest(*several, occasion=occasion, language=language)

    assert message.title
    assert "\n" not in message.title
    assert len(message.events) == len(several)
    (message.title + message.body + message.markdown + message.html).encode()


# ---------------------------------------------------------------- several changes together


def test_a_digest_tells_each_change_once_under_its_project() -> None:
    elsewhere = replace(EXAMPLES["milestone"], project=CATHODE)
    message = digest(STATUS, elsewhere, EXAMPLES["overdue"])

    anode, cathode = message.body.index("Orvandel anode plant"), message.body.index("Orvandel cathode plant")
    assert anode < message.body.index("construction → suspended") < message.body.index("overdue") < cathode
    assert message.body.count("construction → suspended") == 1
    assert message.body.index("approval") > cathode
    assert message.id == "b1"
    assert [event["type"] for event in message.events] == [
        f"monitor.change.{type_}" for type_ in ("status", "overdue", "milestone")
    ]
    assert message.event["id"] == "b1"


@pytest.mark.parametrize(
    ("language", "days", "head"),
    [
        ("en", ("2026-03-03", "2026-03-10"), "Digest, 3–10 March 2026"),
        ("en", ("2026-03-30", "2026-04-02"), "Digest, 30 March – 2 April 2026"),
        ("en", ("2025-12-30", "2026-01-02"), "Digest, 30 December 2025 – 2 January 2026"),
        ("en", ("2026-03-03", "2026-03-03"), "Digest, 3 March 2026"),
        ("en-US", ("2026-03-03", "2026-03-10"), "Digest, March 3 – 10, 2026"),
        ("fr", ("2026-03-03", "2026-03-10"), "Récapitulatif, 3–10 mars 2026"),
        ("es", ("2026-03-03", "2026-03-10"), "Resumen, 3–10 de marzo de 2026"),
        ("ar", ("2026-03-03", "2026-03-10"), "موجز، 3–10 مارس 2026"),
        ("zh", ("2026-03-03", "2026-03-10"), "摘要，2026年3月3日至10日"),
    ],
)
def test_a_digest_says_in_subject_and_head_that_it_is_one_and_for_which_days(
    language: str, days: tuple[str, str], head: str
) -> None:
    first, last = map(date.fromisoformat, days)
    of_two, of_one = (digest(*those, language=language, days=(first, last)) for those in (TOGETHER, TOGETHER[:1]))

    for message in (of_two, of_one):
        assert message.title.removeprefix("\u200f").startswith(head)
        assert f">{head}</p>\n<h1" in message.html
    if language == "en":
        assert of_two.title == f"{head}: 3 changes, 2 projects"
        assert of_one.title == f"{head}: Orvandel anode plant, Port Alder: construction → suspended"


def test_a_digest_whose_days_are_not_given_covers_those_of_its_changes() -> None:
    earlier = but("milestone", at=STATUS.change.at - timedelta(days=3))

    assert digest(earlier, STATUS).title.startswith("Digest, 29 August – 2 September 2026: ")


def test_what_is_no_digest_is_not_headed_by_days() -> None:
    held, storm, merged = (
        digest(*TOGETHER, occasion=each) for each in (SharedOccasion.HELD, SharedOccasion.STORM, SharedOccasion.MERGED)
    )

    assert (held.title, storm.title) == ("Held back: 3 changes, 2 projects", "Burst of news: 3 changes, 2 projects")
    assert merged.title == "3 changes, 2 projects"
    assert "</p>\n<h1" not in merged.html


def test_a_digest_tells_what_came_first_first() -> None:
    earlier = but("milestone", at=STATUS.change.at.replace(day=1, hour=1))

    body = digest(STATUS, earlier).body

    assert body.index("approval") < body.index("construction → suspended")


def test_of_one_project_the_change_that_reaches_furthest_is_the_headline_with_the_number_of_the_others() -> None:
    part = but("milestone, of a phase, by an operator", at=STATUS.change.at)
    further = but("milestone", stage="construction", to="construction")

    together = digest(EXAMPLES["fact, changed"], part, STATUS, EXAMPLES["milestone"], occasion=SharedOccasion.AT_ONCE)
    assert together.title == "Orvandel anode plant, Port Alder: construction → suspended (+3)"
    first, second, third, fourth = (line for line in together.body.splitlines() if line.startswith("• "))
    assert first == "• construction → suspended"
    assert second.startswith("• approval")
    assert third == "• completion, milestone reached (15,000 t)"
    assert fourth.startswith("• investment")
    stages = digest(EXAMPLES["milestone"], further, part, occasion=SharedOccasion.AT_ONCE)
    assert stages.title == "Orvandel anode plant, Port Alder: start of construction, milestone reached (+2)"


def test_a_sentence_that_tells_several_changes_is_quoted_once_below_them() -> None:
    other = but("fact, jobs", proof=(said("They hire.", outlet="Daily"),))

    body = digest(EXAMPLES["milestone"], STATUS, other, occasion=SharedOccasion.AT_ONCE).body

    assert body.count("Les travaux") == 1
    assert body.index("approval") < body.index("Les travaux") < body.index("They hire.")


def test_the_milestones_of_the_one_project_that_is_told_of_are_shown_as_bars() -> None:
    elsewhere = replace(EXAMPLES["overdue"], project=CATHODE)

    assert "▲" in digest(STATUS, EXAMPLES["fact, changed"]).html
    assert "▲" not in digest(EXAMPLES["fact, changed"], EXAMPLES["fact, jobs"]).html
    assert "▲" not in digest(STATUS, elsewhere).html


def test_a_digest_of_one_change_has_its_headline() -> None:
    assert digest(STATUS, occasion=SharedOccasion.HELD).title == told(STATUS).title


def test_what_is_of_one_project_only_belongs_to_its_thread() -> None:
    elsewhere = replace(EXAMPLES["overdue"], project=CATHODE)

    assert told(STATUS).thread == STATUS.change.project
    assert digest(STATUS, EXAMPLES["milestone"]).thread == STATUS.change.project
    assert digest(STATUS, elsewhere).thread == ""


def test_a_digest_names_the_projects_that_did_not_move() -> None:
    still = digest(STATUS, unmoved=[Unmoved(project=CATHODE, state=EXAMPLES["milestone"].state)], language="fr").body

    assert "Sans changement" in still
    assert "Usine de cathodes" in still
    assert "Sans changement" not in digest(STATUS, language="fr").body


@pytest.mark.parametrize("form", ["body", "markdown", "html"])
@pytest.mark.parametrize(
    ("days", "with_doubt", "is_told"),
    [((1, 2), True, True), ((2, 2), True, False), ((1, 2), False, False)],
    ids=["of these days", "of other days", "not wanted"],
)
def test_a_digest_tells_what_came_in_its_days_and_is_not_verified(
    form: str, days: tuple[int, int], with_doubt: bool, is_told: bool
) -> None:
    first, last = (date(2026, 9, day) for day in days)

    sent = digest(*TOGETHER, unmoved=UNMOVED, days=(first, last), with_doubt=with_doubt)

    text = getattr(sent, form)
    assert text.count("Reported, not verified") == 2 * is_told
    assert ("77% from 2 sources: 55%, 50%" in text) is is_told
    assert ("https://courier.example/cancelled" in text) is is_told
    assert "cancelled" not in sent.title


def test_a_project_that_nobody_named_in_the_readers_language_goes_by_another_name() -> None:
    other = Project(id="other", name={"fr": "Usine"})

    assert "Usine" in told(replace(STATUS, project=other)).title


@pytest.mark.parametrize(
    ("language", "title", "body"),
    [
        (
            "en",
            "Milestone monitor: a test",
            "This is a test for Desk. No project has moved; alerts will arrive here.",
        ),
        (
            "fr-MA",
            "Milestone monitor\u00a0: un essai",
            "Ceci est un essai pour Desk. Aucun projet n’a bougé\u00a0; les alertes arriveront ici.",
        ),
        (
            "ar",
            "Milestone monitor: تجربة",
            "\u200fهذه تجربة موجهة إلى \u2068Desk\u2069. لم يتغير أي مشروع؛ ستصل التنبيهات إلى هنا.",
        ),
    ],
)
def test_a_test_message_is_in_the_language_of_its_reader(language: str, title: str, body: str) -> None:
    message = probe("Desk", Tongue.of(VOICE.catalogues, language))

    assert (message.title, message.body, message.event["type"]) == (title, body, "monitor.test")
