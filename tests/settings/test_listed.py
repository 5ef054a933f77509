"""Edits of single feeds and subscribers in their files. Everything else stays as the operator wrote it."""

from datetime import datetime
from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.settings.edits import is_listed, with_feed, with_mute, without_all_mutes, without_feed, without_mutes
from monitor.settings.loading import load
from monitor.settings.whole import checked, staged

ENV = {"KEY": "secretkey1"}
FEEDS = """feeds:
  # The one that matters.
  - url: https://example.org/feed.xml?key=${KEY}
    name: Daily
  - {url: 'https://other.example/rss', paused: true}
searches:
  - {name: Nemo, queries: {en: Nemo plant}, engines: [google]}
"""
SUBSCRIBERS = """subscribers:
  - name: Desk   # ours
    to: ["console://"]
    mute:
      - {until: 2026-12-01, projects: [plant]}
  - {name: Press, to: ["console://"]}
"""
DAILY = "https://example.org/feed.xml?key=secretkey1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "projects.yaml").write_text("projects:\n  - {id: plant, name: Plant, who: [Nemo]}\n")
    (tmp_path / "feeds.yaml").write_text(FEEDS)
    (tmp_path / "subscribers.yaml").write_text(SUBSCRIBERS)
    return tmp_path


def test_a_feed_is_renamed_weighed_and_paused_and_its_secret_stays_a_reference(folder: Path) -> None:
    texts = with_feed(folder, ENV, DAILY, name="The Daily: $1", trust=1.0, paused=True)
    feed = checked(folder, texts, ENV).feeds[0]

    assert (feed.name, feed.trust, feed.is_paused) == ("The Daily: $1", 1.0, True)
    assert "${KEY}" in texts["feeds.yaml"]
    assert "# The one that matters." in texts["feeds.yaml"]


def test_what_was_never_paused_says_nothing_of_it(folder: Path) -> None:
    assert "paused: false" not in with_feed(folder, ENV, DAILY, name="Daily", trust=0.5, paused=False)["feeds.yaml"]


def test_a_paused_feed_is_not_polled_until_it_is_asked_again(folder: Path) -> None:
    config = load(folder, ENV)
    texts = with_feed(folder, ENV, "https://other.example/rss", name="Other", trust=0.5, paused=False)

    assert [feed.url for feed in config.polled if "other" in feed.url] == []
    assert [feed.name for feed in checked(folder, texts, ENV).polled if "other" in feed.url] == ["Other"]


def test_a_feed_is_removed(folder: Path) -> None:
    found = checked(folder, without_feed(folder, ENV, DAILY), ENV).feeds

    assert DAILY not in {feed.url for feed in found}
    assert len(found) == 2


def test_a_feed_of_a_search_is_not_in_the_list(folder: Path) -> None:
    of_search = load(folder, ENV).feeds[-1].url

    assert is_listed(folder, ENV, DAILY)
    assert not is_listed(folder, ENV, of_search)
    with pytest.raises(ConfigError, match="it comes from a search"):
        without_feed(folder, ENV, of_search)


def test_what_cannot_be_edited_names_the_file(folder: Path) -> None:
    (folder / "feeds.yaml").write_text(f"feeds: [{{url: '{DAILY}'}}]\n")

    with pytest.raises(ConfigError, match=r"feeds.yaml: shares its line"):
        without_feed(folder, ENV, DAILY)


def test_a_mute_is_added_to_those_that_are_there(folder: Path) -> None:
    until = datetime(2026, 12, 24, 8)  # noqa: DTZ001 - by the subscriber's clock
    texts = with_mute(folder, ENV, ["Desk", "Press"], until=until, projects=["*"])
    desk, press = checked(folder, texts, ENV).subscribers

    assert [mute.projects for mute in desk.mutes] == [("plant",), ("*",)]
    assert [mute.until for mute in press.mutes] == [until]
    assert "# ours" in texts["subscribers.yaml"]


def test_mutes_are_ended(folder: Path) -> None:
    with staged(folder, without_all_mutes(folder, ENV, "Desk")):
        pass

    assert load(folder, ENV).subscribers[0].mutes == ()


def test_one_mute_is_ended_and_the_others_stay(folder: Path) -> None:
    until = datetime(2026, 12, 24, 8)  # noqa: DTZ001 - by the subscriber's clock
    with staged(folder, with_mute(folder, ENV, ["Desk", "Press"], until=until, projects=["*"])):
        pass
    texts = without_mutes(folder, ENV, ["Desk", "Press"], until=until, projects=["*"])
    desk, press = checked(folder, texts, ENV).subscribers

    assert [mute.projects for mute in desk.mutes] == [("plant",)]
    assert press.mutes == ()


def test_a_subscriber_that_is_gone_cannot_be_muted(folder: Path) -> None:
    with pytest.raises(ConfigError, match="no subscriber of this name"):
        without_all_mutes(folder, ENV, "Nobody")
