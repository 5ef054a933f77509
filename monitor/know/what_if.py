"""Tells what an edit of the configuration would have done lately. Nothing is stored or sent, and no model is asked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.core.alerting.plan import RoutingComparison, Shift
from monitor.core.model import Article, Reading
from monitor.core.reading.text.text import Text
from monitor.know.rebuild import Again, RebuildDifference, differences_by
from monitor.ports import Ledger, ReadArticle
from monitor.watch.watch import Watch

#: The newest changes and articles that are looked at.
MOST_CHANGES, MOST_ARTICLES = 2_000, 2_000
#: Changes and articles between two looks at the clock.
_CHANGES_AT_A_TIME, _ARTICLES_AT_A_TIME = 50, 4

#: (articles) → their readings, in order; None for one that could not be read.
ReadSome = Callable[[Sequence[Article]], Sequence[Reading | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """An article that would concern other projects."""

    article: Article
    #: The projects that it would concern as well, and those that it would concern no longer.
    more: tuple[str, ...]
    less: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShareDone:
    """How many of something were looked at, and whether that is all of it."""

    done: int
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """Who would have been told of the changes that became known."""

    changes: ShareDone
    #: By the name of the subscriber.
    shifts: Mapping[str, Shift]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """What the articles would have been read to say."""

    articles: ShareDone
    matched: tuple[Matched, ...]
    #: What would be known otherwise from these articles, with the alerts.
    differences: tuple[RebuildDifference, ...]
    #: Articles that an earlier configuration or version has read. What differs in them may be due to that.
    outdated: int = 0


def routed(before: Watch, after: Watch, ledger: Ledger, *, since: datetime, is_time_left: Callable[[], bool]) -> Routed:
    """Who would have been told more or less of the changes since then. Exact, as far as the time suffices."""
    newest = ledger.changes(history=False, limit=MOST_CHANGES + 1)[::-1]
    changes = [change for change in newest if change.at >= since]
    comparison = RoutingComparison(before.audience, after.audience)
    if not comparison.concerned():
        return Routed(changes=ShareDone(len(changes), is_whole=True), shifts={})
    shifts: dict[str, Shift] = {}
    done, most = 0, min(len(changes), MOST_CHANGES)
    while done < most and is_time_left():
        some = changes[done : min(done + _CHANGES_AT_A_TIME, most)]
        _add(shifts, comparison.shifts(some))
        done += len(some)
    return Routed(changes=ShareDone(done, is_whole=done == len(changes)), shifts=shifts)


def reread(
    before: Watch,
    after: Watch,
    ledger: Ledger,
    *,
    since: datetime,
    read_some: ReadSome | None,
    is_time_left: Callable[[], bool],
) -> Reread:
    """What the articles published since then would have been read to say, as far as the time suffices.

    Those that an edited project may concern are read first.

    Args:
        before: the watch in use.
        after: the watch with the edit.
        ledger: its articles are read.
        since: when the articles were published at the earliest.
        read_some: reads articles with the edit. None to find only which projects they may concern.
        is_time_left: whether another article may be read.
    """
    newest = ledger.articles(limit=MOST_ARTICLES + 1)[::-1]
    is_all = len(newest) <= MOST_ARTICLES or newest[-1].source.published_at < since
    readable = [item for item in newest[:MOST_ARTICLES] if item.source.published_at >= since and not item.is_dropped]
    edited = {id_ for id_, project in after.projects.items() if before.projects.get(id_) != project}
    edited |= before.projects.keys() - after.projects.keys()
    mentions = [(item, _mentioned(item, before), _mentioned(item, after)) for item in readable]
    if read_some is None:
        matched = (_matched(item.article, was, now) for item, was, now in mentions)
        return Reread(articles=ShareDone(len(readable), is_all), matched=tuple(filter(None, matched)), differences=())
    worth = [(item, was | now) for item, was, now in mentions if was or now or item.reading.projects]
    worth.sort(key=lambda each: not each[1] & edited)
    items = [item for item, _ in worth]
    otherwise: list[Again] = []
    done = 0
    while done < len(items) and is_time_left():
        some = items[done : done + _ARTICLES_AT_A_TIME]
        otherwise += _otherwise(some, read_some([item.article for item in some]))
        done += len(some)
    pairs = ((each.item.article, each.former.reading.projects, each.item.reading.projects) for each in otherwise)
    return Reread(
        articles=ShareDone(done, is_all and done == len(items)),
        matched=tuple(filter(None, (_matched(*pair) for pair in pairs))),
        differences=differences_by(otherwise, after, ledger),
        outdated=sum(1 for item in items[:done] if item.reader != before.fingerprint),
    )


def _mentioned(item: ReadArticle, watch: Watch) -> frozenset[str]:
    """The projects that an article may concern."""
    return frozenset(watch.matcher.may_concern(Text.of(f"{item.article.title}\n{item.article.text}")))


def _otherwise(items: Sequence[ReadArticle], readings: Sequence[Reading | None]) -> Iterable[Again]:
    """The articles whose readings differ. One that could not be read stays as it is."""
    for item, reading in zip(items, readings, strict=True):
        if reading is not None and reading != item.reading:
            yield Again(former=item, item=replace(item, reading=reading))


def _matched(article: Article, was: Iterable[str], now: Iterable[str]) -> Matched | None:
    former, present = set(was), set(now)
    if former == present:
        return None
    return Matched(article=article, more=tuple(sorted(present - former)), less=tuple(sorted(former - present)))


def _add(shifts: dict[str, Shift], more: Mapping[str, Shift]) -> None:
    for name, shift in more.items():
        known = shifts.setdefault(name, Shift())
        known.more += shift.more
        known.less += shift.less
        known.otherwise += shift.otherwise
