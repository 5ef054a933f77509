"""While an edit of the configuration is invalid, the service goes on with the one before. So does what only reads."""

from pathlib import Path

import pytest

from monitor.settings import load
from monitor.settings.loading import keep
from tests.cli.conftest import Monitor


@pytest.fixture
def edited(folder: Path, monitor: Monitor) -> Monitor:
    """The command on a folder that the service took before an edit spoilt it."""
    monitor("poll", "--no-send")
    keep(load(folder, {}))
    (folder / "projects.yaml").write_text("projects:\n  - {id: plant, name: Plant, whom: [BTR]}\n")
    return monitor


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("status",), "plant"),
        (("status", "plant"), "Cathode plant"),
        (("timeline", "plant"), "agreement"),
        (("changes",), "Cathode plant"),
        (("deliveries",), "history"),
        (("feeds", "list"), "Chronicle"),
        (("subscribers", "list"), "Desk"),
        (("review", "list"), "doubtful"),
        (("export", "milestones"), "plant"),
    ],
)
def test_what_only_reads_goes_on_with_one_warning(
    folder: Path, edited: Monitor, command: tuple[str, ...], words: str
) -> None:
    done = edited(*command)

    assert done.code == 0
    assert words in done.out
    (warning,) = done.err.splitlines()
    assert warning.startswith("warning: the configuration is invalid, so the one before it counts here: ")
    assert f"{folder}/projects.yaml:2: projects[0]" in warning
    assert warning.endswith("; then run monitor check")


def test_json_stays_as_it_is(edited: Monitor) -> None:
    (plant,) = edited("status", "--json").json

    assert plant["status"] == "agreed"


@pytest.mark.parametrize(
    "command",
    [("poll",), ("retry",), ("notify", "Desk", "--test"), ("rebuild",), ("review", "undo", "plant:1"), ("check",)],
)
def test_what_writes_or_sends_refuses(edited: Monitor, command: tuple[str, ...]) -> None:
    done = edited(*command)

    assert (done.code, done.out) == (2, "")
    assert "projects[0].whom: unknown key" in done.err


def test_the_doctor_finds_the_edit(edited: Monitor) -> None:
    shown, told = edited("doctor"), edited("doctor", "--json")

    assert shown.code == told.code == 1
    assert "edit refused" in shown.out
    (ailment,) = told.lines
    assert ailment["trouble"] == "edit refused"
    assert "projects[0].whom: unknown key" in ailment["detail"]


def test_without_a_configuration_before_it_the_errors_are_all_there_is(folder: Path, monitor: Monitor) -> None:
    (folder / "projects.yaml").write_text("projects: 1\n")

    for command in ("status", "doctor", "deliveries"):
        done = monitor(command)
        assert (done.code, done.out) == (2, "")
        assert "must be a list" in done.err
