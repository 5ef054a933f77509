"""What was said to have happened, and then denied: whose word stands.

A denial answers what was said before it. One that came before the first report contradicts nothing: what had not begun
in June may have begun in September. One that is followed by new reports ages, as they may tell of what came later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from monitor.core.model import State
from monitor.core.statement import Statement
from monitor.core.weighing import FoldPolicy, Origin, Weight


@dataclass(frozen=True, slots=True)
class Contest:
    """Those who say of a stage or condition that it was reached, and those who deny it afterwards."""

    reached: tuple[Statement, ...]
    #: The denials that count, in order of publication.
    denied: tuple[Statement, ...]
    #: The origins of the denials, aged.
    against: tuple[Origin, ...]
    #: Whether the denials are believed: nothing was reached.
    is_taken_back: bool


def contest(told: Sequence[Statement], policy: FoldPolicy) -> Contest:
    """Weigh what these statements of one stage or condition, in order of publication, say against each other."""
    reached = tuple(s for s in told if s.claim.state is State.REACHED)
    if not reached or len(reached) == len(told):
        return Contest(reached, (), (), is_taken_back=False)
    sayers = {s.source.article for s in reached}
    first, last = reached[0].source.published_at, reached[-1].source.published_at
    denied = tuple(
        s
        for s in told
        if s.claim.state is State.DENIED and s.source.published_at >= first and s.source.article not in sayers
    )
    against = tuple(_aged(s, last - s.source.published_at, policy) for s in denied)
    denying, saying = Weight.of(against, policy), Weight.of((s.origin for s in reached), policy)
    overruled = denying.official > 0 and saying.official == 0
    return Contest(reached, denied, against, is_taken_back=overruled or denying.total > saying.total)


def _aged(denial: Statement, since: timedelta, policy: FoldPolicy) -> Origin:
    """The origin of a denial, weighing less the longer after it the same was reported again."""
    if since <= timedelta(0):
        return denial.origin
    return Origin(denial.origin.name, denial.origin.trust * 0.5 ** (since / policy.half_life))
