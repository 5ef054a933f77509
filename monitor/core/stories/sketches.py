"""What is compared of an article to find those that tell the same in nearly the same words: its sketch.

A sketch is the first words of title and text, each three in a row as one number. Two articles are copies where much of
the shorter sketch stands in the other too, so that neither a dropped paragraph nor a notice put under the text parts
them, while two outlets that write of one event in their own words stay two.
"""

import re
import struct
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Generic, TypeVar
from zlib import crc32

from monitor.core.reading.text.text import bare

T = TypeVar("T")

#: So many words in a row are compared.
RUN = 3
#: So many words of title and text each are compared: copies are cut from their ends.
_LEAD = 300
#: No word is longer on average, in any language.
_CHARACTERS = 20
#: So much of the shorter sketch stands in the other. Measured (benchmarks/README.md): with copies 0.47 to 1, with the
#: same news in own words 0.32 at most, with any other article 0.37 at most.
_SHARED = 0.45

#: Shorter sketches are those of notes and summaries, which are written alike whatever they tell ("X has halted work on
#: …"): there nearly all of the longer must stand in the other.
_SHORT, _SAME = 20, 0.95

#: Scripts that write words without spaces: there two characters stand for a word.
_RUNNING_ON = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORDS = re.compile(rf"(?=([{_RUNNING_ON}]{{2}}))[{_RUNNING_ON}]|([^\W_{_RUNNING_ON}]+)")


def sketch(title: str, text: str) -> bytes:
    """What is compared of an article; four bytes for each three words, at most 2.4 kB.

    It outlives the text and is compared with those of later versions: who changes it must make all stored ones anew.
    """
    found = {number for part in (title, text) for number in runs(words(part))}
    return struct.pack(f"<{len(found)}I", *sorted(found))


def numbers(sketched: bytes) -> frozenset[int]:
    """The runs of words of which a sketch is made."""
    return frozenset(struct.unpack(f"<{len(sketched) // 4}I", sketched))


def words(text: str) -> list[str]:
    """The words of a text that are compared, as far as it is: without case, accents and signs."""
    folded = bare(text[: _LEAD * _CHARACTERS])
    return [pair or word for pair, word in _WORDS.findall(folded)][:_LEAD]


def runs(of: Sequence[str]) -> list[int]:
    """Each three words in a row as a number; fewer words are one."""
    found = zip(of, of[1:], of[2:], strict=False) if len(of) >= RUN else [of] * bool(of)
    return [crc32(" ".join(run).encode()) for run in found]


def copies(of: bytes, among: Iterable[tuple[T, bytes]]) -> list[T]:
    """Those of the others whose sketches are of nearly the same words; where there are no words there are no copies."""
    sketches: Sketches[None] = Sketches()
    sketches.add(None, of)
    return [name for name, other in among if sketches.copies(other)]


class Sketches(Generic[T]):
    """Some sketches, among which the copies of any other are found without comparing it with each of them."""

    def __init__(self) -> None:
        self._sizes: dict[T, int] = {}
        self._having: dict[int, list[T]] = {}

    def add(self, name: T, sketched: bytes) -> None:
        found = numbers(sketched)
        self._sizes[name] = len(found)
        for number in found:
            self._having.setdefault(number, []).append(name)

    def copies(self, of: bytes) -> list[T]:
        """Those whose sketches are of nearly the same words; where there are no words there are no copies."""
        mine = numbers(of)
        shared = Counter(chain.from_iterable(self._having[number] for number in mine & self._having.keys()))
        return [name for name, count in shared.items() if _is_enough(count, len(mine), self._sizes[name])]


def _is_enough(shared: int, one: int, other: int) -> bool:
    """Whether so much is shared by two sketches of these sizes that they are copies."""
    shorter, longer = sorted((one, other))
    return shared >= (_SAME * longer if shorter < _SHORT else _SHARED * shorter)
