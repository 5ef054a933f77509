"""The shipped vocabularies with the operator's words."""

from pathlib import Path

import pytest

from monitor.core.reading.flags import OF_STAGE
from monitor.core.reading.layout import hits
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.segment import segment
from monitor.errors import ConfigError
from monitor.settings.lexicons import idle_events, load_lexicons
from tests.core.reading.texts import make_text


def write(folder: Path, name: str, text: str) -> Path:
    (folder / "lexicons").mkdir(exist_ok=True)
    (folder / "lexicons" / name).write_text(text, encoding="utf-8")
    return folder


def stages(lexicon: Lexicon, text: str) -> set[str]:
    document = segment(make_text(text, language=lexicon.language), lexicon)
    told = {hit.flag for hit in hits(document, lexicon)}
    return {stage for stage, flag in OF_STAGE.items() if flag in told}


def test_five_languages_are_shipped() -> None:
    assert sorted(load_lexicons()) == ["ar", "en", "es", "fr", "zh"]


def test_a_folder_without_vocabularies_changes_nothing(tmp_path: Path) -> None:
    assert sorted(load_lexicons(tmp_path)) == sorted(load_lexicons())


def test_an_operator_adds_words_to_a_language(tmp_path: Path) -> None:
    folder = write(tmp_path, "en.yaml", "events:\n  construction:\n    - golden shovel ceremony\n")

    assert stages(load_lexicons(folder)["en"], "A golden shovel ceremony was held.") == {"construction"}
    assert stages(load_lexicons()["en"], "A golden shovel ceremony was held.") == set()


def test_an_operator_adds_words_to_all_languages_and_a_language(tmp_path: Path) -> None:
    write(tmp_path, "common.yaml", "events:\n  construction: [spatenstich]\n")
    folder = write(tmp_path, "de.yaml", "language: de\nevents:\n  operating: [produktionsstart]\n")

    lexicons = load_lexicons(folder)

    assert stages(lexicons["de"], "Der Produktionsstart") == {"operating"}
    assert stages(lexicons["fr"], "Le Spatenstich") == {"construction"}


def problem(folder: Path) -> str:
    with pytest.raises(ConfigError) as error:
        load_lexicons(folder)
    (found,) = error.value.problems
    return str(found)


def test_a_wrong_phrase_is_reported_at_its_own_line(tmp_path: Path) -> None:
    folder = write(tmp_path, "en.yaml", "events:\n  construction:\n    - fine words\n    - si*gn\n")

    assert problem(folder).startswith(f"{folder}/lexicons/en.yaml:4: events.construction[1]: 'si*gn' is not a word")


def test_a_misspelt_section_is_reported_at_its_line(tmp_path: Path) -> None:
    folder = write(tmp_path, "fr.yaml", "language: fr\nevent:\n  agreed: [x]\n")

    assert problem(folder).startswith(f"{folder}/lexicons/fr.yaml:2: event: unknown")


def test_a_file_that_is_no_mapping_or_no_yaml_is_reported(tmp_path: Path) -> None:
    assert "must hold sections" in problem(write(tmp_path, "en.yaml", "- a\n"))
    assert problem(write(tmp_path, "en.yaml", "a: [\n")).startswith(f"{tmp_path}/lexicons/en.yaml:")


def test_a_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    (tmp_path / "lexicons" / "en.yaml").mkdir(parents=True)

    assert "cannot be read" in problem(tmp_path)


def test_a_language_without_words_of_the_operator_is_the_shipped_one(tmp_path: Path) -> None:
    folder = write(tmp_path, "en.yaml", "events:\n  construction: [golden shovel ceremony]\n")

    lexicons, shipped = load_lexicons(folder), load_lexicons()

    assert list(lexicons) == list(shipped)
    assert [language for language in lexicons if lexicons[language] is not shipped[language]] == ["en"]


def test_a_phrase_may_tell_several_stages(tmp_path: Path) -> None:
    folder = write(tmp_path, "en.yaml", "events:\n  suspended construction: [the cranes sleep]\n")

    assert stages(load_lexicons(folder)["en"], "The cranes sleep.") == {"suspended", "construction"}


def test_words_for_a_stage_that_the_reader_does_not_know_have_no_effect(tmp_path: Path) -> None:
    folder = write(tmp_path, "en.yaml", "events:\n  construction: [dig in]\n  opperating: [hum]\n")

    (problem,) = idle_events(folder)

    assert str(problem) == (
        f"{folder}/lexicons/en.yaml:3: events.opperating: names 'opperating', "
        "which is no stage or condition of the reader (did you mean operating?)"
    )
