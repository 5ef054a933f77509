"""Imports articles of the past, and decisions on their claims, into the ledger as history, which alerts nobody."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from monitor.core.articles import source_of
from monitor.core.model import Reading
from monitor.core.review import Review, claim_id
from monitor.know.rebuild import Dated, ReadAll
from monitor.know.review import make
from monitor.ports import FeedRecord, Ledger, Poll, Provisional, ReadArticle, ReadFor
from monitor.watch.watch import Watch, decider

#: Articles in one transaction. Each transaction loads once what is known about their projects.
_AT_A_TIME = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """The result of an import."""

    articles: int = 0
    #: Articles that were not in the ledger.
    new: int = 0
    #: New articles that concern a project.
    relevant: int = 0
    changes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedDecisions:
    """The result of importing decisions that were made elsewhere."""

    #: Decisions that were not in the ledger.
    new: int
    changes: int
    #: Decisions on articles that are not in the ledger.
    homeless: tuple[Review, ...]


def take_in(
    items: Iterable[Dated | ReadArticle],
    *,
    feed: str,
    watch: Watch,
    ledger: Ledger,
    read_all: ReadAll,
    now: datetime,
    heard: Callable[[], None] = lambda: None,
) -> Imported:
    """Read and record the items in the order of publication, in batches of one transaction each.

    Known articles are left as they are. So an import that was cut short continues if it is run again.

    Args:
        items: articles to read, and articles that were read elsewhere, whose readings are kept.
        feed: the feed address under which the ledger records them.
        watch: the watch to read with.
        ledger: receives them.
        read_all: reads articles.
        now: the instant when they are seen.
        heard: called after each article.

    Raises:
        LedgerError: the database refused; batches committed before are kept.
    """
    done = Imported()
    decide = decider(watch, None)
    rest = iter(sorted(items, key=_publication))
    while batch := list(islice(rest, _AT_A_TIME)):
        known = ledger.known([item.article.key for item in batch])
        new = {item.article.key: item for item in batch if item.article.key not in known}
        articles = tuple(_read(tuple(new.values()), watch, read_all, now))
        record = ledger.feed(feed) or FeedRecord(url=feed)
        changes = ledger.record(Poll(feed=record, articles=articles, reason=ReadFor.IMPORT), decide) if articles else ()
        done = Imported(
            articles=done.articles + len(batch),
            new=done.new + len(articles),
            relevant=done.relevant + sum(1 for article in articles if article.reading.projects),
            changes=done.changes + len(changes),
        )
        for _ in batch:
            heard()
    return done


def take_decisions(reviews: Sequence[Review], *, watch: Watch, ledger: Ledger) -> ImportedDecisions:
    """Make the same decisions as were made elsewhere. Those that are in the ledger stay as they are.

    Raises:
        LedgerError: the database refused; what was committed before is kept.
    """
    known = ledger.known([review.source.article for review in reviews])
    made = {_decision(review) for review in ledger.reviews()}
    new = [each for each in reviews if each.source.article in known and _decision(each) not in made]
    changes = 0
    for review in new:
        steps = [review] if review.is_in_force else [replace(review, undone_at=None, undone_by=None), review]
        for step in steps:
            changes += len(make([step], watch, ledger, quiet=True))
    homeless = tuple(review for review in reviews if review.source.article not in known)
    return ImportedDecisions(new=len(new), changes=changes, homeless=homeless)


def _decision(review: Review) -> tuple[str, datetime]:
    return claim_id(review.claim, review.source), review.at


def _publication(item: Dated | ReadArticle) -> tuple[datetime, str]:
    at = item.published_at if isinstance(item, Dated) else item.source.published_at
    return at, item.article.key


def _read(
    items: Sequence[Dated | ReadArticle], watch: Watch, read_all: ReadAll, now: datetime
) -> Iterator[ReadArticle]:
    yield from (item for item in items if isinstance(item, ReadArticle))
    dated = [item for item in items if isinstance(item, Dated)]
    for item, read in zip(dated, read_all([item.article for item in dated]), strict=True):
        source = source_of(item.article, trust=item.trust, published_at=min(item.published_at, now), seen_at=now)
        if read is None:
            nothing = Reading(language=item.article.language, projects=(), claims=(), facts=())
            yield ReadArticle(article=item.article, source=source, reading=nothing)
        else:
            reader = watch.reader_of(read, Provisional.HISTORY)
            yield ReadArticle(article=item.article, source=source, reading=read.reading, reader=reader)
