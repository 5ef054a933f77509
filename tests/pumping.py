"""The texts over which a regular expression may take longest, found in its syntax tree.

A backtracking matcher takes more than linear time where a text can be taken in two ways, again and again: by one
repetition or by another one behind it, or by a repetition or by the search that starts anew at each character. That is
to say, a word leads from a place back to it, from there on to a second place, and from that back to it (Weber and
Seidl, "On the degree of ambiguity of finite automata", 1991). Such words are looked for here. What a pattern looks at
behind or ahead is taken for text that may be there or not, so there may be more words than do harm.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from re._constants import (  # type: ignore[import-not-found]
    ASSERT,
    ASSERT_NOT,
    ATOMIC_GROUP,
    BRANCH,
    MAXREPEAT,
    SUBPATTERN,
)
from typing import Any

from tests.backtracking import REPEATS, SINGLE, Node, one_of, parsed

_COMMON = "aAzZ09_é中ب٣\x00\t\n \u2028-.,;:/\\<>=\"'()[]{}&@#%+*?!|~^$`\u3000。،«»“”’—\ufffd"
#: A repetition of no more is written out; one of more counts as endless.
_FEW = 3
#: So many states are looked at for a word; longer ones do the same as shorter ones.
_MOST = 5_000

#: What the edges of words and lines make a difference between.
_EDGES: dict[type, list[re.Pattern[Any]]] = {
    str: [re.compile(r"\w"), re.compile(r"\n")],
    bytes: [re.compile(rb"\w"), re.compile(rb"\n")],
}

#: Places that may come first and last, and whether there may be none.
_Part = tuple[frozenset[int], frozenset[int], bool]
#: The letters of a word, each a set of those that would do, as bits.
_Word = list[int]
_NOTHING: _Part = (frozenset(), frozenset(), True)


@dataclass(slots=True)
class Worst:
    """A text of as many repetitions as are asked for."""

    start: Any
    pump: Any
    end: Any

    def text(self, characters: int) -> Any:
        return self.start + self.pump * -(-characters // len(self.pump)) + self.end


def worst_texts(pattern: re.Pattern[Any]) -> Iterator[Worst]:
    """Texts that the pattern may take in ever more ways; none where there are no such texts."""
    places = _Places(pattern)
    found: dict[tuple[Any, Any, Any], None] = {}
    for first, second, word in _words(places):
        starts = [path for path in (places.path(first), places.path(first, behind=True)) if path is not None]
        ends = [[], *([other] for other in [places.beside(second)] if other)]
        for start, end, order in product(starts, ends, places.orders):
            found[places.spelt(start, order), places.spelt(word, order), places.spelt(end, order)] = None
    return (Worst(*parts) for parts in found)


def _words(places: "_Places") -> Iterator[tuple[int, int, _Word]]:
    """Each word that leads from a place back to it, on to a second one and back to that; with these two places."""
    for second in places.loops:
        for first in places.before(second):
            word = places.between(first, second) if first != second else places.twice(first)
            if word is not None:
                yield first, second, word


@dataclass(slots=True)
class _Step:
    """A character of the pattern, by its number: the letters that it takes, and what may stand around it."""

    takes: int
    follow: set[int] = field(default_factory=set)
    lead: set[int] = field(default_factory=set)


class _Places:
    """The characters of a pattern and which may follow which (the automaton of Glushkov).

    The first, number 0, stands for the search that starts anew: it takes any letter, and itself again.
    """

    def __init__(self, pattern: re.Pattern[Any]) -> None:
        self._tree = parsed(pattern)
        nodes = {repr(node): node for node in _singles(self._tree)}
        alone = {name: one_of(self._tree, node) for name, node in nodes.items()}
        self.letters = _told_apart(pattern, nodes.values(), alone.values())
        self._takes = {
            name: sum(1 << number for number, letter in enumerate(self.letters) if each.match(letter))
            for name, each in alone.items()
        }
        self._all = (1 << len(self.letters)) - 1
        self._steps = [_Step(self._all)]
        self._doubled: set[tuple[int, int]] = set()
        self._behind: set[int] = set()
        self._reach: dict[int, frozenset[int]] = {}
        first, _, _ = self._sequence(self._tree)
        self._join({0}, first | {0})

    # ------------------------------------------------------------ from the tree

    def _sequence(self, nodes: Iterable[Node]) -> _Part:
        whole = _NOTHING
        for node in nodes:
            whole = self._then(whole, self._node(node))
        return whole

    def _then(self, one: _Part, other: _Part) -> _Part:
        self._join(one[1], other[0])
        return (
            one[0] | other[0] if one[2] else one[0],
            one[1] | other[1] if other[2] else other[1],
            one[2] and other[2],
        )

    def _join(self, last: Iterable[int], first: Iterable[int]) -> None:
        for one, other in product(last, first):
            if other in self._steps[one].follow:
                self._doubled.add((one, other))
            self._steps[one].follow.add(other)
            self._steps[other].lead.add(one)

    def _node(self, node: Node) -> _Part:
        kind, what = node
        if kind in SINGLE:
            self._steps.append(_Step(self._takes[repr(node)]))
            place = frozenset({len(self._steps) - 1})
            return place, place, False
        if kind is BRANCH:
            ways = [self._sequence(branch) for branch in what[1]]
            firsts, lasts, lacking = zip(*ways, strict=True)
            return frozenset().union(*firsts), frozenset().union(*lasts), any(lacking)
        if kind in REPEATS:
            return self._repeat(*what)
        if kind in {ASSERT, ASSERT_NOT}:
            return self._look(*what)
        if kind is SUBPATTERN:
            return self._sequence(what[3])
        return self._sequence(what) if kind is ATOMIC_GROUP else _NOTHING

    def _repeat(self, least: int, most: Any, body: Sequence[Node]) -> _Part:
        is_endless = most is MAXREPEAT or most > _FEW
        copies = min(max(least, 1), _FEW) if is_endless else most
        whole = _NOTHING
        for copy in range(copies):
            first, last, may_lack = self._sequence(body)
            if is_endless and copy == copies - 1:
                self._join(last, first)
            whole = self._then(whole, (first, last, may_lack or copy >= least))
        return whole

    def _look(self, direction: int, body: Sequence[Node]) -> _Part:
        count = len(self._steps)
        first, last, _ = self._sequence(body)
        if direction > 0:
            # It leads nowhere.
            return first, frozenset(), True
        self._behind.update(range(count, len(self._steps)))
        return first, last, True

    # ------------------------------------------------------------ what is asked

    @cached_property
    def orders(self) -> list[list[int]]:
        """The letters in the orders in which they are taken: letters proper first, or marks, white space, line ends."""
        said = [letter if isinstance(letter, str) else letter.decode("latin-1") for letter in self.letters]
        ways: list[Callable[[str], bool]] = [
            str.isalnum,
            lambda letter: letter.isprintable() and not letter.isalnum() and letter != " ",
            lambda letter: letter.isspace() and letter != "\n",
            lambda letter: letter == "\n",
        ]
        return [sorted(range(len(said)), key=lambda number, way=way: not way(said[number])) for way in ways]  # type: ignore[misc]

    def spelt(self, word: _Word, order: Sequence[int]) -> Any:
        letters = (next(number for number in order if takes >> number & 1) for takes in word)
        return self.letters[0][:0].join(self.letters[number] for number in letters)

    @cached_property
    def _rounds(self) -> dict[int, frozenset[int]]:
        """The places that come again, each with those of its round."""
        return {place: part for part in _rounds(self._steps) for place in part}

    @property
    def loops(self) -> list[int]:
        return [place for place in self._rounds if place]

    def before(self, place: int) -> list[int]:
        """The places that come again and lead to this one."""
        return sorted(_reached(place, lambda place: self._steps[place].lead) & self._rounds.keys())

    def _from(self, place: int) -> frozenset[int]:
        if place not in self._reach:
            self._reach[place] = _reached(place, lambda place: self._steps[place].follow)
        return self._reach[place]

    def _letters(self, places: Iterable[int]) -> int:
        takes = 0
        for place in places:
            takes |= self._steps[place].takes
        return takes

    def between(self, first: int, second: int) -> _Word | None:
        """The word from the first place to itself, from the first to the second, and from that to itself."""
        around, beyond = self._rounds[first], self._rounds[second]
        if not self._letters(around) & self._letters(beyond):
            return None
        return self._back((first, second, second), (first, first, second), (around, self._from(first), beyond))

    def beside(self, place: int) -> int:
        """The letters that end its round."""
        return self._all & ~self._letters(self._rounds[place])

    def twice(self, place: int) -> _Word | None:
        """A word from a place to itself in two ways."""
        around = self._rounds[place]
        if any(one in around and other in around for one, other in self._doubled):
            return self._back((place,), (place,), (around,))
        for other in sorted(around - {place}):
            way_out = self._back((place, other), (place, place), (around, around))
            way_home = self._back((place, place), (place, other), (around, around)) if way_out else None
            if way_out and way_home:
                return way_out + way_home
        return None

    def path(self, place: int, *, behind: bool = False) -> _Word | None:
        """How to come to a place; through what the pattern looks back at, where that is asked for."""
        if place == 0:
            return None if behind else []
        if not behind:
            return self._back((place,), (0,), (None,))
        for seen in sorted(self._behind):
            start, rest = self._back((seen,), (0,), (None,)), self._back((place,), (seen,), (None,))
            if start and rest:
                return start + rest
        return None

    def _back(
        self, goal: tuple[int, ...], start: tuple[int, ...], within: tuple[frozenset[int] | None, ...]
    ) -> _Word | None:
        """The shortest word that leads each of the starts to its goal, looked for from the goals on."""
        known: dict[tuple[int, ...], tuple[int, tuple[int, ...]] | None] = {goal: None}
        queue = deque([goal])
        while queue and len(known) < _MOST:
            here = queue.popleft()
            takes = self._all
            for place in here:
                takes &= self._steps[place].takes
            if not takes:
                continue
            for there in product(*(self._leading(place, some) for place, some in zip(here, within, strict=True))):
                if there == start:
                    return [takes, *_unrolled(known, here)]
                if there not in known:
                    known[there] = (takes, here)
                    queue.append(there)
        return None

    def _leading(self, place: int, within: frozenset[int] | None) -> Iterable[int]:
        lead = self._steps[place].lead
        return lead if within is None else lead & within


def _unrolled(known: dict[tuple[int, ...], tuple[int, tuple[int, ...]] | None], at: tuple[int, ...]) -> Iterator[int]:
    while (step := known[at]) is not None:
        takes, at = step
        yield takes


def _reached(place: int, further: Callable[[int], set[int]]) -> frozenset[int]:
    known, todo = {place}, [place]
    while todo:
        new = further(todo.pop()) - known
        known |= new
        todo += new
    return frozenset(known)


def _rounds(steps: Sequence[_Step]) -> Iterator[frozenset[int]]:
    """The places that lead to each other (the strongly connected components, after Kosaraju)."""
    order: list[int] = []
    seen: set[int] = set()
    for root in range(len(steps)):
        todo = [(root, iter(steps[root].follow))] if root not in seen else []
        seen.add(root)
        while todo:
            place, rest = todo[-1]
            following = next((other for other in rest if other not in seen), None)
            if following is None:
                order.append(todo.pop()[0])
            else:
                seen.add(following)
                todo.append((following, iter(steps[following].follow)))
    taken: set[int] = set()
    for root in reversed(order):
        part, todo_back = set[int](), [root] if root not in taken else []
        while todo_back:
            place = todo_back.pop()
            if place not in taken:
                taken.add(place)
                part.add(place)
                todo_back += steps[place].lead
        if len(part) > 1 or any(place in steps[place].follow for place in part):
            yield frozenset(part)


def _told_apart(pattern: re.Pattern[Any], nodes: Iterable[Node], alone: Iterable[re.Pattern[Any]]) -> list[Any]:
    """One letter for each set of letters that the pattern makes no difference between."""
    said = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    beside = {chr(code) for node in nodes for code in _codes(node)}
    letters: Iterable[Any] = dict.fromkeys([*_COMMON, *sorted({*said, *said.upper(), *said.lower(), *beside})])
    if isinstance(pattern.pattern, bytes):
        letters = [letter.encode("latin-1") for letter in letters if letter < "\u0100"]
    alone = [*alone, *_EDGES[type(pattern.pattern)]]
    told: dict[tuple[bool, ...], Any] = {}
    for letter in letters:
        told.setdefault(tuple(each.match(letter) is not None for each in alone), letter)
    return list(told.values())


def _singles(nodes: Iterable[Node]) -> Iterator[Node]:
    for kind, what in nodes:
        if kind in SINGLE:
            yield kind, what
        elif kind is BRANCH:
            for branch in what[1]:
                yield from _singles(branch)
        elif kind in REPEATS or kind is SUBPATTERN:
            yield from _singles(what[-1])
        elif kind in {ASSERT, ASSERT_NOT}:
            yield from _singles(what[1])
        elif kind is ATOMIC_GROUP:
            yield from _singles(what)


def _codes(node: object) -> Iterator[int]:
    """The characters that a node names, and those beside them."""
    if isinstance(node, list | tuple):
        for part in node:
            yield from _codes(part)
    elif type(node) is int:
        yield from (code for code in (node - 1, node, node + 1) if 0 <= code <= 0x10FFFF)
