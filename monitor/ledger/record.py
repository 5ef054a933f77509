"""The work inside the transaction that commits a poll, or new readings of known articles."""

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import Connection, select, text

from monitor.core.folding.fold import publication_order
from monitor.core.news import Change, Mistake
from monitor.core.state import Report, Source
from monitor.ledger import recall, rows, states
from monitor.ledger.calling_off import call_off, returns_from_history, without_returns
from monitor.ledger.chunks import chunks
from monitor.ledger.correcting import find_corrections
from monitor.ledger.departures import still_there
from monitor.ledger.editions import find_editions, replace_readings, save_readings
from monitor.ledger.inserts import insert, insert_absent, insert_or_replace, or_else
from monitor.ledger.lately import owed_lately
from monitor.ledger.tables import ARTICLES, CHANGES, DELIVERIES, ENTRIES, FEEDS
from monitor.ports import Decide, Decision, FeedRecord, Outgoing, Poll, ReadArticle, ReadFor

#: PostgreSQL's number of the lock for folding. The numbers before it belong to the service and the migrations.
_LOCK = 7_261_944_105


def record(connection: Connection, polls: Sequence[tuple[Poll, Decide]]) -> list[tuple[Change, ...]]:
    """Store everything that these polls brought and everything that follows. Returns the new changes of each poll."""
    feeds = _save_feeds(connection, [poll.feed for poll, _ in polls if poll.articles or poll.entries])
    _save_unchanged(connection, [poll.feed for poll, _ in polls if not (poll.articles or poll.entries)])
    entries = [rows.entry_values(entry, feeds[poll.feed.url]) for poll, _ in polls for entry in poll.entries]
    # In the same order everywhere, so that two processes cannot deadlock.
    insert_or_replace(connection, ENTRIES, sorted(entries, key=itemgetter("feed", "key")))
    # Before anything is looked up: if two polls bring the same article, or copies of it, the second must find the
    # first.
    if any(
        poll.editions or poll.completed or any(item.reading.projects for item in poll.articles) for poll, _ in polls
    ):
        serialise(connection)
    changes = [_record_news(connection, poll, feeds, decide) for poll, decide in polls]
    # Articles that concern no project affect nothing, so they are stored together for all polls. They come last: one
    # feed may say more about an article than another, and the feed that says less must not make it known first.
    _save_articles(
        connection,
        [
            _Found(item, feeds[poll.feed.url], poll.reason)
            for poll, _ in polls
            for item in poll.articles
            if not item.reading.projects
        ],
    )
    return changes


def _record_news(connection: Connection, poll: Poll, feeds: Mapping[str, int], decide: Decide) -> tuple[Change, ...]:
    """Store what a poll brought on projects, and what follows."""
    concerning = [item for item in poll.articles if item.reading.projects]
    if not (concerning or poll.editions or poll.completed):
        return ()
    new = _save_articles(connection, [_Found(item, feeds[poll.feed.url], poll.reason) for item in concerning])
    changes = _replace(connection, new, poll.editions, ReadFor.CORRECTION, decide)
    return (*changes, *_replace(connection, (), poll.completed, ReadFor.PAGE, decide))


def reread(connection: Connection, items: Sequence[ReadArticle], reason: ReadFor, decide: Decide) -> tuple[Change, ...]:
    """Replace the former readings of articles by new ones. Returns the new changes."""
    serialise(connection)
    return _replace(connection, (), items, reason, decide)


def _replace(
    connection: Connection,
    new: Sequence[ReadArticle],
    again: Sequence[ReadArticle],
    reason: ReadFor,
    decide: Decide,
) -> tuple[Change, ...]:
    """Replace former readings, and store what follows from them and from the new articles."""
    editions = find_editions(connection, again)
    former = _reports(connection, [edition.former for edition in editions])
    replace_readings(connection, editions, reason)
    told = _reports(connection, [*new, *(item for edition in editions for item in (edition.former, edition.item))])
    states.forget(connection, told.keys() | former.keys())
    concerning = [item.article.key for item in (*new, *(e.item for e in editions)) if item.reading.projects]
    states.forget_stories(connection, recall.stories_of(connection, concerning))
    sources = {edition.item.article.key: edition.item.source for edition in editions}
    before, fresh = _parted(told, former, {item.article.key for item in new}, _in_stories(connection, sources))
    if not fresh:
        return ()
    decision = decide(before, fresh)
    because = Mistake.PUBLISHER if reason is ReadFor.CORRECTION else Mistake.READING
    revised = {project: replace(revision, because=because) for project, revision in decision.revisions.items()}
    decision = replace(decision, revisions=revised)
    if not editions:  # a replaced reading leaves traces in a fold that went on from the former one
        states.save(connection, decision.folded)
    return note(connection, decision)


def _reports(connection: Connection, items: Sequence[ReadArticle]) -> recall.Reports:
    """All reports on the projects that these articles concern."""
    projects = sorted({project for item in items for project in item.reading.projects})
    return recall.reports(connection, projects) if projects else {}


def _in_stories(connection: Connection, sources: Mapping[str, Source]) -> dict[str, Source]:
    """These sources of articles, each with its present story."""
    stories = recall.stories_of(connection, list(sources))
    return {article: replace(source, story=stories[article]) for article, source in sources.items()}


def _parted(
    told: recall.Reports, former: recall.Reports, new: Container[str], again: Mapping[str, Source]
) -> tuple[recall.Reports, recall.Reports]:
    """The reports before and the fresh reports, for the projects with fresh reports.

    Args:
        told: the present reports on the projects concerned.
        former: the former reports on them.
        new: the keys of the new articles.
        again: the articles that were read again, with their present sources.
    """
    before: recall.Reports = defaultdict(list)
    fresh: recall.Reports = defaultdict(list)
    for project, reports in told.items():
        for report in reports:
            article = report.source.article
            (fresh if article in new or article in again else before)[project].append(report)
    for project, reports in former.items():
        telling = {report.source.article for report in fresh[project]}
        for report in reports:
            if (source := again.get(report.source.article)) is None:
                continue
            before[project].append(replace(report, source=replace(report.source, story=source.story)))
            if source.article not in telling:
                # The fresh report is empty: the article no longer says anything about the project.
                fresh[project].append(Report(source=source))
    changing = [project for project, reports in fresh.items() if reports]
    return _in_order(before, changing), _in_order(fresh, changing)


def _in_order(reports: recall.Reports, projects: Sequence[str]) -> recall.Reports:
    return {project: sorted(reports[project], key=publication_order) for project in projects}


def note(connection: Connection, decision: Decision) -> tuple[Change, ...]:
    """Store a decision. Returns the new changes."""
    called_off, untold = call_off(connection, decision), returns_from_history(connection, decision)
    corrections = find_corrections(connection, decision)
    news = [change for change in decision.changes if change.id not in corrections.replaced]
    changes = _save_changes(connection, [*news, *corrections.changes])
    projects = {change.id: change.project for change in changes}
    outgoing: Sequence[Outgoing] = [one for one in decision.outgoing if one.change_id in projects]
    if outgoing and decision.pacing is not None:
        recent = owed_lately(connection, {one.destination for one in outgoing}, decision.pacing.now)
        outgoing = decision.pacing.pace(outgoing, recent)
    outgoing = without_returns(outgoing, changes, called_off, untold)
    owed = [one for one in outgoing if (one.change_id, one.destination) not in corrections.covered]
    outgoing = [*owed, *(one for one in corrections.outgoing if one.change_id in projects)]
    # The final filter: plans do not know who has unsubscribed.
    _save_deliveries(connection, still_there(connection, outgoing), projects)
    return changes


def _save_unchanged(connection: Connection, feeds: Sequence[FeedRecord]) -> None:
    """Store the records of feeds with one statement for all of them."""
    values = [{"url": feed.url, **rows.feed_values(feed)} for feed in sorted(feeds, key=attrgetter("url"))]
    insert_or_replace(connection, FEEDS, values, key="url")


def _save_feeds(connection: Connection, feeds: Sequence[FeedRecord]) -> dict[str, int]:
    """Store the records of feeds. Returns their numbers, by address."""
    _save_unchanged(connection, feeds)
    query = select(FEEDS.c.url, FEEDS.c.id)
    return {
        url: number
        for chunk in chunks([feed.url for feed in feeds])
        for url, number in connection.execute(query.where(FEEDS.c.url.in_(chunk)))
    }


def serialise(connection: Connection) -> None:
    """Let one transaction at a time fold projects and join stories, which extend across projects.

    SQLite has only one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


@dataclass(frozen=True, slots=True)
class _Found:
    """An article, and the number of the feed that brought it."""

    item: ReadArticle
    feed: int
    reason: ReadFor


def _save_articles(connection: Connection, found: Sequence[_Found]) -> list[ReadArticle]:
    """Insert the articles that the ledger does not have, with everything read in them. Returns these articles."""
    by_key = {each.item.article.key: each for each in reversed(found)}
    if not by_key:
        return []
    # In the same order everywhere, as above.
    values = [rows.article_values(by_key[key].item, by_key[key].feed) for key in sorted(by_key)]
    numbers = {row.key: row.id for row in connection.execute(_insert_articles(connection.dialect.name), values)}
    saved = [by_key[key] for key in sorted(numbers)]
    save_readings(connection, [each.item for each in saved], numbers, [each.reason for each in saved])
    return [each.item for each in saved]


@cache
def _insert_articles(dialect: str) -> Any:  # noqa: ANN401 - the dialects' inserts share no type
    return or_else(dialect, ARTICLES).on_conflict_do_nothing().returning(ARTICLES.c.key, ARTICLES.c.id)


def _save_changes(connection: Connection, changes: Sequence[Change]) -> tuple[Change, ...]:
    """Insert the changes that are not known yet. Returns these changes."""
    by_id = {change.id: change for change in reversed(changes)}
    known = recall.among(connection, CHANGES.c.id, list(by_id))
    new = tuple(change for change in dict.fromkeys(by_id[change.id] for change in changes) if change.id not in known)
    insert(connection, CHANGES, [rows.change_values(change) for change in new])
    return new


def _save_deliveries(connection: Connection, outgoing: Sequence[Outgoing], projects: Mapping[str, str]) -> None:
    """Insert the deliveries of new changes, whose projects are given by change id."""
    # If two subscribers want the same change at one destination, one of them as a fallback, the first choice wins.
    owed = sorted(outgoing, key=lambda one: one.rank)
    insert_absent(connection, DELIVERIES, [rows.delivery_values(one, project=projects[one.change_id]) for one in owed])
