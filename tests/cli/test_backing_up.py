"""``backup`` and ``restore`` as an admin uses them, and ``feeds add``."""

from pathlib import Path

from tests.cli.conftest import Monitor, news


def test_a_backup_goes_into_an_empty_database(folder: Path, monitor: Monitor, tmp_path: Path) -> None:
    monitor("poll")
    (folder / "history.xml").write_text(news())
    monitor("poll")
    file = tmp_path / "all.db"

    done = monitor("backup", str(file), "--json")
    known, owed = monitor("status", "--json").out, monitor("deliveries", "--json").out
    assert monitor("restore", str(file)).code == 1
    with (folder / "monitor.yaml").open("a") as settings:
        settings.write("\ndatabase: sqlite:///elsewhere/monitor.db\n")
    restored = monitor("restore", str(file), "--json")

    assert (done.code, restored.code) == (0, 0)
    assert done.lines == restored.lines
    assert monitor("status", "--json").out == known
    assert monitor("deliveries", "--json").out == owed
    assert "not modified" in monitor("poll").out


def test_a_backup_is_not_written_over(monitor: Monitor, tmp_path: Path) -> None:
    monitor("poll")
    monitor("backup", str(tmp_path / "all.db"))

    again = monitor("backup", str(tmp_path / "all.db"))

    assert again.code == 1
    assert "exists already" in again.err


def test_a_feed_is_added_once(folder: Path, monitor: Monitor) -> None:
    done = monitor(
        "feeds", "add", "https://example.org/feed.xml", "--name", "Daily", "--trust", "0.3", "--language", "fr"
    )

    assert (done.code, done.out) == (0, "Daily added.\n")
    added = (folder / "feeds.yaml").read_text()
    assert "https://example.org/feed.xml" in added
    # As the schema has it, by which editors check the file.
    assert "trust: 0.3\n" in added
    again = monitor("feeds", "add", "https://example.org/feed.xml")
    assert (again.code, "already" in again.err) == (1, True)
    (known,) = monitor("feeds", "list", "--json").lines
    assert [feed["trust"] for feed in known if feed["name"] == "Daily"] == [0.3]


def test_what_is_no_feeds_address_is_not_added(folder: Path, monitor: Monitor) -> None:
    before = (folder / "feeds.yaml").read_text()

    assert monitor("feeds", "add", "ftp://example.org/feed").code == 1
    assert (folder / "feeds.yaml").read_text() == before
