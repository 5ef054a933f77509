"""Things that each need one key of several sets (a phrase its words), found by the keys that are there."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T", bound=Hashable)


class Needs(Generic[K, T]):
    """Built once; finds without a look at what cannot be there."""

    def __init__(self, things: Iterable[tuple[Sequence[frozenset[K]], T]]) -> None:
        """Take things with the sets of which each needs a key; by the keys of the first set it is looked up."""
        things = tuple(things)
        # A set that is often needed gets a low number, so that most needs are small numbers and compared quickly.
        often = Counter(keys for sets, _ in things for keys in sets[1:])
        often.update(dict.fromkeys((sets[0] for sets, _ in things), 0))
        numbers = {keys: number for number, (keys, _) in enumerate(often.most_common())}
        sets_of: dict[K, list[int]] = defaultdict(list)
        for keys, number in numbers.items():
            for key in keys:
                sets_of[key].append(number)
        found: dict[K, dict[int, list[T]]] = defaultdict(lambda: defaultdict(list))
        for (first, *others), thing in things:
            needs = _bits(numbers[keys] for keys in others)
            for key in first:
                found[key][needs].append(thing)
        #: The sets that a key is in, as the bits of one number: the quickest to be joined and compared.
        self._sets_of: Mapping[K, int] = {key: _bits(numbers) for key, numbers in sets_of.items()}
        #: What is looked up by a key, by the other sets that it needs.
        self._found: Mapping[K, Sequence[tuple[int, Sequence[T]]]] = {
            key: tuple((needs, tuple(found[key][needs])) for needs in found[key]) if key in found else ()
            for key in sets_of
        }

    def met(self, keys: Collection[K]) -> Iterable[T]:
        """Each thing of which a key of every set is among these; in an order that follows theirs."""
        there = 0
        for key in keys:
            there |= self._sets_of[key]
        return {
            thing: None
            for key in keys
            for needs, things in self._found[key]
            if needs & there == needs
            for thing in things
        }


def _bits(numbers: Iterable[int]) -> int:
    bits = 0
    for number in numbers:
        bits |= 1 << number
    return bits
