"""The cast of an article: its companies and their projects, and what each stretch of the text names of them."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from monitor.core.model import Project
from monitor.core.reading.projects.description import Words, best_described
from monitor.core.reading.projects.mention import Mention, Role, families
from monitor.core.reading.projects.names import DETERMINERS
from monitor.core.reading.projects.pointers import Pointer, Pointers
from monitor.core.reading.projects.senses import Sense
from monitor.core.reading.projects.strangers import Strangers
from monitor.core.reading.projects.stretch import DESCRIBING, NOTHING, Stretch, between_commas
from monitor.core.reading.projects.towns import other_towns
from monitor.core.reading.text.document import Document, Span

#: The number of sentences at the beginning of an article that name what it is about.
_LEAD = 3
_WORD = re.compile(r"\w+")
#: Names at most this many characters before and after an "and" are named together.
_ONE_BREATH = 14
#: The most words that qualify the plant that an "and" adds: "and its new assembly plant in".
_QUALIFIERS = 2
#: This many words after a name say something about it.
_TOLD = 2
#: The most characters between "beside" and the thing that something else stands next to.
_BESIDE = 8
#: The most characters between an "and" and a word such as "another": then the plant that it introduces is another.
_ANOTHER = 20


class Cast:
    """Who and what appears in the article: its companies, and the projects of each."""

    def __init__(
        self,
        document: Document,
        mentions: Sequence[Mention],
        concerned: Sequence[str],
        projects: Mapping[str, Project],
        pointers: Sequence[Pointer],
        *,
        vocabulary: Pointers,
    ) -> None:
        self.concerned = concerned
        self.projects = projects
        #: For each project in the article, the first of its family: of the projects that share a name that the article
        #: uses.
        self.family = {project: project for project in concerned} | families(mentions)
        self.members: dict[str, list[str]] = defaultdict(list)
        for project, family in self.family.items():
            self.members[family].append(project)
        #: The families with a project that the article concerns. The others are customers and bystanders.
        self.concerned_families = {self.family[project] for project in concerned}
        self._known_by_place = {self.family[project] for project in concerned if not projects[project].what}
        self.text = document.text
        self._pointers = vocabulary.beside(document.text, pointers)
        self._pointer_starts = [pointer.span.start for pointer in self._pointers]
        #: Countries whose adjectives say where a company or government is from: "the Chinese plant" is then the
        #: company's.
        kept = set(self._pointers)
        self._nations = {p.country for p in pointers if p.sense is Sense.ADJECTIVE and p not in kept}
        self._vocabulary = vocabulary
        self._mentions = list(self._own(mentions))
        self._mention_starts = [mention.span.start for mention in self._mentions]
        self._stretches: dict[Span, Stretch] = {}
        abroad = [p for p in self._pointers if p.sense is not Sense.TOWN and self._is_foreign(p.country, concerned)]
        own = [projects[project] for project in concerned]
        are_known = all(projects[project].who for project in concerned)
        self._strangers = Strangers(
            document,
            self._pointers,
            # A builder of something else that is watched is as much a stranger as any other.
            [m for m in self._mentions if not self.concerned_families.isdisjoint(map(self.family.get, m.projects))],
            vocabulary,
            abroad,
            towns=other_towns(document, self._mentions, self._pointers, own, vocabulary),
            are_known=are_known,
            are_described=all(projects[project].what for project in concerned),
        )
        #: The family that the article names first, if the article begins with it; otherwise empty.
        self.first_named = [
            family
            for family in [self.family[mention.projects[0]] for mention in mentions if mention.role is Role.WHO][:1]
            if self._begins_with(family, document)
        ]

    def _begins_with(self, family: str, document: Document) -> bool:
        """Whether one of the first sentences names a family, or both the what and the where of one of its projects."""
        return any(
            any(mention.role is Role.WHO and self.family[mention.projects[0]] == family for mention in here.mentions)
            or any(len({role for role, _ in here.words.get(project, ())}) > 1 for project in self.members[family])
            for here in (self.stretch(sentence.span) for sentence in document.sentences[:_LEAD])
        )

    def stretch(self, span: Span) -> Stretch:
        """The stretch for a span of the text, cached."""
        # A sentence often has only one clause, and that only one part.
        if (stretch := self._stretches.get(span)) is None:
            stretch = self._stretches[span] = self._stretch(span)
        return stretch

    def _stretch(self, span: Span) -> Stretch:
        first, last = bisect_left(self._mention_starts, span.start), bisect_left(self._mention_starts, span.end)
        mentions = [mention for mention in self._mentions[first:last] if mention.span.end <= span.end]
        first, last = bisect_left(self._pointer_starts, span.start), bisect_left(self._pointer_starts, span.end)
        pointers = self._pointers[first:last]
        senses = frozenset([pointer.sense for pointer in pointers]) if pointers else NOTHING
        return Stretch(
            span,
            list(_but_beside(mentions, pointers)) if Sense.BESIDE in senses else mentions,
            senses,
            frozenset([p.country for p in pointers if p.country and self._says_where(p)]) if pointers else NOTHING,
            is_on_stranger=self._strangers.within(span),
        )

    def _says_where(self, country: Pointer) -> bool:
        """Whether the text says that something is in a country: "in Hungary", "their Hungarian plant"."""
        if country.sense is Sense.COUNTRY:
            return self._vocabulary.is_at(self.text, country.span) or self._is_beside_facility(country.span, words=0)
        is_whence = country.country in self._nations
        return country.sense is Sense.ADJECTIVE and not is_whence and self._is_beside_facility(country.span, words=1)

    def _is_beside_facility(self, word: Span, *, words: int) -> bool:
        """Whether a facility stands next to a word, with at most ``words`` words between; if 0, not even a space."""
        index = bisect_left(self._pointer_starts, word.start)
        around = [p.span for p in self._pointers[max(0, index - 1) : index + 2] if p.sense is Sense.FACILITY]
        gaps = [Span(min(word.end, noun.end), max(word.start, noun.start)) for noun in around]
        if not words:
            return any(gap == Span(word.end, word.end) for gap in gaps)
        return any(len(_WORD.findall(self.text.bare, *gap)) <= words for gap in gaps)

    def is_on_actor(self, span: Span) -> bool:
        """Whether the span is about somebody who is named once, and not about their plant."""
        return self._strangers.is_on_actor(span)

    def goes_on(self, span: Span) -> bool:
        """Whether the span begins with a word that continues what was told before: "it", "its"."""
        return self._vocabulary.goes_on(self.text, span.start)

    def parts(self, clause: Span) -> Iterator[tuple[Stretch, bool]]:
        """The parts of a clause, cut at commas and between two projects; each with whether it is an aside."""
        for span in between_commas(self.text, clause):
            whole = self.stretch(span)
            cuts = list(self._cuts(span)) if len(whole.words) > 1 or len(self._companies(whole)) > 1 else []
            asides = [*self._strangers.asides(span), *(self._others(span) if Sense.OTHER in whole.senses else ())]
            cuts = sorted([*cuts, *((start, True) for start in asides)]) if asides else cuts
            if not cuts:
                yield whole, self._is_aside(whole)
                continue
            bounds = [(span.start, False), *cuts, (span.end, False)]
            for (start, is_aside), (end, _) in pairwise(bounds):
                yield self.stretch(Span(start, end)), is_aside

    def _others(self, span: Span) -> Iterator[int]:
        """Where an "and" introduces another plant: "invested $40 million and has another plant in Pilar"."""
        starts = [p.span.start for p in self._pointers if p.sense is Sense.OTHER and span.contains(p.span)]
        for start, opens_aside in self._vocabulary.joins(self.text, span):
            # In a script without spaces, the sign may be only part of a word.
            is_word = self.text.bare[start - 1 : start].isspace() and not opens_aside
            if is_word and any(0 < at - start <= _ANOTHER for at in starts):
                yield start

    def _is_aside(self, part: Stretch) -> bool:
        """Whether everything that a part names follows a word such as "after" or "for" within it."""
        if not part.words or part.mentions[0].span.start == part.span.start:
            return False
        before = Span(part.span.start, part.mentions[0].span.start)
        joins = self._vocabulary.joins(self.text, before)
        asides = [start for start, opens_aside in joins if opens_aside]
        asides += self._vocabulary.obliques(self.text, before)
        return any(self.text.bare[before.start : start].strip() for start in asides)

    def _cuts(self, span: Span) -> Iterator[tuple[int, bool]]:
        """Where, between two commas, the text changes from one project to another, and whether in an aside."""
        joins = [(span.start, False), *self._vocabulary.joins(self.text, span), (span.end, False)]
        last: Stretch | None = None
        for (start, opens_aside), (end, _) in pairwise(joins):
            here = self.stretch(Span(start, end))
            if last and self._goes_on_with_another(last, here):
                yield start, opens_aside
                last = here
            elif here.words or (last is None and here.names(Role.WHO)):
                if (
                    last
                    and self._are_told_apart(last, here)
                    and (opens_aside or not self._are_in_one_breath(last, here))
                ):
                    yield start, opens_aside
                last = here

    def _companies(self, stretch: Stretch) -> set[str]:
        """The families that the article concerns and whose who the stretch names."""
        named = {self.family[m.projects[0]] for m in stretch.mentions if m.role is Role.WHO}
        return named & self.concerned_families

    def _goes_on_with_another(self, before: Stretch, after: Stretch) -> bool:
        """Whether an "and" continues with another company and says something else about it: "A opens and B closes".

        False if it joins two names: "A and B open".
        """
        one, other = self._companies(before), self._companies(after)
        if not (one and other) or not one.isdisjoint(other):
            return False
        names = [m.span for m in before.mentions if m.role is Role.WHO]
        follows = next(m.span.start for m in after.mentions if m.role is Role.WHO)
        start = self._vocabulary.behind_join(self.text, after.span.start)
        told = _WORD.findall(self.text.bare, names[-1].end, before.span.end)
        return len(told) >= _TOLD and not self.text.bare[start:follows].strip(" \"'«»“”")

    def _are_in_one_breath(self, before: Stretch, after: Stretch) -> bool:
        """Whether an "and" joins names ("the first and the second plant cost 5 bn"), not what is said about them.

        In "It opens Lille and closes Rennes" the second has its own verb.
        """
        if before.names(Role.WHO) and after.names(Role.WHO):
            return False
        gap_before = after.span.start - self._end_of_plant(max(mention.span.end for mention in before.mentions))
        join = Span(after.span.start, min(mention.span.start for mention in after.mentions))
        is_near = join.end - join.start <= _ONE_BREATH and not self._says_something(join)
        return gap_before <= _ONE_BREATH and (is_near or self._adds_plant(join))

    def _adds_plant(self, join: Span) -> bool:
        """Whether an "and" is followed only by another plant, up to its name: "and its assembly plant in"."""
        first, last = bisect_left(self._pointer_starts, join.start), bisect_left(self._pointer_starts, join.end)
        nouns = [pointer.span for pointer in self._pointers[first:last] if pointer.sense is Sense.FACILITY]
        words = [Span(*word.span()) for word in _WORD.finditer(self.text.bare, *join)][1:]
        if not (nouns and words):
            return False
        determiner, *qualifiers = [word for word in words if word.start < nouns[0].start] or [join]
        behind = [word for word in words if word.start > nouns[-1].end]
        return (
            self._determines(determiner)
            and len(qualifiers) <= _QUALIFIERS
            and not any(map(self._determines, qualifiers))
            and all(self._vocabulary.is_small(self.text, word) for word in behind)
        )

    def _determines(self, word: Span) -> bool:
        return self._vocabulary.small(self.text.bare[slice(*word)]) in DETERMINERS

    def _says_something(self, join: Span) -> bool:
        """Whether other words than articles, "of" and words for a plant stand between an "and" and a name."""
        first, last = bisect_left(self._pointer_starts, join.start), bisect_left(self._pointer_starts, join.end)
        nouns = {pointer.span.start for pointer in self._pointers[first:last]}
        start = self._vocabulary.behind_join(self.text, join.start)
        words = [Span(*word.span()) for word in _WORD.finditer(self.text.bare, start, join.end)]
        return any(word.start not in nouns and not self._vocabulary.is_small(self.text, word) for word in words)

    def is_relative(self, stretch: Stretch) -> bool:
        """Whether a stretch continues what was just named: "which opened in May"."""
        return self._vocabulary.is_relative(self.text, stretch.span.start)

    def near(self, projects: Iterable[str]) -> set[str]:
        """The projects that share a place with one of these."""
        places = {place for project in projects for place in self.projects[project].where}
        return {project for project in self.family if not places.isdisjoint(self.projects[project].where)}

    def words_of(self, family: str, stretch: Stretch) -> Words:
        """The words for what and where in a stretch, for all projects of a family."""
        return frozenset().union(*(stretch.words.get(project, frozenset()) for project in self.members[family]))

    def best(self, members: Iterable[str], stretch: Stretch) -> list[str]:
        """The siblings that the stretch describes best."""
        words = {project: stretch.words[project] for project in members if project in stretch.words}
        if self._known_by_place and any(self.family[project] in self._known_by_place for project in words):
            # One of them is known only by its place, so only places distinguish them.
            words = {project: own for project, own in words.items() if any(role is Role.WHERE for role, _ in own)}
        if len(words) <= 1:
            return list(words)
        best = best_described(words, self.projects)
        return [project for project in best if not any(words[project] < words[other] for other in best)]

    def are_joined(self, siblings: Sequence[str], stretch: Stretch) -> bool:
        """Whether an "and" joins words of one of the siblings to words of another: the German and the Polish plant."""
        own = [
            (mention.span, named.pop())
            for mention in stretch.mentions
            if len(named := set(siblings).intersection(mention.projects)) == 1
        ]
        joined = [(one, other) for one, other in pairwise(own) if one[1] != other[1]]
        return {project for pair in joined for _, project in pair} == set(siblings) != set() and all(
            self._is_and(Span(before.end, after.start)) for (before, _), (after, _) in joined
        )

    def _is_and(self, between: Span) -> bool:
        """Whether two names are separated only by a word such as "and", with an article or another plant."""
        between = Span(min(between.end, self._end_of_plant(between.start)), between.end)
        joins = [start for start, opens_aside in self._vocabulary.joins(self.text, between) if not opens_aside]
        is_near = between.end - between.start <= _ONE_BREATH
        return bool(joins) and (is_near or (len(joins) == 1 and self._adds_plant(Span(joins[0], between.end))))

    def _end_of_plant(self, name: int) -> int:
        """Where the plant after a name ends: the *Polish* assembly plant. The end of the name if no plant follows."""
        first = bisect_left(self._pointer_starts, name)
        behind = self._pointers[first : bisect_left(self._pointer_starts, name + _ONE_BREATH, lo=first)]
        return max([name, *(pointer.span.end for pointer in behind if pointer.sense is Sense.FACILITY)])

    def _are_told_apart(self, before: Stretch, after: Stretch) -> bool:
        """Whether two stretches describe different projects."""
        described = {self.family[project] for project in (*before.words, *after.words)}
        one, other = (
            {project for family in described for project in self.best(self.members[family], stretch)}
            for stretch in (before, after)
        )
        return bool(one and other) and one.isdisjoint(other)

    def is_abroad(self, stretch: Stretch, projects: Sequence[str]) -> bool:
        """Whether a stretch is about something in a country that none of the projects is in."""
        return any(self._is_foreign(country, projects) for country in stretch.abroad)

    def _is_foreign(self, country: str, projects: Sequence[str]) -> bool:
        """Whether none of the projects is in a country. False unless the country of every project is known."""
        if not (country and projects):
            return False
        known = [self._vocabulary.countries_of(self.projects[project].where) for project in projects]
        return all(known) and country not in frozenset().union(*known)

    def _own(self, mentions: Sequence[Mention]) -> Iterator[Mention]:
        """The mentions, each reduced to projects that take part in the article.

        Leaves out the steel in "Ganga Steel" and the country in "US tariffs".
        """
        names = [mention.span for mention in mentions if mention.role is Role.WHO]
        for mention in mentions:
            if mention.role is Role.WHAT and _is_in_name(mention.span, names):
                continue
            projects = tuple([project for project in mention.projects if project in self.family])
            if not projects or (mention.role is Role.WHERE and self._vocabulary.is_market(self.text, mention.span)):
                continue
            yield Mention(span=mention.span, role=mention.role, projects=projects, word=mention.word)


def _but_beside(mentions: Sequence[Mention], pointers: Sequence[Pointer]) -> Iterator[Mention]:
    """The mentions, without what a described thing stands next to: "the terminal next to the refinery"."""
    beside = [pointer.span.end for pointer in pointers if pointer.sense is Sense.BESIDE]
    described = next((mention.span.end for mention in mentions if mention.role in DESCRIBING), beside[-1])
    for mention in mentions:
        if mention.role is not Role.WHAT or not any(
            described <= end and 0 <= mention.span.start - end <= _BESIDE for end in beside
        ):
            yield mention


def _is_in_name(span: Span, names: Sequence[Span]) -> bool:
    """Whether the last of ``names``, in text order, that begins at or before a span contains it."""
    index = bisect_right(names, span.start, key=_begin)
    return index > 0 and names[index - 1].contains(span)


def _begin(span: Span) -> int:
    return span.start
