"""Finds things that each need one key from each of several sets (a phrase its words), by the keys that are present."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T", bound=Hashable)
V = TypeVar("V", bound=Hashable)


class _Lookup(NamedTuple, Generic[T]):
    """The things under one key that have the same needs."""

    #: Its position among the lookups under the key.
    place: int
    #: The other sets that it needs, as bits.
    needs: int
    things: tuple[T, ...]


#: The lookups under a key, in groups; each with the bits that all of the group need.
_Groups = tuple[tuple[int, tuple[_Lookup[T], ...]], ...]


class Held(NamedTuple, Generic[T]):
    """The keys in one place, joined once so that they are matched as one."""

    #: The sets that contain them, as the bits of one number, which is fastest to join and compare.
    sets: int
    groups: _Groups[T]


class Needs(Generic[K, T]):
    """An index of things by needed keys. Build it once; it skips things that cannot be present."""

    def __init__(self, things: Iterable[tuple[Sequence[frozenset[K]], T]]) -> None:
        """Index ``things``, each paired after the sets that it needs a key of.

        A thing is looked up by the keys of its first set.
        """
        things = tuple(things)
        # A set that is often needed gets a low bit, so that most needs are small numbers and compared fast.
        often = Counter(keys for sets, _ in things for keys in sets[1:])
        often.update(dict.fromkeys((sets[0] for sets, _ in things), 0))
        #: The bit of each set.
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
        #: The lookups under each key; usually the same for all keys of a set.
        self._found: Mapping[K, _Groups[T]] = {key: once(_grouped(by_needs, once)) for key, by_needs in found.items()}

    def held(self, keys: Sequence[K]) -> Held[T]:
        """Join the keys in one place."""
        if len(keys) == 1:
            # The usual case, which needs no memory of its own.
            return Held(self._sets_of[keys[0]], self._found.get(keys[0], ()))
        sets = 0
        found: dict[int, dict[T, None]] = defaultdict(dict)
        for key in keys:
            sets |= self._sets_of[key]
            for lookup in sorted(lookup for _, group in self._found.get(key, ()) for lookup in group):
                found[lookup.needs].update(dict.fromkeys(lookup.things))
        return Held(sets, _grouped(found, _Once()))


class _Once:
    """Returns the same object for equal values, which saves memory: a vocabulary has very many of them."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def __call__(self, value: V) -> V:
        known: V = self._known.setdefault(value, value)
        return known


def _grouped(by_needs: Mapping[int, Iterable[T]], once: _Once) -> _Groups[T]:
    """Group things by the least that one of a group needs: "sign the new deal" with "sign deal"."""
    lookups = [_Lookup(place, once(needs), once(tuple(by_needs[needs]))) for place, needs in enumerate(by_needs)]
    groups: dict[int, list[_Lookup[T]]] = {}
    for lookup in sorted(lookups, key=lambda lookup: lookup.needs.bit_count()):
        least = next((least for least in groups if least & lookup.needs == least), lookup.needs)
        groups.setdefault(least, []).append(once(lookup))
    return tuple(once((least, tuple(group))) for least, group in groups.items())


def met(places: Collection[Held[T]]) -> Iterable[T]:
    """Each thing that has a key of every set in one of the places, in an order that follows the places."""
    there = 0
    for held in places:
        there |= held.sets
    groups = [
        (number, group) for number, held in enumerate(places) for least, group in held.groups if least & there == least
    ]
    lookups = [(number, lookup) for number, group in groups for lookup in group if lookup.needs & there == lookup.needs]
    return dict.fromkeys([thing for _, lookup in sorted(lookups) for thing in lookup.things])
