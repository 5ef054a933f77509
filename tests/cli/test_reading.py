"""``read``, ``replay``: articles read and played."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import HISTORY, SIGNED, STARTED, Monitor

pytestmark = pytest.mark.usefixtures("default_reader")
CLAIM_KEYS = ["project", "stage", "state", "date", "confidence", "evidence"]
CHANGE_KEYS = [
    "id", "type", "project", "stage", "from", "to", "at", "effective", "confidence", "sources", "evidence"
]  # fmt: skip


def article(text: str, **more: object) -> str:
    return json.dumps({"id": "a", "title": text, "text": text, **more}) + "\n"


def test_reading_gives_one_line_for_each_article_in_order(monitor: Monitor) -> None:
    lines = article(SIGNED, id="one", published="2024-03-30") + article("Of something else.", id="two")

    done = monitor("read", "--json", "-", stdin=lines)

    assert done.code == 0
    one, two = done.lines
    assert list(one) == ["id", "language", "projects", "claims", "facts"]
    assert (one["id"], one["language"], one["projects"]) == ("one", "en", ["plant"])
    assert {"stage": "agreed", "state": "reached"}.items() <= one["claims"][0].items()
    assert list(one["claims"][0]) == CLAIM_KEYS
    assert one["claims"][0]["evidence"] in SIGNED
    assert two == {"id": "two", "language": "en", "projects": [], "claims": [], "facts": []}


def test_a_bad_line_is_told_and_the_rest_is_read(monitor: Monitor) -> None:
    done = monitor("read", "--json", "-", stdin=article(SIGNED) + "{}\n" + article(SIGNED))

    assert done.code == 1
    assert len(done.lines) == 2
    assert "error: standard input:2: id: is missing" in done.err


def test_what_is_too_long_to_be_read_whole_is_told(monitor: Monitor) -> None:
    done = monitor("read", "--json", "-", stdin=article(SIGNED + " " + "word " * 50_000))

    assert done.code == 0
    assert "warning: a: only the first 200,000 characters are read" in done.err


def test_reading_shows_people_the_sentence(tmp_path: Path, monitor: Monitor) -> None:
    (tmp_path / "a.jsonl").write_text(article(SIGNED))

    done = monitor("read", str(tmp_path / "a.jsonl"))

    assert done.code == 0
    assert "agreed reached" in done.out
    assert "BTR signed the investment agreement" in done.out


@pytest.mark.parametrize("command", ["read", "replay"])
def test_a_file_that_is_not_there_is_told_in_one_line(command: str, monitor: Monitor) -> None:
    done = monitor(command, "nowhere.jsonl")

    assert (done.code, done.out) == (1, "")
    assert done.err == "error: nowhere.jsonl: cannot be read: No such file or directory\n"


def test_replay_gives_changes_in_the_order_of_publication(monitor: Monitor) -> None:
    lines = article(STARTED, id="later", published="2025-03", url="https://example.org/b")
    lines += article(SIGNED, id="earlier", published="2024-03-30", url="https://example.org/a")

    done = monitor("replay", "--json", "-", stdin=lines)

    assert done.code == 0
    moves = [(line["from"], line["to"], line["at"]) for line in done.lines if line["type"] == "status"]
    assert moves == [
        ("announced", "agreed", "2024-03-30T00:00:00Z"),
        ("agreed", "construction", "2025-03-01T00:00:00Z"),
    ]
    assert list(done.lines[0]) == CHANGE_KEYS
    assert done.lines[0]["sources"] == ["https://example.org/a"]


@pytest.mark.parametrize("name", ["history.xml", "anything"])
def test_replay_takes_feed_documents(name: str, tmp_path: Path, monitor: Monitor) -> None:
    (tmp_path / name).write_text(HISTORY)

    done = monitor("replay", "--json", str(tmp_path / name))

    assert [(line["from"], line["to"]) for line in done.lines if line["type"] == "status"] == [("announced", "agreed")]


def test_replay_takes_a_json_feed_and_lines_without_their_suffix(tmp_path: Path, monitor: Monitor) -> None:
    item = {"id": "1", "title": SIGNED, "content_text": SIGNED, "date_published": "2024-03-30T00:00:00Z"}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [item]}
    (tmp_path / "feed.json").write_text(json.dumps(feed))
    (tmp_path / "lines.json").write_text(article(SIGNED, published="2024-03-30"))

    one = monitor("replay", "--json", str(tmp_path / "feed.json"))
    other = monitor("replay", "--json", str(tmp_path / "lines.json"))

    assert [line["to"] for line in one.lines if line["type"] == "status"] == ["agreed"]
    assert [line["to"] for line in other.lines if line["type"] == "status"] == ["agreed"]


def test_a_file_of_the_configuration_is_played_with_its_trust(folder: Path, monitor: Monitor) -> None:
    (folder / "feeds.yaml").write_text("feeds:\n  - {url: 'file:history.xml', name: Chronicle, trust: 1.0}\n")

    done = monitor("replay", "--json", str(folder / "history.xml"))

    assert {line["confidence"] for line in done.lines} == {"confirmed"}


#: Dates that no article has, by what is wrong with them.
IMPOSSIBLE = ["0001-01-01", "9999-12-31", "9999-12-31T23:59:00-14:00", "0001-01-01T00:00:00+14:00", "10000"]


@pytest.mark.parametrize("command", ["read", "replay", "import"])
@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
def test_an_impossible_date_costs_its_line(command: str, zone: str, folder: Path, monitor: Monitor) -> None:
    (folder / "monitor.yaml").write_text(f"timezone: {zone}\n")
    lines = "".join(article(STARTED, id=f"bad {day}", published=day) for day in IMPOSSIBLE)
    lines += article(SIGNED, id="good", published="2024-03-30")

    done = monitor(command, "--json", "-", stdin=lines)

    assert done.code == (0 if command == "replay" else 1)
    assert [line for line in done.lines if "agreed" in json.dumps(line) or line.get("articles") == 1]
    for number, day in enumerate(IMPOSSIBLE, start=1):
        assert f"standard input:{number}: published: invalid date of publication '{day}'" in done.err


#: Lines that no reader of JSON takes, by what is wrong with them.
UNREADABLE = {
    "number out of range": f'{{"id": {"9" * 5_000}, "title": "T", "text": "T", "evidence": ""}}',
    "recursion limit exceeded": f'{{"id": "1", "title": "T", "text": "T", "evidence": {"[" * 9_999}{"]" * 9_999}}}',
}


@pytest.mark.parametrize("reason", UNREADABLE)
@pytest.mark.parametrize("first", [True, False])
def test_an_unreadable_line_costs_itself_wherever_it_stands(
    reason: str, first: bool, tmp_path: Path, monitor: Monitor
) -> None:
    bad, good = UNREADABLE[reason].replace("evidence", "more") + "\n", article(SIGNED, published="2024-03-30")
    (tmp_path / "lines.json").write_text(bad + good if first else good + bad)

    done = monitor("import", "--json", str(tmp_path / "lines.json"))

    assert (done.code, done.json["articles"]) == (1, 1)
    assert f"lines.json:{1 if first else 2}: not JSON: {reason}" in done.err


@pytest.mark.parametrize("reason", UNREADABLE)
def test_an_unreadable_line_of_an_export_costs_itself(reason: str, monitor: Monitor) -> None:
    monitor("poll", "--no-send")
    exported = monitor("export", "claims").out

    done = monitor("import", "--json", "-", stdin=f"{UNREADABLE[reason]}\n{exported}")

    assert (done.code, done.json["articles"]) == (1, 1)
    assert f"standard input:1: not JSON: {reason}" in done.err


def test_what_has_no_date_is_warned_of_and_left_out(tmp_path: Path, monitor: Monitor) -> None:
    (tmp_path / "feed.xml").write_text(
        f"<rss version='2.0'><channel><item><title>{SIGNED}</title></item></channel></rss>"
    )

    done = monitor("replay", "--json", "-", str(tmp_path / "feed.xml"), stdin=article(SIGNED))

    assert (done.code, done.out) == (0, "")
    assert done.err.count("has no date; left out") == 2


def test_replay_shows_people_what_would_have_moved(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "history.xml").write_text(HISTORY)

    done = monitor("replay", str(tmp_path / "history.xml"))

    assert "Cathode plant: status: announced → agreed" in done.out
    assert "https://example.org/signed" in done.out
    assert monitor("replay", "-").out == "Nothing would have moved.\n"


def test_replay_keeps_nothing(folder: Path, monitor: Monitor) -> None:
    monitor("replay", str(folder / "history.xml"))

    assert not (folder.parent / "data").exists()
    assert [line["status"] for line in monitor("status", "--json").json] == ["announced"]
