"""Which projects short articles on several plants and companies concern, and of which each part of them speaks.

In ``who/articles.yaml``, ``<words|projects>`` marks of which projects the text speaks there, ``-`` of none.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from monitor.core.model import Project
from monitor.core.reading.projects.adjectives import with_adjectives
from monitor.core.reading.projects.focus import Focus
from monitor.core.reading.projects.matching import Matcher
from monitor.core.reading.text.document import Span
from tests.core.reading.layout import lay_out, lexicon

DATA = Path(__file__).parent / "who"
MARK = re.compile(r"<([^|<>]*)\|([^<>]*)>")


@dataclass(frozen=True)
class Marked:
    """An article with what it must be found to speak of."""

    language: str
    title: str
    text: str
    concerns: frozenset[str]
    #: Words, where they begin in the text, and of which projects it speaks there.
    marks: tuple[tuple[str, int, frozenset[str]], ...]


def marked(entry: dict[str, Any]) -> Marked:
    text, marks = "", []
    last = 0
    for mark in MARK.finditer(entry["text"]):
        text += entry["text"][last : mark.start()]
        marks.append((mark[1], len(text), frozenset(mark[2].split()) - {"-"}))
        text += mark[1]
        last = mark.end()
    concerns = frozenset[str]().union(*(projects for _, _, projects in marks))
    return Marked(entry["language"], entry["title"], text + entry["text"][last:], concerns, tuple(marks))


def load(name: str) -> Any:
    return YAML(typ="safe").load((DATA / name).read_text(encoding="utf-8"))


@cache
def projects() -> dict[str, Project]:
    return {
        entry["id"]: Project(
            id=entry["id"],
            name={"": entry["name"]},
            who=tuple(entry.get("who", ())),
            what=tuple(entry.get("what", ())),
            where=tuple(entry.get("where", ())),
        )
        for entry in load("projects.yaml")["projects"]
    }


@cache
def matcher() -> Matcher:
    return Matcher(tuple(projects().values()))


def articles() -> list[Any]:
    return [pytest.param(marked(entry), id=f"{entry['language']}: {entry['title']}") for entry in load("articles.yaml")]


@pytest.mark.parametrize("article", articles())
def test_an_article_speaks_of(article: Marked) -> None:
    document = lay_out(article.text, title=article.title, language=article.language)
    vocabulary = lexicon(article.language).focus
    pointers = vocabulary.find(document.text)
    named = matcher().mentions(document.text)
    mentions = with_adjectives(
        document.text, pointers, named, projects(), matcher().possible(named), vocabulary=vocabulary
    )
    concerned = matcher().concerns(document, mentions, pointers)
    focus = Focus(document, mentions, concerned.projects, projects(), pointers, vocabulary=vocabulary)
    start = len(article.title) + 1

    assert set(concerned.projects) - concerned.in_passing <= article.concerns <= set(concerned.projects)
    for words, at, expected in article.marks:
        assert set(focus.projects_at(Span(start + at, start + at + 1))) == expected, words
