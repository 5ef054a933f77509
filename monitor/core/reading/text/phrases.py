"""A small language of phrases, and a search for all phrases of a vocabulary at once.

::

    sign                the word, whatever its case and accents
    sign*               a word with this beginning
    =a                  the word with exactly these accents
    start|begin*        one or the other (an alternative may have several words, joined by _: first_stone)
    WORKS               one of the words listed under that name
    (new|second)        optional
    ..  ...             a few words between, a stretch of words between
    A <> B              A ... B, or B ... A

Adjacent words in a phrase must be adjacent in the text; punctuation between them does not matter. In scripts without
spaces every character counts as a word, so 签署 needs no spaces and gaps are counted in characters.
"""

import itertools
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

from monitor.core.reading.text.alternation import Held, Needs, met
from monitor.core.reading.text.tokens import Spotter, Tokens, Word
from monitor.core.reading.text.vocabulary import LexiconError

T = TypeVar("T")

#: The most words between an aside and the verb after it.
_BEHIND_ASIDE = 2
#: A longer gap has room for names.
_FEW = 8
#: The most words between a subject and its verb; the words before the verb that belong to it; the most words before
#: the subject that may open its clause.
_FAR = 40
_OWN = 5
_LED = 3
_COMMA = re.compile("[,،]")


class Slot(NamedTuple):
    """A place in a phrase: what may fill it, and how far it may be from the place before."""

    fillers: frozenset[Word]
    #: The most words between this and the place before.
    gap: int
    #: Whether it is filled by a verb, which may be far from its subject.
    is_verb: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Named lists of words, and the lengths of gaps."""

    words: Mapping[str, frozenset[Word]]
    verbs: frozenset[str]
    few: int
    stretch: int


def parse_phrase(text: str, vocabulary: Vocabulary, path: str) -> Iterator[tuple[Slot, ...]]:
    """The plain sequences of slots that a phrase stands for, with all its options and orders.

    Raises:
        LexiconError: The phrase is invalid.
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
    """The chosen slots. The gap before an omitted slot moves to the next one."""
    gap = 0
    for slot, is_there in choice:
        gap = max(gap, slot.gap)
        if is_there:
            yield slot if slot.gap == gap else slot._replace(gap=gap)
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


@dataclass(frozen=True, slots=True)
class Subjects:
    """Decides how far a subject may be from its verb: no other verb may stand between except in a relative clause.

    "Construction of the plant that the group has announced for a site near the port has not begun". All words are in
    lower case with accents.
    """

    #: Words that open a relative clause.
    relatives: frozenset[str] = frozenset()
    #: Words that show a verb; close before a verb they belong to it.
    auxiliaries: frozenset[str] = frozenset()
    #: Words that change to another subject: they join it, or say who speaks.
    turns: frozenset[str] = frozenset()

    def reach(self, tokens: Tokens, first: int, subject: tuple[int, int], verb: int) -> bool:
        """Whether words may be the subject of a verb beyond the allowed gap; their sentence begins at ``first``."""
        start, end = subject
        if not self.relatives or verb - end > _FAR:
            return False
        before = (tokens.accented(index) for index in range(max(first, start - _LED), start))
        if start - first > _LED and not any(word in self.turns or word in self.relatives for word in before):
            return False
        between = [tokens.accented(index) for index in range(end, verb)]
        relatives, turns = (sum(word in words for word in between) for words in (self.relatives, self.turns))
        auxiliaries = sum(word in self.auxiliaries for word in between[:-_OWN])
        # "Said that": what follows is somebody else's statement.
        is_told = any(word in self.turns and then in self.relatives for word, then in itertools.pairwise(between))
        commas = len(_COMMA.findall(tokens.text.bare, tokens.ends[end - 1], tokens.starts[verb]))
        # Two commas enclose an aside.
        return auxiliaries + turns <= relatives and not is_told and commas % 2 == 0


# A tuple, because every sentence creates many.
class Match(NamedTuple, Generic[T]):
    """A phrase in a text, as half-open token indices."""

    value: T
    start: int
    end: int


# Compared by identity, which is fast: two phrases are never equal.
@dataclass(frozen=True, slots=True, eq=False)
class _Phrase(Generic[T]):
    value: T
    #: For each slot: the words that fill it (as their bit), its gap, whether it is a verb.
    slots: tuple[tuple[int, int, bool], ...]
    #: The slots after a gap that the next slot must adjoin, the last first.
    joints: tuple[int, ...]


class Phrasebook(Generic[T]):
    """Finds phrases and their meanings in texts, in time linear in their length."""

    def __init__(
        self,
        phrases: Iterable[tuple[tuple[Slot, ...], T]],
        prefixes: Sequence[str] = (),
        subjects: Subjects | None = None,
    ) -> None:
        """Compile phrases; any of the prefixes (proclitics) may be joined to the front of a word."""
        phrases = tuple(phrases)
        numbers: dict[Word, int] = {}
        sets: dict[frozenset[Word], frozenset[int]] = {}
        rarities: dict[frozenset[int], tuple[float, int]] = {}
        for fillers in (slot.fillers for slots, _ in phrases for slot in slots):
            if fillers not in sets:
                some = frozenset(numbers.setdefault(word, len(numbers)) for word in sorted(fillers))
                rarities[some] = sum(map(_commonness, fillers)), len(sets)
                sets[fillers] = some
        # A phrase is considered only if its rarest slot is filled.
        needs = Needs(
            (sorted({sets[slot.fillers] for slot in slots}, key=rarities.__getitem__), number)
            for number, (slots, _) in enumerate(phrases)
        )
        bits = {fillers: needs.bits[some] for fillers, some in sets.items()}
        self._phrases = [_compiled(slots, value, bits) for slots, value in phrases]
        self._spotter = Spotter(numbers, needs.held, prefixes)
        self._subjects = subjects or Subjects()

    def within(self, tokens: Tokens, first: int, last: int) -> list[Match[T]]:
        """The phrases in a stretch of words, usually a sentence, in a deterministic order."""
        spotted = self._spotter.within(tokens, first, last)
        phrases = [self._phrases[number] for number in met([held for _, _, held in spotted])]
        if not phrases:
            return []
        places = _places(phrases, spotted)
        pauses = tokens.pauses[bisect_right(tokens.pauses, first) : bisect_left(tokens.pauses, last)]
        matches: list[Match[T]] = []
        for phrase in phrases:
            matches += _fill(phrase, places, tokens, pauses, partial(self._subjects.reach, tokens, first))
        return matches


def _compiled(slots: Sequence[Slot], value: T, bits: Mapping[frozenset[Word], int]) -> _Phrase[T]:
    numbered = tuple((bits[slot.fillers], slot.gap, slot.is_verb) for slot in slots)
    return _Phrase(value, numbered, tuple(_joints([slot.gap for slot in slots])))


#: The places of a slot's words, by its bit: token indices, half-open, ascending.
_Places = Mapping[int, Sequence[tuple[int, int]]]


def _places(phrases: Iterable[_Phrase[Any]], spotted: Iterable[tuple[int, int, Held[Any]]]) -> _Places:
    """The places where the slots of phrases can be filled."""
    wanted = 0
    for phrase in phrases:
        for bit, _, _ in phrase.slots:
            wanted |= bit
    places: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for start, end, held in spotted:
        rest = held.sets & wanted
        while rest:
            bit = rest & -rest
            rest ^= bit
            # Several words may stand in one place.
            if places[bit][-1:] != [(start, end)]:
                places[bit].append((start, end))
    return places


def _joints(gaps: Sequence[int]) -> Iterator[int]:
    """The slots after a gap, or joined to such a slot, that the next slot must adjoin; the last first."""
    first = next((slot for slot, gap in enumerate(gaps) if gap), len(gaps))
    yield from (slot for slot in reversed(range(first, len(gaps) - 1)) if not gaps[slot + 1])


def _commonness(word: Word) -> float:
    """An estimate, from its length, of how often a word occurs in texts."""
    letters = sum(len(part) * (1 if part.isascii() else 2) for part in word.words)
    return 2.0**-letters


def _joined_places(
    phrase: _Phrase[T], places: _Places, resumed: Mapping[int, int]
) -> Mapping[int, Sequence[tuple[int, int]]]:
    """The places of the slots that the next slot must adjoin, reduced to those where it does.

    "begin … the works": of all words "the" after the gap only the one before "works" counts.
    """
    joined: dict[int, Sequence[tuple[int, int]]] = {}
    for slot in phrase.joints:
        following = joined[slot + 1] if slot + 1 in joined else places[phrase.slots[slot + 1][0]]
        starts = {start for start, _ in following}
        joined[slot] = [
            place for place in places[phrase.slots[slot][0]] if place[1] in starts or resumed.get(place[1]) in starts
        ]
    return joined


def _fill(
    phrase: _Phrase[T],
    places: _Places,
    tokens: Tokens,
    pauses: Sequence[int],
    reaches: Callable[[tuple[int, int], int], bool],
) -> list[Match[T]]:
    """The ways to fill the slots of a phrase from their possible places, for each end the shortest.

    After a gap this is the nearest place, and the nearest one after an aside in the gap. Keeps one state for each end,
    so that work stays linear.
    """
    stops, beyond, resumed = tokens.stops, tokens.beyond, tokens.resumed
    (fillers, _, is_verb), *rest = phrase.slots
    joined = _joined_places(phrase, places, resumed) if phrase.joints else {}
    # End → start. Only the first verb of a phrase may be far from its subject.
    states, is_verb_to_come = {end: start for start, end in places[fillers]}, not is_verb
    for slot, (fillers, gap, is_verb) in enumerate(rest, start=1):
        here = joined[slot] if slot in joined else places[fillers]
        after: dict[int, int] = {}
        opens = is_verb and is_verb_to_come and gap
        is_verb_to_come = is_verb_to_come and not is_verb
        for end, start in states.items():
            near = beyond[end] if opens and gap <= _FEW else resumed.get(end, end)
            nearest, limit = bisect_left(here, (end,)), near + gap
            aside = _beyond_aside(here, end, gap, pauses) if opens and len(pauses) > 1 else ()
            verb = here[nearest][0] if opens and nearest < len(here) else limit
            if verb > limit and not aside and reaches((start, end), verb):
                limit = verb
            for first, most in ((nearest, limit), *aside):
                for index in range(first, len(here)):
                    next_start, next_end = here[index]
                    # Only the nearest: "construction began and production will start" does not start construction.
                    is_nearest = next_start == here[first][0]
                    if not is_nearest or next_start > most or stops[next_start] != stops[end - 1]:
                        break
                    after[next_end] = max(start, after.get(next_end, start))
        if not after:
            return []
        states = after
    return [Match(phrase.value, start, end) for end, start in states.items()]


def _beyond_aside(
    here: Sequence[tuple[int, int]], end: int, gap: int, pauses: Sequence[int]
) -> tuple[tuple[int, int], ...]:
    """The index of the nearest place after the next aside, and its limit, which is close after the aside.

    "The plant, which was to open in May, will start in June".
    """
    at = bisect_left(pauses, end)
    if at + 1 >= len(pauses) or pauses[at] - end > gap:
        return ()
    opening, closing = pauses[at : at + 2]
    first, beyond = bisect_left(here, (end,)), bisect_left(here, (closing,))
    if first < len(here) and here[first][0] < opening:
        return ()
    return ((beyond, closing + _BEHIND_ASIDE),)
