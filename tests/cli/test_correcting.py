"""A mistake that was sent is taken back, once, from everybody who was told."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import SIGNED, STARTED, Monitor, rss
from tests.readers.hits import BY_HITS
from tests.sinks import SmtpSink, WebhookSink

CANCELLED = "BTR has cancelled its cathode plant in Morocco, a project of 3 billion dirhams."
RESUMED = "BTR resumed work on its cathode plant in Morocco."
_NOW = datetime.now(UTC)
PAST = [(SIGNED, datetime(2024, 3, 30, tzinfo=UTC)), (STARTED, datetime(2024, 9, 1, tzinfo=UTC))]
WRONG = (CANCELLED, _NOW - timedelta(hours=2))
LATER = (RESUMED, _NOW - timedelta(hours=1))


@pytest.fixture
def mail() -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink


@pytest.fixture
def hook() -> Iterator[WebhookSink]:
    with WebhookSink() as sink:
        yield sink


@pytest.fixture
def told(monitor: Monitor, folder: Path, mail: SmtpSink, hook: WebhookSink) -> Monitor:
    """Everybody was told that the plant is cancelled, but for those who read a digest."""
    (folder / "monitor.yaml").write_text(BY_HITS + "fetch: {allow_private: [127.0.0.0/8]}\n")
    (folder / "subscribers.yaml").write_text(
        f"""
subscribers:
  - {{name: Bureau, to: ["{mail.address("desk@example.org")}"], language: fr, changes: [status, fact]}}
  - {{name: Program, to: ["{hook.address}"], changes: [status, schedule, fact]}}
  - {{name: Digest, to: ["console://"], send: {{digest: "0 8 1 1 *"}}}}
"""
    )
    (folder / "history.xml").write_text(rss(*PAST))
    monitor("poll")
    (folder / "history.xml").write_text(rss(*PAST, WRONG))
    monitor("poll")
    return monitor


def claim(monitor: Monitor, stage: str) -> str:
    listed = monitor("review", "list", "--all", "--json").lines
    return next(str(each["claim"]) for each in listed if each.get("stage") == stage)


def body(mail: SmtpSink) -> str:
    part = mail.mails[-1].get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_a_correction_reaches_everybody_who_was_told(told: Monitor, mail: SmtpSink, hook: WebhookSink) -> None:
    wrong = next(each for each in hook.events if each["data"]["type"] == "status")
    told("review", "wrong-project", claim(told, "cancelled"), "--by", "zoe")
    before = len(mail.mails), len(hook.events)

    told("poll")

    assert len(mail.mails) == before[0] + 1
    text = f"{mail.mails[-1]['subject']}\n{body(mail)}"
    assert "rectification" in text
    assert "était fausse : l’article parle d’un autre projet." in text
    assert "Le statut reste le même : en construction" in text
    assert "zoe" not in text
    corrections = hook.events[before[1] :]
    assert {each["data"]["type"] for each in corrections} == {"status", "fact"}
    [status] = [each["data"] for each in corrections if each["data"]["type"] == "status"]
    assert (status["retracts"], status["because"]) == (wrong["id"], "project")
    assert (status["from"], status["to"]) == ("cancelled", "construction")
    assert "zoe" not in str(corrections)
    told("poll")
    assert (len(mail.mails), len(hook.events)) == (before[0] + 1, before[1] + len(corrections))


def test_a_digest_that_has_not_gone_out_tells_neither_the_mistake_nor_its_correction(told: Monitor) -> None:
    told("review", "reject", claim(told, "cancelled"))

    rows = [each for each in told("deliveries", "--json").lines if each["subscriber"] == "Digest"]
    assert {each["state"] for each in rows} == {"superseded"}


def test_what_was_wrong_is_said_also_after_the_project_has_moved_on(
    told: Monitor, folder: Path, mail: SmtpSink
) -> None:
    (folder / "history.xml").write_text(rss(*PAST, WRONG, LATER))
    told("poll")
    assert told("status", "--json").json[0]["status"] == "construction"

    told("review", "reject", claim(told, "cancelled"), "--because", "report")
    told("poll")

    assert "était fausse : ce que l’article rapportait n’est pas vrai." in body(mail)


def test_a_publisher_who_corrects_an_article_is_named_as_the_reason(
    told: Monitor, folder: Path, mail: SmtpSink
) -> None:
    edited = rss(*PAST, WRONG).replace(f"<description>{CANCELLED}", "<description>BTR corrects: the cathode plant.")
    (folder / "history.xml").write_text(edited.replace(f"<title>{CANCELLED}", "<title>BTR cathode plant in Morocco"))

    told("poll")

    assert "l’éditeur a corrigé l’article" in body(mail)


def test_a_decision_made_quietly_corrects_nothing(told: Monitor, mail: SmtpSink) -> None:
    before = len(mail.mails)

    told("review", "reject", claim(told, "cancelled"), "--quiet")
    told("poll")

    assert len(mail.mails) == before


def test_the_decision_on_a_whole_article_is_undone_as_one_and_can_be_made_again(told: Monitor, mail: SmtpSink) -> None:
    name = claim(told, "cancelled")
    told("review", "wrong-project", name)
    assert told("status", "--json").json[0]["facts"] == []
    told("poll")

    undone = told("review", "undo", name, "--json").lines

    assert {each["undone_by"] is not None for each in undone} == {True}
    assert len(undone) == 2
    assert told("status", "--json").json[0]["status"] == "cancelled"
    assert told("status", "--json").json[0]["facts"] != []
    told("poll")
    assert "abandonné" in mail.mails[-1]["subject"]
    assert "rectification" not in mail.mails[-1]["subject"]
    told("review", "wrong-project", name)
    told("poll")
    assert "rectification" in mail.mails[-1]["subject"]


def test_an_article_that_is_rejected_already_has_nothing_left_to_reject(told: Monitor) -> None:
    name = claim(told, "cancelled")
    told("review", "wrong-project", name)

    again = told("review", "wrong-project", name)

    assert again.code == 2
    assert "nothing that counts for plant" in again.err


def test_who_has_turned_the_subscription_off_gets_no_correction(told: Monitor, folder: Path, mail: SmtpSink) -> None:
    name, before = claim(told, "cancelled"), len(mail.mails)
    (folder / "subscribers.yaml").write_text(
        (folder / "subscribers.yaml").read_text().replace("name: Bureau", "name: Bureau, projects: [other]")
    )

    told("review", "reject", name)
    told("poll")
    assert len(mail.mails) == before + 1

    text = (folder / "subscribers.yaml").read_text()
    (folder / "subscribers.yaml").write_text("\n".join(line for line in text.splitlines() if "Bureau" not in line))
    told("review", "undo", name)
    told("poll")
    assert len(mail.mails) == before + 1
