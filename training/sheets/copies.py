"""Texts that copy each other, found by the runs of words they share."""

import re
from collections.abc import Iterable, Mapping

#: Two texts that share more of the shorter one's runs than this are near-copies.
LIMIT = 0.18
_WORD = re.compile(r"\w+")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def tokens(text: str) -> list[str]:
    """Words; characters where the text is Chinese."""
    if len(_HAN.findall(text)) * 3 > len(text):
        return [character for character in text if character.isalnum()]
    return _WORD.findall(text.casefold())


def shingles(text: str) -> frozenset[int]:
    """Hashes of the text's runs of five words, or of ten characters where it is Chinese."""
    parts = tokens(text)
    size = 10 if parts and all(len(part) == 1 for part in parts) else 5
    return frozenset(hash(tuple(parts[at : at + size])) for at in range(len(parts) - size + 1))


class Seen:
    """The texts so far; tells which of them a new one copies."""

    def __init__(self) -> None:
        self._texts: dict[str, frozenset[int]] = {}
        self._holders: dict[int, list[str]] = {}

    def add(self, key: str, text: str) -> None:
        self._texts[key] = shingles(text)
        for shingle in self._texts[key]:
            self._holders.setdefault(shingle, []).append(key)

    def copied(self, text: str) -> str | None:
        """The id of the text that this one copies most, if it is a near-copy."""
        mine = shingles(text)
        shared: dict[str, int] = {}
        for holder in self._holding(mine):
            shared[holder] = shared.get(holder, 0) + 1
        share = {key: count / max(1, min(len(mine), len(self._texts[key]))) for key, count in shared.items()}
        worst = _largest(share)
        return worst if worst and share[worst] > LIMIT else None

    def _holding(self, mine: Iterable[int]) -> Iterable[str]:
        return (holder for shingle in mine for holder in self._holders.get(shingle, ()))


def _largest(share: Mapping[str, float]) -> str | None:
    return max(share, key=lambda key: share[key], default=None)
