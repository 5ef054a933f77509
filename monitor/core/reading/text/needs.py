"""Things that each need one key of several sets (a phrase its words), found by the keys that are there."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T", bound=Hashable)
V = TypeVar("V", bound=Hashable)


class _Lookup(NamedTuple, Generic[T]):
    """What is looked up by a key and needs the same."""

    #: Before and behind what else is looked up by the key.
    place: int
    #: The other sets that it needs.
    needs: int
    things: tuple[T, ...]


#: What is looked up by a key, in groups by what all of a group need.
_Groups = tuple[tuple[int, tuple[_Lookup[T], ...]], ...]


class Held(NamedTuple, Generic[T]):
    """Keys that stand in one place, joined once for all so that they are met as one."""

    #: The sets that they are in, as the bits of one number: the quickest to be joined and compared.
    sets: int
    groups: _Groups[T]


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
        #: What is looked up by a key; mostly the same for all keys of a set.
        self._found: Mapping[K, _Groups[T]] = {key: once(_grouped(by_needs, once)) for key, by_needs in found.items()}

    def held(self, keys: Sequence[K]) -> Held[T]:
        """Keys that stand in one place."""
        if len(keys) == 1:
            # Mostly, and nothing more is kept of it then.
            return Held(self._sets_of[keys[0]], self._found.get(keys[0], ()))
        sets = 0
        found: dict[int, dict[T, None]] = defaultdict(dict)
        for key in keys:
            sets |= self._sets_of[key]
            for lookup in sorted(lookup for _, group in self._found.get(key, ()) for lookup in group):
                found[lookup.needs].update(dict.fromkeys(lookup.things))
        return Held(sets, _grouped(found, _Once()))


class _Once:
    """Gives of values that are the same always the same one, so that it is kept once: a vocabulary has very many."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def __call__(self, value: V) -> V:
        known: V = self._known.setdefault(value, value)
        return known


def _grouped(by_needs: Mapping[int, Iterable[T]], once: _Once) -> _Groups[T]:
    """By the least that one of them needs: "sign the new deal" with "sign deal"."""
    lookups = [_Lookup(place, once(needs), once(tuple(by_needs[needs]))) for place, needs in enumerate(by_needs)]
    groups: dict[int, list[_Lookup[T]]] = {}
    for lookup in sorted(lookups, key=lambda lookup: lookup.needs.bit_count()):
        least = next((least for least in groups if least & lookup.needs == least), lookup.needs)
        groups.setdefault(least, []).append(once(lookup))
    return tuple(once((least, tuple(group))) for least, group in groups.items())


def met(places: Collection[Held[T]]) -> Iterable[T]:
    """Each thing of which a key of every set is in one of the places; in an order that follows theirs."""
    there = 0
    for held in places:
        there |= held.sets
    groups = [
        (number, group) for number, held in enumerate(places) for least, group in held.groups if least & there == least
    ]
    lookups = [(number, lookup) for number, group in groups for lookup in group if lookup.needs & there == lookup.needs]
    return dict.fromkeys([thing for _, lookup in sorted(lookups) for thing in lookup.things])
