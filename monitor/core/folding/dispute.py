"""What was said to have happened, and then denied or still awaited: whose word stands.

A denial answers what was said before it. One that came before the first report contradicts nothing: what had not begun
in June may have begun in September. One that is followed by new reports ages, as they may tell of what came later.

That a project was given up or closed is denied, too, by who tells of works that went on: one outlet's misread word does
not outlast what others go on reporting, though nobody tells of a resumption.

What is still expected by who tells of a rung below it that was climbed has not happened. Of a plant that runs the same
may be said of its second line, so that takes back only what one source alone was read to say, and not surely.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile

from monitor.core.folding.sayings import Expected, Reached
from monitor.core.folding.statement import Statement
from monitor.core.folding.weighing import NOBODY, FoldPolicy, Origin, Voices


@dataclass(frozen=True, slots=True)
class Contest:
    """How the reports of a stage or condition fare against its denials."""

    #: The denials that count, aged.
    against: Voices
    #: Whether they are believed, or it is awaited still: nothing was reached.
    is_taken_back: bool


UNCONTESTED = Contest(NOBODY, is_taken_back=False)


def contest(
    reached: Reached,
    denied: Sequence[Statement],
    policy: FoldPolicy,
    *,
    expected: Expected,
    rungs: Sequence[Reached] = (),
) -> Contest:
    """Weigh those who say of a stage or condition that it was reached, and those who say otherwise afterwards.

    Args:
        reached: what is weighed.
        denied: what denies it.
        policy: how.
        expected: by whom it is expected.
        rungs: who says of the rungs below that they were reached.
    """
    if not reached:
        return UNCONTESTED
    is_awaited = _is_awaited(reached, expected, rungs, policy)
    if not denied:
        return Contest(NOBODY, is_taken_back=True) if is_awaited else UNCONTESTED
    first, last = reached.said[0].source.published_at, reached.said[-1].source.published_at
    against = Voices(
        _aged(s, last - s.source.published_at, policy)
        for s in denied
        if s.source.published_at >= first and s.source.article not in reached.articles
    )
    denying, saying = against.weight(policy), reached.voices.weight(policy)
    overruled = denying.official > 0 and saying.official == 0
    return Contest(against, is_taken_back=is_awaited or overruled or denying.total > saying.total)


def going_on(ended: Reached, rungs: Sequence[Reached]) -> Iterator[Statement]:
    """What has happened since the end that is told: that a rung was climbed, or by its date.

    Args:
        ended: who says of a project that it was given up or closed.
        rungs: who says of each rung that it was reached.
    """
    if ended.first is None:
        return
    end = ended.first.moment
    for rung in rungs:
        is_climbed = rung.first is not None and rung.first.moment > end
        for statement in rung.said:
            date = statement.claim.date
            if date.start > end if date else is_climbed:
                yield statement


def _is_awaited(reached: Reached, expected: Expected, rungs: Sequence[Reached], policy: FoldPolicy) -> bool:
    """Whether the only source was not read surely, and a later one still expects it and tells of a rung below."""
    if reached.surest >= policy.sure or reached.voices.weight(policy).confirms(policy):
        return False
    last = reached.said[-1].source.published_at
    later = takewhile(lambda s: s.source.published_at > last, reversed(expected.said))
    return any(
        s.claim.date is not None
        and s.claim.date.start > s.source.published_at.date()
        and any(s.source.article in rung.articles for rung in rungs)
        for s in later
    )


def _aged(denial: Statement, since: timedelta, policy: FoldPolicy) -> Origin:
    """The origin of a denial, weighing less the longer after it the same was reported again."""
    if since <= timedelta(0):
        return denial.origin
    return Origin(denial.origin.name, denial.origin.trust * 0.5 ** (since / policy.half_life))
