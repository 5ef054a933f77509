"""What the doctor finds."""

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.cli.session import opened
from monitor.core.health import Ailment, Trouble
from monitor.core.polling.network import lost_words
from tests.cli.conftest import Monitor
from tests.readers.hits import BY_HITS


def test_all_is_well_at_first(monitor: Monitor) -> None:
    monitor("poll")

    done = monitor("doctor")

    assert (done.code, done.out.strip()) == (0, "All is well.")


def test_a_feed_that_fails_is_shown_with_what_is_wrong(folder: Path, monitor: Monitor) -> None:
    (folder / "history.xml").write_text("no feed at all")
    monitor("poll")

    shown, told = monitor("doctor"), monitor("doctor", "--json")

    assert shown.code == told.code == 1
    assert "feed failing" in shown.out
    (ailment,) = told.lines
    assert ailment["trouble"] == "feed failing"
    assert ailment["told"] is None


def test_an_edit_that_was_refused_is_no_problem_once_the_files_are_valid(folder: Path, monitor: Monitor) -> None:
    now = datetime.now(UTC)
    with opened(folder) as app:
        app.health.keep_ailments(
            [Ailment(trouble=Trouble.EDIT_REFUSED, subject="", detail="wrong", since=now, found_at=now)]
        )

    assert monitor("doctor").out.strip() == "All is well."


def test_a_network_that_the_service_misses_is_one_line(folder: Path, monitor: Monitor) -> None:
    now = datetime.now(UTC)
    lost = Ailment(trouble=Trouble.NO_NETWORK, subject="", detail=lost_words(79), since=now, found_at=now)
    with opened(folder) as app:
        app.health.keep_ailments([lost])

    shown, told = monitor("doctor"), monitor("doctor", "--json")

    assert shown.code == told.code == 1
    assert shown.out == "No network: 79 feeds not asked; trying again in 5 minutes\n"
    assert [ailment["trouble"] for ailment in told.lines] == ["no network"]


@pytest.fixture
def taken(folder: Path) -> Iterator[int]:
    """A port that another program has, and that the pages are to have."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = int(server.getsockname()[1])
        (folder / "monitor.yaml").write_text(f"{BY_HITS}web: {{port: {port}}}\n")
        yield port


def test_a_port_that_is_taken_is_found_with_the_program_that_has_it(taken: int, monitor: Monitor) -> None:
    monitor("poll")

    told = monitor("doctor", "--json")

    (ailment,) = told.lines
    assert (told.code, ailment["trouble"]) == (1, "pages not served")
    assert f"port {taken} of 127.0.0.1 is taken by" in ailment["detail"]
    assert f"(process {os.getpid()})" in ailment["detail"]


@pytest.mark.usefixtures("taken")
def test_a_port_that_the_service_has_is_no_problem(folder: Path, monitor: Monitor) -> None:
    monitor("poll")
    with opened(folder) as app, app.exclusively():
        assert monitor("doctor").out.strip() == "All is well."


@pytest.mark.parametrize("ago", [0, 5])
def test_what_the_service_says_of_its_port_holds_as_long_as_it_finds_it(
    folder: Path, monitor: Monitor, ago: int
) -> None:
    at = datetime.now(UTC) - timedelta(minutes=ago)
    with opened(folder) as app:
        app.health.keep_ailments([Ailment(trouble=Trouble.UNSERVED, subject="", detail="taken", since=at, found_at=at)])

    assert ("taken" in monitor("doctor").out) == (not ago)


@pytest.mark.parametrize("command", ["check", "doctor"])
def test_a_proxy_that_is_not_used_is_said_so(monitor: Monitor, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    assert "proxy" not in monitor(command).err

    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")

    assert "HTTPS_PROXY: the monitor uses no proxy, because it checks the address" in monitor(command).err
