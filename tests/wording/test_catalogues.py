"""The catalogues of translations: each says all that the code says, in the forms that its language has."""

import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir

import monitor.contracts
import monitor.core
import monitor.web
from monitor.core.message.tongue import Tongue
from monitor.wording.catalogues import catalogues, languages, read

#: As ``make words`` has it.
KEYWORDS = {"say": (1,), "say_in": ((1, "c"), 2), "count": (1, 2), "mark": ((1, "c"), 2)}
METHODS = [("**.py", "python"), ("**.html.j2", "jinja2")]
FOLDERS = [Path(str(folder.__file__)).parent for folder in (monitor.contracts, monitor.core, monitor.web)]


def in_code() -> set[tuple[str, object]]:
    """Context and text of all that the code says."""
    found = (each for folder in FOLDERS for each in extract_from_dir(folder, METHODS, keywords=KEYWORDS))
    return {(context or "", message) for _, _, message, _, context in found}


def in_catalogue(catalogue: Catalog) -> dict[tuple[str, object], Message]:
    return {(message.context or "", message.id): message for message in catalogue if message.id}


def forms(text: object) -> list[str]:
    return [text] if isinstance(text, str) else list(text)  # type: ignore[call-overload]  # a sequence of texts, then


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_messages_are_translated_into_four_languages() -> None:
    assert set(languages()) == {"ar", "es", "fr", "zh"}
    assert set(catalogues()) == {"ar", "en", "es", "fr", "zh"}


@pytest.mark.parametrize("language", languages())
def test_a_catalogue_has_what_the_code_says_and_nothing_else(language: str) -> None:
    assert set(in_catalogue(read(language))) == in_code(), "run: make words"


@pytest.mark.parametrize("language", languages())
def test_everything_is_translated_in_every_plural_form(language: str) -> None:
    catalogue = read(language)
    for key, message in in_catalogue(catalogue).items():
        translated = forms(message.string)
        assert all(translated), key
        assert not message.fuzzy, key
        assert len(translated) == (catalogue.num_plurals if message.pluralizable else 1), key


@pytest.mark.parametrize("language", languages())
def test_a_translation_has_the_places_of_the_original(language: str) -> None:
    for key, message in in_catalogue(read(language)).items():
        wanted = places(forms(message.id)[-1])
        for translated in forms(message.string):
            # A form for one or two may say the number in words.
            assert places(translated) | ({"n"} & wanted if message.pluralizable else set()) == wanted, key


@pytest.mark.parametrize("language", languages())
def test_a_translation_is_written_in_its_language(language: str) -> None:
    letters = {"ar": r"[\u0600-\u06ff]", "zh": r"[\u4e00-\u9fff]"}.get(language, r"[^\W\d_]")
    units = {"long", "/yr", "t", "ha", "units", "{before}, {after}", "{before} → {after}", "“{sentence}”"}
    layouts = {
        "{project}: {news}",
        "{head}: {what}",
        "{label}:",
        "{project} ({phase})",
        "{figure} {values}",
        "{millions}\u00a0{currency}",
    }
    more = {"{news} ({phase})", "{news} (+{others})", "{status} (since {date})"}
    for (_, text), message in in_catalogue(read(language)).items():
        if text not in units | layouts | more:
            assert re.search(letters, re.sub(r"{\w+}", "", forms(message.string)[0])), text


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "تغيير واحد"),
        (2, "تغييران"),
        (3, "3 تغييرات"),
        (10, "10 تغييرات"),
        (11, "11 تغييرا"),
        (99, "99 تغييرا"),
        (100, "100 تغيير"),
        (103, "103 تغييرات"),
        (1250, "1,250 تغييرا"),
    ],
)
def test_arabic_counts_as_arabic_does(number: int, words: str) -> None:
    assert Tongue.of(catalogues(), "ar").count("one change", "{n} changes", number) == words


@pytest.mark.parametrize(("number", "words"), [(0, "0 projets"), (1, "un projet"), (2, "2 projets")])
def test_french_counts_as_french_does(number: int, words: str) -> None:
    assert Tongue.of(catalogues(), "fr").count("one project", "{n} projects", number) == words


@pytest.mark.parametrize(("number", "words"), [(1, "one project"), (2, "2 projects"), (1234, "1,234 projects")])
def test_english_is_the_language_of_the_code(number: int, words: str) -> None:
    assert Tongue.of(catalogues(), "en").count("one project", "{n} projects", number) == words


def test_what_is_not_translated_is_said_in_english() -> None:
    assert Tongue.of(catalogues(), "fr").say("Something new: {what}", what="x") == "Something new: x"
    assert Tongue.of(catalogues(), "ar").count("one new thing", "{n} new things", 3) == "3 new things"
