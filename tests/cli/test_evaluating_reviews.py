"""``evaluate --reviews``: readers measured on what operators have decided."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from monitor.cli.render_evaluation import decided
from monitor.core.evaluation.decided import DecidedArticle, DecidedScores, Material
from monitor.core.evaluation.scoring import Judged
from monitor.core.review import Review, Ruling
from monitor.ledger.engine import make_engine
from monitor.ledger.tables import ARTICLES
from tests.builders import NOW, make_article, make_claim
from tests.cli.conftest import SIGNED, Monitor, rss
from tests.cli.test_render import shown
from tests.cli.test_reviewing import claims
from tests.readers.hits import HITS

ROOT = Path(__file__).parents[2]
PLAIN, OWN = HITS, "tests.readers.plugged:RibbonReader"
RIBBON = "A ribbon for the BTR cathode plant in Morocco"
BEGUN = "BTR broke ground on its cathode plant in Morocco."


@pytest.fixture
def polled(monitor: Monitor, folder: Path) -> Monitor:
    """Three articles, read by a reader that takes every ribbon for an inauguration."""
    at = datetime.now(UTC) - timedelta(days=1)
    days = [at - timedelta(days=day) for day in (9, 5, 1)]
    (folder / "monitor.yaml").write_text(f"reader: {{use: '{OWN}'}}")
    (folder / "history.xml").write_text(rss(*zip((SIGNED, RIBBON, BEGUN), days, strict=True)))
    monitor("poll", "--no-send")
    return monitor


def counts(reader: dict[str, Any]) -> dict[str, tuple[int, int, int]]:
    return {
        count["verdict"]: (count["decisions"], count["right"], count["again"])
        for count in reader["counts"]
        if count["by"] == "all"
    }


def test_decisions_are_the_truth_that_readers_are_measured_by(polled: Monitor) -> None:
    names = claims(polled)
    polled("review", "confirm", names["agreed"])
    polled("review", "reject", names["operating"])
    polled("review", "correct", names["construction"], "--stage", "approved")

    done = polled("evaluate", "--reviews", "--reader", PLAIN, "--reader", OWN, "--json")

    assert (done.code, done.err) == (0, "")
    assert list(done.json) == ["decisions", "articles", "without_text", "unwatched", "readers"]
    assert [done.json[key] for key in ("decisions", "articles", "without_text", "unwatched")] == [3, 3, 0, 0]
    plain, own = done.json["readers"]
    assert (plain["reader"], own["reader"]) == (PLAIN, OWN)
    assert counts(own) == {"confirm": (1, 1, 0), "reject": (1, 0, 1), "correct": (1, 0, 1)}
    assert counts(plain) == {"confirm": (1, 1, 0), "reject": (1, 1, 0), "correct": (1, 0, 1)}
    assert {(count["by"], count["name"]) for count in own["counts"]} == {
        ("all", ""),
        ("language", "en"),
        ("state", "reached"),
    }
    assert own["threshold"] == {"alert_from": None, "claims": 0, "right": 0, "missing": 47}
    assert (sum(band["claims"] for band in own["bands"]), sum(band["right"] for band in own["bands"])) == (3, 1)
    [mistake] = [each for each in own["mistakes"] if each["claim"] == names["operating"]]
    assert (mistake["is_invented"], mistake["sentence"], mistake["confidence"]) == (True, RIBBON, 0.6)


def test_people_see_what_each_reader_makes_of_them_and_the_cases(polled: Monitor) -> None:
    names = claims(polled)
    polled("review", "confirm", names["agreed"])
    polled("review", "reject", names["operating"])

    seen = polled("evaluate", "--reviews", "--reader", PLAIN, "--reader", OWN).out

    assert "2 decisions on 2 articles" in seen
    assert "Confirmed, made        1 of 1" in seen
    assert re.search(r"Rejected, made again +0 of 1 +1 of 1", seen)
    assert "Corrected" not in seen.partition("Reader")[0]
    assert "Is what is surely read right?" in seen
    assert "alert_from is fitted to 50 decisions on claims or more: 48 decisions missing." in seen
    assert f"{names['operating']}   claims: plant operating reached" in seen
    assert f"“{RIBBON}”" in seen


def test_the_configured_reader_is_measured_unless_another_is_named(polled: Monitor) -> None:
    polled("review", "confirm", claims(polled)["agreed"])

    assert [each["reader"] for each in polled("evaluate", "--reviews", "--json").json["readers"]] == [OWN]


def test_what_was_corrected_and_is_read_so_now_is_right(polled: Monitor, folder: Path) -> None:
    polled("review", "correct", claims(polled)["construction"], "--stage", "approved")
    (folder / "lexicons").mkdir()
    (folder / "lexicons" / "en.yaml").write_text(
        "language: en\nevents:\n  approved:\n    - broke ground\n  construction: []\n"
    )

    (own,) = polled("evaluate", "--reviews", "--json").json["readers"]

    assert counts(own)["correct"][:2] == (1, 1)


def test_without_decisions_there_is_nothing_to_measure_on(polled: Monitor) -> None:
    empty = polled("evaluate", "--reviews")
    undone = claims(polled)["agreed"]
    polled("review", "reject", undone)
    polled("review", "undo", undone)

    assert (empty.code, empty.out) == (0, "There is no decision to measure on.\n")
    assert polled("evaluate", "--reviews").out == empty.out
    assert polled("evaluate", "--reviews", "--json").json["decisions"] == 0


def test_articles_whose_text_is_no_longer_kept_are_counted(polled: Monitor, folder: Path) -> None:
    names = claims(polled)
    polled("review", "confirm", names["agreed"])
    polled("review", "reject", names["operating"])
    drop_text(folder, RIBBON)

    done, seen = polled("evaluate", "--reviews", "--json"), polled("evaluate", "--reviews")

    assert (done.json["decisions"], done.json["articles"], done.json["without_text"]) == (1, 1, 1)
    assert (done.code, seen.code) == (0, 0)
    assert "1 article left out: the text is no longer kept." in seen.out


def test_decisions_on_projects_that_are_no_longer_watched_are_counted(polled: Monitor, folder: Path) -> None:
    polled("review", "confirm", claims(polled)["agreed"])
    projects = (folder / "projects.yaml").read_text()
    (folder / "projects.yaml").write_text(projects.replace("id: plant", "id: other"))

    assert polled("evaluate", "--reviews", "--json").json["unwatched"] == 1
    assert "1 decision left out: the project is no longer in the configuration." in polled("evaluate", "--reviews").out


def test_a_reader_that_cannot_be_loaded_costs_only_itself(polled: Monitor) -> None:
    done = polled("evaluate", "--reviews", "--reader", "ruls", "--reader", PLAIN, "--json")

    assert done.code == 1
    assert [each["reader"] for each in done.json["readers"]] == [PLAIN]
    assert "error: --reader ruls: " in done.err


@pytest.mark.parametrize(
    "given", [["labels.jsonl"], ["--skip", "plant"], ["--save", "run.json"], ["--baseline", "run.json"]]
)
def test_what_is_of_labels_does_not_go_with_reviews(given: list[str], monitor: Monitor) -> None:
    done = monitor("evaluate", "--reviews", *given)

    assert (done.code, done.out) == (2, "")
    assert "takes no labels" in done.err


def test_as_a_process_it_reads_the_ledger_of_the_folder(polled: Monitor, folder: Path) -> None:
    polled("review", "reject", claims(polled)["operating"])

    done = subprocess.run(
        [sys.executable, "-m", "monitor", "evaluate", "--reviews", "--reader", PLAIN, "--reader", OWN, "--json"],
        capture_output=True, text=True, check=True, cwd=ROOT, env=os.environ | {"MONITOR_CONFIG": str(folder)},
    )  # fmt: skip

    again = [counts(reader)["reject"][2] for reader in json.loads(done.stdout)["readers"]]
    assert again == [0, 1]


# ---------------------------------------------------------------- the line for monitor.yaml


def rendered(**judged: list[Judged]) -> str:
    claim = make_claim()
    item = make_article()
    review = Review(claim=claim, source=item.source, verdict=Ruling.CONFIRM, author="zoe", at=NOW)
    given = Material(articles=(DecidedArticle(article=item.article, reviews=[review] * 50),))
    runs = {name: DecidedScores(tallies=(), mistakes=(), judged=tuple(found)) for name, found in judged.items()}
    return shown(decided(given, runs, 10))


def test_the_threshold_that_decisions_ask_for_is_told_as_a_line_for_the_configuration() -> None:
    right, wrong = Judged(0.72, is_right=True), Judged(0.6, is_right=False)

    seen = rendered(plain=[right] * 30 + [wrong] * 5, trained=[wrong] * 30)

    assert "plain: 30 of 30 claims that are sure enough are right" in seen
    assert "\nalert_from: 0.72\n" in seen
    assert "trained: no alert_from makes 19 of 20 claims right, with 20 claims or more above it." in seen


# ---------------------------------------------------------------- helpers


def drop_text(folder: Path, title: str) -> None:
    """As retention does with what is old."""
    engine = make_engine(f"sqlite:///{folder.parent}/data/monitor.db")
    with engine.begin() as connection:
        connection.execute(update(ARTICLES).where(ARTICLES.c.title == title).values(text="", dropped=True))
    engine.dispose()
