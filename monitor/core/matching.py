"""Matching: which configured words a text holds, and which projects it may concern."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from monitor.core.forms import forms, is_whole, joined
from monitor.core.mention import Mention, Role
from monitor.core.model import Project
from monitor.core.reading.document import Document, Span
from monitor.core.reading.text import Text
from monitor.core.relevance import concerned

__all__ = ["Matcher", "Mention", "Role"]


@dataclass(frozen=True, slots=True)
class _Term:
    role: Role
    word: str
    projects: tuple[str, ...]


class Matcher:
    """All words of all projects, found in one pass over a text. Build it once for a configuration; safe to share."""

    def __init__(self, projects: Sequence[Project]) -> None:
        self._projects = {project.id: project for project in projects}
        self._order = {project.id: index for index, project in enumerate(projects)}
        terms = _terms(projects)
        #: For each pattern, in the order of the automaton.
        self._terms: tuple[tuple[_Term, ...], ...] = tuple(map(tuple, terms.values()))
        self._automaton = AhoCorasick(list(terms))
        self._siblings = _siblings(projects)
        self._families = _families(self._siblings)

    def siblings(self, project: str) -> frozenset[str]:
        """The projects that share a name of ``who`` with this one, itself included."""
        return self._siblings[project]

    def mentions(self, text: Text) -> tuple[Mention, ...]:
        """Every configured word in the text, in its order; of those that begin together the longest first.

        A word inside a longer one that means something else does not count: a company's name in that of another, the
        ``what`` of a project in the finer one of its sibling, anything in one of the project's ``not``.
        """
        haystack, drops = joined(text.bare)
        found = [
            (Span(start, end), term)
            for pattern, start, end in self._automaton.find_matches_as_indexes(haystack, overlapping=True)
            if is_whole(haystack, start, end)
            for term in self._terms[pattern]
        ]
        if not found:
            return ()
        found.sort(key=lambda hit: (hit[0].start, -hit[0].end))
        return tuple(
            Mention(span=_unjoined(span, drops), role=term.role, projects=projects, word=term.word)
            for span, term in found
            if (projects := self._meant(span, term, found))
        )

    def _meant(self, span: Span, term: _Term, found: Sequence[tuple[Span, _Term]]) -> tuple[str, ...]:
        """The projects of a hit less those that a longer hit around it takes away."""
        projects = term.projects
        for around, other in found:
            if around.start > span.start:
                break
            if not around.contains(span) or term.role is Role.NOT:
                continue
            if other.role is Role.NOT or (other.role is term.role and around != span):
                projects = tuple(p for p in projects if p not in other.projects)
            if other.role is term.role and around != span and term.role is Role.WHO:
                projects = tuple(p for p in projects if self._has_sibling(p, other.projects))
            if other.role is term.role and around != span and term.role is Role.WHAT:
                projects = tuple(p for p in projects if not self._has_sibling(p, other.projects))
        return projects

    def _has_sibling(self, project: str, others: Iterable[str]) -> bool:
        return not self._siblings[project].isdisjoint(others)

    def may_concern(self, text: Text) -> tuple[str, ...]:
        """The projects for which the full text is worth fetching, from a feed entry's title and summary.

        Names who; or, where it does not, both what and where. In configuration order.
        """
        named = _named(self.mentions(text))
        return self._ordered(project for project, roles in named.items() if _is_candidate(roles))

    def concerns(self, document: Document, mentions: Sequence[Mention]) -> tuple[str, ...]:
        """The projects that an article concerns, in configuration order; ``mentions`` are those of its text."""
        return self._ordered(concerned(document, mentions, self._projects, self._families))

    def _ordered(self, projects: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(projects, key=self._order.__getitem__))


def _is_candidate(roles: set[Role]) -> bool:
    return (Role.WHO in roles or {Role.WHAT, Role.WHERE} <= roles) and (Role.NOT not in roles or Role.WHAT in roles)


def _named(mentions: Iterable[Mention]) -> dict[str, set[Role]]:
    named: dict[str, set[Role]] = defaultdict(set)
    for mention in mentions:
        for project in mention.projects:
            named[project].add(mention.role)
    return named


def _terms(projects: Iterable[Project]) -> dict[str, list[_Term]]:
    """Every spelling to look for, with the words that it may be."""
    owners: dict[tuple[Role, str], list[str]] = defaultdict(list)
    for project in projects:
        for role, words in (
            (Role.WHO, project.who),
            (Role.WHAT, project.what),
            (Role.WHERE, project.where),
            (Role.NOT, project.not_),
        ):
            for word in dict.fromkeys(words):
                owners[role, word].append(project.id)
    terms: dict[str, dict[Role, _Term]] = defaultdict(dict)
    for (role, word), ids in owners.items():
        for form in forms(word, inflected=role in {Role.WHAT, Role.NOT}):
            before = terms[form].get(role)
            merged = tuple(dict.fromkeys((*before.projects, *ids))) if before else tuple(ids)
            terms[form][role] = _Term(role, before.word if before else word, merged)
    return {form: list(by_role.values()) for form, by_role in terms.items()}


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


def _families(siblings: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """For each project the first of all that it is linked to by shared names."""
    families: dict[str, str] = {}
    for project in siblings:
        reached, todo = set(), [project]
        while project not in families and todo:
            if (one := todo.pop()) not in reached:
                reached.add(one)
                todo.extend(siblings[one])
        families.update(dict.fromkeys(reached, project))
    return families


def _unjoined(span: Span, drops: Sequence[tuple[int, int]]) -> Span:
    if not drops:
        return span
    return Span(_offset(span.start, drops), _offset(span.end - 1, drops) + 1)


def _offset(joined_at: int, drops: Sequence[tuple[int, int]]) -> int:
    index = bisect_right(drops, (joined_at, 1 << 62))
    return joined_at + drops[index - 1][1] if index else joined_at
