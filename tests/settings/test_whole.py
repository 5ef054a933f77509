"""An edit is checked with the whole folder: everything that is wrong at once, and nothing is written."""

from pathlib import Path

import pytest

from monitor.errors import ConfigProblem
from monitor.settings.whole import judge

PROJECTS = "projects:\n  - {id: plant, name: Plant, who: [Nemo]}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "projects.yaml").write_text(PROJECTS)
    (tmp_path / "monitor.yaml").write_text("reader: {use: 'tests.readers.hits:HitReader'}\n")
    return tmp_path


def told(problems: tuple[ConfigProblem, ...], folder: Path) -> list[tuple[str, int | None]]:
    return [(Path(each.file).relative_to(folder).as_posix(), each.line) for each in problems]


def test_a_good_edit_gives_the_configuration_with_it(folder: Path) -> None:
    verdict = judge(folder, {}, instead={"projects.yaml": PROJECTS.replace("Nemo", "Acme").encode()})

    assert verdict.problems == verdict.doubts == ()
    assert verdict.config is not None
    assert verdict.config.projects[0].who == ("Acme",)
    assert "fr" in verdict.lexicons


def test_all_problems_of_all_files_are_found_at_once(folder: Path) -> None:
    (folder / "feeds.yaml").write_text("feeds:\n  - {url: 'ftp://x'}\n")
    (folder / "lexicons").mkdir()
    (folder / "lexicons/fr.yaml").write_text("events: [")

    verdict = judge(folder, {}, instead={"projects.yaml": b"projects:\n  - {id: plant}\n\n  - {name: x}\n"})

    assert verdict.config is None
    assert list(dict.fromkeys(told(verdict.problems, folder))) == [
        ("feeds.yaml", 2),
        ("projects.yaml", 2),
        ("projects.yaml", 4),
        ("lexicons/fr.yaml", 1),
    ]


def test_edited_words_are_checked_without_being_written(folder: Path) -> None:
    verdict = judge(folder, {}, instead={"lexicons/fr.yaml": b"events: {construction: {phrases: 7}}\n"})
    wrong = judge(folder, {}, instead={"lexicons/fr.yaml": b"nonsense: {}\n"})

    assert told(verdict.problems + wrong.problems, folder)
    assert {name for name, _ in told(verdict.problems + wrong.problems, folder)} == {"lexicons/fr.yaml"}
    assert not (folder / "lexicons").exists()


def test_edited_words_are_in_the_vocabulary_beside_those_of_the_other_files(folder: Path) -> None:
    (folder / "lexicons").mkdir()
    (folder / "lexicons/pt.yaml").write_text("{}\n")

    verdict = judge(folder, {}, instead={"lexicons/nl.yaml": b"{}\n"})

    assert verdict.problems == ()
    assert {"pt", "nl"} <= set(verdict.lexicons)


def test_what_stops_nothing_is_a_doubt(folder: Path) -> None:
    (folder / "subscribers.yaml").write_text("subscribers:\n  - {name: Desk, to: ['json://${HOST}'], projects: [x]}\n")
    (folder / "templates").mkdir()
    (folder / "templates/change.txt").write_text("{{ nothing }}")
    phrase = (
        "phrases:\n  - {language: en, words: [groundbreaking], always: construction reached, "
        "examples: [{text: A groundbreaking idea., claims: []}]}\n"
    )

    verdict = judge(
        folder, {}, instead={"reading.yaml": phrase.encode(), "lexicons/fr.yaml": b"events: {dancing: [waltz]}"}
    )

    assert verdict.problems == ()
    assert sorted({name for name, _ in told(verdict.doubts, folder)}) == [
        "lexicons/fr.yaml",
        "reading.yaml",
        "subscribers.yaml",
        "templates/change.txt",
    ]
