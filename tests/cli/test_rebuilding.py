"""``monitor rebuild``: what today's words make of what is stored."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from monitor.app import build
from monitor.core.model import Article
from monitor.ports import ReadOutcome
from monitor.workers.crew import Crew
from tests.cli.conftest import Monitor, news
from tests.readers.hits import BY_HITS

ARTICLES = [
    "BTR signed the investment agreement for its cathode plant in Morocco on 29 March 2024.",
    "BTR broke ground on its cathode plant in Morocco. The project is worth 3 billion dirhams.",
    "Acme broke ground on its cathode plant in Morocco.",
]


@pytest.fixture
def stored(monitor: Monitor) -> Monitor:
    """A ledger with articles on the plant, and one on that of somebody else."""
    lines = [
        {"id": str(n), "title": text, "text": text, "url": f"https://example.org/{n}", "published": f"2025-0{n + 1}-01"}
        for n, text in enumerate(ARTICLES)
    ]
    monitor("import", "-", stdin="\n".join(map(json.dumps, lines)))
    return monitor


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "projects.yaml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_what_was_read_by_todays_words_is_not_read_again(stored: Monitor) -> None:
    done = stored("rebuild", "--json").json

    assert (done["articles"], done["projects"]) == (0, [])
    assert "already" in stored("rebuild").out


def test_a_rebuild_of_a_ledger_is_the_ledger(stored: Monitor, folder: Path) -> None:
    """The words are others, and say the same."""
    before = [stored(*what).out for what in (("export", "claims"), ("status", "--json"), ("changes", "--json"))]
    edit(folder, "where: [Morocco]", "where: [Morocco, Atlantis]")

    done = stored("rebuild", "--apply", "--json").json

    assert (done["articles"], done["otherwise"], done["projects"], done["changes"]) == (3, 0, [], [])
    assert [stored(*what).out for what in (("export", "claims"), ("status", "--json"), ("changes", "--json"))] == before
    assert stored("rebuild", "--json").json["articles"] == 0


def test_by_itself_it_shows_what_would_be_known_and_keeps_nothing(stored: Monitor, folder: Path) -> None:
    before = stored("export", "claims").out
    edit(folder, "who: [BTR]", "who: [Acme]")

    done = stored("rebuild", "--json").json

    assert (done["articles"], done["otherwise"], done["applied"], done["changes"]) == (3, 3, False, [])
    [project] = done["projects"]
    agreed = next(m for m in project["milestones"] if m["before"] and m["before"]["stage"] == "agreed")
    assert (agreed["before"]["state"], agreed["after"]) == ("reached", None)
    assert [(fact["before"]["value"], fact["after"]) for fact in project["facts"]] == [(3000000000, None)]
    assert stored("export", "claims").out == before


def test_alerts_that_would_and_would_not_have_been_sent_are_told(stored: Monitor, folder: Path) -> None:
    edit(folder, "who: [BTR]", "who: [Nobody]")

    [project] = stored("rebuild", "--json").json["projects"]

    assert project["missed"] == []
    assert [(alert["to"], alert["subscribers"]) for alert in project["mistaken"] if alert["type"] == "status"] == [
        ("agreed", ["Desk"]),
        ("construction", ["Desk"]),
    ]
    out = stored("rebuild").out
    assert "Desk would not have been told: status: agreed → construction" in " ".join(out.split())
    assert "Nothing is kept" in out


def test_what_is_applied_is_known_and_told_to_nobody(stored: Monitor, folder: Path) -> None:
    edit(folder, "who: [BTR]", "who: [BTR, Acme]")
    edit(folder, "id: plant", "id: plants")

    done = stored("rebuild", "--apply", "--json").json

    assert done["applied"]
    assert done["changes"]
    assert {change["id"] for change in done["changes"]} <= {c["id"] for c in stored("changes", "--json").lines}
    assert stored("deliveries", "--json").lines == []
    [state] = stored("status", "--json").json
    assert (state["project"], state["status"]) == ("plants", "construction")
    assert stored("rebuild", "--apply").out.startswith("All articles are read")


def test_what_a_rebuild_takes_back_is_not_sent_any_more(monitor: Monitor, folder: Path) -> None:
    monitor("poll", "--no-send")
    (folder / "history.xml").write_text(news())
    monitor("poll", "--no-send")
    edit(folder, "who: [BTR]", "who: [Acme]")

    monitor("rebuild", "--apply")

    assert [each["state"] for each in monitor("deliveries", "--json").lines] == ["superseded"]
    assert "broke ground" not in monitor("poll").out


def test_what_holds_after_a_rebuild_is_still_sent(monitor: Monitor, folder: Path) -> None:
    monitor("poll", "--no-send")
    (folder / "history.xml").write_text(news())
    monitor("poll", "--no-send")
    edit(folder, "who: [BTR]", "who: [BTR, Acme]")

    monitor("rebuild", "--apply")

    assert "broke ground" in monitor("poll").out


def test_who_asks_for_it_is_told_of_what_moves(stored: Monitor, folder: Path) -> None:
    edit(folder, "id: plant", "id: plants")

    stored("rebuild", "--apply", "--alert")

    assert stored("deliveries", "--json").lines


def test_a_decision_outlives_a_rebuild(stored: Monitor, folder: Path) -> None:
    name = next(
        each["claim"] for each in stored("review", "list", "--all", "--json").lines if each["stage"] == "construction"
    )
    stored("review", "reject", name, "--quiet")
    edit(folder, "where: [Morocco]", "where: [Morocco, Atlantis]")

    stored("rebuild", "--apply")

    assert stored("status", "--json").json[0]["status"] == "agreed"


def test_what_has_no_text_keeps_its_claims(monitor: Monitor, folder: Path, stored: Monitor, tmp_path: Path) -> None:
    claims = stored("export", "claims").out
    (folder / "monitor.yaml").write_text(BY_HITS + f"database: sqlite:///{tmp_path}/other.db\n")
    monitor("import", "-", stdin=claims)

    edit(folder, "who: [BTR]", "who: [Acme]")

    assert monitor("rebuild", "--apply", "--json").json["articles"] == 0
    assert monitor("export", "claims").out == claims


def test_alerts_without_anything_kept_make_no_sense(stored: Monitor) -> None:
    done = stored("rebuild", "--alert")

    assert done.code == 2
    assert "--apply" in done.err


def test_polled_articles_know_what_read_them(monitor: Monitor, folder: Path) -> None:
    (folder / "history.xml").write_text(news())
    monitor("poll", "--no-send")

    assert monitor("rebuild", "--json").json["articles"] == 0


def test_processes_read_the_same(
    stored: Monitor, folder: Path, monkeypatch: pytest.MonkeyPatch, real_workers: None
) -> None:
    before = stored("export", "claims").out
    edit(folder, "where: [Morocco]", "where: [Morocco, Atlantis]")
    monkeypatch.setattr("monitor.app.build.WORTH_PROCESSES", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)

    done = stored("rebuild", "--apply", "--json").json

    assert (done["articles"], done["otherwise"]) == (3, 0)
    assert stored("export", "claims").out == before


def test_a_rebuild_that_was_cut_short_is_taken_up(
    stored: Monitor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(folder, "where: [Morocco]", "where: [Morocco, Atlantis]")
    monkeypatch.setattr("monitor.know.rebuild._AT_A_TIME", 1)
    calls, read = iter([False, True]), build._read

    def interrupted(
        articles: Sequence[Article], crew: Crew, asker: None, warn: Callable[[str], None]
    ) -> Iterator[ReadOutcome | None]:
        if next(calls):
            raise KeyboardInterrupt
        return read(articles, crew, asker, warn)

    with monkeypatch.context() as patch:
        patch.setattr("monitor.app.build._read", interrupted)
        assert stored("rebuild", "--apply").code != 0

    assert stored("rebuild", "--apply", "--json").json["articles"] == 2
