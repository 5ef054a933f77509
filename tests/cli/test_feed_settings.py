"""``monitor feeds edit`` and ``remove``: by the same functions as the pages, with the same trace."""

from pathlib import Path

import pytest

from monitor.cli.session import consulted
from monitor.settings.loading import load
from tests.cli.conftest import FEEDS, Monitor

TWO = f"# Ours.{FEEDS}  - {{url: 'https://daily.example/rss?key=topsecret', name: Daily, language: fr}}  # the daily\n"


@pytest.fixture(autouse=True)
def two(folder: Path) -> None:
    (folder / "feeds.yaml").write_text(TWO)


def test_settings_of_a_feed_are_changed_and_the_rest_stays(folder: Path, monitor: Monitor) -> None:
    done = monitor("feeds", "edit", "Daily", "--name", "Tide", "--trust", "0.3", "--language", "", "--paused", "--json")

    feed = load(folder, {}).feeds[1]
    assert (feed.name, feed.trust, feed.language, feed.is_paused) == ("Tide", 0.3, None, True)
    written = (folder / "feeds.yaml").read_text()
    assert written.startswith(TWO[: TWO.index("  - {url: 'https")])
    assert written.endswith("  # the daily\n")
    assert list(done.json) == ["changed"]
    with consulted(folder) as archive:
        (entry,) = archive.audit.entries(limit=9)
        newest, _ = archive.configuration.history(limit=9)
    assert (entry.actor, entry.action, entry.target) == ("local", "feeds.change", "Daily")
    assert newest.edition.actor == "local"
    assert "topsecret" not in f"{done.out}{entry}{newest.change}"


def test_one_setting_changes_nothing_else(folder: Path, monitor: Monitor) -> None:
    assert monitor("feeds", "edit", "Daily", "--language", "es").out == "Daily changed.\n"
    assert (folder / "feeds.yaml").read_text() == TWO.replace("language: fr", "language: es")

    monitor("feeds", "edit", "Daily", "--paused")
    monitor("feeds", "edit", "Daily", "--polled")
    assert not load(folder, {}).feeds[1].is_paused


def test_a_feed_is_removed_after_asking(folder: Path, monitor: Monitor) -> None:
    assert monitor("feeds", "remove", "Daily").code == 2
    assert monitor("feeds", "remove", "Daily", stdin="n\n", terminal=True).code == 1
    assert (folder / "feeds.yaml").read_text() == TWO

    assert monitor("feeds", "remove", "Daily", stdin="y\n", terminal=True).code == 0
    assert monitor("feeds", "remove", "file:history.xml", "--yes", "--json").json == {"removed": "file:history.xml"}
    assert load(folder, {}).feeds == ()


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["edit", "Daly", "--paused"], "no feed 'Daly'"),
        (["edit", "Daily"], "give --name"),
        (["edit", "Daily", "--name", ""], "give --name"),
        (["edit", "Daily", "--language", "klingon"], "language"),
        (["remove", "Bing News, Nemo (en)", "--yes"], "comes from a search"),
        (["remove", "Twice", "--yes"], "2 feeds have the name"),
    ],
)
def test_what_cannot_be_changed_is_refused(folder: Path, monitor: Monitor, args: list[str], told: str) -> None:
    more = "".join(f"  - {{url: 'https://twice.example/{n}', name: Twice}}\n" for n in range(2))
    search = "searches:\n  - {name: Nemo, queries: {en: Nemo}, engines: [bing]}\n"
    (folder / "feeds.yaml").write_text(f"{TWO}{more}{search}")

    done = monitor("feeds", *args)

    assert (done.code, told in " ".join(done.err.split())) == (2, True), done.err
    assert "topsecret" not in done.err
    assert (folder / "feeds.yaml").read_text() == f"{TWO}{more}{search}"
