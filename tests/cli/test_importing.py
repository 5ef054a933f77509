"""``monitor import``: the past, and claims from elsewhere, into the ledger."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import HISTORY, SIGNED, STARTED, Monitor, news

ARTICLES = "\n".join(
    json.dumps(
        {"id": str(number), "title": text, "text": text, "url": f"https://example.org/{number}", "published": day}
    )
    for number, (text, day) in enumerate([(STARTED, "2025-02"), (SIGNED, "2024-03-30")])
)


def test_a_feed_document_is_history_that_alerts_nobody(monitor: Monitor, folder: Path) -> None:
    path = folder / "archive.xml"
    path.write_text(news())

    done = monitor("import", str(path), "--json")

    assert done.json | {"changes": 0} == {
        "file": str(path),
        "articles": 2,
        "new": 2,
        "relevant": 2,
        "decisions": 0,
        "changes": 0,
    }
    assert done.json["changes"] > 0
    assert monitor("status", "plant", "--json").json[0]["status"] == "construction"
    assert monitor("deliveries", "--json").lines == []


def test_articles_come_in_the_order_of_their_publication(monitor: Monitor) -> None:
    done = monitor("import", "-", stdin=ARTICLES)

    assert "2 articles · 2 new · 2 about projects" in done.out
    moves = [change["to"] for change in monitor("changes", "--json").lines if change["type"] == "status"]
    assert moves == ["agreed", "construction"]


def test_what_was_imported_is_not_told_again_when_a_feed_brings_it(monitor: Monitor, folder: Path) -> None:
    (folder / "archive.xml").write_text(news())
    monitor("poll", "--no-send")
    (folder / "history.xml").write_text(news())
    monitor("import", str(folder / "archive.xml"))

    [polled] = monitor("poll", "--json", "--no-send").lines

    assert (polled["new"], polled["changes"]) == (0, [])


def test_importing_again_changes_nothing(monitor: Monitor) -> None:
    monitor("import", "-", stdin=ARTICLES)
    before = monitor("export", "claims").out

    again = monitor("import", "-", "--json", stdin=ARTICLES)

    assert (again.json["articles"], again.json["new"], again.json["changes"]) == (2, 0, 0)
    assert monitor("export", "claims").out == before


def test_exported_claims_give_the_same_ledger_elsewhere(
    monitor: Monitor, folder: Path, tmp_path: Path, copied: Callable[[], Path]
) -> None:
    (folder / "history.xml").write_text(news())
    monitor("poll", "--no-send")
    claims = monitor("export", "claims").out
    elsewhere = str(copied())

    done = monitor("import", "-", "--config", elsewhere, stdin="\n".join(claims.splitlines()[::-1]))

    assert done.code == 0
    assert monitor("export", "claims", "--config", elsewhere).out == claims
    assert monitor("status", "--json", "--config", elsewhere).out == monitor("status", "--json").out
    assert (
        monitor("timeline", "plant", "--json", "--config", elsewhere).json["reports"]
        == (monitor("timeline", "plant", "--json").json["reports"])
    )


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Callable[[], Path]:
    """Copies the configuration to where it has a database of its own."""

    def copy() -> Path:
        elsewhere = tmp_path / "elsewhere" / "config"
        elsewhere.mkdir(parents=True)
        for path in folder.glob("*.*"):
            (elsewhere / path.name).write_bytes(path.read_bytes())
        return elsewhere

    return copy


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        ({"trust": 7}, "trust: Input should be less than or equal to 1"),
        ({"published": "2024-03-30T00:00:00"}, "published: Input should have timezone info"),
        ({"stage": None}, "is neither a claim"),
        ({"kind": "jobs", "value": 5, "unit": "jobs"}, "is neither a claim"),
        ({"date": "soon"}, "date: invalid date 'soon'"),
    ],
)
def test_a_bad_line_of_claims_costs_only_itself(monitor: Monitor, edit: dict[str, object], reason: str) -> None:
    monitor("import", "-", stdin=ARTICLES)
    good, *rest = [line for line in monitor("export", "claims").lines if "stage" in line]
    bad = [good | {"article": "other"} | edit, *rest]

    done = monitor("import", "-", "--json", stdin="\n".join(["", *map(json.dumps, [good, *bad])]).lstrip())

    assert done.code == 1
    assert f"standard input:2: {reason}" in done.err
    assert done.json["articles"] == len({line["article"] for line in (good, *rest)})


def test_an_export_of_nothing_is_taken_in_as_nothing(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "reviews.json").write_text("")
    done = monitor("import", str(tmp_path / "reviews.json"), "--json")

    assert done.code == 0
    assert done.lines[0]["new"] == 0


def test_a_file_that_is_not_there_is_told(monitor: Monitor) -> None:
    done = monitor("import", "absent.xml")

    assert done.code == 1
    assert "absent.xml: cannot be read" in done.err


def test_what_was_exported_cannot_be_replayed(monitor: Monitor, folder: Path) -> None:
    (folder / "archive.xml").write_text(HISTORY)
    monitor("import", str(folder / "archive.xml"))

    done = monitor("replay", "-", stdin=monitor("export", "claims").out)

    assert done.code == 1
    assert "monitor import" in done.err


def names(monitor: Monitor) -> list[str]:
    return [line["claim"] for line in monitor("review", "list", "--all", "--json").lines]


def test_decisions_go_along_those_that_were_undone_too(monitor: Monitor, copied: Callable[[], Path]) -> None:
    monitor("import", "-", stdin=ARTICLES)
    first, *_, last = names(monitor)
    monitor("review", "reject", last, "--by", "zoe", "--reason", "Not so.")
    monitor("review", "correct", first, "--date", "2024-02")
    monitor("review", "undo", first, "--by", "kim")
    files = [monitor("export", what).out for what in ("claims", "reviews")]
    elsewhere = ["--config", str(copied())]

    done = [monitor("import", "-", "--json", *elsewhere, stdin=file).json for file in files]

    assert [each["decisions"] for each in done] == [0, 2]
    assert [monitor("export", what, *elsewhere).out for what in ("claims", "reviews")] == files
    assert monitor("status", "--json", *elsewhere).out == monitor("status", "--json").out
    assert monitor("import", "-", "--json", *elsewhere, stdin=files[1]).json["decisions"] == 0
    assert monitor("deliveries", "--json", *elsewhere).lines == []


def test_a_decision_on_what_is_not_known_is_told(monitor: Monitor, copied: Callable[[], Path]) -> None:
    monitor("import", "-", stdin=ARTICLES)
    monitor("review", "reject", names(monitor)[0])

    done = monitor("import", "-", "--config", str(copied()), stdin=monitor("export", "reviews").out)

    assert done.code == 1
    assert "import the claims first" in done.err


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        ({"verdict": "maybe"}, "verdict: Input should be"),
        ({"verdict": "correct"}, "belong to what is corrected or assigned"),
        ({"stage": None}, "is neither a claim (stage, state) nor a fact"),
    ],
)
def test_a_bad_decision_costs_only_itself(monitor: Monitor, edit: dict[str, object], reason: str) -> None:
    monitor("import", "-", stdin=ARTICLES)
    monitor("review", "confirm", names(monitor)[0])
    [line] = monitor("export", "reviews").lines

    done = monitor("import", "-", stdin=json.dumps(line | edit))

    assert done.code == 1
    assert reason in done.err
