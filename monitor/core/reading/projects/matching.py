"""Matching: which configured words a text contains, and which projects it may concern."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from monitor.core.model import Project
from monitor.core.reading.projects.forms import Finder, forms
from monitor.core.reading.projects.mention import Mention, Role
from monitor.core.reading.text.document import Span
from monitor.core.reading.text.text import Text

__all__ = ["Matcher", "Mention", "Role"]


#: The most candidates of an article: the projects that it names best.
_CANDIDATES = 16
_WEIGHTS = {Role.WHO: 3, Role.WHAT: 1, Role.WHERE: 1, Role.NOT: 0}
#: A place that more projects share makes none of them a candidate by itself.
_FEW = 4
_NOT_FIRST = (Role.NOT, Role.WHO, Role.WHAT, Role.WHERE)


@dataclass(frozen=True, slots=True, eq=False)
class _Term:
    role: Role
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
            if term.role is not Role.NOT is other.role:
                projects = tuple(p for p in projects if p not in other.owners)
            elif other.role is term.role:
                stands = self._standing_in(term, other)
                projects = tuple(p for p in projects if p not in other.owners and stands(p))
        return projects

    def _standing_in(self, term: _Term, longer: _Term) -> Callable[[str], bool]:
        """A test: whether a term inside a longer word of the same role still means a project."""
        if term.role is Role.WHO:
            return lambda project: not self._siblings[project].isdisjoint(longer.owners)
        if term.role is Role.WHAT:
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
            if mention.role is Role.WHERE and len(mention.projects) <= _FEW and not is_country(mention.word)
            for project in mention.projects
            if Role.NOT not in named[project]
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
        return self._nameless.union(*(mention.projects for mention in mentions if mention.role is Role.WHO))

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


def _terms(projects: Iterable[Project]) -> dict[str, tuple[_Term, ...]]:
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
        term = _Term(role, word, tuple(ids), frozenset(ids))
        for form in forms(word, inflected=role in {Role.WHAT, Role.NOT}):
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
