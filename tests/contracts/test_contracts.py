"""The JSON contracts, value by value."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from monitor.contracts.deliveries import delivery_json
from monitor.contracts.feeds import feed_json, poll_json
from monitor.contracts.status import change_json, reading_json, status_json
from monitor.core.changes.changes import to_come
from monitor.core.folding.fold import fold
from monitor.core.folding.listing import state_fields
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import FactKind, Reading, State
from monitor.core.news import ChangeType, Delivery
from monitor.core.periods import Period
from monitor.core.polling.websub import HubSubscription
from monitor.core.state import Report
from monitor.poll.poll import PollOutcome, PollResult
from monitor.ports import AttemptRecord, DeliveryRecord, DeliveryState, FeedRecord
from tests.builders import NOW, make_article, make_change, make_claim, make_fact, make_feed, make_project


def written(value: object) -> Any:
    return json.loads(json.dumps(value))


def test_a_reading_is_written_as_the_contract_has_it() -> None:
    reading = Reading(language="fr", projects=("plant",), claims=(make_claim(),), facts=(make_fact(),))

    assert written(reading_json("a1", reading)) == {
        "id": "a1",
        "language": "fr",
        "projects": ["plant"],
        "claims": [
            {
                "project": "plant",
                "stage": "agreed",
                "state": "reached",
                "date": "2024-03-29",
                "confidence": 0.95,
                "evidence": "The agreement was signed.",
            }
        ],
        "facts": [
            {
                "project": "plant",
                "kind": "investment",
                "value": 3000000000,
                "unit": "MAD",
                "evidence": "3 billion dirhams.",
            }
        ],
    }


@pytest.mark.parametrize(
    ("value", "text"), [(3e9, "3000000000"), (50_000.0, "50000"), (12.5, "12.5"), (1e22, f"{10**22}")]
)
def test_a_number_is_whole_where_it_can_be(value: float, text: str) -> None:
    reading = Reading(language=None, projects=(), claims=(), facts=(make_fact(value=value),))

    assert f'"value": {text},' in json.dumps(reading_json("a1", reading))


@pytest.mark.parametrize("date", ["2026", "2026-H2", "2026-Q3", "2026-09", "2026-09-15"])
def test_a_date_keeps_its_precision(date: str) -> None:
    reading = Reading(language=None, projects=(), claims=(make_claim(date=Period.parse(date)),), facts=())

    assert written(reading_json("a1", reading))["claims"][0]["date"] == date


def test_a_change_of_status_has_exactly_the_keys_of_the_contract() -> None:
    assert written(change_json(make_change())) == {
        "id": "c1",
        "type": "status",
        "project": "plant",
        "stage": "agreed",
        "from": "announced",
        "to": "agreed",
        "at": "2026-11-24T12:00:00Z",
        "effective": "2024-03-29",
        "confidence": "reported",
        "sources": ["https://example.org/1"],
        "evidence": ["The agreement was signed."],
    }


def test_a_change_of_a_fact_has_its_kind_and_unit() -> None:
    change = make_change(
        type=ChangeType.FACT, stage=None, from_=None, to=3e9, kind=FactKind.INVESTMENT, unit="MAD", effective=None
    )

    found = written(change_json(change))
    assert (found["from"], found["to"], found["kind"], found["unit"]) == (None, 3_000_000_000, "investment", "MAD")
    assert (found["stage"], found["effective"]) == (None, None)


def test_a_status_names_each_source_once() -> None:
    claims = (
        make_claim(),
        make_claim(stage="operating", state=State.EXPECTED, date=Period.parse("2026")),
        make_claim(stage="operating", state=State.EXPECTED, date=Period.parse("2026-09")),
    )
    source = make_article().source
    reports = [Report(source=source, claims=claims, facts=(make_fact(),))]

    state = fold("plant", reports, INDUSTRIAL)
    found = written(
        status_json(make_project(name={"fr": "Usine", "en": "Plant"}), state_fields(state), today=NOW.date())
    )

    assert found == {
        "project": "plant",
        "name": "Plant",
        "status": "agreed",
        "since": "2024-03-29",
        "by": None,
        "condition": None,
        "delay": None,
        "milestones": [
            {
                "stage": "agreed",
                "state": "reached",
                "baseline": None,
                "forecast": None,
                "actual": "2024-03-29",
                "promised": None,
                "by": None,
                "slip_days": None,
                "confidence": "reported",
                "independent": 1,
                "official": 0,
                "against": 0,
                "known": False,
                "confirms_date": True,
                "implied": 0,
                "readings": [],
                "sources": ["https://example.org/a1"],
                "forecasts": [],
                "rivals": [],
            },
            {
                "stage": "operating",
                "state": "expected",
                "baseline": found["milestones"][1]["baseline"],
                "forecast": found["milestones"][1]["forecast"],
                "actual": None,
                "promised": None,
                "by": None,
                "slip_days": 0,
                "confidence": "reported",
                "independent": 1,
                "official": 0,
                "against": 0,
                "known": False,
                "confirms_date": True,
                "implied": 0,
                "readings": [],
                "sources": ["https://example.org/a1"],
                "forecasts": [
                    {
                        "date": found["milestones"][1]["forecast"],
                        "said": "2026-11-24T12:00:00Z",
                        "slip_days": None,
                    }
                ],
                "rivals": [],
            },
        ],
        "facts": [
            {
                "kind": "investment",
                "value": 3000000000,
                "unit": "MAD",
                "phase": None,
                "told_with": None,
                "confidence": "reported",
                "independent": 1,
                "official": 0,
                "against": 0,
                "known": False,
                "confirms_date": True,
                "implied": 0,
                "readings": [],
                "sources": ["https://example.org/a1"],
                "rivals": [],
            }
        ],
        "confidence": "reported",
        "independent": 1,
        "official": 0,
        "against": 0,
        "known": False,
        "confirms_date": True,
        "implied": 0,
        "readings": [],
        "disputed": [],
        "overdue": [],
        "overdue_days": {},
        "quiet_since": None,
        "phases": [],
    }


def test_what_is_contradicted_late_silent_or_in_phases_is_written_too() -> None:
    first, second = make_article("a1", day=-300).source, make_article("a2", day=-290).source
    begun = make_claim(stage="construction", date=Period.parse("2026-01"), phase="first")
    denied = make_claim(stage="construction", state=State.DENIED, date=None)
    expected = make_claim(stage="operating", state=State.EXPECTED, date=Period.parse("2026-06"))
    state = fold(
        "plant",
        [Report(source=first, claims=(begun, expected)), Report(source=second, claims=(denied,))],
        INDUSTRIAL,
        phases=("first",),
    )
    inferred = to_come(state, INDUSTRIAL, timedelta(days=180))
    found = written(status_json(make_project(), state_fields(state), inferred, today=NOW.date()))

    assert (found["disputed"], found["overdue"], found["quiet_since"]) == (
        ["construction"],
        ["operating"],
        "2026-02-07",
    )
    assert found["overdue_days"] == {"operating": 147}
    assert [(phase["phase"], phase["status"]) for phase in found["phases"]] == [("first", "construction")]


def test_a_project_of_which_nothing_is_known_says_so() -> None:
    found = written(status_json(make_project(), state_fields(fold("plant", [], INDUSTRIAL)), today=NOW.date()))

    assert found == {
        "project": "plant",
        "name": "Plant",
        "status": None,
        "since": None,
        "by": None,
        "condition": None,
        "delay": None,
        "confidence": "reported",
        "independent": 0,
        "official": 0,
        "against": 0,
        "known": False,
        "confirms_date": True,
        "implied": 0,
        "readings": [],
        "milestones": [],
        "facts": [],
        "disputed": [],
        "overdue": [],
        "overdue_days": {},
        "quiet_since": None,
        "phases": [],
    }


def test_instants_are_in_utc_wherever_they_come_from() -> None:
    casablanca = datetime(2026, 6, 1, 1, 30, tzinfo=timezone(timedelta(hours=1)))
    delivery = Delivery(id=7, change=make_change(), subscriber="Desk", destination="d1", attempts=2)
    record = DeliveryRecord(
        delivery=delivery,
        state=DeliveryState.PENDING,
        due_at=casablanca,
        sent_at=None,
        last_outcome="failed: no answer",
    )

    attempts = [AttemptRecord(at=casablanca, outcome="failed: no answer", message="")]

    assert written(delivery_json(record, {"d1": "slack://…"}, attempts)) == {
        "id": 7,
        "change": "c1",
        "project": "plant",
        "subscriber": "Desk",
        "destination": "d1",
        "label": "slack://…",
        "state": "pending",
        "attempts": 2,
        "due": "2026-06-01T00:30:00Z",
        "sent": None,
        "outcome": "failed: no answer",
        "message": None,
        "history": [{"at": "2026-06-01T00:30:00Z", "outcome": "failed: no answer", "message": None}],
        "sources": ["https://example.org/1"],
        "evidence": ["The agreement was signed."],
    }


def test_a_feed_that_was_never_polled_has_no_past() -> None:
    feed = make_feed(every=timedelta(minutes=15))

    found = written(feed_json(feed, FeedRecord(url=feed.url)))
    assert (found["every"], found["polled"], found["next"], found["status"], found["error"]) == (
        900,
        None,
        None,
        None,
        None,
    )

    failed = FeedRecord(url=feed.url, polled_at=NOW.astimezone(UTC), failures=2, last_error="404", last_status="failed")
    found = written(feed_json(feed, failed))
    assert (found["polled"], found["failures"], found["error"]) == ("2026-11-24T12:00:00Z", 2, "404")


def test_no_secret_of_an_address_is_written() -> None:
    url = "https://bob:hunter22@example.org/feed?api_key=hunter22"
    feed = make_feed(url=url)
    result = PollResult(feed=feed, outcome=PollOutcome.FAILED, error=f"{url}: gone", problems=(f"{url}: no text",))

    assert "hunter22" not in json.dumps([poll_json(result), feed_json(feed, FeedRecord(url=url))])


def test_a_subscription_at_a_hub_is_told_without_what_makes_it_safe() -> None:
    feed = make_feed()
    hub = HubSubscription(
        token="unguessable",
        public="https://monitor.example.org",
        feed=feed.url,
        hub="https://hub.example.org/",
        topic="https://example.org/self",
        secret="s3cret",
        next_at=NOW,
        until=NOW,
        pushes=3,
    )

    found = written(feed_json(feed, FeedRecord(url=feed.url), hub))

    assert found["hub"] == {
        "hub": "https://hub.example.org/",
        "topic": "https://example.org/self",
        "until": "2026-11-24T12:00:00Z",
        "next": "2026-11-24T12:00:00Z",
        "failures": 0,
        "error": None,
        "pushes": 3,
        "pushed": None,
    }
