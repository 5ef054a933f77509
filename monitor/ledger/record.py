"""The work inside the transaction that commits a poll, or new readings of known articles."""

from collections import defaultdict
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import Connection, and_, bindparam, or_, select, text, update
from sqlalchemy import insert as plain_insert

from monitor.core.alerting.bundling import HOUR, Recent
from monitor.core.changes.revision import annuls, is_covered
from monitor.core.folding.fold import publication_order
from monitor.core.news import Change, Mistake
from monitor.core.review import Review
from monitor.core.state import Report, Source
from monitor.core.stories import sketch
from monitor.ledger import recall, rows, states, stories
from monitor.ledger.engine import chunks, insert, insert_absent, insert_or_replace, or_else
from monitor.ledger.outbox import call_off, returns_from_history, still_there, without_returns
from monitor.ledger.recall import in_force, keep, take_back
from monitor.ledger.tables import ARTICLES, CHANGES, CLAIMS, CONCERNS, DELIVERIES, ENTRIES, FACTS, FEEDS, READINGS
from monitor.ports import Decide, Decision, DeliveryState, FeedRecord, Outgoing, Poll, ReadArticle, ReadFor, Reconsider

# Corrections: the changes that take back what was sent, and their deliveries to everybody who was told ----------------


_own = DELIVERIES.c
_TELLING = [DeliveryState.SENT.value, DeliveryState.PENDING.value]
#: Deliveries that have arrived, may have, or will. What was wrong altogether and not sent yet is called off before.
_TOLD = or_(_own.state.in_(_TELLING), and_(_own.state == DeliveryState.DEAD.value, _own.bundle.is_not(None)))
_FIND = select(_own.subscriber, _own.destination, CHANGES).join(CHANGES, CHANGES.c.id == _own.change).where(_TOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """What takes mistakes back."""

    changes: tuple[Change, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()
    #: The ids of changes that only lead back from a mistake. A correction stands for each.
    replaced: frozenset[str] = frozenset()
    #: The ids of changes that a correction at the same destination covers, with this destination.
    covered: frozenset[tuple[str, str]] = frozenset()


def find_corrections(connection: Connection, decision: Decision) -> Corrections:
    """The corrections of everything wrong that has reached somebody, or will.

    Call it after what is no longer so is called off, and before the new changes are stored.
    """
    if decision.correct is None:
        return Corrections()
    changes: dict[str, Change] = {}
    outgoing: list[Outgoing] = []
    replaced: set[str] = set()
    for project, readers in _told(connection, decision).items():
        revision = decision.revisions[project]
        for mistake, subscriber, destination in readers:
            correction = revision.correction(mistake)
            changes[correction.id] = correction
            replaced |= {new.id for new in decision.changes if new.project == project and annuls(new, mistake)}
            if (owed := decision.correct(correction, subscriber, destination)) is not None:
                outgoing.append(owed)
    covered = {
        (new.id, owed.destination)
        for owed in outgoing
        for new in decision.changes
        if is_covered(new, changes[owed.change_id])
    }
    return Corrections(
        changes=tuple(changes.values()),
        outgoing=tuple(outgoing),
        replaced=frozenset(replaced),
        covered=frozenset(covered),
    )


def _told(connection: Connection, decision: Decision) -> Mapping[str, Sequence[tuple[Change, str, str]]]:
    """By project, the mistakes that have reached somebody or will, each with a subscriber and a destination."""
    found: dict[str, list[tuple[Change, str, str]]] = defaultdict(list)
    for project, revision in decision.revisions.items():
        judged: dict[str, bool] = {}
        for row in connection.execute(_FIND.where(_own.project == project).order_by(CHANGES.c.number)):
            change = rows.change(row)
            if change.id not in judged:
                judged[change.id] = revision.is_mistake(change)
            if judged[change.id]:
                found[project].append((change, row.subscriber, row.destination))
    return found


# Stores the readings of articles: the first of each article, and those that replace it later --------------------------


#: The later of two readings of an article counts. So no two readings have the same instant, whatever the clock says.
_TICK = timedelta(microseconds=1)

_RETIRE = (
    update(READINGS)
    .where(READINGS.c.article == bindparam("number"), READINGS.c.retired_at.is_(None))
    .values(retired_at=bindparam("at"))
)
_RETELL = (
    update(ARTICLES)
    .where(ARTICLES.c.id == bindparam("number"))
    .values({name: bindparam(f"new_{name}") for name in ("title", "text", "language")} | {"dropped": False})
)
_REREAD = (
    update(READINGS)
    .where(READINGS.c.article == bindparam("number"), READINGS.c.retired_at.is_(None))
    .values(reader=bindparam("by"))
)


@dataclass(frozen=True, slots=True)
class ReadingEdition:
    """A new reading of an article, with the reading that it replaces."""

    former: ReadArticle
    item: ReadArticle

    @classmethod
    def of(cls, former: ReadArticle, given: ReadArticle) -> "ReadingEdition":
        """The new reading with the source of the former one, except for title and instant."""
        at = max(given.source.seen_at, former.source.seen_at + _TICK)
        return cls(former, replace(given, source=replace(former.source, title=given.article.title, seen_at=at)))


def find_editions(connection: Connection, items: Sequence[ReadArticle]) -> list[ReadingEdition]:
    """The readings that differ from the latest readings of the same articles.

    For a reading that says the same, only the new text and reader are stored. Readings of unknown articles are ignored.
    """
    given = {item.article.key: item for item in items}
    found = [
        ReadingEdition.of(former, given[former.article.key]) for former in recall.articles_of(connection, list(given))
    ]
    same = [edition.item for edition in found if edition.item.reading == edition.former.reading]
    if same:
        numbers = recall.numbers_of(connection, list(given))
        connection.execute(_RETELL, list(_texts(same, numbers)))
        connection.execute(_REREAD, [{"number": numbers[item.article.key], "by": item.reader} for item in same])
    return [edition for edition in found if edition.item.reading != edition.former.reading]


def replace_readings(connection: Connection, editions: Sequence[ReadingEdition], reason: ReadFor) -> None:
    """Replace the former readings by the new ones. No other transaction may do so at the same time."""
    if not editions:
        return
    items = [edition.item for edition in editions]
    numbers = recall.numbers_of(connection, [item.article.key for item in items])
    connection.execute(_RETELL, list(_texts(items, numbers)))
    connection.execute(_RETIRE, [{"number": numbers[i.article.key], "at": i.source.seen_at} for i in items])
    save_readings(connection, items, numbers, [reason] * len(items))


def _texts(items: Sequence[ReadArticle], numbers: Mapping[str, int]) -> Iterator[rows.Values]:
    for article in (item.article for item in items):
        yield {
            "number": numbers[article.key],
            "new_title": article.title,
            "new_text": article.text,
            "new_language": article.language,
        }


def save_readings(
    connection: Connection, items: Sequence[ReadArticle], numbers: Mapping[str, int], reasons: Sequence[ReadFor]
) -> None:
    """Insert everything that was read in these articles, and find their stories.

    Args:
        connection: the connection, in a transaction.
        items: the articles with their readings.
        numbers: the numbers of the articles, by key.
        reasons: why each article was read, in the order of ``items``.
    """
    if not items:
        return
    told = zip(items, reasons, strict=True)
    values = [rows.reading_values(item, numbers[item.article.key], reason) for item, reason in told]
    # Matched by article: if ordered results were requested, SQLAlchemy would insert the rows into SQLite one by one.
    saved = connection.execute(plain_insert(READINGS).returning(READINGS.c.article, READINGS.c.id), values)
    by_article = {row.article: row.id for row in saved}
    read = [(by_article[numbers[item.article.key]], item.reading) for item in items]
    concerns = [
        {"reading": number, "project": project, "position": position}
        for number, reading in read
        for position, project in enumerate(reading.projects)
    ]
    insert(connection, CONCERNS, concerns)
    insert(
        connection, CLAIMS, [rows.claim_values(claim, number) for number, reading in read for claim in reading.claims]
    )
    insert(connection, FACTS, [rows.fact_values(fact, number) for number, reading in read for fact in reading.facts])
    stories.join(connection, [_joining(item, numbers) for item in items if item.reading.projects])


def _joining(item: ReadArticle, numbers: Mapping[str, int]) -> stories.Joining:
    return stories.Joining(
        article=numbers[item.article.key],
        published_at=item.source.published_at,
        sketch=sketch(item.article.title, item.article.text),
        projects=frozenset(item.reading.projects),
    )


# Reads the recent deliveries of subscribers, which limit how much is sent to them at a time ---------------------------


_OF_ANY_STATE = DELIVERIES.c.state.in_([state.value for state in DeliveryState])


def owed_lately(connection: Connection, destinations: Collection[str], now: datetime) -> Mapping[str, Sequence[Recent]]:
    """What was due there in the last hour and is due in the next, by subscriber name. Each change once."""
    found: dict[tuple[str, str], Recent] = {}
    for some in chunks(sorted(destinations)):
        query = (
            select(
                DELIVERIES.c.subscriber,
                DELIVERIES.c.change,
                DELIVERIES.c.due_at,
                DELIVERIES.c.project,
                DELIVERIES.c.together,
                CHANGES.c.at,
            )
            .join(CHANGES, CHANGES.c.id == DELIVERIES.c.change)
            # All states are listed, so that the index that begins with the state is used.
            .where(_OF_ANY_STATE, DELIVERIES.c.destination.in_(some), DELIVERIES.c.rank == 0)
            .where(DELIVERIES.c.due_at > now - HOUR, DELIVERIES.c.due_at <= now + HOUR)
            .order_by(DELIVERIES.c.id)
        )
        for row in connection.execute(query):
            recent = Recent(at=row.at, due_at=row.due_at, project=row.project, together=row.together)
            found.setdefault((row.subscriber, row.change), recent)
    by_subscriber: dict[str, list[Recent]] = defaultdict(list)
    for (subscriber, _), recent in found.items():
        by_subscriber[subscriber].append(recent)
    return by_subscriber


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
            _FoundArticle(item, feeds[poll.feed.url], poll.reason)
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
    new = _save_articles(connection, [_FoundArticle(item, feeds[poll.feed.url], poll.reason) for item in concerning])
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
class _FoundArticle:
    """An article, and the number of the feed that brought it."""

    item: ReadArticle
    feed: int
    reason: ReadFor


def _save_articles(connection: Connection, found: Sequence[_FoundArticle]) -> list[ReadArticle]:
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


# The work inside the transaction that commits an operator's decision --------------------------------------------------


def reconsider(connection: Connection, reviews: Sequence[Review], decide: Reconsider) -> tuple[Change, ...]:
    """Store or withdraw the decisions, and store what follows from all of them. Returns the new changes."""
    serialise(connection)
    # A decision that one of them replaces may have touched other projects.
    former = in_force(connection, sorted({project for review in reviews for project in review.projects}))
    projects = sorted({project for each in (*reviews, *former) for project in each.projects})
    before = recall.reports(connection, projects)
    stored = [_store(connection, review) for review in reviews]
    if not any(stored):
        return ()
    states.forget(connection, projects)
    return note(connection, decide(before, recall.reports(connection, projects)))


def _store(connection: Connection, review: Review) -> bool:
    """Returns whether something can follow from it: what is undone must have been in force."""
    if not review.is_in_force:
        return take_back(connection, review)
    keep(connection, review)
    return True
