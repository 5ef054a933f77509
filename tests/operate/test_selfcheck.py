"""How the monitor looks after itself: what it finds, and whom it tells."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Engine

from monitor.core.alerting.bundling import Storm
from monitor.core.health import Finding, Trouble
from monitor.core.model import Feed
from monitor.core.news import Destination, Subscriber
from monitor.delivery.apprise import AppriseSender, resolve
from monitor.delivery.pacing import Failing
from monitor.ledger.feeds import SQLHealthRecord
from monitor.ledger.store import SQLLedger
from monitor.operate.selfcheck import Physician, findings
from monitor.ports import FeedRecord, HostileDocument, Poll
from tests.builders import NOW
from tests.ledger.decisions import nothing
from tests.servers import Reply
from tests.sinks import SmtpSink, WebhookSink, refusing_port

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DISK = Finding(trouble=Trouble.DISK_FULL, subject="/data", detail="12 MB are free")


class Times:
    """The clock on the wall, and the one that only grows."""

    def __init__(self) -> None:
        self.now: datetime = NOW
        self.ticks = 0.0

    def pass_(self, span: timedelta) -> None:
        self.now += span
        self.ticks += span.total_seconds()


class Practice(NamedTuple):
    physician: Physician
    record: SQLHealthRecord
    times: Times


@pytest.fixture
def practice(engine: Engine) -> Practice:
    times, record = Times(), SQLHealthRecord(engine)
    sender = AppriseSender(refusal=lambda _address, _port: None, time_limit=10)
    physician = Physician(record=record, sender=sender, clock=lambda: times.now, ticks=lambda: times.ticks)
    return Practice(physician, record, times)


def test_the_operator_is_told_once_and_again_when_it_is_over(practice: Practice) -> None:
    physician, record, times = practice
    with WebhookSink() as hook:
        operator = [resolve(hook.address)]
        for _ in range(3):
            physician.look([DISK], operator)
            times.pass_(20 * MINUTE)
        physician.look([], operator)
        times.pass_(HOUR)
        physician.look([], operator)

        assert [list(event["data"]) for event in hook.events] == [["raised", "recovered"]] * 2
        assert [len(event["data"]["raised"]) for event in hook.events] == [1, 0]
        assert list(record.ailments()) == []


def test_one_address_that_takes_it_is_enough(practice: Practice) -> None:
    physician, record, _ = practice
    with SmtpSink() as mail:
        dead = resolve(f"json://127.0.0.1:{refusing_port()}/hook")

        assert physician.look([DISK], [dead, resolve(mail.address("ops@example.org"))]).raised
        assert mail.mails[0]["Subject"].startswith("Milestone monitor: 1 wrong (disk nearly full)")
        assert [ailment.told_at for ailment in record.ailments()] == [NOW]


def test_what_no_address_took_is_told_at_a_later_look(practice: Practice) -> None:
    physician, record, times = practice
    with WebhookSink() as hook:
        hook.answers(Reply(status=500), Reply())
        operator = [resolve(hook.address)]

        assert not physician.look([DISK], operator)
        assert [ailment.told_at for ailment in record.ailments()] == [None]
        times.pass_(MINUTE)
        assert not physician.look([DISK], operator)
        times.pass_(10 * MINUTE)
        assert physician.look([DISK], operator).raised
        assert len(hook.received) == 2
        assert hook.events[0]["id"] == hook.events[1]["id"]


def test_without_an_operator_it_is_for_the_log(practice: Practice) -> None:
    assert practice.physician.look([DISK], []).raised
    assert not practice.physician.look([DISK], [])


def test_another_process_does_not_tell_it_again(practice: Practice) -> None:
    practice.physician.look([DISK], [])

    assert not replace(practice.physician).look([DISK], [])


@pytest.mark.parametrize(("jump", "said"), [(2 * HOUR, "forward by 2:00:00"), (-HOUR, "back by 1:00:00")])
def test_a_clock_that_was_set_is_found_out(practice: Practice, jump: timedelta, said: str) -> None:
    physician, _, times = practice
    physician.look([], [])
    times.pass_(MINUTE)
    assert not physician.look([], [])

    times.pass_(MINUTE)
    times.now += jump

    (ailment,) = physician.look([], []).raised
    assert ailment.trouble is Trouble.CLOCK_JUMPED
    assert ailment.detail.startswith(said)


# ---------------------------------------------------------------- what is found


def found(record: SQLHealthRecord, feeds: Sequence[Feed] = (), data: Path | None = None) -> list[tuple[Trouble, str]]:
    return [(each.trouble, each.subject) for each in findings(record, feeds, now=NOW, data=data)]


def test_a_feed_goes_by_its_name_and_one_that_is_not_configured_is_nobodys_business(
    practice: Practice, engine: Engine
) -> None:
    for url in ("https://a.example/feed", "https://gone.example/feed"):
        SQLLedger(engine).record(Poll(feed=FeedRecord(url=url, failures=3, last_error="no")), nothing)

    assert found(practice.record, [Feed(url="https://a.example/feed", name="A")]) == [(Trouble.FEED_FAILING, "A")]


def test_what_the_service_knows_is_found_too(practice: Practice) -> None:
    there = Destination(id="d", label="slack://T…", url="slack://secret")
    failing = Failing(destination=there, since=NOW, failures=4, detail="HTTP 500")

    those = list(
        findings(
            practice.record,
            (),
            now=NOW,
            failing=[failing],
            storms={"Desk": Storm(until=NOW, reason="31 changes in 10 minutes")},
            refused_edit="config/feeds.yaml:3: no",
        )
    )

    assert [(each.trouble, each.subject, each.detail) for each in those] == [
        (Trouble.DESTINATION_FAILING, "slack://T…", "4 attempts in a row: HTTP 500"),
        (
            Trouble.STORM,
            "Desk",
            (
                "31 changes in 10 minutes; it goes as one message, to webhooks event by event: "
                "see that no feed or edit tells too much"
            ),
        ),
        (Trouble.EDIT_REFUSED, "", "the one before stays at work: config/feeds.yaml:3: no"),
    ]


def test_a_disk_is_full_when_little_of_it_is_free(
    practice: Practice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Space(NamedTuple):
        total: int
        free: int

    def free(space: Space) -> list[tuple[Trouble, str]]:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: space)
        return found(practice.record, data=tmp_path)

    assert free(Space(total=10_000_000_000, free=400_000_000)) == [(Trouble.DISK_FULL, str(tmp_path))]
    assert free(Space(total=10_000_000_000, free=600_000_000)) == []
    assert free(Space(total=10**13, free=2_000_000_000)) == []


def test_a_folder_that_is_gone_is_the_databases_business(practice: Practice, tmp_path: Path) -> None:
    assert found(practice.record, data=tmp_path / "gone") == []


def test_a_document_that_was_given_up_is_told_without_what_may_be_secret(engine: Engine) -> None:
    document = HostileDocument(digest="d", url="https://example.org/feed?token=s3cret", reason="it takes long", at=NOW)

    [found] = findings(SQLHealthRecord(engine), (), now=NOW, hostile=[document])

    assert (found.trouble, found.subject) == (Trouble.HOSTILE_DOCUMENT, "https://example.org/feed")
    assert found.detail == "it was given up: it takes long"


def test_a_destination_with_an_incomplete_address_is_found_with_its_subscriber(practice: Practice) -> None:
    there = Destination(id="d", label="json://…", url="", fault="the environment variable HOOK is not set, or empty")
    subscriber = Subscriber(name="Press", to=(there,))

    [found] = findings(practice.record, [], now=NOW, unusable=[(subscriber, there)])

    assert (found.trouble, found.subject) == (Trouble.DESTINATION_UNUSABLE, "Press: json://…")
    assert found.detail == f"{there.fault}; its messages wait: set it, and start the service again"


def test_an_operator_whose_address_is_incomplete_is_told_once_it_is_complete(practice: Practice) -> None:
    physician, record, _ = practice

    assert not physician.look([DISK], [Destination(id="d", label="json://…", url="", fault="HOOK is not set")])
    assert [ailment.told_at for ailment in record.ailments()] == [None]
