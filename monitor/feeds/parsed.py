"""The result of parsing a feed document, and the rules that all formats share. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

from monitor.core.model import Entry
from monitor.feeds.plaintext import tidy

#: The maximum number of entries of a document. The rest is left out and reported.
MAX_ENTRIES = 500

# The maximum number of problems with single entries that are listed.
_TOLD = 20
_URL_LENGTH = 4_096
# An absolute address that needs no change, like nearly all.
_ABSOLUTE = re.compile(
    r"https?://[a-z0-9][a-z0-9.-]{0,250}(?::\d{1,5})?(?:/[A-Za-z0-9._~/%-]{0,3000}(?:\?[A-Za-z0-9._~/%=&+-]{1,800})?)?"
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """The contents of a feed document."""

    #: Plain text, or "".
    title: str
    #: What kind of document it is, for people: RSS, Atom, JSON Feed, sitemap or page.
    format: str = field(default="", compare=False)
    #: In document order.
    entries: tuple[Entry, ...]
    #: Defects in spite of which the document was read, for the operator.
    problems: tuple[str, ...] = ()
    #: The shortest polling interval that the publisher accepts. None if it does not say.
    ttl: timedelta | None = None
    #: Whether the document is complete. If not, another answer with the same validators may contain more.
    is_whole: bool = True
    #: The number of entries that were left out because they were known byte for byte.
    known: int = 0
    #: Digests of all entries of the document, including known ones. Empty if the document is read whole each time.
    #: They depend on how the entries are written, so two equal results may have different ones.
    digests: tuple[bytes, ...] = field(default=(), compare=False)
    #: The hub that the feed names for pushes, and the topic, its own address (core.websub).
    hub: str | None = None
    topic: str | None = None


def collect(
    items: Iterable[T], convert: Callable[[T], Entry], *, left_out: int, problems: Iterable[str]
) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Convert each item on its own. A bad item is left out, and the others are converted.

    Args:
        items: the items of the document; those beyond the limit are ignored.
        convert: makes an entry of an item. Raises ValueError, TypeError or LookupError if it is bad.
        left_out: how many items were over the limit and are not in ``items``.
        problems: problems of the document that were found before.

    Returns:
        The entries, and all problems.
    """
    entries: list[Entry] = []
    bad: list[str] = []
    for number, item in enumerate(islice(items, MAX_ENTRIES), start=1):
        try:
            entries.append(convert(item))
        except (ValueError, TypeError, LookupError) as error:
            bad.append(f"entry {number} left out: {tidy(str(error)) or type(error).__name__}")
    told = [*problems, *bad[:_TOLD]]
    if len(bad) > _TOLD:
        told.append(f"{len(bad) - _TOLD} more entries left out")
    if left_out:
        told.append(f"{left_out} entries left out: no more than {MAX_ENTRIES} are read of one document")
    return tuple(entries), tuple(told)


def checked(entry: Entry) -> Entry:
    """The entry. Raises ValueError if it has neither title, text nor link."""
    if not (entry.title or entry.text or entry.url):
        raise ValueError("it has no title, text or link")
    return entry


def web_link(link: str | None, base: str) -> str | None:
    """The link as an absolute http(s) address. None if there is none, as for a script or a mail address."""
    if not link or _ABSOLUTE.fullmatch(link):
        return link or None
    try:
        absolute = urljoin(base, tidy(link).strip())
        parts = urlsplit(absolute)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or len(absolute) > _URL_LENGTH:
        return None
    return "".join(absolute.split())


def language_tag(tag: str | None) -> str | None:
    """The language of a tag (``fr`` of ``fr-MA``). None if it is not a language tag."""
    language = (tag or "").strip().replace("_", "-").partition("-")[0].lower()
    return language if language.isascii() and language.isalpha() and len(language) in {2, 3} else None
