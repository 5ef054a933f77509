"""Entries that are known byte for byte are cut out of a document before it is read, which is what reading costs.

Works on the text and keeps what is left byte for byte, so that the rest reads as it would have in the whole document.
Where it is not sure to find just the entries, it cuts nothing.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import blake2b

from monitor.ports import DIGEST_SIZE

# What may hold something that looks like a tag, and the tags. An attribute with ">" in it ends a start tag too early,
# which does no harm: only where entries begin and end is looked at.
_TOKEN = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(?P<end>/?)(?P<name>item|entry)(?=[\s/>])[^>]*?(?P<empty>/?)>",
    re.DOTALL,
)
# The element that holds an entry, by the kind of the document.
_ENTRY = {"rss": "item", "rdf": "item", "feed": "entry"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """A document without the entries that were known."""

    text: str
    #: Of every entry of the whole document; empty where none was told apart.
    digests: tuple[bytes, ...]
    #: How many entries were cut out.
    known: int

    @classmethod
    def whole(cls, text: str) -> "Pruned":
        """A document of which nothing is cut out."""
        return cls(text=text, digests=(), known=0)


def prune(text: str, kind: str, known: Collection[bytes]) -> Pruned:
    """Cut the known entries out of a document.

    Args:
        text: well-formed XML.
        kind: the root's name without prefix, in lower case.
        known: digests of entries that need not be read again.
    """
    spans = _entries(text, _ENTRY.get(kind, ""))
    digests = tuple(blake2b(text[start:end].encode(), digest_size=DIGEST_SIZE).digest() for start, end in spans)
    kept: list[str] = []
    last = cut = 0
    for (start, end), digest in zip(spans, digests, strict=True):
        if digest in known:
            kept.append(text[last:start])
            last, cut = end, cut + 1
    return Pruned(text="".join((*kept, text[last:])), digests=digests, known=cut)


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
