"""Cuts known entries out of a document, so that the feed library need not read them. Reading them costs most time.

It works on the text and keeps the rest byte for byte, so that the rest reads the same as in the whole document. If
it cannot find the entries reliably, it cuts nothing.
"""

import re
from collections.abc import Container
from dataclasses import dataclass
from hashlib import blake2b

from monitor.ports import DIGEST_SIZE

# Constructs that may contain apparent tags, and the tags of entries. An attribute with ">" ends a start tag too early.
# That does no harm, since only the beginnings and ends of entries count. Most of a document is skipped, so skipping
# must be fast: a lazy quantifier, which checks at each letter for the end, takes ten times as long.
_TOKEN = re.compile(
    r"<!--[^-]*+(?:-(?!->)[^-]*+)*+(?:-->|\Z)"
    r"|<!\[CDATA\[[^\]]*+(?:\](?!\]>)[^\]]*+)*+(?:\]\]>|\Z)"
    r"|<\?[^?]*+(?:\?(?!>)[^?]*+)*+(?:\?>|\Z)"
    r"|<(?P<end>/?)(?P<name>item|entry)(?=[\s/>])[^<>]*?(?P<empty>/?)>"
)
# The entry element by the kind of the document.
_ENTRY = {"rss": "item", "rdf": "item", "feed": "entry"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """The positions of the entries of a document."""

    text: str
    #: Start and end of each entry. Empty if the entries cannot be found reliably.
    spans: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, text: str, kind: str) -> "Cuts":
        """Find the entries.

        Args:
            text: well-formed XML.
            kind: the root's name without prefix, in lower case.
        """
        return cls(text=text, spans=tuple(_entries(text, _ENTRY.get(kind, ""))))

    @property
    def digests(self) -> tuple[bytes, ...]:
        """A digest of the text of each entry."""
        return tuple(
            blake2b(self.text[start:end].encode(), digest_size=DIGEST_SIZE).digest() for start, end in self.spans
        )

    def without(self, entries: Container[int]) -> str:
        """The document without the entries of these numbers."""
        kept: list[str] = []
        last = 0
        for number, (start, end) in enumerate(self.spans):
            if number in entries:
                kept.append(self.text[last:start])
                last = end
        return "".join((*kept, self.text[last:]))


def _entries(text: str, name: str) -> list[tuple[int, int]]:
    """Start and end of each entry. Empty if the entries are not a plain sequence."""
    found: list[tuple[int, int]] = []
    begun: int | None = None
    for token in _TOKEN.finditer(text):
        if token["name"] != name:
            continue
        if token["end"]:
            if begun is None:
                return []
            found.append((begun, token.end()))
            begun = None
        elif begun is not None or token["empty"]:
            return []
        else:
            begun = token.start()
    return found if begun is None else []
