"""``monitor configuration``: who has edited which file, and undoing it. Commands leave the same trace as the pages."""

from pathlib import Path

import pytest

from monitor.cli.session import consulted
from monitor.ports import OUTSIDE
from monitor.settings.loading import keep, load
from tests.cli.conftest import FEEDS, PROJECTS, Monitor

URL = "https://example.org/feed.xml?key=topsecret"


@pytest.fixture
def added(monitor: Monitor) -> int:
    """The edition of a feed that was added."""
    assert monitor("feeds", "add", URL, "--name", "Daily").code == 0
    newest, _ = monitor("configuration", "history", "--file", "feeds.yaml", "--json").lines
    return int(newest["edition"])


@pytest.mark.usefixtures("added")
def test_the_history_says_who_changed_what(folder: Path, monitor: Monitor) -> None:
    newest, oldest = monitor("configuration", "history", "--file", "feeds.yaml", "--json").lines
    table = monitor("configuration", "history").out
    with consulted(folder) as archive:
        (entry,) = archive.audit.entries(limit=9)

    assert (newest["actor"], newest["file"], oldest["actor"]) == ("local", "feeds.yaml", OUTSIDE)
    assert '+    name: "Daily"' in newest["diff"]
    assert (entry.actor, entry.action, entry.target) == ("local", "feeds.add", "Daily")
    (row,) = [line for line in table.splitlines() if "local" in line]
    assert "feeds.yaml" in row
    assert "+3 -0" in row
    assert "topsecret" not in f"{newest}{table}{entry}"


def test_an_edit_is_undone(folder: Path, monitor: Monitor, added: int) -> None:
    done = monitor("configuration", "undo", str(added), "--yes", "--json")
    newest, *_ = monitor("configuration", "history", "--file", "feeds.yaml", "--json").lines

    assert (done.json["undone"], done.json["file"]) == (added, "feeds.yaml")
    assert (folder / "feeds.yaml").read_text() == FEEDS
    assert newest["actor"] == "local"


def test_on_a_terminal_undoing_shows_what_would_change_and_asks(folder: Path, monitor: Monitor, added: int) -> None:
    after = (folder / "feeds.yaml").read_text()

    kept = monitor("configuration", "undo", str(added), stdin="n\n", terminal=True)
    assert '-    name: "Daily"' in kept.err
    assert (kept.code, (folder / "feeds.yaml").read_text()) == (1, after)

    undone = monitor("configuration", "undo", str(added), stdin="y\n", terminal=True)
    assert undone.out.strip() == f"feeds.yaml is as it was before edition {added}."
    assert (folder / "feeds.yaml").read_text() == FEEDS


@pytest.mark.usefixtures("added")
def test_an_edit_by_hand_that_does_not_load_is_undone(folder: Path, monitor: Monitor) -> None:
    before = (folder / "feeds.yaml").read_text()
    keep(load(folder, {}))  # as the service does
    (folder / "feeds.yaml").write_text("feeds: 7\n")

    newest, *_ = monitor("configuration", "history", "--json").lines
    assert newest["actor"] == OUTSIDE
    assert monitor("configuration", "undo", str(newest["edition"]), "--yes").code == 0
    assert (folder / "feeds.yaml").read_text() == before


def test_an_undoing_that_would_not_load_is_refused(folder: Path, monitor: Monitor) -> None:
    keep(load(folder, {}))
    for text in ("projects: 7\n", PROJECTS):
        (folder / "projects.yaml").write_text(text)
        newest, *_ = monitor("configuration", "history", "--file", "projects.yaml", "--json").lines

    done = monitor("configuration", "undo", str(newest["edition"]), "--yes")

    assert (done.code, "projects.yaml:1" in done.err) == (2, True)
    assert (folder / "projects.yaml").read_text() == PROJECTS


def test_what_cannot_be_undone_is_refused(monitor: Monitor, added: int) -> None:
    *_, oldest = monitor("configuration", "history", "--json").lines

    assert "no edition 4711" in monitor("configuration", "undo", "4711", "--yes").err
    assert "from before it is not known" in monitor("configuration", "undo", str(oldest["edition"]), "--yes").err
    assert "give --yes" in monitor("configuration", "undo", str(added)).err
    assert "no file 'feds.yaml'" in monitor("configuration", "history", "--file", "feds.yaml").err


def test_a_project_that_is_added_and_removed_is_in_the_history(folder: Path, monitor: Monitor) -> None:
    words = ("--name", "Nemo works", "--who", "Nemo", "--what", "cathode", "--where", "Spain", "--language", "en")
    assert monitor("projects", "add", *words, "--no-import").code == 0
    assert monitor("projects", "edit", "nemo-works", "--who", "Nemo,Nautilus").code == 0
    assert monitor("projects", "remove", "nemo-works", "--yes").code == 0

    found = monitor("configuration", "history", "--json").lines
    with consulted(folder) as archive:
        actions = [(entry.action, entry.target) for entry in archive.audit.entries(limit=9)]

    assert actions == [(f"projects.{what}", "nemo-works") for what in ("remove", "change", "add")]
    assert sum(each["actor"] == "local" for each in found) == 5
    assert (folder / "projects.yaml").read_text() == PROJECTS
