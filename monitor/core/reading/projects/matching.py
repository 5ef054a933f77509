"""Matching: which configured words a text contains, and which projects it may concern."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from monitor.core.model import Project
from monitor.core.reading.projects.forms import Finder, forms
from monitor.core.reading.text.text import Document, Span, Text

# A configured word at its place in a text -----------------------------------------------------------------------------


class MentionRole(StrEnum):
    """What a configured word says about its project."""

    WHO = "who"
    WHAT = "what"
    WHERE = "where"
    #: The text means something else.
    NOT = "not"


# A tuple, because every article has many.
class Mention(NamedTuple):
    """A configured word at its place in a text."""

    #: In the folded text.
    span: Span
    role: MentionRole
    #: The projects that the word belongs to in this role, in configuration order; never empty.
    projects: tuple[str, ...]
    #: The word as configured.
    word: str


def families(mentions: Iterable[Mention]) -> dict[str, str]:
    """The named projects, each with the first of its family: the projects that share a name that the text uses.

    A name inside a longer one (Norvik in Norvik France) also belongs to the projects with the longer name.
    """
    family: dict[str, str] = {}
    sharing: dict[Span, tuple[str, ...]] = {}
    for mention in mentions:
        if mention.role is MentionRole.WHO:
            sharing[mention.span] = (*sharing.get(mention.span, ()), *mention.projects)
    for named in dict.fromkeys(sharing.values()):
        linked = {family.get(project, project) for project in named}
        head = min(linked)
        family.update({project: head for project, of in family.items() if of in linked})
        family.update(dict.fromkeys(named, head))
    return family


__all__ = ["Matcher", "Mention", "MentionRole"]


#: The most candidates of an article: the projects that it names best.
_CANDIDATES = 16
_WEIGHTS = {MentionRole.WHO: 3, MentionRole.WHAT: 1, MentionRole.WHERE: 1, MentionRole.NOT: 0}
#: A place that more projects share makes none of them a candidate by itself.
_FEW = 4
_NOT_FIRST = (MentionRole.NOT, MentionRole.WHO, MentionRole.WHAT, MentionRole.WHERE)


@dataclass(frozen=True, slots=True, eq=False)
class _Term:
    role: MentionRole
    word: str
    projects: tuple[str, ...]
    #: The same as a set, for fast lookup among hundreds.
    owners: frozenset[str]


class Matcher:
    """Finds all words of all projects in one pass over a text. Build it once for a configuration; safe to share."""

    def __init__(self, projects: Sequence[Project]) -> None:
        self._projects = {project.id: project for project in projects}
        self._order = {project.id: index for index, project in enumerate(projects)}
        self._finder = Finder(_terms(projects))
        self._siblings = _siblings(projects)
        self._nameless = frozenset(project.id for project in projects if not project.who)
        # The same few words contain each other again and again.
        self._meaning = lru_cache(maxsize=10_000)(self._meant)

    def mentions(self, text: Text) -> tuple[Mention, ...]:
        """Every configured word in the text, in text order; of those that begin together the longest first.

        A word inside a longer one that means something else does not count: a company's name in that of another, the
        ``what`` of a project in the more specific one of its sibling, anything in one of the project's ``not``.
        """
        hits = [(span, term) for span, terms in self._finder.find(text) for term in terms]
        mentions: list[Mention] = []
        around: list[tuple[Span, _Term]] = []
        for span, term in hits:
            around = [hit for hit in around if hit[0].end > span.start]
            over = [hit for hit in around if hit[0].end >= span.end]
            if projects := self._meaning(term, tuple(other for _, other in over)) if over else term.projects:
                # Inside a longer word of the same role it means the same as that one.
                whole = next((at for at, other in over if other.role is term.role), span)
                mentions.append(Mention(span=whole, role=term.role, projects=projects, word=term.word))
            around.append((span, term))
        return tuple(sorted(mentions, key=lambda mention: (mention.span.start, -mention.span.end)))

    def _meant(self, term: _Term, over: Iterable[_Term]) -> tuple[str, ...]:
        """The projects of a hit, without those that longer or equal hits over it take away."""
        projects = term.projects
        for other in over:
            if term.role is not MentionRole.NOT is other.role:
                projects = tuple(p for p in projects if p not in other.owners)
            elif other.role is term.role:
                stands = self._standing_in(term, other)
                projects = tuple(p for p in projects if p not in other.owners and stands(p))
        return projects

    def _standing_in(self, term: _Term, longer: _Term) -> Callable[[str], bool]:
        """A test: whether a term inside a longer word of the same role still means a project."""
        if term.role is MentionRole.WHO:
            return lambda project: not self._siblings[project].isdisjoint(longer.owners)
        if term.role is MentionRole.WHAT:
            finer = longer.owners - term.owners
            return lambda project: self._siblings[project].isdisjoint(finer)
        return lambda _: True

    def may_concern(self, text: Text) -> tuple[str, ...]:
        """The projects for which the full text is worth fetching, from a feed entry's title and summary.

        The text must name who, or both what and where. In configuration order.
        """
        named = _named(self.mentions(text))
        return self._ordered(project for project, roles in named.items() if _is_candidate(roles))

    def candidates(
        self,
        mentions: Sequence[Mention],
        *,
        is_country: Callable[[str], bool],
        is_on_plants: Callable[[], bool],
    ) -> tuple[str, ...]:
        """The projects that an article may concern, chosen to miss none; in configuration order.

        The article names who, or both what and where. If it is about plants or works at all, a place suffices that is
        not a country and not shared by many projects. If there are too many, those that it names best are kept.

        Args:
            mentions: the mentions of the article.
            is_country: whether a configured place is a country.
            is_on_plants: whether the article is about plants or works; called only if it matters.
        """
        named = _named(mentions)
        found = {project for project, roles in named.items() if _is_candidate(roles)}
        placed = {
            project
            for mention in mentions
            if mention.role is MentionRole.WHERE and len(mention.projects) <= _FEW and not is_country(mention.word)
            for project in mention.projects
            if MentionRole.NOT not in named[project]
        }
        if placed - found and is_on_plants():
            found |= placed
        # A named who counts more than what and where together.
        ranked = sorted(
            found, key=lambda project: (-sum(_WEIGHTS[role] for role in named[project]), self._order[project])
        )
        return self._ordered(ranked[:_CANDIDATES])

    def possible(self, mentions: Iterable[Mention]) -> frozenset[str]:
        """The projects that these mentions may make an article concern: their who is named, or they have none."""
        return self._nameless.union(*(mention.projects for mention in mentions if mention.role is MentionRole.WHO))

    def _ordered(self, projects: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(projects, key=self._order.__getitem__))


def _is_candidate(roles: set[MentionRole]) -> bool:
    return (MentionRole.WHO in roles or {MentionRole.WHAT, MentionRole.WHERE} <= roles) and (
        MentionRole.NOT not in roles or MentionRole.WHAT in roles
    )


def _named(mentions: Iterable[Mention]) -> dict[str, set[MentionRole]]:
    named: dict[str, set[MentionRole]] = defaultdict(set)
    for mention in mentions:
        for project in mention.projects:
            named[project].add(mention.role)
    return named


def _terms(projects: Iterable[Project]) -> dict[str, tuple[_Term, ...]]:
    """Every spelling to look for, with the words that it may be."""
    owners: dict[tuple[MentionRole, str], list[str]] = defaultdict(list)
    for project in projects:
        for role, words in (
            (MentionRole.WHO, project.who),
            (MentionRole.WHAT, project.what),
            (MentionRole.WHERE, project.where),
            (MentionRole.NOT, project.not_),
        ):
            for word in dict.fromkeys(words):
                owners[role, word].append(project.id)
    terms: dict[str, dict[MentionRole, _Term]] = defaultdict(dict)
    for (role, word), ids in owners.items():
        term = _Term(role, word, tuple(ids), frozenset(ids))
        for form in forms(word, inflected=role in {MentionRole.WHAT, MentionRole.NOT}):
            before = terms[form].get(role)
            terms[form][role] = _joined(before, ids) if before else term
    # A word that is a ``not`` of one project takes the project from the same word in another role, so it comes first.
    return {form: tuple(by_role[role] for role in _NOT_FIRST if role in by_role) for form, by_role in terms.items()}


def _joined(term: _Term, ids: Iterable[str]) -> _Term:
    """The term of two words that are spelt alike."""
    projects = tuple(dict.fromkeys((*term.projects, *ids)))
    return replace(term, projects=projects, owners=frozenset(projects))


def _siblings(projects: Iterable[Project]) -> dict[str, frozenset[str]]:
    by_name: dict[str, set[str]] = defaultdict(set)
    names = {
        project.id: {form for word in project.who for form in forms(word, inflected=False)} for project in projects
    }
    for project, spellings in names.items():
        for spelling in spellings:
            by_name[spelling].add(project)
    return {
        project: frozenset({project}.union(*(by_name[s] for s in spellings))) for project, spellings in names.items()
    }


# Finds the phase of a project that an event or amount belongs to: the last one named before it in its sentence --------


#: A project's id and the name of one of its phases.
_Phase = tuple[str, str]


class PhaseNames:
    """Finds the words of all phases of all projects. Build it once for a configuration; safe to share."""

    def __init__(self, projects: Sequence[Project]) -> None:
        meanings: dict[str, list[_Phase]] = defaultdict(list)
        for project in projects:
            for phase in project.phases:
                for spelling in {form for word in phase.words for form in forms(word, inflected=True)}:
                    meanings[spelling].append((project.id, phase.name))
        self._finder = Finder(meanings)

    def within(self, document: Document) -> "PhasesTold":
        """Where the document names phases."""
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for span, phases in self._finder.find(document.text):
            for project, name in phases:
                found[project].append((span.start, name))
        return PhasesTold(document, found)


class PhasesTold:
    """Where a document names the phases of its projects."""

    def __init__(self, document: Document, found: dict[str, list[tuple[int, str]]]) -> None:
        self._document = document
        self._found = found

    def at(self, project: str, place: Span) -> str | None:
        """The phase of the project that the text is about there; None if the sentence names none.

        If the sentence names phases only after the place, the first of them.
        """
        if project not in self._found:
            return None
        [sentence] = self._document.sentences_at([place])
        span = self._document.sentences[sentence].span
        named = [(start, name) for start, name in self._found[project] if span.start <= start < span.end]
        if not named:
            return None
        before = bisect_right(named, place.end, key=lambda hit: hit[0])
        return named[max(before - 1, 0)][1]
