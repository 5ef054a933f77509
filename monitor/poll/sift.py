"""Compares a document with what is known: finds the entries that are new or changed. Runs off the event loop."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.core.corrections import MAX_LOOKS, entry_digest
from monitor.core.identity import article_key, canonical_url, entry_key, is_service_link
from monitor.core.model import Entry
from monitor.feeds.parsed import ParsedFeed
from monitor.poll.article import pass_by
from monitor.poll.context import PollContext
from monitor.ports import EntryRecord, ReadArticle
from monitor.workers.jobs import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """The entries of a document, and what is new among them."""

    parsed: ParsedFeed
    #: By key, like the mappings that follow.
    entries: Mapping[str, Entry]
    #: The records of the entries before this document.
    seen: Mapping[str, EntryRecord]
    #: The records of the entries from now on.
    said: Mapping[str, EntryRecord]
    #: The keys of the entries that may concern a project.
    may_concern: frozenset[str]
    #: New entries that may concern a project.
    concerning: tuple[Entry, ...]
    #: New articles that concern no project.
    others: tuple[ReadArticle, ...]
    #: Known articles whose entries have changed: article key → entry key.
    rewritten: Mapping[str, str]


def sift(document: Document, context: PollContext, now: datetime) -> Sifted:
    """Hold a document beside what is known, and tell what of it is new.

    Args:
        document: as a worker has read it.
        context: of the poll.
        now: the present instant.

    Raises:
        LedgerError: the database refused.
    """
    feed, road = context.feed, context.road
    keys = [entry_key(entry) for entry in document.parsed.entries]
    entries = dict(zip(keys, document.parsed.entries, strict=True))
    languages = dict(zip(keys, document.languages, strict=True))
    concerns = dict(zip(keys, document.concerns, strict=True))
    may_concern = frozenset(key for key, projects in concerns.items() if projects)
    articles = {key: article_key(entry, feed=feed.url) for key, entry in entries.items()}
    seen, known = road.ledger.seen(feed.url, tuple(entries), tuple(articles.values()))
    said = {key: _remember(key, entry, seen.get(key)) for key, entry in entries.items()}
    candidates = {articles[key]: key for key, entry in entries.items() if _is_worth_a_look(said[key], seen, entry)}
    new = [key for article, key in candidates.items() if article not in known]
    return Sifted(
        parsed=document.parsed,
        entries=entries,
        seen=seen,
        said=said,
        may_concern=may_concern,
        concerning=tuple(entries[key] for key in new if key in may_concern),
        others=tuple(
            pass_by(entries[key], feed, road.watch, now, language=languages[key], is_history=context.is_history)
            for key in new
            if key not in may_concern
        ),
        rewritten={article: key for article, key in candidates.items() if article in known and key in seen},
    )


def _remember(key: str, entry: Entry, seen: EntryRecord | None) -> EntryRecord:
    """The record of an entry from now on."""
    digest = entry_digest(entry)
    if seen is None or seen.digest in {"", digest}:
        return EntryRecord(key=key, digest=digest, rewrites=seen.rewrites if seen else 0)
    return EntryRecord(key=key, digest=digest, rewrites=seen.rewrites + 1)


def _is_worth_a_look(record: EntryRecord, seen: Mapping[str, EntryRecord], entry: Entry) -> bool:
    """Whether an entry is new or has changed; after ``MAX_LOOKS`` changes it is ignored.

    An entry with the link of a search service is looked at only once: its link was followed then and is not followed
    again.
    """
    before = seen.get(record.key)
    if before is None:
        return True
    is_rewritten = before.rewrites < record.rewrites <= MAX_LOOKS
    return is_rewritten and not (entry.url and is_service_link(canonical_url(entry.url)))
