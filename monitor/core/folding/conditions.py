"""The conditions of a project that are still in force or are over, and who reports a delay."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import takewhile
from typing import NamedTuple

from monitor.core.folding.sayings import Contest, dates
from monitor.core.folding.weighing import FoldPolicy, Statement, Voices, standing, together
from monitor.core.lifecycle import OVERRIDING, Condition, Lifecycle
from monitor.core.state import Delay, Halt, Moment

#: If a condition ended longer than this before an article, the article mentions it in passing.
_NEWS = timedelta(days=31)


class Force(NamedTuple):
    """The conditions in force, each by the statement that brought it, and how the last one ended."""

    overriding: Statement | None = None
    delayed: Statement | None = None
    #: The statement that ended the last overriding condition. None if a higher stage was reached since.
    resumed: Statement | None = None
    #: The overriding conditions that are over, each by the statement that brought it and the one that ended it.
    over: tuple[tuple[Statement, Statement], ...] = ()


def in_force(reached: Iterable[Statement], lifecycle: Lifecycle) -> Force:
    """The conditions that are in force.

    Statements are taken in the order in which things happened, as far as the sources say when. Among statements of one
    article on the same day, an adverse condition outlasts the rest. The exception is a known suspension that the
    article reports together with its end. A suspension ends when works resume or the project reaches a higher stage. A
    cancellation ends only when the project is resumed. A delay ends when a higher stage is reached. It has ended if its
    article tells that the last stage is reached: "starts up two months late".

    Args:
        reached: statements of what has happened, without denied ones. For each stage the first to happen suffices.
        lifecycle: the lifecycle of the project.
    """
    walked = sorted(_but_ended(list(reached)), key=lambda s: (s.happened, _tie(s), s.order))
    # Stages that an article mentions beside a suspension are background, not its end.
    of_suspension = {s.source.article for s in walked if s.claim.stage == Condition.SUSPENDED}
    highest, arrivals = -1, {s.source.article for s in walked if s.claim.stage == lifecycle.stages[-1]}
    overriding: Statement | None = None
    delayed: Statement | None = None
    resumed: Statement | None = None
    over: list[tuple[Statement, Statement]] = []
    began = 0
    for statement in walked:
        before, stage = overriding, statement.claim.stage
        if stage in OVERRIDING:
            resumed = None
            if overriding is None or overriding.claim.stage != stage:
                overriding = statement
        elif stage == Condition.RESUMED:
            resumed = statement if overriding is not None else resumed
            overriding = delayed = None
        elif stage == Condition.DELAYED:
            delayed = statement if statement.source.article not in arrivals else delayed
        elif lifecycle.has(stage) and lifecycle.rank(stage) > highest:
            highest = lifecycle.rank(stage)
            delayed = resumed = None
            suspended = overriding is not None and overriding.claim.stage == Condition.SUSPENDED
            if suspended and statement.source.article not in of_suspension:
                overriding = None
        if before is not None and overriding is not before:
            over.append((before, statement))
            over[began:] = _but_present(over[began:], overriding)
        began = len(over) if overriding is None else began
    return Force(overriding, delayed, resumed, tuple(over))


def _but_present(
    over: Iterable[tuple[Statement, Statement]], present: Statement | None
) -> Iterator[tuple[Statement, Statement]]:
    """What is over of a time in which the project stood still, up to the first word of its present condition.

    Articles tell a suspension and a cancellation again in any order. This ends neither.
    """
    return takewhile(lambda halt: present is None or halt[0].claim.stage != present.claim.stage, over)


def report(delayed: Statement, said: Sequence[Statement], contested: Contest, policy: FoldPolicy) -> Delay:
    """A delay with its date and everything that reports it. Reports of about the same time mean the same delay.

    Args:
        delayed: the statement that brought it.
        said: all statements of delays, in order of publication.
        contested: the reports of it against their denials.
        policy: the rules of weighing.
    """
    same = _meant(delayed, said, policy)
    when = dates()
    for each in same:
        if each.claim.date is not None:
            when.hear(each.claim.date, [(each.origin, each.order, 1.0)])
    since = when.believed()
    return Delay(
        since=since,
        by=next(filter(None, (each.told_on for each in same)), None) if since is None else None,
        standing=standing(
            Voices(each.origin for each in same),
            policy,
            against=contested.against,
            is_settled=contested.is_settled,
            readings=together(same, policy),
        ),
        evidence=tuple(each.evidence for each in same),
    )


def halt(began: Statement, ended: Statement, said: Sequence[Statement], policy: FoldPolicy) -> Halt:
    """A condition that is over, with how well it is supported that it began.

    Args:
        began: the statement that brought it.
        ended: the statement that ended it.
        said: all statements of this condition.
        policy: the rules of weighing.
    """
    same = _meant(began, said, policy)
    supported = standing(Voices(each.origin for each in same), policy, readings=together(same, policy))
    return Halt(began=_moment(began), ended=_moment(ended), standing=supported)


def _meant(event: Statement, said: Sequence[Statement], policy: FoldPolicy) -> list[Statement]:
    """Those of these statements that mean the same event, because they date it at about the same time."""
    return [each for each in said if abs(each.moment - event.moment) <= policy.same_time]


def _moment(statement: Statement) -> Moment:
    when = statement.claim.date
    by = statement.told_on if when is None else None
    return Moment(what=statement.claim.stage, on=when, by=by, evidence=statement.evidence)


def _but_ended(reached: Sequence[Statement]) -> Iterator[Statement]:
    """The statements, without suspensions that were known before and whose end the same article reports."""
    ends = {s.source.article: s for s in reached if s.claim.stage == Condition.RESUMED}
    first = min((s.source.published_at for s in reached if s.claim.stage == Condition.SUSPENDED), default=None)
    for statement in reached:
        end = ends.get(statement.source.article)
        is_known = first is not None and first < statement.source.published_at
        if end is None or statement.claim.stage != Condition.SUSPENDED or not (is_known and _is_ended(statement, end)):
            yield statement


def _is_ended(suspension: Statement, end: Statement) -> bool:
    """Whether the suspension ended, and did not begin again: by the dates, or because only the end is recent."""
    if suspension.claim.date and end.claim.date:
        return suspension.claim.date.start <= end.claim.date.end
    return end.source.published_at.date() - end.moment <= _NEWS


def _tie(statement: Statement) -> int:
    """The order of things that happened together: stages, then the end of a condition, then conditions."""
    stage = statement.claim.stage
    return 2 if stage in OVERRIDING or stage == Condition.DELAYED else 1 if stage == Condition.RESUMED else 0
