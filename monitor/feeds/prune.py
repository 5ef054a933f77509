"""Entries that need not be read by the feed library are cut out of a document before, which is what reading costs.

Works on the text and keeps what is left byte for byte, so that the rest reads as it would have in the whole document.
Where it is not sure to find just the entries, it cuts nothing.
"""

import re
from collections.abc import Container
from dataclasses import dataclass
from hashlib import blake2b

from monitor.ports import DIGEST_SIZE

# What may hold something that looks like a tag, and the tags. An attribute with ">" in it ends a start tag too early,
# which does no harm: only where entries begin and end is looked at. What is skipped is most of a document, and skipped
# in great steps: "up to the first that ends it", letter by letter, takes ten times as long.
_TOKEN = re.compile(
    r"<!--[^-]*+(?:-(?!->)[^-]*+)*+(?:-->|\Z)"
    r"|<!\[CDATA\[[^\]]*+(?:\](?!\]>)[^\]]*+)*+(?:\]\]>|\Z)"
    r"|<\?[^?]*+(?:\?(?!>)[^?]*+)*+(?:\?>|\Z)"
    r"|<(?P<end>/?)(?P<name>item|entry)(?=[\s/>])[^<>]*?(?P<empty>/?)>"
)
# The element that holds an entry, by the kind of the document.
_ENTRY = {"rss": "item", "rdf": "item", "feed": "entry"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """Where the entries of a document are."""

    text: str
    #: Where each begins and ends; empty where they cannot be told apart for sure.
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
        """Of every entry, of how it is written."""
        return tuple(
            blake2b(self.text[start:end].encode(), digest_size=DIGEST_SIZE).digest() for start, end in self.spans
        )

    def without(self, entries: Container[int]) -> str:
        """The document without these of its entries, by their numbers."""
        kept: list[str] = []
        last = 0
        for number, (start, end) in enumerate(self.spans):
            if number in entries:
                kept.append(self.text[last:start])
                last = end
        return "".join((*kept, self.text[last:]))


def _entries(text: str, name: str) -> list[tuple[int, int]]:
    """Where the entries begin and end; none where they are not simply one behind the other."""
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
