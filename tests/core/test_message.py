"""Changes as people read them. What they read is in ``golden/``, one file for each language.

After a change of wording, run this module with ``UPDATE_GOLDEN=1`` in the environment and read the difference.
"""

import os
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.event import cloud_event
from monitor.core.message.briefing import Briefing, Occasion, Unmoved
from monitor.core.message.compose import MAX_SENTENCE, MAX_TITLE, compose, compose_digest
from monitor.core.model import FactKind, Project
from monitor.core.news import Change, ChangeType, Message
from monitor.core.periods import Period
from monitor.core.state import Confidence
from tests.builders import VOICE

LANGUAGES = VOICE.wordings
GOLDEN = Path(__file__).parent / "golden"
CASABLANCA = ZoneInfo("Africa/Casablanca")

PROJECT = Project(
    id="btr-anode",
    name={
        "en": "BTR anode plant, Tanger Tech",
        "fr": "Usine d’anodes BTR, Tanger Tech",
        "ar": "مصنع الأنود BTR، طنجة تيك",
        "zh": "贝特瑞负极工厂（丹吉尔科技城）",
        "es": "Planta de ánodos de BTR, Tanger Tech",
    },
)

FRENCH = "Les travaux de l’usine d’anodes sont à l’arrêt depuis août, selon une source proche du dossier."
ARABIC = "توقفت أشغال بناء مصنع الأنود منذ غشت."
CHINESE = "贝特瑞摩洛哥负极项目自8月起停工。"


def change(type_: ChangeType, **fields: object) -> Change:
    base = Change(
        id="5f2c9a1b7d3e4f60a1b2c3d4e5f60718",
        type=type_,
        project="btr-anode",
        stage=None,
        from_=None,
        to=None,
        at=datetime(2026, 9, 1, 12, 5, tzinfo=UTC),
        effective=None,
        confidence=Confidence.REPORTED,
        sources=("https://medias24.com/2026/09/01/btr-anodes", "https://hespress.example/ar/123"),
        evidence=(FRENCH, ARABIC, CHINESE),
    )
    return replace(base, **fields)  # type: ignore[arg-type]  # the cases name fields of Change


CASES = {
    "status": change(
        ChangeType.STATUS,
        stage="suspended",
        from_="construction",
        to="suspended",
        effective=Period.parse("2026-08"),
    ),
    "status, the first": change(
        ChangeType.STATUS, stage="agreed", to="agreed", effective=Period.parse("2024-08-20"), evidence=(FRENCH,)
    ),
    "milestone": change(
        ChangeType.MILESTONE,
        stage="approved",
        to="approved",
        effective=Period.parse("2025-Q1"),
        confidence=Confidence.CONFIRMED,
    ),
    "schedule, first known": change(
        ChangeType.SCHEDULE, stage="operating", to="2026-H2", effective=Period.parse("2026-H2")
    ),
    "schedule, slipped": change(
        ChangeType.SCHEDULE, stage="operating", from_="2026-09", to="2027", effective=Period.parse("2027")
    ),
    "schedule, pulled in": change(
        ChangeType.SCHEDULE, stage="completed", from_="2027-H1", to="2026-12-15", effective=Period.parse("2026-12-15")
    ),
    "schedule, late without a date": change(ChangeType.SCHEDULE, stage="delayed"),
    "overdue": change(
        ChangeType.OVERDUE, stage="operating", effective=Period.parse("2026-06"), sources=(), evidence=()
    ),
    "fact, first known": change(ChangeType.FACT, to=60000.0, kind=FactKind.CAPACITY, unit="t/yr"),
    "fact, changed": change(ChangeType.FACT, from_=3.6e9, to=3.684e9, kind=FactKind.INVESTMENT, unit="MAD"),
    "fact, small amount": change(ChangeType.FACT, to=950000.0, kind=FactKind.INVESTMENT, unit="EUR"),
    "fact, jobs": change(ChangeType.FACT, from_=1500.0, to=2500.0, kind=FactKind.JOBS, unit="jobs"),
    "fact, area": change(ChangeType.FACT, to=37.5, kind=FactKind.AREA, unit="ha"),
    "fact, progress": change(ChangeType.FACT, from_=29.0, to=57.5, kind=FactKind.PROGRESS, unit="%"),
    "confirmed": change(
        ChangeType.CONFIRMED,
        stage="construction",
        effective=Period.parse("2025-03"),
        confidence=Confidence.CONFIRMED,
    ),
    "confirmed, a fact": change(
        ChangeType.CONFIRMED, to=100.0, kind=FactKind.CAPACITY, unit="GWh/yr", confidence=Confidence.CONFIRMED
    ),
    "disputed": change(ChangeType.DISPUTED, stage="cancelled"),
    "quiet": change(ChangeType.QUIET, effective=Period.parse("2026-02-10"), sources=(), evidence=()),
    "quiet, since nobody knows when": change(ChangeType.QUIET, sources=(), evidence=()),
}


def told(case: Change, project: Project = PROJECT, *, language: str, zone: tzinfo = UTC) -> Message:
    return compose(Briefing(change=case, project=project), voice=VOICE, language=language, zone=zone)


def written(name: str, message: Message) -> str:
    return f"==== {name}\n{message.title}\n----\n{message.body}\n"


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_messages_read_as_they_should(language: str) -> None:
    file = GOLDEN / f"messages.{language}.txt"
    text = "\n".join(written(name, told(case, language=language, zone=CASABLANCA)) for name, case in CASES.items())
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8")

    assert text == file.read_text(encoding="utf-8")


def test_every_type_of_change_has_a_golden_text() -> None:
    assert {case.type for case in CASES.values()} == set(ChangeType)


def test_a_message_carries_the_id_and_the_event_of_its_change() -> None:
    message = told(CASES["status"], language="fr", zone=CASABLANCA)

    assert message.id == CASES["status"].id
    assert message.event == cloud_event(CASES["status"])


def test_the_time_is_the_readers() -> None:
    assert told(CASES["status"], language="fr", zone=ZoneInfo("Asia/Shanghai")).body.endswith("20:05")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        pytest.param("ar-MA", "غشت 2026", id="a Moroccan reader has Moroccan months"),
        pytest.param("ar", "أغسطس 2026", id="other Arabic readers have others"),
        pytest.param("zh-Hans-CN", "2026年8月", id="a script and a region"),
        pytest.param("en-US", "August 2026", id="a region"),
        pytest.param("de", "construction → suspended", id="English for one whose language is not spoken"),
        pytest.param("", "construction → suspended", id="or has none"),
        pytest.param("no language", "construction → suspended", id="or is no language"),
        pytest.param("fr-ZZZZ", "août 2026", id="a region that is none is left out"),
    ],
)
def test_the_readers_region_counts(language: str, words: str) -> None:
    assert words in told(CASES["status"], language=language).body


def test_stages_of_the_operators_own_are_shown_as_they_are() -> None:
    own = change(ChangeType.STATUS, stage="ground_broken", from_="final_design", to="ground_broken")

    assert told(own, language="en").title == "BTR anode plant, Tanger Tech: final design → ground broken"
    assert "\u2068final design\u2069 ← \u2068ground broken\u2069" in told(own, language="ar").title


def test_what_is_no_date_or_number_is_shown_as_it_is() -> None:
    odd = change(ChangeType.SCHEDULE, stage="operating", from_="soon", to="later")
    text_fact = change(ChangeType.FACT, to="plenty", kind=FactKind.JOBS, unit="jobs")

    assert "start of operation earlier than expected, soon → later" in told(odd, language="en").title
    assert "jobs plenty" in told(text_fact, language="en").title


def test_an_overdue_stage_whose_date_is_lost_still_makes_a_message() -> None:
    assert "was expected ?" in told(change(ChangeType.OVERDUE, stage="operating"), language="en").title


def test_an_amount_without_unit_is_shown_bare() -> None:
    bare = change(ChangeType.FACT, to=5e6, kind=FactKind.INVESTMENT)

    assert told(bare, language="en").title.endswith("investment 5 million")


# ---------------------------------------------------------------- hostile articles


def test_markup_and_control_characters_of_articles_stay_text() -> None:
    hostile = change(
        ChangeType.STATUS,
        to="suspended",
        evidence=("<b>bold</b>\r\nBcc: all@example.org\x1b[31m @everyone", "\u200b\u202e\x00"),
    )

    body = told(hostile, language="en").body

    assert "“<b>bold</b> Bcc: all@example.org[31m @\u2060everyone”" in body
    assert body.count("“") == 1


def test_long_sentences_end_at_a_sentence() -> None:
    sentence = "The works have stopped. " * 100
    body = told(change(ChangeType.STATUS, to="suspended", evidence=(sentence,)), language="en").body

    quote = next(line for line in body.splitlines() if line.startswith("“"))
    assert quote.endswith("stopped. …”")
    assert len(quote) <= MAX_SENTENCE + len("“”")


def test_a_message_is_not_longer_than_a_telephone_bears() -> None:
    flood = change(
        ChangeType.STATUS,
        to="suspended",
        sources=tuple(f"https://example.org/{number}" for number in range(100)),
        evidence=("word " * 1000,) * 100,
    )
    message = told(flood, replace(PROJECT, name={"": "name " * 200}), language="en")

    assert len(message.body) < 2000
    assert len(message.title) <= MAX_TITLE
    assert "\n" not in message.title


def test_only_web_addresses_are_shown() -> None:
    tricky = change(
        ChangeType.STATUS,
        to="suspended",
        sources=("javascript:alert(1)", "https://example.org/a\nb", "https://example.org/" + "x" * 600),
    )

    assert "Sources" not in told(tricky, language="en").body


texts = st.text(max_size=40)
periods = st.none() | st.sampled_from(["2026", "2026-H1", "2026-Q4", "2026-02", "2026-02-03"]).map(Period.parse)
values = st.none() | texts | st.floats()
changes = st.builds(
    Change,
    id=texts,
    type=st.sampled_from(ChangeType),
    project=texts,
    stage=st.none() | texts | st.sampled_from(["operating", "delayed"]),
    from_=values,
    to=values,
    at=st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the zone is given beside
    effective=periods,
    confidence=st.sampled_from(Confidence),
    sources=st.lists(texts, max_size=3).map(tuple),
    evidence=st.lists(texts, max_size=3).map(tuple),
    kind=st.none() | st.sampled_from(FactKind),
    unit=st.none() | texts,
)


@given(changes, st.sampled_from(sorted(LANGUAGES)) | texts)
def test_any_change_makes_a_message_that_can_be_sent(any_change: Change, language: str) -> None:
    message = told(any_change, language=language)

    assert message.title
    assert "\n" not in message.title
    assert "\r" not in message.body
    (message.title + message.body).encode()


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_message_says_whose_decision_brought_the_change(language: str) -> None:
    decided = told(replace(CASES["status"], by="zoe @all"), language=language).body

    assert "zoe" in decided
    assert "@all" not in decided
    assert "zoe" not in told(CASES["status"], language=language).body


# ---------------------------------------------------------------- several changes together

DAY = datetime(2026, 9, 2, 7, tzinfo=UTC)
OTHER = Project(id="other", name={"en": "Cathode plant", "fr": "Usine de cathodes"})


def digest(*briefings: Briefing, **more: Any) -> Message:
    options: dict[str, Any] = {"id": "b1", "at": DAY, "occasion": Occasion.DIGEST, "voice": VOICE, "language": "en"}
    return compose_digest(briefings, **(options | more))


def test_a_digest_tells_each_change_once_under_its_project() -> None:
    message = digest(
        Briefing(change=CASES["status"], project=PROJECT),
        Briefing(change=CASES["milestone"], project=OTHER),
        Briefing(change=CASES["overdue"], project=PROJECT),
    )

    anode = message.body.index("BTR anode plant")
    cathode = message.body.index("Cathode plant")
    assert anode < message.body.index("construction → suspended") < message.body.index("overdue") < cathode
    assert message.body.count("construction → suspended") == 1
    assert message.body.index("approval") > cathode
    assert message.id == "b1"
    assert [event["type"] for event in message.events] == [
        f"monitor.change.{type_}" for type_ in ("status", "overdue", "milestone")
    ]
    assert message.event["id"] == "b1"


def test_what_is_of_one_project_only_belongs_to_its_thread() -> None:
    status, milestone = (Briefing(change=CASES[name], project=PROJECT) for name in ("status", "milestone"))
    elsewhere = Briefing(change=replace(CASES["overdue"], project=OTHER.id), project=OTHER)

    assert told(CASES["status"], language="en").thread == CASES["status"].project
    assert digest(status, milestone).thread == CASES["status"].project
    assert digest(status, elsewhere).thread == ""


def test_a_digest_names_the_projects_that_did_not_move() -> None:
    moved = Briefing(change=CASES["status"], project=PROJECT)

    assert "Usine de cathodes" in digest(moved, unmoved=[Unmoved(project=OTHER)], language="fr").body
