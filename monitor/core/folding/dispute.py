"""Reports that something happened against later denials or expectations: decides which side is believed.

A denial answers what was said before it. A denial before the first report contradicts nothing: what had not begun in
June may have begun in September. A denial that is followed by new reports loses weight with age, as they may report
what came later.

A report of continued works also denies that a project was cancelled or closed. So one outlet's misread word does not
outlast the continued reports of others, even if no source reports a resumption.

A stage has not happened if a source still expects it and reports a lower stage as reached. The same may be said of the
second line of a running plant. So this withdraws only what a single source was read to say, and not surely.
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
    """The reports of a stage or condition against its denials."""

    #: The denials that count, weighted by age.
    against: Voices
    #: Whether the denials are believed, or the stage is still awaited. Then it was not reached.
    is_taken_back: bool
    #: Whether it is decided: they are believed, or a source that did not say so before has said so since.
    is_settled: bool
    #: The denials themselves.
    denials: Sequence[Statement] = ()


UNCONTESTED = Contest(NOBODY, is_taken_back=False, is_settled=True)


def contest(
    reached: Reached,
    denied: Sequence[Statement],
    policy: FoldPolicy,
    *,
    expected: Expected,
    rungs: Sequence[Reached] = (),
) -> Contest:
    """Weigh the reports that a stage or condition was reached against later contradictions.

    Args:
        reached: the reports to weigh.
        denied: the denials.
        policy: the rules of weighing.
        expected: the statements that still expect it.
        rungs: for each lower stage, the statements that it was reached.
    """
    if not reached:
        return UNCONTESTED
    is_awaited = _is_awaited(reached, expected, rungs, policy)
    if not denied:
        return Contest(NOBODY, is_taken_back=True, is_settled=True) if is_awaited else UNCONTESTED
    first, last = reached.said[0].source.published_at, reached.said[-1].source.published_at
    answers = [s for s in denied if s.source.published_at >= first and s.source.article not in reached.articles]
    against = Voices(_aged(s, last - s.source.published_at, policy) for s in answers)
    denying, saying = against.weight(policy), reached.voices.weight(policy)
    overruled = denying.official > 0 and saying.official == 0
    is_taken_back = is_awaited or overruled or denying.total > saying.total
    is_settled = is_taken_back or _is_borne_out(reached, answers, policy)
    return Contest(against, is_taken_back, is_settled, answers)


def going_on(ended: Reached, rungs: Sequence[Reached]) -> Iterator[Statement]:
    """What happened after the reported end: a stage first reached later, or statements dated later.

    Args:
        ended: the statements that the project was cancelled or closed.
        rungs: for each stage, the statements that it was reached.
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


def _is_borne_out(reached: Reached, answers: Sequence[Statement], policy: FoldPolicy) -> bool:
    """Whether a credible source that had not said so before has said so after the last denial."""
    if not answers:
        return True
    end = max([s.source.published_at for s in answers])
    since = [name for name, first in reached.firsts.items() if first > end]
    return any(reached.voices.trust[name] >= policy.credible_weight for name in since)


def _is_awaited(reached: Reached, expected: Expected, rungs: Sequence[Reached], policy: FoldPolicy) -> bool:
    """Whether a single unsure source reports it, and a later one still expects it and reports a lower stage."""
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
    """The origin of a denial. Its weight halves with each half-life between the denial and the last report."""
    if since <= timedelta(0):
        return denial.origin
    return Origin(denial.origin.name, denial.origin.trust * 0.5 ** (since / policy.half_life))
