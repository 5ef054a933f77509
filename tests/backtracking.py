"""How much work a regular expression is, counted: its syntax tree matched as the standard library does it.

The library tells no more than how long it took, and that is another number on each machine. Here each character that
is compared, each step back and each place where a search starts counts as one.
"""

# mypy: disable-error-code="attr-defined"
import re
import re._compiler  # type: ignore[import-not-found]
import re._parser  # type: ignore[import-not-found]
import sys
from collections.abc import Callable, Sequence
from re._constants import (  # type: ignore[import-not-found]
    ANY,
    ASSERT,
    ASSERT_NOT,
    AT,
    ATOMIC_GROUP,
    BRANCH,
    FAILURE,
    GROUPREF,
    IN,
    LITERAL,
    MAX_REPEAT,
    MAXREPEAT,
    MIN_REPEAT,
    NOT_LITERAL,
    POSSESSIVE_REPEAT,
    SUBPATTERN,
)
from typing import Any

#: A place in the syntax tree: what it is, and with what.
Node = tuple[Any, Any]
#: Tries to match from a place of the text on; whether that, and all behind it, did.
_Step = Callable[[int], bool]

_DEEPEST = 100_000
#: Of one character each.
SINGLE = frozenset({LITERAL, NOT_LITERAL, ANY, IN})
REPEATS = frozenset({MAX_REPEAT, MIN_REPEAT, POSSESSIVE_REPEAT})


class TooMuchError(Exception):
    """The limit was reached."""


def parsed(pattern: re.Pattern[Any]) -> Any:
    return re._parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)


def one_of(tree: Any, node: Node) -> re.Pattern[Any]:
    """A node as a regular expression of its own, under the flags of its tree."""
    key = repr(node), tree.state.flags, isinstance(tree.state.str, str)
    if key not in _ALONE:
        _ALONE[key] = re._compiler.compile(re._parser.SubPattern(tree.state, [node]), tree.state.flags)
    return _ALONE[key]


#: Most patterns are made of the same nodes, and compiling one takes long.
_ALONE: dict[tuple[str, int, bool], re.Pattern[Any]] = {}


class Counter:
    """A regular expression of which each search is counted."""

    def __init__(self, pattern: re.Pattern[Any], *, limit: int = 10_000_000) -> None:
        self._tree = parsed(pattern)
        self.limit = limit
        self._single: dict[str, dict[Any, bool]] = {}
        self._text: Any = ""
        self._end = 0
        self._found = -1
        self._is_whole = False
        self._not_empty_at = -1
        self._groups: dict[int, tuple[int, int]] = {}
        self.steps = 0
        self._start = self._sequence(list(self._tree), self._accept)

    def match(self, text: Any, start: int = 0, *, whole: bool = False) -> tuple[int, int] | None:
        """Where it matches from a place of a text or of bytes on; to its end, if ``whole``."""
        return self._match(text, start, whole=whole, not_empty=False)

    def _match(self, text: Any, start: int, *, whole: bool, not_empty: bool) -> tuple[int, int] | None:
        self._text, self._end, self._found, self._is_whole = text, len(text), -1, whole
        self._not_empty_at = start if not_empty else -1
        self._groups.clear()
        # Each repetition of a group, and each character behind it, is a call within the one before.
        usual = sys.getrecursionlimit()
        sys.setrecursionlimit(_DEEPEST)
        try:
            return (start, self._found) if self._start(start) else None
        finally:
            sys.setrecursionlimit(usual)

    def spans(self, text: Any) -> list[tuple[int, int]]:
        """All matches, one behind the other."""
        found: list[tuple[int, int]] = []
        at, was_empty = 0, False
        while at <= len(text):
            self._count()
            span = self._match(text, at, whole=False, not_empty=was_empty)
            if span is None:
                at, was_empty = at + 1, False
            else:
                found.append(span)
                at, was_empty = span[1], span[0] == span[1]
        return found

    def _accept(self, at: int) -> bool:
        if at == self._not_empty_at or (self._is_whole and at < self._end):
            return False
        self._found = at
        return True

    def _count(self, steps: int = 1) -> None:
        self.steps += steps
        if self.steps > self.limit:
            raise TooMuchError

    def _sequence(self, nodes: Sequence[Node], then: _Step) -> _Step:
        for node in reversed(nodes):
            then = self._node(node, then)
        return then

    def _node(self, node: Node, then: _Step) -> _Step:  # noqa: C901, PLR0911 - one case for each kind
        kind, what = node
        if kind in SINGLE:
            return self._one(node, then)
        if kind is SUBPATTERN:
            group, _, _, body = what
            return self._sequence(list(body), then) if group is None else self._group(group, list(body), then)
        if kind is BRANCH:
            return self._branch([list(branch) for branch in what[1]], then)
        if kind in REPEATS:
            least, most, body = what
            if kind is POSSESSIVE_REPEAT:
                return self._atomic([(MAX_REPEAT, what)], then)
            if len(body) == 1 and body[0][0] in SINGLE:
                return self._run(body[0], least, most, then, is_lazy=kind is MIN_REPEAT)
            return self._repeat(list(body), least, most, then, is_lazy=kind is MIN_REPEAT)
        if kind is ATOMIC_GROUP:
            return self._atomic(list(what), then)
        if kind is AT:
            return self._place(node, then)
        if kind in {ASSERT, ASSERT_NOT}:
            direction, body = what
            return self._look(list(body), body.getwidth()[0] if direction < 0 else 0, then, wanted=kind is ASSERT)
        if kind is GROUPREF:
            return self._again(what, then)
        if kind is FAILURE:
            return lambda _: False
        raise NotImplementedError(kind)

    def _holds(self, node: Node) -> Callable[[int], bool]:
        """Whether the character at a place is one of the node's."""
        known = self._single.setdefault(repr(node), {})
        alone: list[re.Pattern[Any]] = []

        def holds(at: int) -> bool:
            self._count()
            if at >= self._end:
                return False
            char = self._text[at : at + 1]
            if char not in known:
                if not alone:
                    alone.append(one_of(self._tree, node))
                known[char] = alone[0].match(char) is not None
            return known[char]

        return holds

    def _one(self, node: Node, then: _Step) -> _Step:
        holds = self._holds(node)
        return lambda at: holds(at) and then(at + 1)

    def _run(self, node: Node, least: int, most: Any, then: _Step, *, is_lazy: bool) -> _Step:
        holds = self._holds(node)

        def greedy(at: int) -> bool:
            last = self._end if most is MAXREPEAT else min(self._end, at + most)
            stop = at
            while stop < last and holds(stop):
                stop += 1
            for end in range(stop, at + least - 1, -1):
                self._count()
                if then(end):
                    return True
            return False

        def lazy(at: int) -> bool:
            last = self._end if most is MAXREPEAT else min(self._end, at + most)
            for _ in range(least):
                if not holds(at):
                    return False
                at += 1
            while not then(at):
                if at >= last or not holds(at):
                    return False
                at += 1
            return True

        return lazy if is_lazy else greedy

    def _repeat(self, body: Sequence[Node], least: int, most: Any, then: _Step, *, is_lazy: bool) -> _Step:
        state = (0, -1)

        def more(at: int) -> bool:
            nonlocal state
            before = count, last = state
            if (most is not MAXREPEAT and count >= most) or (count >= least and at == last):
                return False
            state = (count + 1, at)
            if once(at):
                return True
            state = before
            return False

        def on(at: int) -> bool:
            nonlocal state
            before = state
            if before[0] >= least and then(at):
                return True
            state = before
            return False

        def again(at: int) -> bool:
            self._count()
            return (on(at) or more(at)) if is_lazy else (more(at) or on(at))

        def begin(at: int) -> bool:
            nonlocal state
            before, state = state, (0, -1)
            if again(at):
                return True
            state = before
            return False

        once = self._sequence(body, again)
        return begin

    def _group(self, group: int, body: Sequence[Node], then: _Step) -> _Step:
        starts: list[int] = []

        def close(at: int) -> bool:
            start, before = starts.pop(), self._groups.get(group)
            self._groups[group] = (start, at)
            if then(at):
                return True
            starts.append(start)
            if before is None:
                self._groups.pop(group, None)
            else:
                self._groups[group] = before
            return False

        inside = self._sequence(body, close)

        def open_(at: int) -> bool:
            depth = len(starts)
            starts.append(at)
            if inside(at):
                return True
            del starts[depth:]
            return False

        return open_

    def _branch(self, branches: Sequence[Sequence[Node]], then: _Step) -> _Step:
        ways = [(self._sequence(branch, then), self._beginning(branch)) for branch in branches]
        # As in the library, a branch that cannot begin with a character is left at once.
        possible: dict[Any, list[_Step]] = {}

        def branch(at: int) -> bool:
            self._count()
            char = self._text[at : at + 1]
            if char not in possible:
                possible[char] = [way for way, can_begin in ways if can_begin(at)]
            for way in possible[char]:  # noqa: SIM110 - "any" would take of a stack that is small
                if way(at):
                    return True
            return False

        return branch

    def _beginning(self, nodes: Sequence[Node]) -> _Step:
        """Whether these can match from a place on, told by the character there alone."""
        for node in nodes:
            kind, what = node
            if kind in SINGLE:
                return self._holds(node)
            if kind is SUBPATTERN and what[3].getwidth()[0]:
                return self._beginning(list(what[3]))
            if kind is BRANCH and all(branch.getwidth()[0] for branch in what[1]):
                ways = [self._beginning(list(branch)) for branch in what[1]]
                return lambda at: any(way(at) for way in ways)
            if kind in REPEATS and what[0] and what[2].getwidth()[0]:
                return self._beginning(list(what[2]))
            if kind not in {AT, ASSERT, ASSERT_NOT}:
                break
        return lambda _: True

    def _atomic(self, body: Sequence[Node], then: _Step) -> _Step:
        ends: list[int] = []

        def stop(at: int) -> bool:
            ends.append(at)
            return True

        inside = self._sequence(body, stop)
        return lambda at: inside(at) and then(ends.pop())

    def _place(self, node: Node, then: _Step) -> _Step:
        here = one_of(self._tree, node)

        def place(at: int) -> bool:
            self._count()
            return here.match(self._text, at) is not None and then(at)

        return place

    def _look(self, body: Sequence[Node], width: int, then: _Step, *, wanted: bool) -> _Step:
        inside = self._sequence(body, lambda _: True)

        def look(at: int) -> bool:
            self._count()
            return (at >= width and inside(at - width)) is wanted and then(at)

        return look

    def _again(self, group: int, then: _Step) -> _Step:
        def again(at: int) -> bool:
            if group not in self._groups:
                return False
            start, end = self._groups[group]
            self._count(end - start + 1)
            said = self._text[start:end]
            return bool(self._text.startswith(said, at)) and then(at + len(said))

        return again
