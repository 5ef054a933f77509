"""Adjectives that say where a project is: "its German factory", "German cells", "l'usine tangéroise"."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from monitor.core.model import Project
from monitor.core.reading.projects.mention import Mention, Role
from monitor.core.reading.projects.pointers import Pointer, Pointers
from monitor.core.reading.projects.senses import Sense
from monitor.core.reading.text.document import Span
from monitor.core.reading.text.text import Text


def with_adjectives(
    text: Text,
    found: Sequence[Pointer],
    mentions: Sequence[Mention],
    projects: Mapping[str, Project],
    possible: frozenset[str],
    *,
    vocabulary: Pointers,
) -> tuple[Mention, ...]:
    """The mentions of a text, in text order, including each adjective of a place as a mention of the projects there.

    Args:
        text: the scanned text.
        found: its pointing words (``Pointers.find``).
        mentions: its mentions (``Matcher.mentions``).
        projects: by id; at least those that have a mention.
        possible: the projects to add adjectives for, if they have a mention (``Matcher.possible``).
        vocabulary: the vocabulary that the pointing words come from.
    """
    near = [mention.projects for mention in mentions if not possible.isdisjoint(mention.projects)]
    mentioned = dict.fromkeys([project for some in near for project in some if project in possible])
    own = {name: projects[name] for name in mentioned}
    more = [*_of_countries(text, found, mentions, own, vocabulary), *_of_towns(text, own, vocabulary)]
    return tuple(sorted((*mentions, *more), key=lambda mention: (mention.span.start, -mention.span.end)))


def _of_countries(
    text: Text,
    found: Sequence[Pointer],
    mentions: Sequence[Mention],
    projects: Mapping[str, Project],
    vocabulary: Pointers,
) -> Iterator[Mention]:
    """The adjectives of countries next to a facility or a product."""
    if all(pointer.sense is not Sense.ADJECTIVE for pointer in found):
        return
    products = [Pointer(mention.span, Sense.FACILITY) for mention in mentions if mention.role is Role.WHAT]
    countries = {name: vocabulary.countries_of(project.where) for name, project in projects.items()}
    for pointer in vocabulary.beside(text, found, products):
        there = tuple(name for name in projects if pointer.country in countries[name])
        if pointer.sense is Sense.ADJECTIVE and there:
            yield Mention(span=pointer.span, role=Role.WHERE, projects=there, word=pointer.country)


def _of_towns(text: Text, projects: Mapping[str, Project], vocabulary: Pointers) -> Iterator[Mention]:
    """The adjectives of towns and regions, anywhere in the text."""
    there: dict[str, list[str]] = defaultdict(list)
    for name, project in projects.items():
        for place in project.where:
            there[place].append(name)
    for place, own in there.items():
        pattern = vocabulary.adjective_of(place)
        for match in pattern.finditer(text.bare) if pattern else ():
            yield Mention(span=Span(*match.span()), role=Role.WHERE, projects=tuple(own), word=place)
