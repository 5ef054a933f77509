"""Files of hostile size: what is too much is said once, with the limit. A mistake made often is told ten times."""

import itertools
import string
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.core.news import Subscriber
from monitor.errors import ConfigError, ConfigProblem
from monitor.settings import changed, load, yaml_document
from monitor.settings.loading import folded

GOOD = "projects:\n  - {id: plant, name: Plant, who: [Acme]}\n"
SPLIT = "share it between several monitors, each with a folder of its own"


def problems(folder: Path, **files: str) -> list[str]:
    for name, text in {"projects": GOOD, **files}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(folder, {})
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


def projects(count: int, keys: str = "who: [Acme], what: [cathode], where: [Oslo]") -> str:
    return "projects:\n" + "".join(f"  - {{id: plant-{n}, name: Plant {n}, {keys}}}\n" for n in range(count))


def test_a_file_that_is_too_large_is_one_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, projects=projects(60_000)) == [
        f"projects.yaml: is larger than 4 MB, and that is the most; {SPLIT}"
    ]


def test_a_file_that_has_become_too_large_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "projects.yaml").write_text(GOOD)
    before = load(tmp_path, {}).fingerprint
    (tmp_path / "projects.yaml").write_text(projects(60_000))

    assert changed(tmp_path, before)


@pytest.mark.parametrize("name", ["projects", "feeds", "searches", "subscribers", "phrases"])
def test_a_list_that_is_too_long_is_one_problem(tmp_path: Path, name: str) -> None:
    file = {"searches": "feeds", "phrases": "reading"}.get(name, name)

    assert problems(tmp_path, **{file: f"{name}:\n" + "  - {a: b}\n" * 20_000}) == [
        f"{file}.yaml:2: {name}: has a list of more than 10,000 items, and that is the most; {SPLIT}"
    ]


def test_ten_thousand_feeds_and_two_thousand_projects_are_one_configuration(tmp_path: Path) -> None:
    (tmp_path / "projects.yaml").write_text(projects(2_000))
    feeds = "".join(f"  - {{url: 'https://example.org/{n}', name: F{n}}}\n" for n in range(10_000))
    (tmp_path / "feeds.yaml").write_text(f"feeds:\n{feeds}")

    config = load(tmp_path, {})

    assert (len(config.feeds), len(config.projects)) == (10_000, 2_000)


def test_a_mapping_with_too_many_keys_is_one_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, feeds="".join(f"key{n}: 1\n" for n in range(60_000))) == [
        "feeds.yaml:1: key9999: has a mapping of more than 10,000 keys, and that is the most"
    ]


def test_unknown_keys_at_the_top_of_a_file_are_of_one_kind(tmp_path: Path) -> None:
    found = problems(tmp_path, feeds="".join(f"key{n}: 1\n" for n in range(1_000)))

    assert len(found) == 11
    assert found[10] == "feeds.yaml:11: … and 990 more like this, up to line 1000"


def test_of_many_kinds_of_problems_no_more_than_anybody_reads_are_told() -> None:
    found = list(folded([problem(n, f"a[{n}]", "is " + "x" * n) for n in range(2_000)]))

    assert len(found) == 501
    assert found[-1].message == "… and 1500 more problems"


def test_a_file_with_too_many_values_is_one_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_document, "_MAX_NODES", 100)

    assert problems(tmp_path, monitor="".join(f"key{n}: value\n" for n in range(100))) == [
        f"monitor.yaml: has more than 100 values, and that is the most; {SPLIT}"
    ]


def test_aliases_that_multiply_and_deep_nesting_are_one_problem_each(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]

    found = problems(tmp_path, feeds="\n".join(lines), subscribers=f"subscribers: {'[' * 60}{']' * 60}\n")

    assert found == [
        "feeds.yaml:1: a5: repeats itself by aliases to more than 300,000 values",
        "subscribers.yaml:1: subscribers: is nested more than 40 deep",
    ]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("who: [{}]", "projects[0].who: has more than 500 items"),
        ("who: [a], what: [{}]", "projects[0].what: has more than 500 items"),
        ("who: [a], where: [{}]", "projects[0].where: has more than 500 items"),
        ("who: [a], not: [{}]", "projects[0].not: has more than 500 items"),
        ("who: [a], tags: [{}]", "projects[0].tags: has more than 100 items"),
    ],
)
def test_a_project_has_a_limited_number_of_words(tmp_path: Path, keys: str, told: str) -> None:
    words = ", ".join(f"word{n}" for n in range(600))

    assert problems(tmp_path, projects=projects(1, keys.format(words))) == [
        f"projects.yaml:2: {told}, and that is the most"
    ]


def test_searches_do_not_multiply_to_more_feeds_than_there_may_be(tmp_path: Path) -> None:
    editions = ["".join(pair) for pair in itertools.product(string.ascii_lowercase, "abc")]
    queries = "{" + ", ".join(f"{edition}: a" for edition in editions) + "}"
    searches = "".join(f"  - {{name: S{n}, queries: {queries.replace(': a', f': a{n}')}}}\n" for n in range(80))

    (found,) = problems(tmp_path, feeds=f"searches:\n{searches}")

    assert found.startswith("feeds.yaml:66: searches[64].queries.")
    assert found.endswith("is one feed too many: 10,000 are the most, those of searches included")


def test_a_mistake_that_is_made_often_is_told_ten_times_and_counted(tmp_path: Path) -> None:
    found = problems(tmp_path, projects=projects(300, "who: [Acme], waht: [cathode]") + "  - {name: A, who: [a]}\n")

    assert len(found) == 12
    assert found[0].startswith("projects.yaml:2: projects[0].waht: unknown key (did you mean what?)")
    assert found[10] == "projects.yaml:12: … and 290 more like this, up to line 301"
    assert found[11].startswith("projects.yaml:302: projects[300].id: is missing")


def test_a_warning_that_is_given_often_is_told_ten_times_and_counted(tmp_path: Path) -> None:
    (tmp_path / "projects.yaml").write_text(GOOD)
    wanted = "".join(f"  - {{name: S{n}, to: ['console://'], projects: [no-{n}]}}\n" for n in range(30))
    (tmp_path / "subscribers.yaml").write_text(f"subscribers:\n{wanted}")

    config = load(tmp_path, {})

    assert len(config.warnings) == 11
    assert config.warnings[-1].message == "… and 20 more like this, up to line 31"
    assert len(config.subscribers) == 30
    assert isinstance(config.subscribers[0], Subscriber)


def problem(line: int | None, key: str, message: str) -> ConfigProblem:
    return ConfigProblem(file="a.yaml", line=line, key=key, message=message)


@pytest.mark.parametrize(
    ("made", "told"),
    [
        pytest.param(lambda n: problem(n, f"a[{n}]", "is empty"), 11, id="the same"),
        pytest.param(lambda n: problem(n, f"a[{n}]", f"'{n}' is given twice, in line {n}"), 11, id="another value"),
        pytest.param(lambda n: problem(n, f"a[{n}]", f"no (did you mean x{n}?)"), 11, id="another suggestion"),
        pytest.param(lambda n: problem(n, f"{chr(97 + n)}.b", "is empty"), 20, id="another section"),
        pytest.param(lambda n: problem(n, f"a[{n}]", "is " + "x" * n), 20, id="another message"),
        pytest.param(lambda n: problem(min(n, 10), f"a[{n}]", "is empty"), 11, id="in one line"),
        pytest.param(lambda _: problem(None, "", "is empty"), 11, id="without a line"),
    ],
)
def test_which_problems_are_of_one_kind(made: Callable[[int], ConfigProblem], told: int) -> None:
    found = list(folded([made(n) for n in range(20)]))

    assert len(found) == told
    assert found[:10] == [made(n) for n in range(10)]
    if told == 11:
        assert found[10].message.startswith("… and 10 more like this")
        assert (", up to" in found[10].message) == (made(19).line not in {None, made(10).line})


def test_a_single_one_more_is_told_and_not_counted() -> None:
    written = [problem(n, f"a[{n}]", "is empty") for n in range(11)]

    assert list(folded(written)) == written
