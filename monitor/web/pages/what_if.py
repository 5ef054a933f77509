"""What an edit would have done lately, in the reader's words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.app.what_if import Trial
from monitor.core.message import words
from monitor.core.message.headline import news
from monitor.core.message.tongue import Tongue
from monitor.core.model import Project
from monitor.core.news import Change
from monitor.core.page.overview import Moved, moved
from monitor.core.state import ProjectState
from monitor.know.rebuild import Alert, Difference
from monitor.know.what_if import Matched

#: The most items of each list.
_MOST = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Some:
    """The first items of a list of changes, and how many more there are."""

    shown: Sequence[Moved]
    more: int

    @property
    def number(self) -> int:
        return len(self.shown) + self.more


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftRow:
    """What a subscriber would have been told otherwise."""

    subscriber: str
    more: Some
    less: Some
    otherwise: Some


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRow:
    """An article that would concern other projects."""

    title: str
    outlet: str
    more: tuple[str, ...]
    less: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRow:
    """A project of which something else would be known."""

    name: str
    #: The status before and after, if it differs.
    status: tuple[str, str] | None
    #: How many milestones and figures would differ.
    details: int
    #: The news of alerts that would have come as well, and of those that would not have come; each with its readers.
    missed: tuple[tuple[str, str], ...]
    mistaken: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPage:
    """What an edit would have done."""

    days: int
    changes: int
    is_every_change: bool
    shifts: tuple[ShiftRow, ...]
    #: None if articles would be read as they are.
    articles: int | None
    is_every_article: bool
    is_only_matched: bool
    outdated: int
    matched: tuple[MatchRow, ...]
    more_matched: int
    differences: tuple[DifferenceRow, ...]
    new_subscribers: tuple[str, ...]
    old_subscribers: tuple[str, ...]
    new_feeds: tuple[str, ...]
    old_feeds: tuple[str, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether nothing would have come otherwise."""
        return not (self.shifts or self.matched or self.differences or self.new_feeds or self.old_feeds)

    @property
    def has_others(self) -> bool:
        """Whether others would be subscribed."""
        return bool(self.new_subscribers or self.old_subscribers)


def trial_page(trial: Trial, former: Mapping[str, Project], days: int, tongue: Tongue) -> TrialPage:
    """What an edit would have done.

    Args:
        trial: the trial.
        former: the projects in use, by id.
        days: how far it looks back.
        tongue: the reader's.
    """
    projects = {**former, **trial.watch.projects}

    def some(changes: Sequence[Change]) -> Some:
        rows = moved(changes, projects.values(), tongue, trial.watch.timezone)
        return Some(shown=rows[:_MOST], more=max(len(rows) - _MOST, 0))

    def names(ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(tongue.name(projects[each]) for each in ids if each in projects)

    found = trial.reread
    matched = found.matched if found else ()
    return TrialPage(
        days=days,
        changes=trial.routed.changes.done,
        is_every_change=trial.routed.changes.is_whole,
        shifts=tuple(
            ShiftRow(
                subscriber=tongue.foreign(name),
                more=some(shift.more),
                less=some(shift.less),
                otherwise=some(shift.otherwise),
            )
            for name, shift in trial.routed.shifts.items()
        ),
        articles=found.articles.done if found else None,
        is_every_article=found is None or found.articles.is_whole,
        is_only_matched=trial.is_only_matched,
        outdated=found.outdated if found else 0,
        matched=tuple(_match(each, names(each.more), names(each.less), tongue) for each in matched[:_MOST]),
        more_matched=max(len(matched) - _MOST, 0),
        differences=tuple(_differences(found.differences if found else (), projects, tongue)),
        new_subscribers=tuple(map(tongue.foreign, trial.new_subscribers[:_MOST])),
        old_subscribers=tuple(map(tongue.foreign, trial.old_subscribers[:_MOST])),
        new_feeds=tuple(map(tongue.foreign, trial.new_feeds[:_MOST])),
        old_feeds=tuple(map(tongue.foreign, trial.old_feeds[:_MOST])),
    )


def _match(found: Matched, more: tuple[str, ...], less: tuple[str, ...], tongue: Tongue) -> MatchRow:
    article = found.article
    return MatchRow(title=tongue.foreign(article.title), outlet=tongue.foreign(article.outlet), more=more, less=less)


def _differences(
    found: Iterable[Difference], projects: Mapping[str, Project], tongue: Tongue
) -> Iterator[DifferenceRow]:
    for each in found:
        yield DifferenceRow(
            name=tongue.name(projects[each.after.project]),
            status=(_status(each.before, tongue), _status(each.after, tongue)) if each.moves_status else None,
            details=len(each.milestones) + len(each.facts),
            missed=_alerts(each.missed, tongue),
            mistaken=_alerts(each.mistaken, tongue),
        )


def _alerts(alerts: Sequence[Alert], tongue: Tongue) -> tuple[tuple[str, str], ...]:
    return tuple(
        (news(alert.change, tongue), ", ".join(map(tongue.foreign, alert.subscribers))) for alert in alerts[:_MOST]
    )


def _status(state: ProjectState, tongue: Tongue) -> str:
    parts = [words.status(tongue, each) for each in dict.fromkeys((state.status, state.condition)) if each]
    return tongue.listed(*parts) if parts else tongue.say("nothing known yet")
