"""What publishers change in what they have published: which edits are worth a look, and which are none."""

import re
from hashlib import sha256

from monitor.core.identity import canonical_url
from monitor.core.model import Article, Entry
from monitor.core.plain import single_spaced

#: An entry is looked at again so often; one that says something else at every poll is not asked for ever.
MAX_LOOKS = 5
#: Stands for what an entry said whose page could not be had: as no entry says this, it is looked at again.
UNREAD = "unread"

# What counts readers and says nothing, with its number on either side: "12 comments", "Vues : 3", "评论(4)".
_READERS = (
    "comments?|commentaires?|comentarios?|条?评论|條?評論|تعليقات|تعليق|views|vues|vistas|阅读|閱讀|مشاهدات|مشاهدة"
)
# A number is taken whole whatever follows it, so that the search does not start again at each of its digits.
_COUNTER = re.compile(
    rf"(?P<number>\d[\d.,]*+)(?:\s?(?P<readers>{_READERS})(?![^\W\d_]))?"
    rf"|(?<![^\W\d_])(?:{_READERS})\s?[:：(（]\s?\d[\d.,]*+",
    re.IGNORECASE,
)
# Of each of these words something stands in every counter; in few texts any does, and looking for them is quicker.
_TRACES = ("comment", "comentario", "view", "vue", "vista", "阅读", "閱讀", "评论", "評論", "تعليق", "مشاهد")
# Letters that a pattern without regard to case takes for an "i", and folding does not.
_OTHER_I = "ıİ"


def entry_digest(entry: Entry) -> str:
    """64 bits of what an entry says and where it leads: white space, tracking parameters and counters are no part."""
    said = _plain(entry.title), _plain(entry.text), canonical_url(entry.url) if entry.url else ""
    return sha256("\0".join(said).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def says_the_same(one: Article, other: Article) -> bool:
    """Whether two editions of an article differ in nothing that is read."""
    return _plain(one.title) == _plain(other.title) and _plain(one.text) == _plain(other.text)


def is_emptied(before: Article, after: Article) -> bool:
    """Whether a publisher has withdrawn an article by taking its text away."""
    return bool(before.text.strip()) and not after.text.strip()


def _plain(text: str) -> str:
    return single_spaced(_COUNTER.sub(_uncounted, text) if _may_count(text) else text)


def _uncounted(found: re.Match[str]) -> str:
    is_mere_number = found["number"] and not found["readers"]
    return found[0] if is_mere_number else " "


def _may_count(text: str) -> bool:
    folded = text.casefold()
    return any(trace in folded for trace in _TRACES) or any(letter in text for letter in _OTHER_I)
