"""``monitor export``: the ledger for other programs."""

import csv
import errno
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from monitor.cli import exporting
from monitor.contracts import exports
from tests.cli.conftest import Monitor, news, rss
from tests.readers.hits import BY_HITS

ATOM = "{http://www.w3.org/2005/Atom}"
EXPECTED = (
    "BTR Morocco: production at the cathode plant of BTR in Morocco is expected to start in September 2026.",
    datetime(2025, 3, 30, tzinfo=UTC),
)


@pytest.fixture
def polled(monitor: Monitor, folder: Path) -> Monitor:
    (folder / "history.xml").write_text(rss(EXPECTED))
    monitor("poll", "--no-send")
    (folder / "history.xml").write_text(news())
    monitor("poll", "--no-send")
    return monitor


def test_claims_come_each_with_its_source(polled: Monitor) -> None:
    lines = polled("export", "claims").lines

    [expected] = [line for line in lines if line.get("stage") == "operating"]
    assert expected | {"article": "", "story": "", "seen": "", "evidence": ""} == {
        "article": "",
        "story": "",
        "seen": "",
        "evidence": "",
        "url": "https://example.org/Morocco:",
        "outlet": "Chronicle",
        "trust": 0.7,
        "published": "2025-03-30T00:00:00Z",
        "project": "plant",
        "phase": None,
        "stage": "operating",
        "state": "expected",
        "date": "2026-09",
        "confidence": expected["confidence"],
    }
    assert polled("export", "claims", "--project", "plant").lines == lines


@pytest.mark.parametrize("what", ["claims", "milestones", "changes"])
def test_a_table_has_a_row_for_each_object(polled: Monitor, what: str) -> None:
    objects = polled("export", what).lines

    rows = list(csv.DictReader(io.StringIO(polled("export", what, "--format", "csv").out.removeprefix("\ufeff"))))

    assert len(rows) == len(objects) > 0
    assert [row["project"] for row in rows] == ["plant"] * len(rows)
    assert all(set(each) <= set(row) for each, row in zip(objects, rows, strict=True))


@pytest.mark.parametrize("what", ["claims", "milestones", "changes"])
def test_parquet_has_types(polled: Monitor, folder: Path, what: str) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")

    done = polled("export", what, "--format", "parquet", "--output", str(folder / "out.parquet"))

    rows: list[dict[str, Any]] = parquet.read_table(folder / "out.parquet").to_pylist()
    objects = polled("export", what).lines
    assert (done.code, len(rows)) == (0, len(objects))
    for row, each in zip(rows, objects, strict=True):
        assert row["project"] == each["project"]
        for instant in {"published", "at"} & row.keys():
            assert row[instant] == datetime.fromisoformat(each[instant])
        assert row.get("sources", []) == each.get("sources", [])


@pytest.mark.parametrize("extra", ["pyarrow", "icalendar"])
def test_a_missing_extra_is_named(polled: Monitor, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, extra, None)

    done = polled("export", "milestones", "--format", {"pyarrow": "parquet", "icalendar": "ics"}[extra])

    assert done.code == 1
    assert "milestone-monitor[" in done.err


def test_a_calendar_has_what_is_expected_on_its_last_day(polled: Monitor) -> None:
    icalendar = pytest.importorskip("icalendar")

    found = icalendar.Calendar.from_ical(polled("export", "milestones", "--format", "ics").out)

    [event] = found.walk("VEVENT")
    assert str(event["UID"]) == "plant.operating@milestone-monitor"
    assert event["DTSTART"].dt == datetime(2026, 9, 30, tzinfo=UTC).date()
    assert str(event["SUMMARY"]) == "Cathode plant: start of operation expected September 2026"
    assert str(event["URL"]) == "https://example.org/Morocco:"
    assert EXPECTED[0] in str(event["DESCRIPTION"])


def test_a_calendar_tells_what_was_expected_first(monitor: Monitor, folder: Path) -> None:
    icalendar = pytest.importorskip("icalendar")
    later = EXPECTED[0].replace("BTR Morocco", "BTR later").replace("2026", "2027")
    (folder / "history.xml").write_text(rss(EXPECTED, (later, datetime(2026, 3, 30, tzinfo=UTC))))
    monitor("poll", "--no-send")

    found = icalendar.Calendar.from_ical(monitor("export", "milestones", "--format", "ics").out)

    [event] = found.walk("VEVENT")
    assert "First expected: September 2026" in str(event["DESCRIPTION"])
    assert event["SEQUENCE"] == 1


def test_a_feed_has_the_changes_as_their_readers_read_them(polled: Monitor) -> None:
    changes = polled("export", "changes").lines

    feed = etree.fromstring(polled("export", "changes", "--format", "atom", "--language", "fr").out.encode())

    entries = feed.findall(f"{ATOM}entry")
    assert [e.findtext(f"{ATOM}id") for e in entries] == [
        f"urn:milestone-monitor:change:{c['id']}" for c in changes[::-1]
    ]
    assert feed.findtext(f"{ATOM}updated") == changes[-1]["at"]
    assert "Usine de cathodes" in (entries[0].findtext(f"{ATOM}title") or "")


def test_a_json_feed_has_what_the_atom_feed_has(polled: Monitor) -> None:
    changes = polled("export", "changes").lines

    feed = json.loads(polled("export", "changes", "--format", "jsonfeed", "--language", "fr").out)

    assert (feed["version"], feed["language"]) == ("https://jsonfeed.org/version/1.1", "fr")
    assert [each["id"] for each in feed["items"]] == [
        f"urn:milestone-monitor:change:{each['id']}" for each in changes[::-1]
    ]
    assert feed["items"][0]["date_published"] == changes[-1]["at"]
    assert "Usine de cathodes" in feed["items"][0]["title"]


def test_a_feed_of_nothing_is_a_feed(monitor: Monitor) -> None:
    feed = etree.fromstring(monitor("export", "changes", "--format", "atom").out.encode())

    assert feed.findall(f"{ATOM}entry") == []
    assert feed.findtext(f"{ATOM}updated")


def test_an_address_shows_no_key(monitor: Monitor, folder: Path) -> None:
    page = rss(EXPECTED).replace("https://example.org/Morocco:", "https://example.org/a?token=s3cr3t")
    (folder / "history.xml").write_text(page)
    monitor("poll", "--no-send")

    said = "".join(monitor("export", what).out for what in ("claims", "milestones", "changes"))

    assert "token=***" in said
    assert "s3cr3t" not in said


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (["claims", "--format", "ics"], "ics is a form of milestones only"),
        (["claims", "--format", "atom"], "atom is a form of changes only"),
        (["claims", "--format", "jsonfeed"], "jsonfeed is a form of changes only"),
        (["claims", "--project", "palnt"], "no project 'palnt'"),
        (["changes", "--format", "atom", "--language", "xx"], "no language 'xx'"),
    ],
)
def test_what_cannot_be_is_told(monitor: Monitor, args: list[str], reason: str) -> None:
    done = monitor("export", *args)

    assert done.code == 2
    assert reason in " ".join(done.err.replace("│", " ").split())


def test_an_export_that_fails_leaves_the_former_one_as_it_was(
    folder: Path, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    file = folder / "out" / "claims.jsonl"
    file.parent.mkdir()
    file.write_text("the former one")
    monkeypatch.setattr(exporting, "write_table", fails)
    done = monitor("export", "claims", "--output", str(file))

    assert done.code == 1
    assert [(each.name, each.read_text()) for each in file.parent.iterdir()] == [(file.name, "the former one")]


def test_a_file_that_cannot_be_written_is_told(monitor: Monitor, folder: Path) -> None:
    done = monitor("export", "claims", "--output", str(folder / "nowhere" / "claims.jsonl"))

    assert done.code == 1
    assert "cannot be written" in done.err


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    file = io.BytesIO()

    exports.write_csv([{"project": text, "confidence": -1.5}], exports.CLAIMS, file)

    row = next(csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig"))))
    assert (row["project"], row["confidence"]) == (f"'{text}", "-1.5")


def test_half_a_character_is_written_all_the_same() -> None:
    pytest.importorskip("pyarrow")
    columns = {"sources": exports.Column.TEXTS, "evidence": exports.Column.TEXT}
    broken = {"sources": ["half \ud800"], "evidence": "half \ud800"}
    written = []

    for write in (exports.write_json, exports.write_csv, exports.write_parquet):
        file = io.BytesIO()
        write([broken], columns, file)
        written.append(file.getvalue())

    assert json.loads(written[0]) == broken
    assert all(written)


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:00-14:00", "1970-01-01T00:00:00Z"])
@pytest.mark.parametrize("key", ["published", "seen"])
def test_an_exported_line_with_an_impossible_instant_costs_itself(
    polled: Monitor, folder: Path, key: str, instant: str
) -> None:
    lines = [json.loads(line) for line in polled("export", "claims").out.splitlines()]
    bad = {**lines[0], "article": "of no day", key: instant}
    text = "".join(json.dumps(line) + "\n" for line in [bad, *lines])

    done = polled("import", "-", "--json", stdin=text)

    assert done.code == 1
    assert f"standard input:1: {key}: '{instant[:19]}" in done.err
    assert "must be between 1990 and ten years from now" in done.err
    assert done.json["articles"] == len({line["article"] for line in lines})


@pytest.mark.parametrize(
    ("state", "date"), [("expected", "9999-12-31"), ("expected", "9999-Q4"), ("reached", "0001-01-01")]
)
def test_a_claim_of_either_end_of_the_calendar_is_known_and_shown(
    monitor: Monitor, folder: Path, date: str, state: str
) -> None:
    (folder / "monitor.yaml").write_text(BY_HITS + "timezone: Pacific/Kiritimati\n")
    (folder / "projects.yaml").write_text(
        (folder / "projects.yaml").read_text()
        + f"      - {{stage: completed, state: {state}, date: '{date}', source: 'https://example.org/k'}}\n"
    )
    (folder / "history.xml").write_text(rss(EXPECTED))
    monitor("poll", "--no-send")
    lines = [json.loads(line) for line in monitor("export", "claims").out.splitlines()]
    told = [{**line, "article": "other", "story": "other", "date": date, "state": state} for line in lines]
    imported = monitor("import", "-", "--json", stdin="".join(json.dumps(line) + "\n" for line in told))
    assert (imported.code, imported.json["new"]) == (0, 1)

    shown = [
        monitor(*command.split())
        for command in (
            "poll --no-send",
            "check",
            "status",
            "status plant",
            "status --json",
            "timeline plant",
            "timeline plant --json",
            "changes",
            "export milestones --format csv",
            "export milestones --format ics",
            "export changes --format atom --language fr",
        )
    ]

    assert [(done.code, done.err) for done in shown if done.code] == []
    assert date in shown[4].out
