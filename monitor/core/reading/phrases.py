"""A small language of phrases, and all phrases of a vocabulary found in one pass.

::

    sign                the word, whatever its case and accents
    sign*               a word that begins so
    =a                  the word with exactly these accents
    start|begin*        one or the other (an alternative may have several words, joined by _: first_stone)
    WORKS               one of the words listed under that name
    (new|second)        may be there or not
    ..  ...             a few words between, a stretch of words between
    A <> B              A ... B, or B ... A

A phrase of an event that ends in ! is told as it stands, whatever words of negation or future are in it.

Words that stand side by side in a phrase must do so in the text; punctuation between them does not matter. In scripts
that write no spaces every character counts as a word, so 签署 needs no spaces and gaps are counted in characters.
"""

import itertools
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick

from monitor.core.reading.text import Text
from monitor.core.reading.tokens import Tokens, words_of
from monitor.core.reading.vocabulary import LexiconError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Word:
    """One way to fill a slot: adjoining words, the last of which may be a stem."""

    words: tuple[str, ...]
    is_stem: bool
    #: The word with its accents, where they must agree; else "".
    accented: str = ""

    @classmethod
    def parse(cls, text: str, path: str) -> "Word":
        plain = text.removeprefix("=").removesuffix("*").replace("_", " ")
        words = words_of(plain)
        if not words or "*" in plain or "=" in plain:
            raise LexiconError(path, f"{text!r} is no word: write a word, a stem with * at its end, or =word")
        accented = Text.of(plain).lower if text.startswith("=") else ""
        return cls(words, text.endswith("*"), accented)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a phrase: what may fill it, and how far it may stand from the place before."""

    fillers: frozenset[Word]
    #: Most words between this and the place before.
    gap: int
    #: Whether it is filled by a verb: then tense and cues are looked for here.
    is_verb: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Named lists of words, and how long gaps may be."""

    words: Mapping[str, frozenset[Word]]
    verbs: frozenset[str]
    few: int
    stretch: int


def parse_phrase(text: str, vocabulary: Vocabulary, path: str) -> Iterator[tuple[Slot, ...]]:
    """The plain sequences of slots that a phrase stands for: options spelt out, orders too.

    Raises:
        LexiconError: the phrase cannot be understood.
    """
    left, sign, right = text.partition("<>")
    if "<>" in right:
        raise LexiconError(path, f"{text!r}: only one <> in a phrase")
    orders = [f"{left} ... {right}", f"{right} ... {left}"] if sign else [text]
    for order in orders:
        yield from _sequences(order, vocabulary, path)


def _sequences(text: str, vocabulary: Vocabulary, path: str) -> Iterator[tuple[Slot, ...]]:
    choices: list[tuple[tuple[Slot, bool], ...]] = []
    gap = 0
    for part in text.split():
        if part in {"..", "..."}:
            gap = vocabulary.few if part == ".." else vocabulary.stretch
            continue
        optional = part.startswith("(") and part.endswith(")")
        slot = _slot(part[1:-1] if optional else part, gap, vocabulary, path)
        choices.append(((slot, True), (slot, False)) if optional else ((slot, True),))
        gap = 0
    if not choices:
        raise LexiconError(path, "an empty phrase")
    for choice in itertools.product(*choices):
        if slots := tuple(_joined(choice)):
            yield slots


def _joined(choice: Iterable[tuple[Slot, bool]]) -> Iterator[Slot]:
    """The slots that are there; a gap before one that is left out stays, before the next."""
    gap = 0
    for slot, is_there in choice:
        gap = max(gap, slot.gap)
        if is_there:
            yield replace(slot, gap=gap)
            gap = 0


def _slot(part: str, gap: int, vocabulary: Vocabulary, path: str) -> Slot:
    fillers: set[Word] = set()
    is_verb = False
    for alternative in part.split("|"):
        if alternative.isascii() and alternative.isupper():
            name = alternative.lower()
            if name not in vocabulary.words:
                raise LexiconError(path, f"{alternative} is not listed under verbs or nouns")
            fillers |= vocabulary.words[name]
            is_verb = is_verb or name in vocabulary.verbs
        else:
            fillers.add(Word.parse(alternative, path))
    return Slot(frozenset(fillers), gap, is_verb)


# A tuple, since every sentence makes many.
class Match(NamedTuple, Generic[T]):
    """A phrase found: token indices, half-open; the head is the verb, or the whole where there is none."""

    value: T
    start: int
    end: int
    head_start: int
    head_end: int
    is_verb: bool
    #: A fixed expression: no gap in it, and no verb.
    is_tight: bool


# Two phrases are the same only if they are one: what is the same for reading may be compared by identity, and quickly.
@dataclass(frozen=True, slots=True, eq=False)
class _Phrase(Generic[T]):
    value: T
    #: For each slot: the number of its set of fillers, its gap, whether it is a verb.
    slots: tuple[tuple[int, int, bool], ...]
    is_tight: bool


class Phrasebook(Generic[T]):
    """Phrases, each with what it means, found in texts in time linear in their length."""

    def __init__(self, phrases: Iterable[tuple[tuple[Slot, ...], T]], prefixes: Sequence[str] = ()) -> None:
        """Compile phrases; any of the prefixes (proclitics) may be joined to the front of a word."""
        words: dict[Word, int] = {}
        sets: dict[frozenset[Word], int] = {}
        anchored: dict[Word, list[tuple[int, _Phrase[T]]]] = defaultdict(list)
        for slots, value in phrases:
            numbered = tuple((sets.setdefault(s.fillers, len(sets)), s.gap, s.is_verb) for s in slots)
            is_tight = not any(gap or is_verb for _, gap, is_verb in numbered)
            phrase = _Phrase(value, numbered, is_tight)
            # A phrase is looked at only where the place that is filled most seldom is filled.
            rarest = min(
                (s.fillers for s in slots), key=lambda fillers: (sum(map(_commonness, fillers)), sets[fillers])
            )
            needs = _bits(number for number, _, _ in numbered)
            for word in rarest:
                anchored[word].append((needs, phrase))
        sets_of: dict[Word, list[int]] = defaultdict(list)
        for fillers, number in sets.items():
            for word in sorted(fillers, key=lambda w: (w.words, w.is_stem, w.accented)):
                words.setdefault(word, len(words))
                sets_of[word].append(number)
        #: By the number of the set: the numbers of the words in it.
        self.sets = tuple(frozenset(words[word] for word in fillers) for fillers in sets)
        #: By the number of a word: the sets that it is in, as the bits of one number.
        self.sets_of = tuple(_bits(sets_of[word]) for word in words)
        #: By the number of a word: the phrases that are looked at where it stands, each with the sets that it needs.
        self.anchored = tuple(tuple(anchored[word]) for word in words)
        needles: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for word, number in words.items():
            for prefix in ("", *prefixes):
                needle = " " + prefix + " ".join(word.words) + ("" if word.is_stem else " ")
                needles[needle].append((number, word.accented))
        #: For each needle: how many words it has, and which it stands for.
        self._targets = tuple((len(needle.split()), tuple(targets)) for needle, targets in needles.items())
        self._automaton = AhoCorasick(list(needles)) if needles else None

    def hits(self, tokens: Tokens) -> "Hits[T]":
        """Look through a text once; ``Hits.within`` gives the phrases of a stretch of it."""
        found: list[tuple[int, int, int]] = []
        if self._automaton is not None and tokens.words:
            for needle, start, _ in self._automaton.find_matches_as_indexes(tokens.line, overlapping=True):
                first = tokens.index_at[start]
                length, targets = self._targets[needle]
                for word, accented in targets:
                    if not accented or accented == tokens.accented(first):
                        found.append((first, first + length, word))
            found.sort()
        return Hits(self, found, tokens.stops)


class Hits(Generic[T]):
    """What of a vocabulary's words stands where in a text."""

    def __init__(self, book: Phrasebook[T], found: Sequence[tuple[int, int, int]], stops: Sequence[int]) -> None:
        self._book = book
        self._found = found
        self._stops = stops

    def within(self, first: int, last: int) -> Iterator[Match[T]]:
        """The phrases in a stretch of words, mostly a sentence; in an order that is always the same."""
        start = bisect_left(self._found, (first,))
        stop = bisect_left(self._found, (last,), lo=start)
        if start == stop:
            return
        by_word: dict[int, list[tuple[int, int]]] = {}
        for at, end, word in self._found[start:stop]:
            if end <= last:
                by_word.setdefault(word, []).append((at, end))
        there = 0
        for word in by_word:
            there |= self._book.sets_of[word]
        complete = dict.fromkeys(
            phrase for word in by_word for needs, phrase in self._book.anchored[word] if needs & there == needs
        )
        places = _Places(self._book.sets, by_word)
        for phrase in complete:
            yield from _fill(phrase, [places[number] for number, _, _ in phrase.slots], self._stops)


class _Places(dict[int, list[tuple[int, int]]]):
    """Where the words of a set stand, by the number of the set; worked out when first asked for."""

    def __init__(self, sets: Sequence[frozenset[int]], by_word: Mapping[int, list[tuple[int, int]]]) -> None:
        super().__init__()
        self._sets = sets
        self._by_word = by_word

    def __missing__(self, number: int) -> list[tuple[int, int]]:
        found = [self._by_word[word] for word in self._sets[number] & self._by_word.keys()]
        places = found[0] if len(found) == 1 else sorted({place for places in found for place in places})
        self[number] = places
        return places


def _bits(numbers: Iterable[int]) -> int:
    """A set of small numbers as one number: the quickest to be joined and compared."""
    bits = 0
    for number in numbers:
        bits |= 1 << number
    return bits


def _commonness(word: Word) -> float:
    """A guess from its length at how often a word stands in texts."""
    letters = sum(len(part) * (1 if part.isascii() else 2) for part in word.words)
    return 2.0**-letters


def _fill(phrase: _Phrase[T], places: Sequence[Sequence[tuple[int, int]]], stops: Sequence[int]) -> Iterator[Match[T]]:
    """The ways to fill the slots of a phrase from the places where each could be, for each end the shortest.

    Keeps one state for each end, so work stays linear.
    """
    if len(places) > 1 and places[-1][-1][0] <= places[0][0][0]:
        # What comes last in the phrase stands nowhere behind what comes first.
        return
    is_verb = phrase.slots[0][2]
    states = {end: (start, (start, end) if is_verb else None) for start, end in places[0]}
    for here, (_, gap, is_verb) in zip(places[1:], phrase.slots[1:], strict=True):
        after: dict[int, tuple[int, tuple[int, int] | None]] = {}
        for end, (start, head) in states.items():
            first = bisect_left(here, (end,))
            for index in range(first, len(here)):
                next_start, next_end = here[index]
                # Only the nearest: "construction began and production will start" starts no construction.
                is_nearest = next_start == here[first][0]
                if not is_nearest or next_start - end > gap or stops[next_start] != stops[end - 1]:
                    break
                if next_end not in after or after[next_end][0] < start:
                    after[next_end] = (start, (next_start, next_end) if is_verb and head is None else head)
        states = after
        if not states:
            return
    for end, (start, head) in states.items():
        head_start, head_end = head or (start, end)
        yield Match(phrase.value, start, end, head_start, head_end, head is not None, phrase.is_tight)
