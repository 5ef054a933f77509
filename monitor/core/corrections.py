"""Edits that publishers make to published entries: which of them are worth another look."""

import re
from hashlib import sha256

from monitor.core.identity import canonical_url
from monitor.core.model import Article, Entry
from monitor.core.plain import single_spaced

#: The most looks at one entry. An entry that changes at every poll is not fetched for ever.
MAX_LOOKS = 5
#: The digest of an entry whose page could not be fetched. No entry has this digest, so it is looked at again.
UNREAD = "unread"

# Reader counters, which carry no news, with the number on either side: "12 comments", "Vues : 3", "评论(4)".
_READERS = (
    "comments?|commentaires?|comentarios?|条?评论|條?評論|تعليقات|تعليق|views|vues|vistas|阅读|閱讀|مشاهدات|مشاهدة"
)
# A number matches possessively, whatever follows it, so that the search does not restart at each of its digits.
_COUNTER = re.compile(
    rf"(?P<number>\d[\d.,]*+)(?:\s?(?P<readers>{_READERS})(?![^\W\d_]))?"
    rf"|(?<![^\W\d_])(?:{_READERS})\s?[:：(（]\s?\d[\d.,]*+",
    re.IGNORECASE,
)
# Every counter contains one of these. Few texts do, and searching for them first is faster.
_TRACES = ("comment", "comentario", "view", "vue", "vista", "阅读", "閱讀", "评论", "評論", "تعليق", "مشاهد")
# Letters that a case-insensitive pattern matches as "i", but case folding does not.
_OTHER_I = "ıİ"


def entry_digest(entry: Entry) -> str:
    """64 bits over the text and the address of an entry, without white space, tracking parameters and counters."""
    said = _plain(entry.title), _plain(entry.text), canonical_url(entry.url) if entry.url else ""
    return sha256("\0".join(said).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def says_the_same(one: Article, other: Article) -> bool:
    """Whether two editions of an article have the same title and text, apart from white space and counters."""
    return _plain(one.title) == _plain(other.title) and _plain(one.text) == _plain(other.text)


def is_emptied(before: Article, after: Article) -> bool:
    """Whether a publisher has withdrawn an article by removing its text."""
    return bool(before.text.strip()) and not after.text.strip()


def _plain(text: str) -> str:
    return single_spaced(_COUNTER.sub(_uncounted, text) if _may_count(text) else text)


def _uncounted(found: re.Match[str]) -> str:
    is_mere_number = found["number"] and not found["readers"]
    return found[0] if is_mere_number else " "


def _may_count(text: str) -> bool:
    folded = text.casefold()
    return any(trace in folded for trace in _TRACES) or any(letter in text for letter in _OTHER_I)
