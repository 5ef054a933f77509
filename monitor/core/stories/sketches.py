"""The sketch of an article: what is compared to find articles with nearly the same words.

A sketch covers the first words of title and text, each three consecutive words as one number. Two articles are copies
if much of the shorter sketch also stands in the other. A dropped paragraph or an added notice does not separate them.
Two outlets that write about one event in their own words stay separate.
"""

import re
import struct
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Generic, TypeVar
from zlib import crc32

from monitor.core.reading.text.text import bare

T = TypeVar("T")

#: The number of consecutive words in one run.
RUN = 3
#: The number of words of title and of text that are compared. Copies are cut at their ends.
_LEAD = 300
#: The longest average word in any language, in characters.
_CHARACTERS = 20
#: The share of the shorter sketch that must stand in the other. Measured (benchmarks/README.md): copies share 0.47 to
#: 1, the same news in own words at most 0.32, any other article at most 0.37.
_SHARED = 0.45

#: Shorter sketches belong to notes and summaries, which use the same words whatever they report ("X has halted work on
#: …"). For these, nearly all of the longer sketch must stand in the other.
_SHORT, _SAME = 20, 0.95

#: The fewest words by which a sentence is told from another one.
_TELLING = 6

#: Scripts without spaces between words. For these, two characters stand for a word.
_RUNNING_ON = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORDS = re.compile(rf"(?=([{_RUNNING_ON}]{{2}}))[{_RUNNING_ON}]|([^\W_{_RUNNING_ON}]+)")


def sketch(title: str, text: str) -> bytes:
    """What is compared of an article: four bytes for each three words, at most 2.4 kB.

    A sketch outlives the text and is compared with those of later versions. If its format changes, all stored sketches
    must be computed again.
    """
    found = {number for part in (title, text) for number in runs(words(part))}
    return struct.pack(f"<{len(found)}I", *sorted(found))


def numbers(sketched: bytes) -> frozenset[int]:
    """The runs of words in a sketch, as numbers."""
    return frozenset(struct.unpack(f"<{len(sketched) // 4}I", sketched))


def words(text: str) -> list[str]:
    """The words that are compared, from the beginning of a text: without case, accents and signs."""
    folded = bare(text[: _LEAD * _CHARACTERS])
    return [pair or word for pair, word in _WORDS.findall(folded)][:_LEAD]


def runs(of: Sequence[str]) -> list[int]:
    """Each three consecutive words as a number. Fewer words are one run."""
    found = zip(of, of[1:], of[2:], strict=False) if len(of) >= RUN else [of] * bool(of)
    return [crc32(" ".join(run).encode()) for run in found]


def copies(of: bytes, among: Iterable[tuple[T, bytes]]) -> list[T]:
    """The names of the other sketches with nearly the same words. Empty if there are no words."""
    sketches: Sketches[None] = Sketches()
    sketches.add(None, of)
    return [name for name, other in among if sketches.copies(other)]


class Sketches(Generic[T]):
    """A set of sketches that finds the copies of another sketch without comparing it with each of them."""

    def __init__(self) -> None:
        self._sizes: dict[T, int] = {}
        self._having: dict[int, list[T]] = {}

    def add(self, name: T, sketched: bytes) -> None:
        found = numbers(sketched)
        self._sizes[name] = len(found)
        for number in found:
            self._having.setdefault(number, []).append(name)

    def copies(self, of: bytes) -> list[T]:
        """The names of the sketches with nearly the same words. Empty if there are no words."""
        mine = numbers(of)
        shared = Counter(chain.from_iterable(self._having[number] for number in mine & self._having.keys()))
        return [name for name, count in shared.items() if _is_enough(count, len(mine), self._sizes[name])]


class Sentences(Generic[T]):
    """Sentences that somebody tells. Finds who tells another one in nearly the same words.

    A short sentence does not show whose words it has.
    """

    def __init__(self) -> None:
        self._sizes: list[int] = []
        self._tellers: list[T] = []
        self._having: dict[int, list[int]] = defaultdict(list)

    def add(self, teller: T, sentence: str) -> set[T]:
        """Add a sentence. Returns those who told it before in nearly the same words."""
        told = words(sentence)
        mine = frozenset(runs(told)) if len(told) >= _TELLING else frozenset[int]()
        shared = Counter(chain.from_iterable(self._having[run] for run in mine if run in self._having))
        for run in mine:
            self._having[run].append(len(self._sizes))
        self._sizes.append(len(mine))
        self._tellers.append(teller)
        return {
            self._tellers[number]
            for number, count in shared.items()
            if count >= _SHARED * min(len(mine), self._sizes[number])
        }


def _is_enough(shared: int, one: int, other: int) -> bool:
    """Whether two sketches of these sizes are copies if they share this many runs."""
    shorter, longer = sorted((one, other))
    return shared >= (_SAME * longer if shorter < _SHORT else _SHARED * shorter)
