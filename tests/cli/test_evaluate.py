"""``evaluate``: how well labelled articles are read, what moved since, and what bad input costs."""

import json
import re
from pathlib import Path

import pytest

from monitor.cli.render_evaluation import figures
from monitor.core.evaluation.scoring import By, Count, Evaluation, Subject
from monitor.core.lifecycle import INDUSTRIAL
from tests.cli.conftest import SIGNED, STARTED, Monitor
from tests.cli.test_render import shown

AGREED = {"project": "plant", "stage": "agreed", "state": "reached", "date": "2024-03-29"}
BEGUN = {"project": "plant", "stage": "construction", "state": "reached", "date": None}


def label(id_: str = "a", *claims: object, **more: object) -> str:
    said = {"relevant": ["plant"], "claims": claims or [AGREED], "facts": [], **more}
    return json.dumps({"id": id_, "lang": "en", "note": "passed over", "labels": said})


def article(id_: str = "a", text: str = SIGNED) -> str:
    return json.dumps({"id": id_, "title": text, "text": text, "lang": "en", "published": "2024-03-30"})


@pytest.fixture
def files(tmp_path: Path) -> Path:
    write(tmp_path, [label()], [article()])
    return tmp_path


def write(folder: Path, labels: list[str], articles: list[str]) -> None:
    (folder / "labels.jsonl").write_text("\n".join(labels))
    (folder / "articles.jsonl").write_text("\n".join(articles))


@pytest.fixture
def evaluate(files: Path, monitor: Monitor) -> Monitor:
    return lambda *options: monitor("evaluate", f"{files}/labels.jsonl", f"{files}/articles.jsonl", *options)


def test_articles_are_read_and_counted(evaluate: Monitor) -> None:
    done = evaluate("--json")

    assert (done.code, done.err) == (0, "")
    assert list(done.json) == ["articles", "counts", "bands", "mistakes", "compared"]
    assert done.json["articles"] == ["a"]
    assert done.json["counts"][0] == {
        "subject": "relevance",
        "by": "all",
        "name": "",
        "right": 1,
        "wrong": 0,
        "missed": 0,
        "precision": 1.0,
        "recall": 1.0,
        "f1": 1.0,
    }
    assert {(c["subject"], c["by"], c["name"]) for c in done.json["counts"]} >= {
        ("claims", "language", "en"),
        ("claims", "stage", "agreed"),
        ("claims", "stage and state", "agreed reached"),
        ("dates", "all", ""),
    }
    assert [(band["claims"], band["right"], band["share"]) for band in done.json["bands"]] == [(1, 1, 1.0)]
    assert done.json["mistakes"] == []
    assert done.json["compared"] is None


def test_people_see_tables_and_the_worst_cases_with_their_sentence(files: Path, evaluate: Monitor) -> None:
    write(files, [label("a", BEGUN), label("b")], [article("a"), article("b", "Nothing of it.")])

    seen = evaluate().out

    assert "2 articles read" in seen
    assert "By language" in seen
    assert "Claims by stage and state" in seen
    assert "Is what is surely read right?" in seen
    assert "1 case invented\na   claims: plant agreed reached · invented · sure 0." in seen
    assert f"“{SIGNED}”"[:60] in seen
    assert "b   relevance: plant · missed" in seen
    assert "Nothing of it." in seen
    assert "There is no run before" in seen


def test_lists_of_cases_are_as_long_as_asked_for(files: Path, evaluate: Monitor) -> None:
    write(files, [label("a", BEGUN), label("b", BEGUN)], [article("a"), article("b", "Nothing of it.")])

    seen = evaluate("--worst", "1").out

    assert "and 2 more; --worst 3 shows all" in seen


def test_facts_are_counted_by_kind(files: Path, evaluate: Monitor) -> None:
    fact = {"project": "plant", "kind": "jobs", "value": 500, "unit": "jobs"}
    write(files, [label(facts=[fact])], [article("a", f"{SIGNED} It will create 500 jobs.")])

    assert "Facts by kind" in evaluate().out
    assert {"subject": "facts", "by": "kind", "name": "jobs", "right": 1}.items() <= evaluate("--json").json["counts"][
        -1
    ].items()


# ---------------------------------------------------------------- runs


def test_the_next_run_tells_what_moved(files: Path, evaluate: Monitor) -> None:
    evaluate()
    write(files, [label()], [article("a", STARTED)])
    worse = evaluate()
    write(files, [label()], [article()])
    better = evaluate("--json")
    same = evaluate()

    assert "2 cases worse than in the run before" in worse.out
    assert "0.000 -1.000" in worse.out
    assert [case["what"] for case in better.json["compared"]["better"]] == [
        "plant agreed reached",
        "plant construction reached",
    ]
    assert better.json["compared"]["worse"] == []
    assert better.json["compared"]["before"][1]["subject"] == "relevance"
    assert "No case has moved since the run before, in 1 article." in same.out


def test_runs_over_other_files_are_kept_apart(files: Path, evaluate: Monitor, monitor: Monitor) -> None:
    evaluate()
    (files / "other.jsonl").write_text(article())

    other = monitor("evaluate", f"{files}/labels.jsonl", f"{files}/other.jsonl")

    assert "There is no run before" in other.out
    assert len(list((files / "data" / "evaluations").iterdir())) == 2


def test_a_run_can_be_kept_by_name_and_compared_with(files: Path, evaluate: Monitor) -> None:
    evaluate("--save", str(files / "good.json"))
    write(files, [label()], [article("a", STARTED)])
    evaluate()

    done = evaluate("--baseline", str(files / "good.json"), "--json")

    assert len(done.json["compared"]["worse"]) == 2


def test_what_is_printed_can_be_compared_with_too(files: Path, evaluate: Monitor) -> None:
    (files / "printed.json").write_text(evaluate("--json").out)

    assert "No case has moved" in evaluate("--baseline", str(files / "printed.json")).out


def test_a_baseline_that_is_none_is_told(files: Path, evaluate: Monitor) -> None:
    (files / "none.json").write_text("{}")

    missing, wrong = (evaluate("--baseline", str(files / name)) for name in ("missing.json", "none.json"))

    assert (missing.code, wrong.code) == (1, 1)
    assert "missing.json: cannot be read: No such file" in missing.err
    assert "none.json: holds no run of monitor evaluate: articles: is missing" in wrong.err


def test_a_kept_run_that_is_broken_or_cannot_be_replaced_only_warns(files: Path, evaluate: Monitor) -> None:
    evaluate()
    (kept,) = (files / "data" / "evaluations").iterdir()
    kept.write_text("broken")
    broken = evaluate()
    for file in kept.parent.iterdir():
        file.unlink()
    kept.parent.rmdir()
    kept.parent.write_text("a file in the way")
    stuck = evaluate()

    assert (broken.code, stuck.code) == (0, 0)
    assert "warning:" in broken.err
    assert "holds no run of monitor evaluate" in broken.err
    assert "cannot be written" in stuck.err


def test_a_run_that_cannot_be_kept_where_asked_is_told(files: Path, evaluate: Monitor) -> None:
    done = evaluate("--save", str(files / "labels.jsonl" / "x.json"))

    assert done.code == 1
    assert f"error: {files}/labels.jsonl/x.json: cannot be written" in done.err


# ---------------------------------------------------------------- labels and articles


def test_labels_may_be_a_folder_with_a_file_for_each_article(files: Path, monitor: Monitor) -> None:
    (files / "labels" / "more").mkdir(parents=True)
    (files / "labels" / "a.json").write_text(json.dumps(json.loads(label()), indent=1))
    (files / "labels" / "more" / "b.json").write_text("{\n")

    done = monitor("evaluate", f"{files}/labels", f"{files}/articles.jsonl", "--json")

    assert done.code == 1
    assert done.json["articles"] == ["a"]
    assert f"error: {files}/labels/more/b.json: not JSON: EOF while parsing an object at line 2" in done.err


def test_a_byte_order_mark_is_no_fault(files: Path, evaluate: Monitor) -> None:
    (files / "labels.jsonl").write_text(label(), encoding="utf-8-sig")

    assert evaluate().code == 0


def test_a_stage_that_no_lifecycle_has_is_shown_last() -> None:
    counts = [
        Count(subject=Subject.CLAIMS, by=By.STAGE, name=name, wrong=1) for name in ("agreed", "blessed", "delayed")
    ]
    run = Evaluation(articles=("a",), counts=tuple(counts), mistakes=(), bands=())

    seen = shown(figures(run, None, [INDUSTRIAL]))

    assert re.findall("agreed|blessed|delayed", seen) == ["agreed", "delayed", "blessed"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "labels.jsonl:2: not JSON"),
        ('{"id": "b"}', "labels.jsonl:2: labels: is missing"),
        (label("b", dict(AGREED, date="March")), "labels.jsonl:2: labels.claims.0.date: invalid date 'March'"),
        (label("b", dict(AGREED, state="done")), "labels.jsonl:2: labels.claims.0.state:"),
        (label("b", claim=[]), "labels.jsonl:2: labels.claim: Extra inputs are not permitted"),
        (label("a"), "labels.jsonl:2: 'a' has a label in"),
        (label("b"), "labels.jsonl:2: article 'b' is not in"),
    ],
)
def test_a_bad_label_is_told_with_its_place_and_costs_only_itself(
    line: str, message: str, files: Path, evaluate: Monitor
) -> None:
    write(files, [label(), line], [article()])

    done = evaluate("--json")

    assert done.code == 1
    assert done.json["articles"] == ["a"]
    assert f"error: {files}/{message}" in done.err
    assert done.err.count("\n") == 1


def test_what_the_configuration_does_not_know_is_told_and_left_out(files: Path, evaluate: Monitor) -> None:
    claims = (AGREED, dict(AGREED, project="plnt"), dict(AGREED, stage="agred"))
    write(files, [label("a", *claims)], [article()])

    done = evaluate("--json")

    assert done.code == 1
    assert "labels.jsonl:1: no project 'plnt' in the configuration (did you mean plant?); left out" in done.err
    assert "labels.jsonl:1: plant has no stage 'agred' (did you mean agreed?); left out" in done.err
    assert done.json["mistakes"] == []


def test_projects_can_be_skipped(files: Path, evaluate: Monitor) -> None:
    write(files, [label("a", AGREED, dict(AGREED, project="both"))], [article()])

    done = evaluate("--skip", "both", "--json")

    assert (done.code, done.err) == (0, "")
    assert done.json["mistakes"] == []


def test_bad_articles_are_told_and_those_without_a_label_only_counted(files: Path, evaluate: Monitor) -> None:
    write(files, [label()], [article(), "{}", article(), article("b")])

    done = evaluate("--json")

    assert done.code == 1
    assert done.json["articles"] == ["a"]
    assert f"error: {files}/articles.jsonl:2: id: is missing" in done.err
    assert f"error: {files}/articles.jsonl:3: article 'a' was given already; left out" in done.err
    assert "1 article without a label left out." in done.err


def test_labels_and_articles_that_do_not_meet_are_a_failure(files: Path, evaluate: Monitor) -> None:
    write(files, [label()], [article("b")])

    done = evaluate()

    assert (done.code, done.out) == (1, "")
    assert "none of its labels has its article in" in done.err


def test_a_file_that_is_not_there_is_told_in_one_line(files: Path, monitor: Monitor) -> None:
    done = monitor("evaluate", "nowhere", f"{files}/articles.jsonl")

    assert (done.code, done.out) == (1, "")
    assert done.err == "error: nowhere: cannot be read: No such file or directory\n"


def test_articles_may_come_from_standard_input(files: Path, monitor: Monitor) -> None:
    done = monitor("evaluate", f"{files}/labels.jsonl", "-", "--json", stdin=article())

    assert done.json["articles"] == ["a"]
