"""What has befallen a project and is still in force."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from monitor.core.folding.statement import Statement
from monitor.core.lifecycle import OVERRIDING, Condition, Lifecycle

#: What ended so long before an article that tells it is told by the way.
_NEWS = timedelta(days=31)


def in_force(reached: Iterable[Statement], lifecycle: Lifecycle) -> tuple[Statement | None, Statement | None]:
    """The overriding condition in force and the delay in force, each by the statement that brought it.

    Walked in the order in which things happened, as far as the sources say when; of what one article says together,
    an adverse condition outlasts the rest, but for a known suspension told beside its end. A suspension ends when works
    resume or the project climbs a rung, a cancellation only when it is resumed, a delay when a rung is climbed.

    Args:
        reached: statements of what has happened, denied ones left out; of each stage the first to happen is enough.
        lifecycle: the project's.
    """
    walked = sorted(_but_ended(list(reached)), key=lambda s: (s.happened, _tie(s), s.order))
    # What an article tells beside a suspension is its background, not the end of it.
    of_suspension = {s.source.article for s in walked if s.claim.stage == Condition.SUSPENDED}
    highest = -1
    overriding: Statement | None = None
    delayed: Statement | None = None
    for statement in walked:
        stage = statement.claim.stage
        if stage in OVERRIDING:
            if overriding is None or overriding.claim.stage != stage:
                overriding = statement
        elif stage == Condition.RESUMED:
            overriding = delayed = None
        elif stage == Condition.DELAYED:
            delayed = statement
        elif lifecycle.has(stage) and lifecycle.rank(stage) > highest:
            highest = lifecycle.rank(stage)
            delayed = None
            suspended = overriding is not None and overriding.claim.stage == Condition.SUSPENDED
            if suspended and statement.source.article not in of_suspension:
                overriding = None
    return overriding, delayed


def _but_ended(reached: Sequence[Statement]) -> Iterator[Statement]:
    """The statements, less the suspensions that were known before and of which the same article tells the end."""
    ends = {s.source.article: s for s in reached if s.claim.stage == Condition.RESUMED}
    first = min((s.source.published_at for s in reached if s.claim.stage == Condition.SUSPENDED), default=None)
    for statement in reached:
        end = ends.get(statement.source.article)
        is_known = first is not None and first < statement.source.published_at
        if end is None or statement.claim.stage != Condition.SUSPENDED or not (is_known and _is_ended(statement, end)):
            yield statement


def _is_ended(suspension: Statement, end: Statement) -> bool:
    """Whether it ended so, and did not begin anew: by the dates, or because the end alone is news."""
    if suspension.claim.date and end.claim.date:
        return suspension.claim.date.start <= end.claim.date.end
    return end.source.published_at.date() - end.moment <= _NEWS


def _tie(statement: Statement) -> int:
    """Of things that happened together: stages first, then what lifts a condition, then conditions."""
    stage = statement.claim.stage
    return 2 if stage in OVERRIDING or stage == Condition.DELAYED else 1 if stage == Condition.RESUMED else 0
