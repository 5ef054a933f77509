"""Reads all stored articles again with the current vocabulary and configuration, and reports the differences."""

import asyncio
import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice

from monitor.core.articles import article_of, reports_of, source_of
from monitor.core.changes.changes import unfold
from monitor.core.folding.known import known_reports
from monitor.core.model import Article, Entry, Feed, Reading
from monitor.core.news import Change
from monitor.core.periods import Period
from monitor.core.reading.text.text import Text
from monitor.core.review import Review, bearing, reviewed
from monitor.core.state import KnownFact, Milestone, ProjectState, Report
from monitor.core.stories import Stories
from monitor.errors import HostileError
from monitor.logs import get_logger
from monitor.ports import Ledger, Provisional, ReadArticle, ReadFor, ReadOutcome
from monitor.watch.setup import Setup
from monitor.watch.watch import News, Watch, decider
from monitor.workers.documents import Documents

# Replays past articles in the order of publication. State is kept in memory; nothing is sent --------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """An article and the instant at which it counts as published."""

    article: Article
    #: The first instant of a coarse date. Aware, UTC.
    published_at: datetime
    trust: float = 0.5


def dated(article: Article, trust: float = 0.5) -> Dated | None:
    """The article with the first instant of its date. None if it has no date."""
    if article.published is None:
        return None
    return Dated(article=article, published_at=article.published.since, trust=trust)


def dated_entry(entry: Entry, feed: Feed, watch: Watch) -> Dated | None:
    """An entry of a feed document as it would have been heard on that day. None if it has no date."""
    if entry.published_at is None:
        return None
    day = Period.day(entry.published_at.astimezone(watch.timezone).date())
    language = watch.detector.detect(f"{entry.title}\n{entry.text}", entry.language or feed.language)
    article = article_of(entry, feed, text=entry.text, published=day, language=language)
    return Dated(article=article, published_at=entry.published_at, trust=feed.trust)


def read_article(article: Article, watch: Watch) -> Reading:
    """Match → read, as a poll does: an article that concerns no project is not read."""
    if not watch.matcher.may_concern(Text.of(f"{article.title}\n{article.text}")):
        return Reading(language=article.language, projects=(), claims=(), facts=())
    return watch.reader.read(article)


#: (articles) → their readings, in order; None for one that could not be read.
ReadAll = Callable[[Sequence[Article]], Iterable[ReadOutcome | None]]


def replay(articles: Iterable[Dated], watch: Watch, *, heard: Callable[[], None] = lambda: None) -> Iterator[Change]:
    """Yield the changes that these articles would have brought, each at its simulated time.

    What the configuration knows (``known:``) is known from the start. The same articles give the same changes in any
    order. ``heard`` is called after each article.
    """
    decide = decider(watch, None)
    known: dict[str, list[Report]] = {project: [] for project in watch.projects}
    stories = Stories()
    clock = _ReplayClock(watch)
    for item in sorted(articles, key=lambda item: (item.published_at, item.article.key)):
        at = item.published_at
        yield from clock.until(at)
        source = source_of(item.article, trust=item.trust, published_at=at, seen_at=at)
        reading = read_article(item.article, watch)
        stories.add(item.article, source, reading.projects)
        reports = reports_of(source, reading)
        before = {project: [stories.of(report) for report in known[project]] for project in reports}
        fresh = {project: [stories.of(report)] for project, report in reports.items()}
        yield from decide(before, fresh).changes
        for project, report in reports.items():
            known[project].append(report)
            clock.hear(watch.state_of(project, [*before[project], *fresh[project]]))
        heard()


class _ReplayClock:
    """The changes that time alone brings during a replay: each once, when it is due, unless news came before."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._states: dict[str, ProjectState] = {}
        #: (instant, id, project) of every change that any state so far would have brought, including those that news
        #: has since cancelled.
        self._due: list[tuple[datetime, str, str]] = []
        self._told: set[str] = set()

    def hear(self, state: ProjectState) -> None:
        self._states[state.project] = state
        for change in self._watch.to_come(state):
            heapq.heappush(self._due, (change.at, change.id, state.project))

    def until(self, now: datetime) -> Iterator[Change]:
        while self._due and self._due[0][0] <= now:
            _, id_, project = heapq.heappop(self._due)
            to_come = self._watch.to_come(self._states[project])
            change = next((change for change in to_come if change.id == id_), None)
            if change is not None and id_ not in self._told:
                self._told.add(id_)
                yield change


#: Articles in one transaction.
_AT_A_TIME = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildAlert:
    """A change, and the subscribers that receive it."""

    change: Change
    subscribers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildDifference:
    """A project about which the new readings say something else."""

    before: ProjectState
    after: ProjectState
    #: Changes that would have alerted if all articles had been read as they are now, and did not.
    missed: tuple[RebuildAlert, ...]
    #: Changes that alerted and would not have.
    mistaken: tuple[RebuildAlert, ...]

    @property
    def milestones(self) -> tuple[tuple[Milestone | None, Milestone | None], ...]:
        """The milestones that differ, each before and after."""
        stages = dict.fromkeys(m.stage for state in (self.before, self.after) for m in state.milestones)
        pairs = ((self.before.milestone(stage), self.after.milestone(stage)) for stage in stages)
        return tuple((was, now) for was, now in pairs if _milestone(was) != _milestone(now))

    @property
    def facts(self) -> tuple[tuple[KnownFact | None, KnownFact | None], ...]:
        """The facts that differ, each before and after."""
        was, now = ({(f.kind, f.unit, f.phase): f for f in state.facts} for state in (self.before, self.after))
        pairs = ((was.get(key), now.get(key)) for key in dict.fromkeys((*was, *now)))
        return tuple((one, other) for one, other in pairs if _fact(one) != _fact(other))

    @property
    def moves_status(self) -> bool:
        return _status(self.before) != _status(self.after)

    @property
    def is_none(self) -> bool:
        return not (self.moves_status or self.milestones or self.facts or self.missed or self.mistaken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """The result of reading again."""

    #: Articles that were read again.
    articles: int
    #: Articles whose new reading differs from the old one.
    otherwise: int
    differences: tuple[RebuildDifference, ...]
    #: The changes in the ledger. Empty for a trial.
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """An article as it was read, and as it is read now."""

    former: ReadArticle
    item: ReadArticle

    @property
    def is_otherwise(self) -> bool:
        return self.item.reading != self.former.reading

    @property
    def projects(self) -> frozenset[str]:
        """The projects that it concerns now, or did."""
        return frozenset((*self.former.reading.projects, *self.item.reading.projects))

    def overlay(self, told: Mapping[str, dict[str, Report]]) -> None:
        """Replace the article's former reports by its new ones, in each project of ``told`` by article key."""
        says = reports_of(self.item.source, self.item.reading)
        for project in self.projects:
            told[project].pop(self.former.article.key, None)
            if project in says:
                told[project][self.former.article.key] = says[project]


def try_out(watch: Watch, ledger: Ledger, read_all: ReadAll, *, now: datetime, heard: Callable[[], None]) -> Rebuilt:
    """Compute what a rebuild with this watch would change. Nothing is stored.

    An article that has concerned no project so far counts as a story of its own here.
    """
    articles = 0
    otherwise: list[Again] = []
    for items in _batches(ledger.read_otherwise(watch.fingerprint)):
        for again in _read_again(items, watch, read_all, now, Provisional.HISTORY):
            articles += 1
            heard()
            if again.is_otherwise:
                otherwise.append(again)
    return Rebuilt(articles=articles, otherwise=len(otherwise), differences=differences_by(otherwise, watch, ledger))


def differences_by(otherwise: Sequence[Again], watch: Watch, ledger: Ledger) -> tuple[RebuildDifference, ...]:
    """What would be known otherwise if these articles had their new readings. Nothing is stored."""
    before = _reports(ledger, (project for again in otherwise for project in again.projects))
    after = {project: {report.source.article: report for report in reports} for project, reports in before.items()}
    for again in otherwise:
        again.overlay(after)
    reports = {project: tuple(told.values()) for project, told in after.items()}
    return _differences(watch, before, reports, ledger.reviews())


def rebuild(
    watch: Watch, ledger: Ledger, read_all: ReadAll, *, now: datetime, alert: bool, heard: Callable[[], None]
) -> Rebuilt:
    """Read again, with this watch, the articles that another reader read, and store the readings in batches.

    Articles already read with this watch are skipped. So a rebuild that was cut short continues if it is run again.
    Each batch is one transaction.

    Args:
        watch: the watch to read with.
        ledger: its readings are replaced.
        read_all: reads articles.
        now: the instant from which the new readings count.
        alert: alert subscribers of the changes, however old the articles are; otherwise they are history.
        heard: called after each article.

    Raises:
        LedgerError: the database refused; batches committed before are kept.
    """
    decide = decider(watch, News(since=datetime.min.replace(tzinfo=UTC), now=now) if alert else None)
    kind = Provisional.NEWS if alert else Provisional.HISTORY
    articles, otherwise = 0, 0
    changes: list[Change] = []
    before: dict[str, Sequence[Report]] = {}
    for items in _batches(ledger.read_otherwise(watch.fingerprint)):
        read = _read_again(items, watch, read_all, now, kind)
        moved = {project for again in read if again.is_otherwise for project in again.projects}
        before |= _reports(ledger, moved - before.keys())
        articles += len(read)
        otherwise += sum(1 for again in read if again.is_otherwise)
        changes += ledger.reread([again.item for again in read], ReadFor.REBUILD, decide)
        for _ in read:
            heard()
    differences = _differences(watch, before, _reports(ledger, before), ledger.reviews())
    return Rebuilt(articles=articles, otherwise=otherwise, differences=differences, changes=tuple(changes))


def _batches(items: Iterable[ReadArticle]) -> Iterable[list[ReadArticle]]:
    rest = iter(items)
    while batch := list(islice(rest, _AT_A_TIME)):
        yield batch


def _read_again(
    items: Sequence[ReadArticle], watch: Watch, read_all: ReadAll, now: datetime, kind: Provisional
) -> list[Again]:
    return [
        Again(
            former=item,
            item=replace(
                item,
                source=replace(item.source, seen_at=now),
                reading=read.reading,
                reader=watch.reader_of(read, kind),
            ),
        )
        for item, read in zip(items, read_all([item.article for item in items]), strict=True)
        if read is not None
    ]


def _reports(ledger: Ledger, projects: Iterable[str]) -> dict[str, Sequence[Report]]:
    """All reports on these projects, as they were read."""
    return {project: ledger.reports(project, as_read=True).get(project, ()) for project in sorted(set(projects))}


# ---------------------------------------------------------------- what differs


def _differences(
    watch: Watch,
    before: Mapping[str, Sequence[Report]],
    after: Mapping[str, Sequence[Report]],
    reviews: Sequence[Review],
) -> tuple[RebuildDifference, ...]:
    """The projects about which something else is known, in the order of the configuration."""
    decided = bearing(review for review in reviews if review.is_in_force)
    found = []
    for project in watch.projects:
        was, now = (reviewed(project, told.get(project, ()), decided.get(project, ())) for told in (before, after))
        if was == now:
            continue
        difference = _difference(watch, project, was, now)
        if not difference.is_none:
            found.append(difference)
    return tuple(found)


def _difference(watch: Watch, project: str, was: Sequence[Report], now: Sequence[Report]) -> RebuildDifference:
    before, after = (watch.state_of(project, reports) for reports in (was, now))
    told, tells = (_moves(watch, project, reports) for reports in (was, now))
    return RebuildDifference(
        before=before,
        after=after,
        missed=tuple(_alerts(watch, (change for key, change in tells.items() if key not in told))),
        mistaken=tuple(_alerts(watch, (change for key, change in told.items() if key not in tells))),
    )


def _status(state: ProjectState) -> tuple[object, ...]:
    return state.status, state.since, state.condition, state.confidence


def _milestone(milestone: Milestone | None) -> tuple[object, ...] | None:
    """The values of a milestone, without its evidence and sources."""
    if milestone is None:
        return None
    return milestone.state, milestone.baseline, milestone.forecast, milestone.actual, milestone.confidence


def _fact(fact: KnownFact | None) -> tuple[object, ...] | None:
    return None if fact is None else (fact.value, fact.confidence)


def _moves(watch: Watch, project: str, reports: Sequence[Report]) -> Mapping[object, Change]:
    """The changes that these reports bring when heard one after the other, by content, whichever report brings it."""
    told = unfold(
        project,
        known_reports(watch.projects[project]),
        reports,
        watch.lifecycle_of(project),
        watch.policy,
        phases=watch.phases_of(project),
    )
    moves: dict[object, Change] = {}
    for _, change in told:
        what = change.type, change.stage, change.phase, change.kind, change.unit, change.from_, change.to
        moves.setdefault(what, change)
    return moves


def _alerts(watch: Watch, changes: Iterable[Change]) -> Iterable[RebuildAlert]:
    for change in changes:
        told = tuple(subscriber.name for subscriber in watch.audience.told_of(change))
        if told:
            yield RebuildAlert(change=change, subscribers=told)


# Reads again the articles whose readings are provisional: another reader stood in for the language model --------------


#: Articles taken from the ledger at a time.
_REREAD_AT_A_TIME = 20

log = get_logger()


@dataclass(slots=True, kw_only=True)
class Rereader:
    """One for each process. Between two rounds it keeps only what a restart may forget."""

    #: Returns the current setup.
    setup: Callable[[], Setup]
    #: Returns what parses documents with that setup.
    documents: Callable[[], Documents]
    ledger: Ledger
    #: Returns the present instant, aware, in UTC.
    clock: Callable[[], datetime]
    #: Articles that were tried in this round and stay provisional. One that never gets an answer does not block the
    #: others.
    _tried: set[str] = field(default_factory=set)

    async def read_again(self) -> tuple[Change, ...]:
        """Read provisional articles, news first, while the language model may be asked. Returns the changes.

        Differences are reported like a correction, unless the article was recorded as history.

        Raises:
            LedgerError: the database refused; articles read before are kept.
        """
        changes: list[Change] = []
        for kind in Provisional:
            while batch := await asyncio.to_thread(self._next, kind):
                for item in batch:
                    asker = self.setup().asker
                    if asker is None or asker.is_paused:
                        return tuple(changes)
                    changes += await self._read(item, kind)
        self._tried.clear()
        return tuple(changes)

    def _next(self, kind: Provisional) -> Sequence[ReadArticle]:
        if self.setup().asker is None:
            return ()
        waiting = (item for item in self.ledger.provisional(kind) if item.article.key not in self._tried)
        return tuple(islice(waiting, _REREAD_AT_A_TIME))

    async def _read(self, item: ReadArticle, kind: Provisional) -> Sequence[Change]:
        watch, article = self.setup().watch, item.article
        self._tried.add(article.key)
        try:
            language, read = await self.documents().read(article, language=article.language)
        except HostileError as error:
            log.warning("article.not_read_again", article=article.url or article.key, reason=str(error))
            language, read = article.language, ReadOutcome(reading=item.reading)
        if read.is_provisional:
            return ()
        now = self.clock()
        again = replace(
            item,
            article=replace(article, language=language),
            source=replace(item.source, seen_at=now),
            reading=read.reading,
            reader=watch.fingerprint,
        )
        decide = decider(watch, News(since=now - watch.alert_horizon, now=now) if kind is Provisional.NEWS else None)

        def keep() -> Sequence[Change]:
            heard = self.ledger.heard([article.key]).get(article.key)
            if heard is None or heard.article != article:
                # Its publisher has changed it meanwhile. That edition was read separately.
                return ()
            return self.ledger.reread([again], ReadFor.MODEL, decide)

        return await asyncio.to_thread(keep)
