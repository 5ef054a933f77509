"""A document beside what is known: parse → match, as far as nothing more need be fetched. Runs off the event loop."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import compress

from monitor.core.corrections import MAX_LOOKS, entry_digest
from monitor.core.identity import article_key, canonical_url, entry_key, is_service_link
from monitor.core.model import Entry, Feed, Selectors
from monitor.entries import Road, may_concern, pass_by
from monitor.feeds.parse import ParsedFeed, parse_feed
from monitor.ports import EntryRecord, FeedRecord, Fetched, ReadArticle


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """What is in a document, and what of it is new."""

    parsed: ParsedFeed
    #: By key, as all that follows that is by key.
    entries: Mapping[str, Entry]
    #: What was known of the entries before.
    seen: Mapping[str, EntryRecord]
    #: What is to be known of them from now on.
    said: Mapping[str, EntryRecord]
    #: Entries that are new and may concern a project.
    concerning: tuple[Entry, ...]
    #: The articles that are new and concern none.
    others: tuple[ReadArticle, ...]
    #: Articles that are known, whose entries say something else now; with the keys of those.
    rewritten: Mapping[str, str]


def sift(
    answer: Fetched, feed: Feed, record: FeedRecord, road: Road, now: datetime, *, page: Selectors | None = None
) -> Sifted:
    """Read a document as far as it is not known yet, and tell what of it is worth a look.

    Args:
        answer: the document.
        feed: whose it is.
        record: what is known of the feed.
        road: as for a poll.
        now: the present instant.
        page: where on the document, which is a page then, its entries stand.

    Raises:
        ParseError: nothing in it can be read.
        LedgerError: the database refused.
    """
    parsed = parse_feed(
        answer.body,
        url=answer.url,
        content_type=answer.content_type,
        now=now,
        known=frozenset(record.shown),
        page=page,
    )
    entries = {entry_key(entry): entry for entry in parsed.entries}
    articles = {key: article_key(entry, feed=feed.url) for key, entry in entries.items()}
    seen, known = road.ledger.seen(feed.url, tuple(entries), tuple(articles.values()))
    said = {key: _remember(key, entry, seen.get(key)) for key, entry in entries.items()}
    candidates = {articles[key]: key for key, entry in entries.items() if _is_worth_a_look(said[key], seen, entry)}
    new = [entries[key] for article, key in candidates.items() if article not in known]
    concern = [may_concern(entry, road.watch) for entry in new]
    is_history = record.imported_at is None
    return Sifted(
        parsed=parsed,
        entries=entries,
        seen=seen,
        said=said,
        concerning=tuple(compress(new, concern)),
        others=tuple(
            pass_by(entry, feed, road.watch, now, is_history=is_history)
            for entry, is_concerned in zip(new, concern, strict=True)
            if not is_concerned
        ),
        rewritten={article: key for article, key in candidates.items() if article in known and key in seen},
    )


def _remember(key: str, entry: Entry, seen: EntryRecord | None) -> EntryRecord:
    """What is to be known of an entry from now on."""
    digest = entry_digest(entry)
    if seen is None or seen.digest in {"", digest}:
        return EntryRecord(key=key, digest=digest, rewrites=seen.rewrites if seen else 0)
    return EntryRecord(key=key, digest=digest, rewrites=seen.rewrites + 1)


def _is_worth_a_look(record: EntryRecord, seen: Mapping[str, EntryRecord], entry: Entry) -> bool:
    """Whether an entry is new, or says something else now; one that is rewritten for ever is left at last.

    One behind the link of a service is looked at once: its link was followed then, and is not followed again.
    """
    before = seen.get(record.key)
    if before is None:
        return True
    is_rewritten = before.rewrites < record.rewrites <= MAX_LOOKS
    return is_rewritten and not (entry.url and is_service_link(canonical_url(entry.url)))
