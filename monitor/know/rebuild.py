"""Reads all stored articles again with the current vocabulary and configuration, and reports the differences."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice

from monitor.core.articles import reports_of
from monitor.core.changes.changes import unfold
from monitor.core.folding.known import known_reports
from monitor.core.news import Change
from monitor.core.review.review import Review, bearing, reviewed
from monitor.core.state import KnownFact, Milestone, ProjectState, Report
from monitor.know.replay import ReadAll
from monitor.ports import Ledger, Provisional, ReadArticle, ReadFor
from monitor.watch.watch import News, Watch, decider

#: Articles in one transaction.
_AT_A_TIME = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A change, and the subscribers that receive it."""

    change: Change
    subscribers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A project about which the new readings say something else."""

    before: ProjectState
    after: ProjectState
    #: Changes that would have alerted if all articles had been read as they are now, and did not.
    missed: tuple[Alert, ...]
    #: Changes that alerted and would not have.
    mistaken: tuple[Alert, ...]

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
    differences: tuple[Difference, ...]
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


def differences_by(otherwise: Sequence[Again], watch: Watch, ledger: Ledger) -> tuple[Difference, ...]:
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
) -> tuple[Difference, ...]:
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


def _difference(watch: Watch, project: str, was: Sequence[Report], now: Sequence[Report]) -> Difference:
    before, after = (watch.state_of(project, reports) for reports in (was, now))
    told, tells = (_moves(watch, project, reports) for reports in (was, now))
    return Difference(
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


def _alerts(watch: Watch, changes: Iterable[Change]) -> Iterable[Alert]:
    for change in changes:
        told = tuple(subscriber.name for subscriber in watch.audience.told_of(change))
        if told:
            yield Alert(change=change, subscribers=told)
