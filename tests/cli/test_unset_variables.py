"""A variable that only a destination needs: without it that destination waits, and everything else works."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Monitor, news
from tests.readers.hits import BY_HITS
from tests.sinks import WebhookSink, refusing_port

UNSET = "the environment variable HOOK is not set, or empty"


@pytest.fixture
def waiting(folder: Path, monitor: Monitor) -> Monitor:
    """The command, after news came for a terminal and for an address of which a part is missing."""
    (folder / "monitor.yaml").write_text(
        f"{BY_HITS}fetch: {{allow_private: [127.0.0.0/8]}}\nweb: {{port: {refusing_port()}}}\n"
    )
    (folder / "subscribers.yaml").write_text(
        'subscribers:\n  - {name: Desk, to: ["console://"]}\n  - {name: Press, to: ["json://${HOOK}/hook"]}\n'
    )
    assert monitor("poll").code == 0
    (folder / "history.xml").write_text(news())
    assert "construction → console://" in monitor("poll").out
    return monitor


def test_check_reports_it_as_wrong(waiting: Monitor, folder: Path) -> None:
    done = waiting("check")

    assert done.code == 2
    assert f"{folder}/subscribers.yaml:3: error: subscribers[1].to[0]: {UNSET}" in done.err


@pytest.mark.parametrize(
    "command",
    [
        ("status",),
        ("timeline", "plant"),
        ("changes",),
        ("deliveries",),
        ("retry",),
        ("feeds", "list"),
        ("subscribers", "list"),
        ("review", "list"),
        ("export", "changes"),
        ("backup", "{folder}/copy.db"),
        ("notify", "Desk", "--test"),
    ],
)
def test_what_does_not_send_there_works(waiting: Monitor, folder: Path, command: tuple[str, ...]) -> None:
    done = waiting(*(part.format(folder=folder) for part in command))

    assert (done.code, done.err) == (0, "")


def test_a_test_message_to_it_says_what_is_missing(waiting: Monitor) -> None:
    done = waiting("notify", "Press", "--test")

    assert done.code == 1
    assert UNSET in done.out


def test_the_doctor_names_it(waiting: Monitor) -> None:
    done = waiting("doctor", "--json")

    assert done.code == 1
    [found] = [line for line in done.lines if line["trouble"] == "destination unusable"]
    assert found["subject"] == "Press: json://…"
    assert UNSET in found["detail"]


def test_what_it_is_owed_waits_and_is_sent_once_it_is_set(waiting: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    [owed] = waiting("deliveries", "--state", "pending", "--json").lines
    with WebhookSink() as hook:
        monkeypatch.setenv("HOOK", f"127.0.0.1:{hook.port}")
        assert waiting("poll").code == 0
        again = waiting("poll")

    assert (owed["subscriber"], owed["attempts"]) == ("Press", 0)
    [event] = hook.events
    assert event["id"] == owed["change"]
    assert "json://" not in again.out
    assert waiting("deliveries", "--state", "pending", "--json").out == ""


def test_what_was_owed_before_it_went_missing_waits_too(
    waiting: Monitor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with WebhookSink() as hook:
        monkeypatch.setenv("HOOK", f"127.0.0.1:{hook.port}")
        (folder / "history.xml").write_text(news().replace("broke ground on", "completed"))
        waiting("poll", "--no-send")
        monkeypatch.delenv("HOOK")
        waiting("poll")
        waiting_still = waiting("deliveries", "--state", "pending", "--json").lines
        monkeypatch.setenv("HOOK", f"127.0.0.1:{hook.port}")
        waiting("poll")

    assert waiting_still
    assert {line["attempts"] for line in waiting_still} == {0}
    assert waiting("deliveries", "--state", "dead", "--json").out == ""
    assert waiting("deliveries", "--state", "pending", "--json").out == ""


def test_the_service_says_at_its_start_what_is_missing(waiting: Monitor, folder: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor", "run", "--config", str(folder)], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    said = ""
    while "service.started" not in said:
        line = process.stderr.readline()
        assert line, said
        said += line
    process.terminate()
    process.communicate()

    warnings = [line for line in map(json.loads, said.splitlines()) if line["event"] == "configuration.warning"]
    assert [f"subscribers[1].to[0]: {UNSET}" in line["detail"] for line in warnings] == [True]


def test_a_variable_that_all_need_stops_all(waiting: Monitor, folder: Path) -> None:
    (folder / "monitor.yaml").write_text('database: "sqlite:///${PLACE}/monitor.db"\n')

    done = waiting("status")

    assert done.code == 2
    assert "monitor.yaml:1: error: database: the environment variable PLACE is not set, or empty" in done.err
