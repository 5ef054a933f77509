"""Actors: companies and places that a clause is about and that belong to none of the projects."""

from collections.abc import Iterator
from itertools import dropwhile, islice

from monitor.core.reading.projects.mention import Role
from monitor.core.reading.projects.names import DETERMINERS, Names, part_around
from monitor.core.reading.projects.pointers import Pointers
from monitor.core.reading.projects.senses import Sense, Small
from monitor.core.reading.text.document import Document, Sentence, Span

#: The most words before the name: "But last year Intel …".
_OPENING = 3
#: The most words in a place that opens a clause: "In the same port,".
_PLACE = 5
#: The most characters between "by" and the name of somebody who does something.
_NEAR = 25


class Actors:
    """Finds clauses that begin with the name of somebody else and are only about them.

    Somebody who was named before next to a project works on it (a contractor, a ministry) and does not count. Neither
    does somebody who says something, or who does something to "the plant". Works only in a language that lists the
    words that open its sentences.
    """

    def __init__(self, document: Document, names: Names, vocabulary: Pointers, *, are_known: bool) -> None:
        """Scan an article, with its names and the vocabulary that they come from.

        ``are_known``: the builder of every project is configured, so that any other builder is somebody else.
        """
        self._names = names
        self._text = document.text
        self._vocabulary = vocabulary
        self._strange: set[str] = set()
        self._met: set[str] = set()
        #: Sentences not yet searched for names at work; searched on demand, because few articles need it.
        self._unsought: list[Sentence] = []
        #: Where these clauses begin to be about others.
        found: list[int] = []
        if any(pointer.sense is Sense.NATIONAL for pointer in names.pointers):
            found += [start for sentence in document.sentences for start in self._nationals(sentence)]
        #: The words such as "after" that introduce such a clause, each up to the name after it.
        self.asides: list[Span] = []
        if vocabulary.knows_openers:
            found += [start for sentence in document.sentences for start in self._in_sentence(sentence)]
            self.asides += [aside for s in document.sentences for aside in self._asides(s)]
        if are_known:
            behind = document.sentences[document.opening + 1 :]
            found += [start for sentence in behind for start in self._theirs(sentence, behind[0].span.start)]
        self.found = sorted([*found, *(aside.end for aside in self.asides)])

    def _theirs(self, sentence: Sentence, lead: int) -> Iterator[int]:
        """Where a sentence is about the plant of a company that the lead, which ends at ``lead``, does not name."""
        for name in self._vocabulary.theirs(self._text, sentence.span):
            part = part_around(self._text, name.start, sentence.span)
            is_met = self._text.bare.find(self._text.bare[name.start : name.end], 0, lead) >= 0
            if not (is_met or self._names.is_at_home(part)):
                yield name.start

    def _nationals(self, sentence: Sentence) -> Iterator[int]:
        """Where a part of a sentence begins with "the French Eralit": a company whose name is not that of a project."""
        for pointer in self._names.pointing(sentence.span) if not sentence.is_title else ():
            if pointer.sense is not Sense.NATIONAL:
                continue
            part = part_around(self._text, pointer.span.start, sentence.span)
            before, behind = (self._names.words(*span) for span in _around(pointer.span, part))
            if (
                len(before) <= _OPENING
                and behind
                and self._names.is_strange(behind[0])
                and not any(map(self._names.is_link, before[-2:]))
                and self._tells_of_it_alone(part)
            ):
                yield pointer.span.start

    def _asides(self, sentence: Sentence) -> Iterator[Span]:
        """Where a sentence continues with "after Northcell": a name that the article contains nowhere else."""
        for clause in sentence.clauses if not sentence.is_title else ():
            for word in self._vocabulary.subordinates(self._text, clause):
                part = Span(word.start, part_around(self._text, word.end, clause).end)
                if self._names.is_named_once(word.end) and self._tells_of_it_alone(part):
                    yield word

    def _in_sentence(self, sentence: Sentence) -> Iterator[int]:
        is_strange = False
        for clause in sentence.clauses if not sentence.is_title else ():
            actor = self._actor(clause) if self._text.has_capital(clause.start, clause.end) else None
            if actor is not None and self._tells_of_it_alone(clause) and not self._is_at_work(actor):
                is_strange = True
                self._strange.add(self._names.word(actor))
                yield actor
        if not is_strange:
            self._unsought.append(sentence)

    def _is_at_work(self, actor: int) -> bool:
        """Whether the name that begins there appeared before next to a project, and not as a stranger's."""
        while self._unsought:
            self._met.update(self._at_work(self._unsought.pop()))
        word = self._names.word(actor)
        return word in self._met and word not in self._strange

    def _at_work(self, sentence: Sentence) -> Iterator[str]:
        """The names in a sentence by or with whom something is done, and of those who say something."""
        for clause in sentence.clauses:
            smalls = list(self._names.smalls(clause))
            if any(small is Small.SAYING for _, small in smalls):
                yield from self._names.capitals(clause)
            for start, small in smalls:
                if small is Small.OBLIQUE:
                    yield from self._names.capitals(Span(start, min(start + _NEAR, clause.end)))

    def _actor(self, clause: Span) -> int | None:
        """Where the strange name begins that opens a clause, possibly after "in the same port," or "its partner".

        If the name follows such a word for a company, the clause counts only if it is about "its plant" or "a plant":
        "the contractor Vinsa" builds the plant that was mentioned before.
        """
        opening = islice(self._names.smalls(Span(self._behind_place(clause), clause.end)), _OPENING + 1)
        words = list(dropwhile(lambda word: word[1] is Small.OPENER, opening))
        called = [*dropwhile(lambda word: word[1] in DETERMINERS, words)][:2]
        if len(called) > 1 and self._names.points(called[0][0], Sense.OWNER):
            words = called[1:] if self._is_on_another(clause) else []
        first, small = next(iter(words), (0, Small.OPENER))
        return first if small is None and self._names.is_strange_subject(first) else None

    def _is_on_another(self, clause: Span) -> bool:
        """Whether a clause is about "its plant" or "a plant"."""
        nouns = (p.span for p in self._names.pointing(clause) if p.sense is Sense.FACILITY)
        return any(
            Small.INTRODUCING in self._names.determined(noun.start, clause.start)[1] or self._is_of_its(noun.end)
            for noun in nouns
        )

    def _behind_place(self, clause: Span) -> int:
        """Where a clause continues after the place that opens it, if the place belongs to no project."""
        if not self._names.is_at(clause):
            return clause.start
        first = part_around(self._text, clause.start, clause)
        is_place = first.end < clause.end and 0 < len(self._names.words(*first)) <= _PLACE
        return first.end if is_place and not self._names.is_at_home(first) else clause.start

    def _tells_of_it_alone(self, clause: Span) -> bool:
        """Whether a clause names nothing of the projects, quotes nobody, and is not about "the plant" or its builder.

        The "chairman of the group" speaks for the group.
        """
        if self._names.is_at_home(clause) or any(small is Small.SAYING for _, small in self._names.smalls(clause)):
            return False
        products = [mention.span.start for mention in self._names.mentioned(clause) if mention.role is Role.WHAT]
        pointers = self._names.pointing(clause)
        facilities = [p.span.start for p in pointers if p.sense is Sense.FACILITY and not self._is_of_its(p.span.end)]
        owners = [p.span.start for p in pointers if p.sense is Sense.OWNER and self._is_of(p.span.start, clause)]
        nouns = (*products, *facilities, *owners)
        return not any(Small.ARTICLE in self._names.determined(at, clause.start)[1] for at in nouns)

    def _is_of_its(self, end: int) -> bool:
        """Whether "of its" or "of a" follows a noun that ends there: "the works of its plant"."""
        behind = self._vocabulary.behind_link(self._text, end)
        return behind is not None and self._names.small(behind) is Small.INTRODUCING

    def _is_of(self, noun: int, clause: Span) -> bool:
        """Whether something belongs to the company that a noun stands for: "of the group"."""
        return any(map(self._names.is_link, self._names.words(clause.start, noun)[-2:]))


def _around(word: Span, part: Span) -> tuple[Span, Span]:
    return Span(part.start, word.start), Span(word.end, part.end)
