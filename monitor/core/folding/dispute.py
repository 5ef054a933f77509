"""What was said to have happened, and then denied: whose word stands.

A denial answers what was said before it. One that came before the first report contradicts nothing: what had not begun
in June may have begun in September. One that is followed by new reports ages, as they may tell of what came later.
"""

from dataclasses import dataclass
from datetime import timedelta

from monitor.core.folding.sayings import Sayings
from monitor.core.folding.statement import Statement
from monitor.core.folding.weighing import NOBODY, FoldPolicy, Origin, Voices


@dataclass(frozen=True, slots=True)
class Contest:
    """How the reports of a stage or condition fare against its denials."""

    #: The denials that count, aged.
    against: Voices
    #: Whether they are believed: nothing was reached.
    is_taken_back: bool


UNCONTESTED = Contest(NOBODY, is_taken_back=False)


def contest(reached: Sayings, denied: Sayings, policy: FoldPolicy) -> Contest:
    """Weigh those who say of a stage or condition that it was reached, and those who deny it afterwards."""
    if not reached or not denied:
        return UNCONTESTED
    first, last = reached.statements[0].source.published_at, reached.statements[-1].source.published_at
    against = Voices(
        _aged(s, last - s.source.published_at, policy)
        for s in denied.statements
        if s.source.published_at >= first and s.source.article not in reached.articles
    )
    denying, saying = against.weight(policy), reached.voices.weight(policy)
    overruled = denying.official > 0 and saying.official == 0
    return Contest(against, is_taken_back=overruled or denying.total > saying.total)


def _aged(denial: Statement, since: timedelta, policy: FoldPolicy) -> Origin:
    """The origin of a denial, weighing less the longer after it the same was reported again."""
    if since <= timedelta(0):
        return denial.origin
    return Origin(denial.origin.name, denial.origin.trust * 0.5 ** (since / policy.half_life))
