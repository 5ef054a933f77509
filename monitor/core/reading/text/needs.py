"""Things that each need one key of several sets (a phrase its words), found by the keys that are there."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T", bound=Hashable)
V = TypeVar("V", bound=Hashable)


class Held(NamedTuple, Generic[T]):
    """Keys that stand in one place, joined once for all so that they are met as one."""

    #: The sets that they are in, as the bits of one number: the quickest to be joined and compared.
    sets: int
    #: What is looked up by one of them, by the other sets that it needs.
    things: Sequence[tuple[int, Sequence[T]]]


class Needs(Generic[K, T]):
    """Built once; finds without a look at what cannot be there."""

    def __init__(self, things: Iterable[tuple[Sequence[frozenset[K]], T]]) -> None:
        """Take things with the sets of which each needs a key; by the keys of the first set it is looked up."""
        things = tuple(things)
        # A set that is often needed gets a low number, so that most needs are small numbers and compared quickly.
        often = Counter(keys for sets, _ in things for keys in sets[1:])
        often.update(dict.fromkeys((sets[0] for sets, _ in things), 0))
        #: Each set as its bit.
        self.bits: Mapping[frozenset[K], int] = {keys: 1 << at for at, (keys, _) in enumerate(often.most_common())}
        self._sets_of: dict[K, int] = defaultdict(int)
        for keys, bit in self.bits.items():
            for key in keys:
                self._sets_of[key] |= bit
        found: dict[K, dict[int, list[T]]] = defaultdict(lambda: defaultdict(list))
        for (first, *others), thing in things:
            needs = sum({self.bits[keys] for keys in others})
            for key in first:
                found[key][needs].append(thing)
        once = _Once()
        #: What is looked up by a key, by the other sets that it needs; mostly the same for all keys of a set.
        self._found: Mapping[K, Sequence[tuple[int, Sequence[T]]]] = {
            key: once(tuple(once((once(needs), tuple(things))) for needs, things in by_needs.items()))
            for key, by_needs in found.items()
        }

    def held(self, keys: Sequence[K]) -> Held[T]:
        """Keys that stand in one place."""
        if len(keys) == 1:
            # Mostly, and nothing more is kept of it then.
            return Held(self._sets_of[keys[0]], self._found.get(keys[0], ()))
        sets = 0
        found: dict[int, dict[T, None]] = defaultdict(dict)
        for key in keys:
            sets |= self._sets_of[key]
            for needs, things in self._found.get(key, ()):
                found[needs].update(dict.fromkeys(things))
        return Held(sets, tuple((needs, tuple(things)) for needs, things in found.items()))


class _Once:
    """Gives of values that are the same always the same one, so that it is kept once: a vocabulary has very many."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def __call__(self, value: V) -> V:
        known: V = self._known.setdefault(value, value)
        return known


def met(places: Collection[Held[T]]) -> Iterable[T]:
    """Each thing of which a key of every set is in one of the places; in an order that follows theirs."""
    there = 0
    for held in places:
        there |= held.sets
    return {
        thing: None for held in places for needs, things in held.things if needs & there == needs for thing in things
    }
