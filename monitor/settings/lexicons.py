"""Loads the vocabularies: the shipped ones with the operator's own words from ``config/lexicons/``."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, ClassVar

import yaml  # type: ignore[import-untyped]  # used only in this module

from monitor.core.reading.flags import OF_STAGE
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.projects.pointers import Pointers
from monitor.core.reading.text.vocabulary import LexiconError, VocabularySection, merged
from monitor.errors import ConfigError, ConfigProblem
from monitor.settings.scalars import suggest
from monitor.settings.vocabularies import COMMON, FOLDER, shipped_names
from monitor.settings.yaml_document import KeyPath, YamlDocument, parse_yaml

_STEP = re.compile(r"[^.\[\]]+")


def load_lexicons(folder: Path | None = None) -> Mapping[str, Lexicon]:
    """The vocabulary of each language, with the operator's additions if the folder (``config/``) contains any.

    An operator's file for a language that is not shipped adds a new language.

    Raises:
        ConfigError: the operator's files contain errors. It names file, line and key.
    """
    problems: list[ConfigProblem] = []
    own = dict(_own(folder, problems)) if folder else {}
    return _Vocabularies(_compile(own, problems)) if own or problems else _SHIPPED


def load_pointers(folder: Path) -> Mapping[str, Pointers]:
    """The pointing words of each language. They compile in a tenth of the time. The vocabularies must be valid."""
    own = dict(_own(folder, []))
    common = merged(_shipped(COMMON), _mapping(own.get(COMMON)))
    bases = {name: _shipped(name) for name in shipped_names() if name != COMMON}
    return {
        language: Pointers.from_section(
            VocabularySection(merged(common, merged(bases.get(language, {}), _mapping(own.get(language))))).section(
                "focus"
            )
        )
        for language in dict.fromkeys((*bases, *own))
        if language != COMMON
    }


def idle_events(folder: Path) -> tuple[ConfigProblem, ...]:
    """Warnings of events in the operator's files that the reader does not know: they are no stage or condition of it.

    The folder is a configuration folder whose vocabularies are valid.
    """
    return tuple(
        document.problem(
            ("events", key), f"names '{stage}', which is no stage or condition of the reader{suggest(stage, OF_STAGE)}"
        )
        for document in dict(_own(folder, [])).values()
        for key in _mapping(document).get("events") or ()
        for stage in key.split()
        if stage not in OF_STAGE
    )


def _compile(own: Mapping[str, YamlDocument], problems: list[ConfigProblem]) -> Mapping[str, Lexicon]:
    """The vocabularies with words of the operator."""
    common = merged(_shipped(COMMON), _mapping(own.get(COMMON)))
    lexicons = {}
    for language in dict.fromkeys((*(shipped_names() if COMMON in own else ()), *own)):
        if language == COMMON:
            continue
        base = _shipped(language) if language in shipped_names() else {"language": language}
        try:
            lexicons[language] = Lexicon.from_mapping(merged(base, _mapping(own.get(language))), common)
        except LexiconError as error:
            problems.append(_problem(error, own, language, merged(_shipped(COMMON), base)))
    if problems:
        raise ConfigError(problems)
    return lexicons


class _Vocabularies(Mapping[str, Lexicon]):
    """The shipped vocabularies, of which some have words of the operator. The others are compiled on first use."""

    def __init__(self, own: Mapping[str, Lexicon]) -> None:
        self._own = own
        self._languages = dict.fromkeys(name for name in (*shipped_names(), *own) if name != COMMON)

    def __getitem__(self, language: str) -> Lexicon:
        if language not in self._languages:
            raise KeyError(language)
        return self._own[language] if language in self._own else _compiled(language)

    def __contains__(self, language: object) -> bool:
        return language in self._languages

    def __iter__(self) -> Iterator[str]:
        return iter(self._languages)

    def __len__(self) -> int:
        return len(self._languages)


_SHIPPED = _Vocabularies({})


@cache
def _compiled(language: str) -> Lexicon:
    return Lexicon.from_mapping(_shipped(language), _shipped(COMMON))


class _QuickLoader(yaml.CSafeLoader):  # type: ignore[misc]  # PyYAML has no types
    """Loads shipped files forty times faster than the loader of the operator's files, which keeps lines and columns.

    It follows YAML 1.2, in which "no" and "on" are words: plain scalars are numbers, true, false, null or text.
    """

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", "n~"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?", "-+0123456789."),
):
    _QuickLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), [*_first, ""])


def _load(data: bytes) -> Mapping[str, Any]:
    mapping: Mapping[str, Any] = yaml.load(data, _QuickLoader)  # noqa: S506 - derived from a safe loader
    return mapping


def _shipped(name: str) -> Mapping[str, Any]:
    return _load(resources.files("monitor.lexicons").joinpath(f"{name}.yaml").read_bytes())


def _own(folder: Path, problems: list[ConfigProblem]) -> Iterator[tuple[str, YamlDocument]]:
    for path in sorted((folder / FOLDER).glob("*.yaml")):
        name = str(path)
        try:
            document, found = parse_yaml(name, path.read_bytes())
        except OSError as error:
            problems.append(ConfigProblem(file=name, line=None, key="", message=f"cannot be read: {error.strerror}"))
            continue
        problems.extend(found)
        if not isinstance(document.value, dict | None):
            problems.append(document.problem((), "must hold sections (events, cues, …), as the shipped files do"))
        elif document.readable:
            yield path.stem, document


def _mapping(document: YamlDocument | None) -> Mapping[str, Any]:
    return document.value if document is not None and isinstance(document.value, dict) else {}


def _problem(
    error: LexiconError, own: Mapping[str, YamlDocument], language: str, base: Mapping[str, Any]
) -> ConfigProblem:
    """The problem at its place in the operator's file. In merged lists the operator's items follow the shipped ones."""
    path: list[str | int] = []
    here: Any = base
    for step in _STEP.findall(error.key):
        if step.isdecimal():
            path.append(int(step) - (len(here) if isinstance(here, list) and int(step) >= len(here) else 0))
            break
        path.append(step)
        here = here.get(step) if isinstance(here, Mapping) else None
    place: KeyPath = tuple(path)
    documents = [own[name] for name in (language, COMMON) if name in own]
    for document in documents:
        if place in document.lines:
            return document.problem(place, error.message)
    file = documents[0].file if documents else f"{language}.yaml"
    return ConfigProblem(file=file, line=None, key=error.key, message=error.message)
