"""The list of all projects: where each stands, what is expected next, and which of them a reader chose to see."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import cached_property
from operator import attrgetter

from monitor.core.folding.listing import lateness, waiting
from monitor.core.lifecycle import ENDED, Condition, Lifecycle
from monitor.core.message import words
from monitor.core.message.headline import news, precedence
from monitor.core.message.outlook import how_late
from monitor.core.message.told import UnverifiedNews, borne_out, in_words
from monitor.core.message.tongue import Tongue
from monitor.core.model import Project, State
from monitor.core.news import Change, ChangeType
from monitor.core.periods import Period, Precision
from monitor.core.plain import clean
from monitor.core.state import Delay, Milestone, ProjectState, Unverified

# The ladder of a project: the stages of its lifecycle in order, and how far it has come -------------------------------


class Progress(StrEnum):
    """How a stage stands."""

    #: Told to be reached.
    REACHED = "reached"
    #: Nobody told it, but it must have been: a later stage is reached, or the plan has a date.
    IMPLIED = "implied"
    #: A date is expected, and is still to come.
    EXPECTED = "expected"
    #: The expected date has passed.
    OVERDUE = "overdue"
    #: Nothing is known.
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One stage."""

    label: str
    progress: Progress
    #: The same in words. "" if nothing is known.
    stands: str


def ladder(
    state: ProjectState, lifecycle: Lifecycle, *, overdue: Collection[str | None], tongue: Tongue
) -> tuple[Rung, ...]:
    """The stages of a project from the first to the last.

    Args:
        state: what is known about it.
        lifecycle: its stages.
        overdue: the stages whose expected date has passed.
        tongue: the language of the reader.
    """
    known = {milestone.stage: milestone for milestone in state.milestones}
    reached = [stage for stage, milestone in known.items() if milestone.state is State.REACHED and lifecycle.has(stage)]
    height = max(map(lifecycle.rank, reached), default=-1)
    told = {stage for stage in reached if known[stage].standing.is_told}

    def progress(rank: int, stage: str) -> Progress:
        if rank <= height:
            return Progress.REACHED if stage in told else Progress.IMPLIED
        if stage in overdue:
            return Progress.OVERDUE
        return Progress.EXPECTED if stage in known and known[stage].forecast else Progress.OPEN

    def rung(rank: int, stage: str) -> Rung:
        stands = progress(rank, stage)
        said = {
            Progress.REACHED: words.state(tongue, State.REACHED, stage),
            Progress.IMPLIED: tongue.say("must have been reached, nobody said so"),
            Progress.EXPECTED: words.state(tongue, State.EXPECTED, stage),
            Progress.OVERDUE: words.overdue(tongue),
            Progress.OPEN: "",
        }
        return Rung(label=words.status(tongue, stage), progress=stands, stands=said[stands])

    return tuple(rung(rank, stage) for rank, stage in enumerate(lifecycle.stages))


# The list of all projects: where each stands, what is expected next, and what has moved lately ------------------------


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
class OverviewRow:
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
    waiting: tuple[UnverifiedNews, ...]


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


def row(known: Known, tongue: Tongue, today: date, *, zone: tzinfo = UTC, last: Sequence[Change] = ()) -> OverviewRow:
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
    return OverviewRow(
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


# Which projects a list shows, and in which order ----------------------------------------------------------------------


class ListOrder(StrEnum):
    """The orders of the list."""

    #: As in the configuration.
    GIVEN = "given"
    #: What is overdue first, then what is in trouble, then the soonest expected milestone.
    URGENT = "urgent"
    #: The project that has come farthest first.
    STATUS = "status"
    #: The soonest expected milestone first.
    NEXT = "next"
    #: The latest news first.
    NEWS = "news"


class Attention(StrEnum):
    """Why a project needs attention."""

    #: The date that was expected has passed.
    OVERDUE = "overdue"
    #: It is later than expected, and the project goes on.
    DELAYED = "delayed"
    #: Credible sources contradict each other.
    DISPUTED = "disputed"
    #: There was no news for long.
    QUIET = "quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChoice:
    """A filter of the list, with the number of projects that it leaves."""

    value: str
    label: str
    number: int


def attention(known: Known) -> frozenset[Attention]:
    """Why this project needs attention. Empty if it does not."""
    reasons = {
        Attention.OVERDUE: bool(known.overdue),
        Attention.DELAYED: known.state.condition == Condition.DELAYED,
        Attention.DISPUTED: bool(known.state.disputed),
        Attention.QUIET: known.is_quiet,
    }
    return frozenset(reason for reason, holds in reasons.items() if holds)


def chosen(known: Iterable[Known], *, words_: str, status: str, only: Attention | None) -> list[Known]:
    """The projects with all of these words, in this status ("" for any), that need this attention (None for any)."""
    return [
        each
        for each in matching(known, words_)
        if status in {"", each.state.status} and (only is None or only in attention(each))
    ]


def statuses(known: Sequence[Known], tongue: Tongue) -> tuple[ListChoice, ...]:
    """The statuses that projects have, in the order of their lifecycles, then those of projects that were stopped."""
    found = Counter(each.state.status for each in known if each.state.status)
    ranks = {each.state.status: _height(each) for each in known}
    return tuple(
        ListChoice(value=status, label=words.status(tongue, status), number=number)
        for status, number in sorted(found.items(), key=lambda each: (ranks[each[0]] < 0, ranks[each[0]], each[0]))
    )


def attentions(known: Iterable[Known], tongue: Tongue) -> tuple[ListChoice, ...]:
    """What projects need attention for."""
    found = Counter(reason for each in known for reason in attention(each))
    labels = {
        Attention.OVERDUE: tongue.say_in("attention", "overdue"),
        Attention.DELAYED: words.status(tongue, Condition.DELAYED),
        Attention.DISPUTED: tongue.say("disputed"),
        Attention.QUIET: tongue.say("no news for a long time"),
    }
    return tuple(
        ListChoice(value=reason.value, label=label, number=found[reason])
        for reason, label in labels.items()
        if found[reason]
    )


def matching(known: Iterable[Known], words_: str) -> list[Known]:
    """The projects that have all of these words in their id, names, status, companies, things, places or tags."""
    wanted = clean(words_).casefold().split()

    def text(each: Known) -> str:
        project = each.project
        told = (project.id, *project.name.values(), *project.who, *project.what, *project.where, *project.tags)
        return " ".join((*told, each.state.status or "", each.state.condition or "")).casefold()

    return [each for each in known if all(word in text(each) for word in wanted)]


def ordered(known: Iterable[Known], order: ListOrder) -> list[Known]:
    """The projects in this order. Those without what it goes by come last."""
    if order is ListOrder.URGENT:
        return sorted(known, key=lambda each: (_trouble(each), _due(each)))
    if order is ListOrder.STATUS:
        return sorted(known, key=_height, reverse=True)
    if order is ListOrder.NEXT:
        return sorted(known, key=_due)
    if order is ListOrder.NEWS:
        return sorted(known, key=lambda each: _age(each.state), reverse=True)
    return list(known)


def _trouble(known: Known) -> int:
    """How urgent it is to look at this project: the lowest first."""
    state = known.state
    if state.status in ENDED:
        return 4
    if known.overdue:
        return 0
    if state.condition or state.disputed:
        return 1
    if known.soonest:
        return 2
    return 3 if state.status else 4


def _due(known: Known) -> date:
    return known.soonest[0].end if known.soonest else date.max


def _height(known: Known) -> int:
    status = known.state.status or ""
    return known.lifecycle.rank(status) if known.lifecycle.has(status) else -1


def _age(state: ProjectState) -> datetime:
    return state.latest.published_at if state.latest else datetime.min.replace(tzinfo=UTC)
