"""What the doctor finds."""

from datetime import UTC, datetime
from pathlib import Path

from monitor.cli.session import opened
from monitor.core.health import Ailment, Trouble
from monitor.core.polling.network import lost_words
from tests.cli.conftest import Monitor


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
