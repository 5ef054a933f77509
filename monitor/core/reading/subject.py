"""The gate on the subject: lets through only what an article tells of the project, whatever reader read it. Pure.

A claim needs the project as its subject. Its company is named in the article, and the project in the sentence, or the
text still speaks of it there. What does not pass is not dropped, as the other company may be a partner. It is doubtful:
it alerts nobody by itself and can be reviewed.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import takewhile
from typing import TypeVar

from monitor.core.lifecycle import Condition
from monitor.core.model import Article, Claim, Fact, Objection, ObjectionKind, Project, Reading, Said, State
from monitor.core.reading.layout import Layout, Surveyor
from monitor.core.reading.lexicon import Tone
from monitor.core.reading.projects.doubts import DOUBTFUL, Doubts
from monitor.core.reading.projects.forms import Finder, forms
from monitor.core.reading.projects.matching import Mention, MentionRole
from monitor.core.reading.projects.names import Names
from monitor.core.reading.projects.pointers import Pointer, Pointers, Sense, Small
from monitor.core.reading.text.text import Sentence, Span, Text
from monitor.core.reading.text.tokens import Tokens

# Adjectives that say where a project is: "its German factory", "German cells", "l'usine tangéroise" -------------------


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
    products = [Pointer(mention.span, Sense.FACILITY) for mention in mentions if mention.role is MentionRole.WHAT]
    countries = {name: vocabulary.countries_of(project.where) for name, project in projects.items()}
    for pointer in vocabulary.beside(text, found, products):
        there = tuple(name for name in projects if pointer.country in countries[name])
        if pointer.sense is Sense.ADJECTIVE and there:
            yield Mention(span=pointer.span, role=MentionRole.WHERE, projects=there, word=pointer.country)


def _of_towns(text: Text, projects: Mapping[str, Project], vocabulary: Pointers) -> Iterator[Mention]:
    """The adjectives of towns and regions, anywhere in the text."""
    there: dict[str, list[str]] = defaultdict(list)
    for name, project in projects.items():
        for place in project.where:
            there[place].append(name)
    for place, own in there.items():
        pattern = vocabulary.adjective_of(place)
        for match in pattern.finditer(text.bare) if pattern else ():
            yield Mention(span=Span(*match.span()), role=MentionRole.WHERE, projects=tuple(own), word=place)


#: What ends or halts a project.
_ENDING = frozenset({Condition.CANCELLED, Condition.SUSPENDED, Condition.CLOSED})
_COMMA = re.compile(r"[,\u3001\u060c\uff0c](?:(?<=[\u060c\uff0c])|(?!\d))")
#: What ends a question, and what may stand behind it.
_ASKING, _CLOSING = ("?", "؟", "？"), " \u00a0\u202f\"'»”’」』)"
#: Words that count plants without telling them apart, or turn to those of others.
_NOBODYS = frozenset({Sense.MANY, Sense.ELSEWHERE, Sense.RIVAL})
#: Words that make several plants known ones: both, the two.
_KNOWN = frozenset({Sense.SEVERAL, Sense.ALL, Sense.FIRST_TWO})
#: The fewest words of a name that nothing else has: a single one may be a product.
_PROPER = 2
_S = TypeVar("_S", Claim, Fact)


class SubjectGate:
    """Doubts what is not told of its project. Build it once for a configuration; safe to share."""

    def __init__(self, surveyor: Surveyor) -> None:
        self._surveyor = surveyor
        self._projects = surveyor.projects

    @cached_property
    def _plants(self) -> Finder[str]:
        """The names of plants that are unmistakable without their company. Most commands read nothing."""
        names = ((project, name) for project in self._projects.values() for name in _proper_names(project))
        return Finder({form: project.id for project, name in names for form in forms(name, inflected=False)})

    def applied(self, article: Article, reading: Reading) -> Reading:
        """The reading after the gate.

        What does not pass gets an objection, and a confidence of at most ``DOUBTFUL``. A project that is not
        named is left out of an article that names the company of another watched one.
        """
        # Most articles concern nothing: no vocabulary is compiled for them.
        layout = self._surveyor.lay_out(article) if reading.projects else None
        if layout is None:
            return reading
        plants = [
            Mention(span, MentionRole.WHO, (plant,), plant) for span, plant in self._plants.find(layout.document.text)
        ]
        subjects = _Subjects(layout, plants, self._surveyor, about=reading.projects)
        return replace(
            reading,
            projects=tuple(project for project in reading.projects if not subjects.is_left_out(project)),
            claims=tuple(_passed(reading.claims, subjects)),
            facts=tuple(_passed(reading.facts, subjects)),
        )


def _passed(said: Iterable[_S], subjects: "_Subjects") -> Iterator[_S]:
    for each in said:
        if subjects.is_left_out(each.project):
            continue
        objection = subjects.objection(each)
        doubtful = min(each.confidence, DOUBTFUL)
        yield each if objection is None else replace(each, confidence=doubtful, objection=objection)


def _proper_names(project: Project) -> Iterator[str]:
    """What only this plant is called: Noor Midelt, not "cathode plant" or "LFP"."""
    for name in (*project.name.values(), *project.what):
        words = name.split()
        if len(words) >= _PROPER and all(word[:1].isupper() and not word.isupper() for word in words):
            yield name


class _Subjects:
    """What each sentence of an article is about."""

    def __init__(
        self,
        layout: Layout,
        plants: Sequence[Mention],
        surveyor: Surveyor,
        *,
        about: Iterable[str],
    ) -> None:
        """Follow an article.

        Args:
            layout: the article.
            plants: the unmistakable names of plants in it, as words for who.
            surveyor: has laid it out.
            about: the projects that it was read to concern.
        """
        document, pointers, projects = layout.document, layout.pointers, surveyor.projects
        lexicon = surveyor.lexicons[document.language]
        vocabulary, found = lexicon.focus, (*layout.mentions, *plants)
        possible = surveyor.matcher.possible(found)
        mentions = with_adjectives(document.text, pointers, found, projects, possible, vocabulary=vocabulary)
        self._document, self._lexicon, self._vocabulary = document, lexicon, vocabulary
        self._about = {project: projects[project] for project in about}
        self._mentions = [mention for mention in mentions if mention.role is not MentionRole.NOT]
        self._names = Names(document, pointers, self._mentions, vocabulary)
        #: The projects whose company or plant the article names.
        self._named_in_article = {p for mention in found if mention.role is MentionRole.WHO for p in mention.projects}
        self._doubts = Doubts(
            document,
            self._mentions,
            pointers,
            projects=self._about.values(),
            purposes=lexicon.purposes,
            focus=vocabulary,
        )

    def is_left_out(self, project: str) -> bool:
        """Whether an article that names the company of another watched project does not name a project."""
        return self._is_unnamed(project) and bool(self._named_in_article)

    def _is_unnamed(self, project: str) -> bool:
        return bool(self._about[project].who) and project not in self._named_in_article

    def objection(self, said: Said) -> Objection | None:
        """The first reason why something is most likely not told of its project. None if there is none."""
        at = self._place(said)
        kind = next(self._objections(said, at), None)
        if kind is None:
            return None
        is_on_other = kind in {ObjectionKind.UNNAMED, ObjectionKind.OTHER_PLANT}
        return Objection(kind, self._stranger(at) if is_on_other else "")

    def _objections(self, said: Said, at: Span | None) -> Iterator[ObjectionKind]:
        if self._is_unnamed(said.project):
            yield ObjectionKind.UNNAMED
        if at is not None:
            sentence = self._document.sentences[next(self._document.sentences_at([at]))]
            yield from self._to_whose(said.project, at, sentence)
            if isinstance(said, Claim):
                yield from self._to_claim(said, at, sentence)

    def _to_whose(self, project: str, at: Span, sentence: Sentence) -> Iterator[ObjectionKind]:
        """Objections to words at a place as words about a project."""
        here = self._named(sentence.span)
        if project not in here and any(MentionRole.WHO in roles for roles in here.values()):
            yield ObjectionKind.OTHER_PROJECT
        if MentionRole.WHAT not in here.get(project, ()) and any(
            MentionRole.WHAT in here.get(sibling, ()) for sibling in self._siblings(project)
        ):
            yield ObjectionKind.OTHER_PROJECT
        if self._doubts.are_told(at):
            yield ObjectionKind.OTHER_PLANT
        if self._doubts.are_elsewhere(at, project):
            yield ObjectionKind.ELSEWHERE
        if MentionRole.WHO not in here.get(project, ()):
            # The company is named after a headline at the earliest in the lead.
            lead = self._document.sentences[self._document.opening] if sentence.is_title else sentence
            if self._about[project].who and not self._is_named_before(project, lead.span.end):
                yield ObjectionKind.UNNAMED
            if kind := self._carried_on(project, sentence):
                yield kind
        if self._is_general(at, project, sentence):
            yield ObjectionKind.NOBODYS

    def _siblings(self, project: str) -> Iterator[str]:
        """The other projects of its company."""
        own = self._about[project]
        for other in self._about.values():
            if other.id != project and set(other.who) & set(own.who):
                yield other.id

    def _carried_on(self, project: str, sentence: Sentence) -> ObjectionKind | None:
        """The objection to the last sentence before this one that names a project, or to what follows that one."""
        sentences = self._document.sentences
        if self._is_mentioned(project, sentence.span):
            return None
        for before in sentences[sentences.index(sentence) - 1 : 0 : -1]:
            if any(map(self._doubts.are_told, before.clauses)):
                return ObjectionKind.OTHER_PLANT
            if any(self._doubts.are_elsewhere(clause, project) for clause in before.clauses):
                return ObjectionKind.ELSEWHERE
            if self._is_mentioned(project, before.span):
                break
        return None

    def _to_claim(self, claim: Claim, at: Span, sentence: Sentence) -> Iterator[ObjectionKind]:
        """Objections to what is said to end, halt or come."""
        is_end, is_expected = claim.stage in _ENDING, claim.state is State.EXPECTED
        if is_expected and ((is_end and claim.date is None) or self._is_supposed(at, sentence.span)):
            yield ObjectionKind.SUPPOSED
        if (is_expected or (is_end and sentence.is_title)) and self._is_asked:
            yield ObjectionKind.SUPPOSED
        titles = [each.span for each in self._document.sentences if each.is_title]
        if is_end and not any(claim.project in self._named(span) for span in (sentence.span, *titles)):
            yield ObjectionKind.NOT_IN_SENTENCE

    def _place(self, said: Said) -> Span | None:
        """Where it is told. None if its sentence is not in the article."""
        text = self._document.text
        if said.span is not None:
            return Span(*map(text.folded, said.span))
        return self._by_quote.get(said.evidence)

    @cached_property
    def _by_quote(self) -> Mapping[str, Span]:
        return {self._document.quote(sentence.span): sentence.span for sentence in self._document.sentences}

    def _named(self, span: Span) -> Mapping[str, set[MentionRole]]:
        """What a stretch names of each project. A whole country names none: it has many plants."""
        found: dict[str, set[MentionRole]] = defaultdict(set)
        for mention in self._mentions:
            is_country = mention.role is MentionRole.WHERE and self._vocabulary.countries_of([mention.word])
            if span.overlaps(mention.span) and not is_country:
                for project in mention.projects:
                    found[project].add(mention.role)
        return found

    def _is_named_before(self, project: str, end: int) -> bool:
        return any(m.span.start < end for m in self._mentions if m.role is MentionRole.WHO and project in m.projects)

    def _is_supposed(self, at: Span, sentence: Span) -> bool:
        """Whether something stands in a sentence that begins with a word such as "if"."""
        tokens = self._tokens
        first, last = bisect_left(tokens.starts, sentence.start), bisect_left(tokens.starts, sentence.end)
        return any(
            cue.value is Tone.UNREAL and cue.start <= first + 1 and tokens.starts[cue.start] < at.end
            for cue in self._lexicon.cues.within(tokens, first, last)
        )

    @cached_property
    def _is_asked(self) -> bool:
        """Whether the headline is a question."""
        titles = [each.span for each in self._document.sentences if each.is_title]
        return any(self._document.quote(title).rstrip(_CLOSING).endswith(_ASKING) for title in titles)

    @cached_property
    def _tokens(self) -> Tokens:
        return self._lexicon.tokens(self._document.text, [mention.span for mention in self._mentions])

    def _is_mentioned(self, project: str, span: Span) -> bool:
        """Whether a stretch has any word of a project, its country included."""
        return any(span.overlaps(mention.span) for mention in self._mentions if project in mention.projects)

    def _is_general(self, at: Span, project: str, sentence: Sentence) -> bool:
        """Whether the words are about plants that the text does not tell apart.

        They are not if the company is named with them or after them: "three plants, among them that of Norvik".
        """
        part = self._part(at, sentence)
        if MentionRole.WHO in self._named(Span(part.start, sentence.span.end)).get(project, ()):
            return False
        pointers = self._names.pointing(part)
        senses = {pointer.sense for pointer in pointers}
        plants = [pointer.span for pointer in pointers if pointer.sense is Sense.FACILITY]
        if senses & _KNOWN or not plants:
            return False
        if senses & _NOBODYS:
            return True
        countries = self._vocabulary.countries_of(self._about[project].where)
        is_abroad = any(p.sense is Sense.COUNTRY and p.country not in countries for p in pointers)
        return all(self._is_plural(plant) and (is_abroad or not self._is_known(plant, part)) for plant in plants)

    def _part(self, at: Span, sentence: Sentence) -> Span:
        """The part of a clause, between two commas, in which words begin."""
        parts = (part for clause in sentence.clauses for part in _between_commas(self._document.text, clause))
        return next((part for part in parts if at.start < part.end), sentence.span)

    def _is_plural(self, plant: Span) -> bool:
        return self._document.text.bare[plant.start : plant.end] in self._vocabulary.plurals

    def _is_known(self, plant: Span, part: Span) -> bool:
        """Whether an article or "its" makes the plants those that the text speaks of."""
        _, said = self._names.determined(plant.start, part.start)
        return bool(said & {Small.ARTICLE, Small.OWN}) or self._names.small(plant.start) is Small.ARTICLE

    def _stranger(self, at: Span | None) -> str:
        """The company that the sentence is about, as published. "" if none is found."""
        sentences = [] if at is None else [self._document.sentences[next(self._document.sentences_at([at]))]]
        for sentence in (*sentences, *(each for each in self._document.sentences if each.is_title)):
            words = self._names.words(*sentence.clauses[0])
            start = next((word for word in words[:3] if self._names.is_foreign_subject(word)), None)
            if start is None:
                continue
            name = [*takewhile(self._document.text.is_capital, words[words.index(start) :])]
            stranger = Span(start, self._names.end((name or [start])[-1]))
            if not self._is_place(stranger):
                return self._document.text.quote(*stranger)
        return ""

    def _is_place(self, name: Span) -> bool:
        """Whether a name is that of a town or country, or something is said to be in it anywhere in the article."""
        bare = self._document.text.bare
        words, length = bare[name.start : name.end], name.end - name.start
        told = (start for start in self._names.words(0, len(bare)) if bare.startswith(words, start))
        return self._names.points(name.start, Sense.TOWN, Sense.COUNTRY) or any(
            self._vocabulary.is_at(self._document.text, Span(start, start + length)) for start in told
        )


def _between_commas(text: Text, clause: Span) -> Iterator[Span]:
    start = clause.start
    for comma in _COMMA.finditer(text.bare, clause.start, clause.end):
        if start < comma.end() < clause.end:
            yield Span(start, comma.end())
            start = comma.end()
    yield Span(start, clause.end)
