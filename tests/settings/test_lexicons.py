"""The shipped vocabularies with the operator's words."""

from pathlib import Path

import pytest

from monitor.core.reading.events.events import tell
from monitor.core.reading.examples import misreadings
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.segment import segment
from monitor.core.reading.text.tokens import Tokens
from monitor.errors import ConfigError
from monitor.settings.lexicons import check_examples, load_lexicons
from tests.core.reading.texts import make_text


def write(folder: Path, name: str, text: str) -> Path:
    (folder / "lexicons").mkdir(exist_ok=True)
    (folder / "lexicons" / name).write_text(text, encoding="utf-8")
    return folder


def stages(lexicon: Lexicon, text: str) -> set[str]:
    document = segment(make_text(text, language=lexicon.language), lexicon)
    return {event.stage for event in tell(document, Tokens.of(document.text), lexicon)}


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


# ---------------------------------------------------------------- examples


def misread(folder: Path) -> str:
    return "\n".join(map(str, check_examples(folder, load_lexicons(folder))))


@pytest.mark.parametrize("language", load_lexicons())
def test_every_shipped_example_is_read_as_it_says(language: str) -> None:
    assert [*misreadings(load_lexicons()[language])] == []


def test_a_language_without_words_of_the_operator_is_the_shipped_one(tmp_path: Path) -> None:
    folder = write(tmp_path, "en.yaml", "events:\n  construction: [golden shovel ceremony]\n")

    lexicons, shipped = load_lexicons(folder), load_lexicons()

    assert list(lexicons) == list(shipped)
    assert [language for language in lexicons if lexicons[language] is not shipped[language]] == ["en"]


def test_an_operators_example_is_read_with_the_operators_words(tmp_path: Path) -> None:
    words = "events:\n  construction: [golden shovel ceremony]\n"
    folder = write(tmp_path, "en.yaml", f'{words}examples:\n  "A golden shovel ceremony.": [construction reached]\n')

    assert misread(folder) == ""


def test_an_example_that_fails_is_told_at_its_line(tmp_path: Path) -> None:
    folder = write(tmp_path, "en.yaml", 'examples:\n  "It broke ground.": [agreed reached]\n')

    assert misread(folder) == (
        f"{folder}/lexicons/en.yaml:2: examples.It broke ground.: is not read as it says: "
        "missing is agreed reached; too much is construction reached"
    )


def test_a_shipped_example_that_the_operators_words_spoil_is_told_at_the_file_with_the_words(tmp_path: Path) -> None:
    folder = write(tmp_path, "common.yaml", "events:\n  closed: [pouring]\n")

    assert misread(folder) == (
        f"{folder}/lexicons/common.yaml: examples.Crews have started pouring the foundations.: "
        "is a shipped example, and not read as it says: too much is closed reached"
    )
