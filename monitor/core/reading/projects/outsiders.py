"""Outsiders: companies that none of the projects names, where an article tells about their plants.

A rival in the same industrial park starts, halts or drops its plant. The place and the product are those of the
project, and only whose plant it is tells them apart.
"""

from collections.abc import Iterable, Sequence
from itertools import dropwhile

from monitor.core.reading.projects.mention import Mention, Role
from monitor.core.reading.projects.names import COMMA, Names
from monitor.core.reading.projects.pointers import Pointer, Pointers
from monitor.core.reading.projects.senses import Sense, Small
from monitor.core.reading.text.document import Document, Sentence, Span

#: The most words that open a sentence before its subject.
_OPENING = 3
#: The most characters from a company to "own": Altavia, whose own works.
_CONTRAST = 40


class Outsiders:
    """The sentences of an article that are about the plant of an outsider.

    An outsider is the subject of a sentence about "its plant" that names no company of the projects. A name that stands
    beside such a company in some sentence is none, as it may be a subsidiary or a partner, unless it is called a rival.
    A headline without a company of the projects is about an outsider if it names one, or if the lead is about one.
    """

    def __init__(
        self, document: Document, mentions: Sequence[Mention], pointers: Sequence[Pointer], vocabulary: Pointers
    ) -> None:
        """Find them.

        Args:
            document: the article.
            mentions: of the projects that it may concern, in text order.
            pointers: its pointing words, in text order.
            vocabulary: the vocabulary that the pointers come from.
        """
        self._text = document.text
        self._vocabulary = vocabulary
        self._names = Names(document, pointers, mentions, vocabulary)
        strange = [each for each in document.sentences if not self._names_who(each.span)]
        ours = [each for each in document.sentences if self._names_who(each.span)]
        rivals = {
            word for s in document.sentences if self._is_on_rival(s.span) for word in self._names.capitals(s.span)
        }
        known = {word for s in ours for word in self._names.capitals(s.span)} - rivals
        told = {
            s.span: name
            for s in strange
            if (name := self._subject(s)) and name not in known and self._is_on_its_plant(s)
        }
        for each in ours:
            name = self._subject(each)
            if name and self._is_on_rival(each.span) and name in told.values():
                told[each.span] = name
            elif name and (before := self._before_contrast(each.span) or self._before_neighbour(each.span)):
                told[before] = name
        lead = document.sentences[document.opening].span
        titles = [s.span for s in strange if s.is_title and (lead in told or self._names_any(s.span, told.values()))]
        #: In text order.
        self._found = sorted({*titles, *told})

    def _before_contrast(self, sentence: Span) -> Span | None:
        """What precedes the first company of the projects, if the sentence goes on with what that company has itself.

        "Jingtuo has opened its plant, stealing a march on Altavia, whose own works are a building site."
        """
        who = next(mention.span for mention in self._names.mentioned(sentence) if mention.role is Role.WHO)
        behind = Span(who.end, min(sentence.end, who.end + _CONTRAST))
        comma = COMMA.search(self._text.bare, *behind)
        is_relative = comma is not None and self._vocabulary.is_relative(self._text, comma.end())
        has_own = any(small is Small.OWN for _, small in self._names.smalls(behind))
        before = Span(sentence.start, who.start)
        return before if is_relative and has_own and self._names.plants(before) else None

    def _before_neighbour(self, sentence: Span) -> Span | None:
        """What precedes the first company of the projects, if that only says beside what a new plant is.

        "Umicore opened its plant next to that of Altavia".
        """
        who = next(mention.span for mention in self._names.mentioned(sentence) if mention.role is Role.WHO)
        words = self._names.words(sentence.start, who.start)
        is_linked = bool(words) and self._vocabulary.behind_link(self._text, words[-1]) == who.start
        before = Span(sentence.start, who.start)
        plants = sorted(self._names.plants(before)) if is_linked else []
        is_new = plants and Small.INTRODUCING in self._names.determined(plants[0].start, before.start)[1]
        return before if is_new else None

    def _is_on_rival(self, span: Span) -> bool:
        return any(pointer.sense in {Sense.RIVAL, Sense.BESIDE} for pointer in self._names.pointing(span))

    def _names_any(self, span: Span, names: Iterable[str]) -> bool:
        return not set(self._names.capitals(span)).isdisjoint(names)

    def are_told(self, words: Span) -> bool:
        """Whether the sentence in which some words begin is about the plant of an outsider."""
        return any(sentence.start <= words.start < sentence.end for sentence in self._found)

    def _names_who(self, span: Span) -> bool:
        return any(mention.role is Role.WHO for mention in self._names.mentioned(span))

    def _subject(self, sentence: Sentence) -> str | None:
        """The strange name that a sentence begins with."""
        words = list(self._names.smalls(sentence.clauses[0]))[: _OPENING + 1]
        opening = list(dropwhile(lambda word: self._is_before_subject(*word), words))
        # "Ciments du Zerrar" is a name that begins with a product.
        named = opening[2:] if opening and self._is_product(opening[0][0]) else opening
        first, small = next(iter(named), (0, Small.OPENER))
        return self._names.word(first) if small is None and self._names.is_foreign_subject(first) else None

    def _is_before_subject(self, start: int, small: Small | None) -> bool:
        is_nation = self._names.points(start, Sense.ADJECTIVE, Sense.NATIONAL)
        return small in {Small.OPENER, Small.ARTICLE} or is_nation

    def _is_product(self, start: int) -> bool:
        mentions = self._names.mentioned(Span(start, start + 1))
        return self._text.is_capital(start) and any(mention.role is Role.WHAT for mention in mentions)

    def _is_on_its_plant(self, sentence: Sentence) -> bool:
        return any(
            self._names.word(self._names.determined(noun.start, sentence.span.start)[0]) in self._vocabulary.possessives
            for noun in self._names.plants(sentence.span)
        )
