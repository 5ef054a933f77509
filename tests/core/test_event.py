"""A change as JSON."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from monitor.core.event import bundle_event, change_fields, cloud_event, told_fields
from monitor.core.model import FactKind
from monitor.core.news import Change, ChangeType, Proof
from monitor.core.periods import Period
from monitor.core.state import Confidence

STATUS = Change(
    id="c1",
    type=ChangeType.STATUS,
    project="orvandel-anode",
    stage="suspended",
    from_="construction",
    to="suspended",
    at=datetime(2026, 9, 1, 12, 30, tzinfo=UTC),
    effective=Period.parse("2026-08"),
    confidence=Confidence.REPORTED,
    sources=("https://example.org/a",),
    evidence=("توقفت الأشغال",),
)
FACT = Change(
    id="c2",
    type=ChangeType.FACT,
    project="orvandel-anode",
    stage=None,
    from_=None,
    to=60000.0,
    at=datetime(2026, 9, 1, tzinfo=UTC),
    effective=None,
    confidence=Confidence.CONFIRMED,
    sources=(),
    evidence=(),
    kind=FactKind.CAPACITY,
    unit="t/yr",
)


def test_a_change_has_the_fields_of_the_contract() -> None:
    assert change_fields(STATUS) == {
        "id": "c1",
        "type": "status",
        "project": "orvandel-anode",
        "stage": "suspended",
        "from": "construction",
        "to": "suspended",
        "at": "2026-09-01T12:30:00Z",
        "effective": "2026-08",
        "confidence": "reported",
        "sources": ["https://example.org/a"],
        "evidence": ["توقفت الأشغال"],
    }


def test_a_fact_has_its_kind_and_unit_too() -> None:
    fields = change_fields(FACT)

    assert (fields["kind"], fields["unit"], fields["from"], fields["to"]) == ("capacity", "t/yr", None, 60000.0)
    assert fields["effective"] is None


def test_a_change_says_which_sentence_stands_where() -> None:
    proof = Proof(sentence="توقفت الأشغال", url="https://example.org/a", outlet="Example Daily")
    known = replace(proof, title="Halt", published=datetime(2026, 9, 1, 8, tzinfo=UTC))
    fields = {"sentence": "توقفت الأشغال", "url": "https://example.org/a", "outlet": "Example Daily", "known": False}

    assert told_fields(replace(STATUS, proof=(proof, known)))["proof"] == [
        {**fields, "title": None, "published": None},
        {**fields, "title": "Halt", "published": "2026-09-01T08:00:00Z"},
    ]


def test_a_bundle_has_its_own_id_and_the_changes_in_their_order() -> None:
    event = bundle_event("b1", "digest", [FACT, STATUS], datetime(2026, 9, 2, 6, tzinfo=UTC))

    assert (event["id"], event["type"], event["time"]) == ("b1", "monitor.changes.digest", "2026-09-02T06:00:00Z")
    assert event["data"] == {"occasion": "digest", "changes": [told_fields(FACT), told_fields(STATUS)]}


def test_an_event_has_the_attributes_of_cloudevents() -> None:
    event = cloud_event(STATUS)

    assert {name: value for name, value in event.items() if name != "data"} == {
        "specversion": "1.0",
        "id": "c1",
        "source": "/monitor",
        "type": "monitor.change.status",
        "subject": "orvandel-anode",
        "time": "2026-09-01T12:30:00Z",
        "datacontenttype": "application/json",
    }
    assert event["data"] == told_fields(STATUS)


def test_an_event_is_json() -> None:
    assert json.loads(json.dumps(cloud_event(FACT))) == cloud_event(FACT)


def test_a_change_that_an_operator_brought_says_whose_decision_it_was() -> None:
    assert change_fields(replace(STATUS, by="zoe"))["by"] == "zoe"
    assert "by" not in change_fields(STATUS)
