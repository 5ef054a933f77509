"""``evaluate --reader``: readers side by side, and one that cannot be loaded."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Monitor
from tests.cli.test_evaluate import article, label, write
from tests.readers.hits import HITS
from tests.readers.trained.tiny import make_weights

ROOT = Path(__file__).parents[2]
RIBBON = "A ribbon for the BTR cathode plant in Morocco"
OPENED = {"project": "plant", "stage": "operating", "state": "reached", "date": None}
PLAIN, OWN = HITS, "tests.readers.plugged:RibbonReader"


@pytest.fixture
def evaluate(tmp_path: Path, folder: Path, monitor: Monitor) -> Monitor:
    (folder / "monitor.yaml").write_text("reader: {use: 'tests.readers.hits:HitReader'}")
    write(tmp_path, [label("a"), label("b", OPENED)], [article("a"), article("b", RIBBON)])
    return lambda *options: monitor("evaluate", f"{tmp_path}/labels.jsonl", f"{tmp_path}/articles.jsonl", *options)


def claims(run: dict[str, list[dict[str, object]]]) -> tuple[object, object]:
    found = next(count for count in run["counts"] if (count["subject"], count["by"]) == ("claims", "all"))
    return found["right"], found["missed"]


def test_several_readers_have_one_object_each(evaluate: Monitor) -> None:
    done = evaluate("--reader", PLAIN, "--reader", OWN, "--json")

    assert (done.code, done.err) == (0, "")
    plain, own = done.json["readers"]
    assert list(plain) == ["reader", "articles", "counts", "bands", "mistakes", "compared"]
    assert (plain["reader"], own["reader"]) == (PLAIN, OWN)
    assert (claims(plain), claims(own)) == ((1, 1), (2, 0))


def test_one_reader_prints_what_the_configured_one_does(evaluate: Monitor) -> None:
    named, configured = evaluate("--reader", PLAIN, "--json").json, evaluate("--json").json
    own = evaluate("--reader", OWN, "--reader", OWN, "--json").json

    assert named == configured
    assert claims(own) == (2, 0)


def test_people_see_them_side_by_side_and_then_each_by_itself(evaluate: Monitor) -> None:
    seen = evaluate("--reader", PLAIN, "--reader", OWN).out

    assert "Side by side" in seen
    assert re.search(r"\n *claims +0\.667 +1\.000 *\n +precision +1\.000 +1\.000 *\n +recall +0\.500 +1\.000", seen)
    side, plain, own = seen.split("\nReader ")
    assert "Is what is surely read right?" in side
    assert "1 of 1: 1.000" in side
    assert plain.startswith(PLAIN)
    assert own.startswith(OWN)
    assert all("2 articles read" in each for each in (plain, own))
    assert "plant operating reached · missed" in plain
    assert "missed" not in own.partition("Claims by stage")[0].partition("\n1 case")[2]


def test_each_reader_is_compared_with_its_own_last_run(tmp_path: Path, evaluate: Monitor) -> None:
    evaluate("--reader", PLAIN, "--reader", OWN)
    write(tmp_path, [label("a"), label("b", OPENED)], [article("a"), article("b", "Nothing of it.")])

    plain, own = evaluate("--reader", PLAIN, "--reader", OWN, "--json").json["readers"]

    assert len(own["compared"]["worse"]) == len(plain["compared"]["worse"]) + 1


def test_all_are_compared_with_a_baseline(tmp_path: Path, evaluate: Monitor) -> None:
    evaluate("--save", str(tmp_path / "plain.json"))

    plain, own = evaluate("--reader", PLAIN, "--reader", OWN, "--baseline", f"{tmp_path}/plain.json", "--json").json[
        "readers"
    ]

    assert plain["compared"]["better"] == []
    assert [case["what"] for case in own["compared"]["better"]] == ["plant operating reached"]


def test_the_trained_reader_is_measured_beside_another(folder: Path, tmp_path: Path) -> None:
    make_weights(tmp_path / "learnt")
    (folder / "monitor.yaml").write_text("reader: {weights: learnt}")
    text = "BTR is open. It has a cathode plant in Morocco."
    write(tmp_path, [label("a"), label("b", OPENED)], [article("a"), article("b", text)])

    done = subprocess.run(
        [sys.executable, "-m", "monitor", "evaluate", f"{tmp_path}/labels.jsonl", f"{tmp_path}/articles.jsonl",
         "--config", str(folder), "--reader", HITS, "--reader", "trained", "--json"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip

    plain, trained = json.loads(done.stdout)["readers"]
    assert claims(trained) == (1, 1)
    assert [mistake["what"] for mistake in trained["mistakes"]] == ["plant agreed reached"]
    assert claims(plain)[0] == 2


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("trained", "weights/manifest.json cannot be read: "),
        ("trained", "; or name their folder in monitor.yaml: reader: {weights: FOLDER}"),
        ("llm", "no language model is configured; describe it in monitor.yaml: reader: {llm: …}"),
        ("ruls", "'ruls' cannot be loaded: No module named 'ruls'; there are trained, llm, and your own"),
        ("tests.readers.plugged:NO_READER", "is not a class or function that makes a reader; there are"),
        ("builtins:int", "; there are trained, llm"),
    ],
)
def test_a_reader_that_cannot_be_loaded_is_named_with_what_to_do(
    name: str, message: str, evaluate: Monitor, folder: Path
) -> None:
    (folder / "monitor.yaml").write_text("reader: {use: 'tests.readers.hits:HitReader', weights: nowhere}")

    alone, beside = evaluate("--reader", name), evaluate("--reader", name, "--reader", PLAIN, "--json")

    assert (alone.code, alone.out) == (1, "")
    assert (beside.code, beside.json["articles"]) == (1, ["a", "b"])
    for done in (alone, beside):
        assert f"error: --reader {name}: " in done.err
        assert message.removeprefix("weights/") in done.err


def test_a_run_is_kept_by_name_for_one_reader_only(evaluate: Monitor, tmp_path: Path) -> None:
    done = evaluate("--reader", PLAIN, "--reader", OWN, "--save", f"{tmp_path}/run.json")

    assert (done.code, done.out) == (2, "")
    assert "keeps the run of one reader" in done.err


@pytest.mark.parametrize("given", [[], ["labels.jsonl"]])
def test_labels_and_articles_go_together(given: list[str], monitor: Monitor) -> None:
    done = monitor("evaluate", *given)

    assert (done.code, done.out) == (2, "")
    assert "LABELS ARTICLES" in done.err
