"""Replays past articles in the order of publication. State is kept in memory; nothing is sent."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.core.articles import article_of, reports_of, source_of
from monitor.core.model import Article, Entry, Feed, Reading
from monitor.core.news import Change
from monitor.core.periods import Period
from monitor.core.reading.text.text import Text
from monitor.core.state import ProjectState, Report
from monitor.core.stories.stories import Stories
from monitor.ports import ReadOutcome
from monitor.watch.watch import Watch, decider


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
    clock = _Clock(watch)
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


class _Clock:
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
