"""The list of all projects: where each stands, what is expected next, and what has moved lately."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta, tzinfo
from functools import cached_property
from operator import attrgetter

from monitor.core.folding.brief import waiting
from monitor.core.folding.lateness import lateness
from monitor.core.lifecycle import Lifecycle
from monitor.core.message import words
from monitor.core.message.doubt import Waiting, in_words
from monitor.core.message.headline import news, precedence
from monitor.core.message.outlook import how_late
from monitor.core.message.sureness import borne_out
from monitor.core.message.tongue import Tongue
from monitor.core.model import Project
from monitor.core.news import Change, ChangeType
from monitor.core.page.ladder import Rung, ladder
from monitor.core.periods import Period, Precision
from monitor.core.state import Delay, Milestone, ProjectState, Unverified

#: What waits longer than this for somebody who bears it out is no news for a list.
_RECENT = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class Known:
    """One project with what is known about it. What follows from it is computed once."""

    project: Project
    state: ProjectState
    lifecycle: Lifecycle
    #: The changes that time alone has brought.
    inferred: Sequence[Change]

    @cached_property
    def overdue(self) -> frozenset[str | None]:
        return frozenset(change.stage for change in self.inferred if change.type is ChangeType.OVERDUE)

    @cached_property
    def is_quiet(self) -> bool:
        return any(change.type is ChangeType.QUIET for change in self.inferred)

    @cached_property
    def soonest(self) -> tuple[Period, Milestone] | None:
        """The milestone that is expected soonest, with its date."""
        dated = [(when, milestone) for milestone, when in self.state.to_come]
        return min(dated, key=lambda each: (each[0].end, each[0].start), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """The milestone that is expected next."""

    event: str
    when: str
    #: By how many days it is overdue, or the project is later than first expected, in words. "" if it is not.
    late: str
    #: How sure the date is.
    sureness: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One project of the list, in the reader's words."""

    id: str
    name: str
    #: "" while nothing is known.
    status: str
    #: A condition beside the stage, such as "delayed". "" if there is none.
    condition: str
    #: Whether the condition, or the status itself, is bad news.
    is_adverse: bool
    #: Since when, or by when at the latest. "" if nothing is known of it.
    since: str
    sureness: str
    rungs: tuple[Rung, ...]
    awaited: Awaited | None
    #: The publisher and day of the last news. "" if there is none.
    last: str
    #: The last change. None if there was none.
    moved: "Moved | None"
    is_quiet: bool
    is_disputed: bool
    #: What was reported lately and is not verified.
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One change of the last days."""

    project: str
    name: str
    label: str
    news: str
    when: str
    #: Whether it was past when it became known, so that it alerted nobody.
    is_history: bool


def row(known: Known, tongue: Tongue, today: date, *, zone: tzinfo = UTC, last: Sequence[Change] = ()) -> Row:
    """One project of the list.

    Args:
        known: what is known about it.
        tongue: the language of the reader.
        today: the present day.
        zone: the time zone of the day of its last change.
        last: what changed last: the changes that were told together. The foremost of them is told.
    """
    state = known.state
    condition = state.condition if state.condition != state.status else None
    latest = state.latest
    day = Period.day(latest.published_at.date()) if latest else None
    return Row(
        id=known.project.id,
        name=tongue.name(known.project),
        status=words.status(tongue, state.status) if state.status else "",
        condition=words.status(tongue, condition) if condition else "",
        is_adverse=state.condition is not None,
        since=since(state, tongue),
        sureness=borne_out(state.standing_since, tongue) if state.status else "",
        rungs=ladder(state, known.lifecycle, overdue=known.overdue, tongue=tongue),
        awaited=_awaited(known, tongue, today),
        last=tongue.listed(tongue.foreign(latest.outlet), tongue.date(day)) if latest and day else "",
        moved=moved([foremost(last)], [known.project], tongue, zone)[0] if last else None,
        is_quiet=known.is_quiet,
        is_disputed=bool(state.disputed),
        waiting=in_words([each for each in waiting(state.unverified) if _is_recent(each, today)], tongue, zone),
    )


def _is_recent(each: Unverified, today: date) -> bool:
    return today - each.source.published_at.date() <= _RECENT


def foremost(changes: Sequence[Change]) -> Change:
    """The most important of these changes, the oldest first. Of equally important ones the last."""
    return min(reversed(changes), key=precedence)


def since(held: ProjectState | Delay, tongue: Tongue) -> str:
    """Since when something holds. If no source says so, the day of the first article: it holds by then."""
    if held.since is not None:
        written = tongue.date(held.since)
        if held.since.precision is Precision.DAY:
            return tongue.say("since {day}", day=written)
        return tongue.say("since {date}", date=written)
    return tongue.say("since {day} at the latest", day=tongue.date(Period.day(held.by))) if held.by is not None else ""


def moved(changes: Iterable[Change], projects: Iterable[Project], tongue: Tongue, zone: tzinfo) -> tuple[Moved, ...]:
    """These changes, newest first. Those of projects that are no longer watched are left out."""
    watched = {project.id: project for project in projects}
    return tuple(
        Moved(
            project=change.project,
            name=tongue.name(watched[change.project], change.phase),
            label=words.label(tongue, change.type),
            news=news(change, tongue),
            when=tongue.date(Period.day(change.told_at.astimezone(zone).date())),
            is_history=change.is_history,
        )
        for change in sorted(changes, key=attrgetter("told_at"), reverse=True)
        if change.project in watched
    )


def _awaited(known: Known, tongue: Tongue, today: date) -> Awaited | None:
    soonest = known.soonest
    if soonest is None:
        return None
    when, milestone = soonest
    return Awaited(
        event=words.event(tongue, milestone.stage),
        when=tongue.date(when),
        late=_late(known.state, milestone, tongue, today),
        sureness=borne_out(milestone.standing, tongue),
    )


def _late(state: ProjectState, soonest: Milestone, tongue: Tongue, today: date) -> str:
    """By how many days the project is late. Names the stage if it is not the next one."""
    found = lateness(state, today)
    if found is None or found[1].days < 0:
        return ""
    milestone, late = found
    days = how_late(late, tongue)
    return days if milestone is soonest else tongue.listed(words.event(tongue, milestone.stage), days)
