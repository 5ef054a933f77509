"""What was said to have happened, and then denied or still awaited: whose word stands.

A denial answers what was said before it. One that came before the first report contradicts nothing: what had not begun
in June may have begun in September. One that is followed by new reports ages, as they may tell of what came later.

What is still expected by who tells of a rung below it that was climbed has not happened. Of a plant that runs the same
may be said of its second line, so that takes back only what one source alone was read to say, and not surely.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile

from monitor.core.folding.sayings import Expected, Reached, Sayings
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
    denied: Sayings[Statement],
    policy: FoldPolicy,
    *,
    expected: Expected,
    below: Sequence[Reached] = (),
) -> Contest:
    """Weigh those who say of a stage or condition that it was reached, and those who say otherwise afterwards.

    Args:
        reached: what is weighed.
        denied: by whom it is denied.
        policy: how.
        expected: by whom it is expected.
        below: who says of the rungs below that they were reached.
    """
    if not reached:
        return UNCONTESTED
    is_awaited = _is_awaited(reached, expected, below, policy)
    if not denied:
        return Contest(NOBODY, is_taken_back=True) if is_awaited else UNCONTESTED
    first, last = reached.said[0].source.published_at, reached.said[-1].source.published_at
    against = Voices(
        _aged(s, last - s.source.published_at, policy)
        for s in denied.said
        if s.source.published_at >= first and s.source.article not in reached.articles
    )
    denying, saying = against.weight(policy), reached.voices.weight(policy)
    overruled = denying.official > 0 and saying.official == 0
    return Contest(against, is_taken_back=is_awaited or overruled or denying.total > saying.total)


def _is_awaited(reached: Reached, expected: Expected, below: Sequence[Reached], policy: FoldPolicy) -> bool:
    """Whether the only source was not read surely, and a later one still expects it and tells of a rung below."""
    if reached.surest >= policy.sure or reached.voices.weight(policy).confirms(policy):
        return False
    last = reached.said[-1].source.published_at
    later = takewhile(lambda s: s.source.published_at > last, reversed(expected.said))
    return any(
        s.claim.date is not None
        and s.claim.date.start > s.source.published_at.date()
        and any(s.source.article in rung.articles for rung in below)
        for s in later
    )


def _aged(denial: Statement, since: timedelta, policy: FoldPolicy) -> Origin:
    """The origin of a denial, weighing less the longer after it the same was reported again."""
    if since <= timedelta(0):
        return denial.origin
    return Origin(denial.origin.name, denial.origin.trust * 0.5 ** (since / policy.half_life))
