"""Focus: of which projects each part of an article speaks."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from monitor.core.description import Words, best_described
from monitor.core.mention import Mention, Role
from monitor.core.model import Project
from monitor.core.reading.document import Document, Sentence, Span
from monitor.core.reading.pointers import Pointers, Sense
from monitor.core.reading.text import Text

_COMMA = re.compile(r"[,\u3001](?!\d)|\u060c|\uff0c")
#: Names that stand so near to an "and" on either side of it are named together.
_ONE_BREATH = 14
#: What "both" and "the latter" speak of.
_PAIR = 2

_Projects = tuple[str, ...]


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
            mentions: of all projects, in the order of the text (``Matcher.mentions``, ``Pointers.with_adjectives``).
            concerned: the projects that the article concerns (``Matcher.concerns``).
            projects: by id, at least those that have a mention.
            pointers: the pointing words of the document's language.
        """
        cast = _Cast(document, mentions, concerned, projects, pointers)
        body = [sentence for sentence in document.sentences if not sentence.is_title]
        # What a headline leaves unsaid is what the body begins with.
        lead = (told for sentence in body for _, told in _Walk(cast).through(sentence) if told)
        walk = _Walk(cast, focus=next(lead, ()))
        self._concerned = tuple(concerned)
        self._parts = [part for sentence in document.sentences for part in walk.through(sentence)]
        self._starts = [span.start for span, _ in self._parts]

    def projects_at(self, span: Span) -> tuple[str, ...]:
        """The concerned projects of which the text speaks where the span begins, in configuration order."""
        index = bisect_right(self._starts, span.start) - 1
        spoken_of = self._parts[index][1] if index >= 0 else ()
        return tuple(project for project in self._concerned if project in spoken_of)


class _Stretch:
    """A stretch of the text with what is named in it."""

    def __init__(
        self, span: Span, mentions: Sequence[Mention], senses: frozenset[Sense], abroad: frozenset[str]
    ) -> None:
        self.span = span
        self.mentions = mentions
        self.senses = senses
        #: Countries in which it says that something is.
        self.abroad = abroad
        words: dict[str, set[tuple[Role, Span]]] = defaultdict(set)
        for mention in mentions:
            if mention.role in {Role.WHAT, Role.WHERE}:
                for project in mention.projects:
                    words[project].add((mention.role, mention.span))
        self.words: Mapping[str, Words] = {project: frozenset(own) for project, own in words.items()}

    def names(self, *roles: Role) -> bool:
        return any(mention.role in roles for mention in self.mentions)


class _Cast:
    """Who and what appears in the article: its companies, and of each the projects."""

    def __init__(
        self,
        document: Document,
        mentions: Sequence[Mention],
        concerned: Sequence[str],
        projects: Mapping[str, Project],
        pointers: Pointers,
    ) -> None:
        self.concerned = concerned
        self.projects = projects
        self.family = _families(mentions) | {p: p for p in concerned if not projects[p].who}
        self.members: dict[str, list[str]] = defaultdict(list)
        for project, family in self.family.items():
            self.members[family].append(project)
        self.first_named = [self.family[m.projects[0]] for m in mentions if m.role is Role.WHO][:1]
        self.concerned_families = {self.family[project] for project in concerned}
        self._known_by_place = {self.family[project] for project in concerned if not projects[project].what}
        self.text = document.text
        self._pointers = pointers.find(document.text)
        self._pointer_starts = [pointer.span.start for pointer in self._pointers]
        self._vocabulary = pointers
        self._mentions = list(self._own(mentions))
        self._mention_starts = [mention.span.start for mention in self._mentions]

    def stretch(self, span: Span) -> _Stretch:
        first, last = bisect_left(self._mention_starts, span.start), bisect_left(self._mention_starts, span.end)
        mentions = [mention for mention in self._mentions[first:last] if mention.span.end <= span.end]
        first, last = bisect_left(self._pointer_starts, span.start), bisect_left(self._pointer_starts, span.end)
        pointers = self._pointers[first:last]
        return _Stretch(
            span,
            mentions,
            frozenset(pointer.sense for pointer in pointers),
            frozenset(
                p.country for p in pointers if p.sense is Sense.COUNTRY and self._vocabulary.is_at(self.text, p.span)
            ),
        )

    def parts(self, clause: Span) -> Iterator[tuple[_Stretch, bool]]:
        """The parts of a clause: cut at commas, and between two projects; each with whether it is an aside."""
        for span in _between_commas(self.text, clause):
            whole = self.stretch(span)
            cuts = list(self._cuts(span)) if len(whole.words) > 1 else []
            if not cuts:
                yield whole, False
                continue
            bounds = [(span.start, False), *cuts, (span.end, False)]
            for (start, is_aside), (end, _) in pairwise(bounds):
                yield self.stretch(Span(start, end)), is_aside

    def _cuts(self, span: Span) -> Iterator[tuple[int, bool]]:
        """Where between two commas the text goes from one project to another, and whether in an aside."""
        joins = [(span.start, False), *self._vocabulary.joins(self.text, span), (span.end, False)]
        last: _Stretch | None = None
        for (start, opens_aside), (end, _) in pairwise(joins):
            here = self.stretch(Span(start, end))
            if here.words:
                if last and self._are_told_apart(last, here) and (opens_aside or not _are_in_one_breath(last, here)):
                    yield start, opens_aside
                last = here

    def best(self, members: Iterable[str], stretch: _Stretch) -> list[str]:
        """Those of the siblings that the stretch describes best."""
        words = {project: stretch.words[project] for project in members if project in stretch.words}
        if any(self.family[project] in self._known_by_place for project in words):
            # One of them is known by its place alone, so that only its place can tell another from it.
            words = {project: own for project, own in words.items() if any(role is Role.WHERE for role, _ in own)}
        best = best_described(words, self.projects)
        return [project for project in best if not any(words[project] < words[other] for other in best)]

    def _are_told_apart(self, before: _Stretch, after: _Stretch) -> bool:
        """Whether two stretches describe different projects."""
        families = {self.family[project] for project in (*before.words, *after.words)}
        one, other = (
            {project for family in families for project in self.best(self.members[family], stretch)}
            for stretch in (before, after)
        )
        return bool(one and other) and one.isdisjoint(other)

    def is_abroad(self, stretch: _Stretch, projects: Sequence[str]) -> bool:
        """Whether it speaks of something in a country in which none of the projects is."""
        if not (stretch.abroad and projects):
            return False
        known = [self._vocabulary.countries_of(self.projects[project].where) for project in projects]
        return all(known) and not stretch.abroad <= frozenset().union(*known)

    def _own(self, mentions: Iterable[Mention]) -> Iterator[Mention]:
        """The mentions, each of those projects only that have a part in the article."""
        for mention in mentions:
            if projects := tuple(project for project in mention.projects if project in self.family):
                yield Mention(span=mention.span, role=mention.role, projects=projects, word=mention.word)


def _are_in_one_breath(before: _Stretch, after: _Stretch) -> bool:
    """Whether an "and" joins names ("the first and the second plant cost 5 bn"), not what is told of them."""
    if before.names(Role.WHO) and after.names(Role.WHO):
        return False
    gap_before = after.span.start - max(mention.span.end for mention in before.mentions)
    gap_after = min(mention.span.start for mention in after.mentions) - after.span.start
    return max(gap_before, gap_after) <= _ONE_BREATH


def _families(mentions: Iterable[Mention]) -> dict[str, str]:
    """The projects that share a name that the article uses, each with the first of its family."""
    families: dict[str, str] = {}
    for named in dict.fromkeys(mention.projects for mention in mentions if mention.role is Role.WHO):
        linked = {families.get(project, project) for project in named}
        head = min(linked)
        families.update({project: head for project, family in families.items() if family in linked})
        families.update(dict.fromkeys(named, head))
    return families


@dataclass(frozen=True, slots=True)
class _Part:
    """A clause, or what stands between two commas of one."""

    stretch: _Stretch
    #: The projects that it names: none where it speaks of something else; None where it leaves them unsaid.
    named: _Projects | None
    #: Said by the way: what follows goes on with what was before.
    is_aside: bool


class _Walk:
    """One way through an article, which remembers what was last spoken of."""

    def __init__(self, cast: _Cast, focus: _Projects = ()) -> None:
        self._cast = cast
        self._focus = focus
        #: What was in focus when the clause began.
        self._topic: _Projects = ()
        #: What was in focus before something else was.
        self._before: _Projects = ()
        #: The last two projects that one sentence told of, in its order.
        self._pair: _Projects = ()
        #: Families, the last named first; before any is named, the first that will be.
        self._recent = list(cast.first_named)

    def through(self, sentence: Sentence) -> Iterator[tuple[Span, _Projects]]:
        """The parts of the next sentence, each with the projects that it speaks of."""
        whole = self._cast.stretch(sentence.span)
        if not self._focus and Sense.FACILITY in whole.senses:
            # After a word on something else "the plant" is again the one that the article is about.
            self._focus = self._before
        told: dict[str, None] = {}
        for clause in sentence.clauses:
            said = self._topic = self._focus
            parts = list(self._parts(clause, whole))
            if parts[0].named is None:
                # "With 50,000 tonnes a year, the plant of BTR …": the clause says only later what it is about.
                said = next((p.named for p in parts if p.named and p.stretch.names(Role.WHO, Role.WHAT)), said)
            for part in parts:
                projects = said if part.named is None else part.named
                # Something else within a sentence on a project is an aside too.
                if not part.is_aside and (projects or not told):
                    said = self._focus = projects
                    self._before = projects or self._before
                told.update(dict.fromkeys(part.named or ()))
                yield part.stretch.span, projects
            if len(told) == _PAIR:
                self._pair = tuple(told)

    def _parts(self, clause: Span, sentence: _Stretch) -> Iterator[_Part]:
        whole = self._cast.stretch(clause)
        for part, is_aside in self._cast.parts(clause):
            named = self._named(part, whole, sentence)
            if named and not is_aside:
                self._focus = named
            yield _Part(part, named, is_aside)

    def _named(self, part: _Stretch, clause: _Stretch, sentence: _Stretch) -> _Projects | None:
        companies = self._companies(part)
        self._recent = [*companies, *(family for family in self._recent if family not in companies)]
        families = companies or self._described(part)[:1]
        if part.senses & {Sense.ALL, Sense.SEVERAL} and (together := self._together(families, part)):
            return together
        best = {family: self._cast.best(self._cast.members[family], part) for family in families}
        if not any(best.values()):
            if self._pair and part.senses & {Sense.FORMER, Sense.LATTER}:
                return self._pair[:1] if Sense.FORMER in part.senses else self._pair[1:]
            if self._cast.is_abroad(
                part, [p for family in families for p in self._cast.members[family]] or self._focus
            ):
                return ()
            if Sense.OTHER in part.senses and not families and not sentence.words:
                return ()
        named: list[str] = []
        for family in families:
            named += self._narrowed(best[family] or self._cast.members[family], clause, sentence)
        return tuple(named) or None

    def _companies(self, part: _Stretch) -> list[str]:
        """The families whose who is named; bystanders are not counted."""
        named = (self._cast.family[mention.projects[0]] for mention in part.mentions if mention.role is Role.WHO)
        return [family for family in dict.fromkeys(named) if family in self._cast.concerned_families]

    def _described(self, part: _Stretch) -> list[str]:
        """The families of which a what or where is named, the likeliest first."""
        described = {self._cast.family[project] for project in part.words}
        in_focus = [self._cast.family[project] for project in self._focus]
        nameless = [project for project in part.words if not self._cast.projects[project].who]
        return [family for family in (*in_focus, *self._recent, *nameless) if family in described]

    def _together(self, families: Sequence[str], part: _Stretch) -> _Projects:
        """The projects that are spoken of as several: siblings, else those that a sentence told of together."""
        for family in families or [self._cast.family[project] for project in self._focus]:
            members = [project for project in self._cast.members[family] if project in self._cast.concerned]
            meant = [project for project in members if project in part.words]
            if len(members) >= _PAIR:
                return tuple(meant if len(meant) >= _PAIR else members)
        return () if families else self._pair

    def _narrowed(self, candidates: Sequence[str], *stretches: _Stretch) -> Sequence[str]:
        """The candidates that the words around speak for, then those in focus, then those that the article concerns."""
        for stretch in stretches:
            candidates = self._cast.best(candidates, stretch) or candidates
        for likely in (self._topic, self._focus, self._cast.concerned):
            if len(candidates) > 1:
                candidates = [project for project in candidates if project in likely] or candidates
        return candidates


def _between_commas(text: Text, clause: Span) -> Iterator[Span]:
    start = clause.start
    for comma in _COMMA.finditer(text.bare, clause.start, clause.end):
        if start < comma.end() < clause.end:
            yield Span(start, comma.end())
            start = comma.end()
    yield Span(start, clause.end)
