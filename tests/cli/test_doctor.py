"""What the doctor finds."""

from pathlib import Path

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
