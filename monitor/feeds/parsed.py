"""A feed document as values, and the rules that all formats share. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

from monitor.core.model import Entry
from monitor.feeds.plaintext import tidy

#: No document gives more entries; the rest is left out, and said to be.
MAX_ENTRIES = 500

# Problems of single entries that are told one by one; hundreds tell no more.
_TOLD = 20
_URL_LENGTH = 4_096
# An address to which nothing can be done, as nearly all are.
_ABSOLUTE = re.compile(
    r"https?://[a-z0-9][a-z0-9.-]{0,250}(?::\d{1,5})?(?:/[A-Za-z0-9._~/%-]{0,3000}(?:\?[A-Za-z0-9._~/%=&+-]{1,800})?)?"
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What a feed document says."""

    #: Plain text; "" where it has none.
    title: str
    #: In the order of the document.
    entries: tuple[Entry, ...]
    #: What was wrong with it and was lived with, for the operator.
    problems: tuple[str, ...] = ()
    #: The shortest interval at which the publisher wants to be asked; None where it does not say.
    ttl: timedelta | None = None
    #: Whether the document came to its end; where it did not, another answer with the same validators may hold more.
    is_whole: bool = True
    #: How many entries were left out because they were known byte for byte.
    known: int = 0
    #: Of every entry of the document, the known ones too; empty where the document is read whole each time. Tells how
    #: it was written, not what it says.
    digests: tuple[bytes, ...] = field(default=(), compare=False)
    #: The hub that it names to push what is new, and what it calls itself (core.websub).
    hub: str | None = None
    topic: str | None = None


def collect(
    items: Iterable[T], convert: Callable[[T], Entry], *, left_out: int, problems: Iterable[str]
) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Convert the items, each on its own: one that is bad costs one entry.

    Args:
        items: the items of the document; those beyond the limit are not looked at.
        convert: makes an entry of one; raises ValueError, TypeError or LookupError where it is bad.
        left_out: how many were over the limit and are not among the items.
        problems: of the document, found before.

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
    """The entry, if it says anything at all."""
    if not (entry.title or entry.text or entry.url):
        raise ValueError("it has no title, text or link")
    return entry


def web_link(link: str | None, base: str) -> str | None:
    """An absolute http(s) address; None for what is none, as a script, a mail address or a fragment of nothing."""
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
    """The language of a tag (``fr`` of ``fr-MA``); None for what is no tag."""
    language = (tag or "").strip().replace("_", "-").partition("-")[0].lower()
    return language if language.isascii() and language.isalpha() and len(language) in {2, 3} else None
