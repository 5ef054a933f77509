"""Focus: of which projects each part of an article speaks."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from monitor.core.description import Words, best_described
from monitor.core.mention import Mention, Role
from monitor.core.model import Project
from monitor.core.reading.document import Document, Sentence, Span
from monitor.core.reading.pointers import Pointers, Sense

_COMMA = re.compile(r"[,\u3001](?!\d)|\u060c|\uff0c")
_Projects = tuple[str, ...]
_PAIR = 2


class Focus:
    """Of which projects each part of an article speaks.

    What a part names counts most: who, what and where in it, then in its clause, then in its sentence. Where it names
    nothing, the projects that were last in focus stay there, as they do for "the plant", "it" or no subject at all. A
    project leaves the focus for its sibling, for another company that the article concerns, or for the company's other
    plants abroad. Companies that the article does not concern, customers and bystanders, change nothing.
    """

    def __init__(
        self,
        document: Document,
        mentions: Sequence[Mention],
        concerned: Sequence[str],
        projects: Mapping[str, Project],
        pointers: Pointers,
    ) -> None:
        """Follow the focus through a document.

        Args:
            document: the article.
            mentions: of all projects, in the order of the text (``Matcher.mentions``).
            concerned: the projects that the article concerns (``Matcher.concerns``).
            projects: by id, at least those that have a mention.
            pointers: the pointing words of the document's language.
        """
        cast = _Cast(document, mentions, concerned, projects, pointers)
        walk = _Walk(cast)
        self._pieces = [piece for sentence in document.sentences for piece in walk.through(sentence)]
        self._starts = [span.start for span, _ in self._pieces]
        self._concerned = tuple(concerned)

    def projects_at(self, span: Span) -> tuple[str, ...]:
        """The concerned projects of which the text speaks where the span begins, in configuration order."""
        index = bisect_right(self._starts, span.start) - 1
        there = self._pieces[index][1] if index >= 0 else ()
        return tuple(project for project in self._concerned if project in there)


class _Cast:
    """Who and what appears in the article."""

    def __init__(
        self,
        document: Document,
        mentions: Sequence[Mention],
        concerned: Sequence[str],
        projects: Mapping[str, Project],
        pointers: Pointers,
    ) -> None:
        self.document = document
        self.concerned = concerned
        self.projects = projects
        self.pointers = pointers.find(document.text)
        families = _families(mentions)
        self.family = {p: families.get(p, p) for mention in mentions for p in mention.projects}
        self.members: dict[str, list[str]] = defaultdict(list)
        for project in self.family:
            if project in families or not projects[project].who:
                self.members[self.family[project]].append(project)
        self._countries = {p: pointers.countries_of(projects[p].where) for of in self.members.values() for p in of}
        self.mentions = sorted(
            [*mentions, *self._adjectives()], key=lambda mention: (mention.span.start, -mention.span.end)
        )
        self._abroad = [
            p
            for p in self.pointers
            if p.sense is Sense.ADJECTIVE or (p.sense is Sense.COUNTRY and pointers.is_at(document.text, p.span))
        ]

    def within(self, span: Span) -> list[Mention]:
        start = bisect_right(self.mentions, span.start - 1, key=lambda mention: mention.span.start)
        return [m for m in self.mentions[start : start + 200] if span.contains(m.span)]

    def pointing(self, span: Span) -> set[Sense]:
        return {pointer.sense for pointer in self.pointers if span.contains(pointer.span)}

    def goes_abroad(self, span: Span, projects: Iterable[str]) -> bool:
        """Whether the stretch speaks of something in a country in which none of the projects is."""
        return any(
            span.contains(pointer.span)
            and all(self._countries[p] and pointer.country not in self._countries[p] for p in projects)
            for pointer in self._abroad
        )

    def _adjectives(self) -> Iterator[Mention]:
        """The adjectives of countries as the places that they mean."""
        for pointer in self.pointers:
            if pointer.sense is Sense.ADJECTIVE:
                there = tuple(p for p, countries in self._countries.items() if pointer.country in countries)
                if there:
                    yield Mention(span=pointer.span, role=Role.WHERE, projects=there, word=pointer.country)


def _families(mentions: Iterable[Mention]) -> dict[str, str]:
    """The projects that share a name that the article uses, each with the first of its family."""
    families: dict[str, str] = {}
    for mention in mentions:
        if mention.role is Role.WHO:
            linked = {families.get(p, p) for p in mention.projects}
            head = min(linked)
            families.update((p, head) for p in mention.projects)
            families.update((p, head) for p, family in families.items() if family in linked)
    return families


class _Walk:
    """One way through an article, which remembers what was last spoken of."""

    def __init__(self, cast: _Cast) -> None:
        self._cast = cast
        self._focus: _Projects = ()
        #: What was in focus before something else was.
        self._before: _Projects = ()
        #: The last two projects that one sentence told of, in its order.
        self._pair: _Projects = ()
        #: Families, the last named first; before any is named, the first that will be.
        self._recent = [cast.family[m.projects[0]] for m in cast.mentions if m.role is Role.WHO][:1]

    def through(self, sentence: Sentence) -> Iterator[tuple[Span, _Projects]]:
        """The pieces of the next sentence (clauses, cut at commas), each with the projects that it speaks of."""
        in_sentence = self._cast.within(sentence.span)
        if not self._focus and Sense.FACILITY in self._cast.pointing(sentence.span):
            # After a word on something else "the plant" is again the one that the article is about.
            self._focus = self._before
        told: dict[str, None] = {}
        for clause in sentence.clauses:
            in_clause = self._cast.within(clause)
            spans = list(_between_commas(self._cast.document, clause))
            named = [self._named(span, in_clause, in_sentence) for span in spans]
            for index, span in enumerate(spans):
                # What a piece leaves unsaid was said before it in the clause, or is said after it.
                said = [*reversed(named[: index + 1]), *named[index + 1 :]]
                projects = next((said_of for said_of in said if said_of is not None), self._focus)
                yield span, projects
                if projects:
                    self._before = projects
                elif told:
                    # An aside within a sentence on a project.
                    named[index] = None
                    continue
                self._focus = projects
                told.update(dict.fromkeys(named[index] or ()))
            if len(told) == _PAIR:
                self._pair = tuple(told)

    def _named(self, span: Span, in_clause: Sequence[Mention], in_sentence: Sequence[Mention]) -> _Projects | None:
        """The projects that a piece names; none where it speaks of something else; None where it leaves them unsaid."""
        here = self._cast.within(span)
        companies = self._companies(here)
        self._recent = [*companies, *(family for family in self._recent if family not in companies)]
        families = companies or self._described(here)[:1]
        described = {family: self._best(self._cast.members[family], here) for family in families}
        senses = self._cast.pointing(span)
        if senses & {Sense.ALL, Sense.SEVERAL}:
            return self._together(families, here)
        if not any(described.values()):
            if Sense.FORMER in senses and self._pair:
                return self._pair[:1]
            if Sense.LATTER in senses and self._pair:
                return self._pair[1:]
            spoken_of = [p for family in families for p in self._cast.members[family]] or self._focus
            if spoken_of and self._cast.goes_abroad(span, spoken_of):
                return ()
        named: list[str] = []
        for family, best in described.items():
            named += self._narrowed(best or self._cast.members[family], in_clause, in_sentence)
        return tuple(named) or None

    def _together(self, families: Sequence[str], here: Sequence[Mention]) -> _Projects | None:
        """The projects that are spoken of as several: siblings, else those that the article told of together."""
        for family in [*families, *(self._cast.family[p] for p in self._focus)]:
            members = [p for p in self._cast.members[family] if p in self._cast.concerned]
            meant = [p for p in members if _words(here, p)]
            if len(members) >= _PAIR:
                return tuple(meant if len(meant) >= _PAIR else members)
        return self._pair or None

    def _companies(self, here: Iterable[Mention]) -> list[str]:
        """The families whose who is named; bystanders are not counted."""
        concerned = {self._cast.family[p] for p in self._cast.concerned}
        named = (self._cast.family[mention.projects[0]] for mention in here if mention.role is Role.WHO)
        return [family for family in dict.fromkeys(named) if family in concerned]

    def _described(self, here: Sequence[Mention]) -> list[str]:
        """The families of which a what or where is named, the likeliest first."""
        described = [f for f, of in self._cast.members.items() if any(_words(here, p) for p in of)]
        in_focus = [self._cast.family[p] for p in self._focus]
        order = [*in_focus, *self._recent, *(f for f in described if not self._cast.projects[f].who)]
        return [family for family in order if family in described]

    def _best(self, candidates: Iterable[str], here: Sequence[Mention]) -> list[str]:
        """Those of the siblings that the mentions describe best."""
        words = {p: _words(here, p) for p in candidates}
        if any(p in words and not self._cast.projects[p].what for p in self._cast.concerned):
            # One of them is known by its place alone, so that only its place can tell another from it.
            words = {p: own for p, own in words.items() if any(role is Role.WHERE for role, _ in own)}
        best = best_described(words, self._cast.projects)
        return [p for p in best if not any(words[p] < words[q] for q in best)]

    def _narrowed(self, candidates: list[str], *stretches: Sequence[Mention]) -> list[str]:
        """The candidates that the words around speak for, else those in focus, else those that the article concerns."""
        for stretch in stretches:
            candidates = self._best(candidates, stretch) or candidates
        for likely in (self._focus, self._cast.concerned):
            if len(candidates) > 1:
                candidates = [p for p in candidates if p in likely] or candidates
        return candidates


def _words(mentions: Iterable[Mention], project: str) -> Words:
    return frozenset(
        (mention.role, mention.span)
        for mention in mentions
        if mention.role in {Role.WHAT, Role.WHERE} and project in mention.projects
    )


def _between_commas(document: Document, clause: Span) -> Iterator[Span]:
    start = clause.start
    for comma in _COMMA.finditer(document.text.bare, clause.start, clause.end):
        if start < comma.end() < clause.end:
            yield Span(start, comma.end())
            start = comma.end()
    yield Span(start, clause.end)
