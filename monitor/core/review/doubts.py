"""Finds the claims and facts that an operator should look at, and says why. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from monitor.core.folding.fold import publication_order
from monitor.core.folding.weighing import DEFAULT_POLICY, FoldPolicy
from monitor.core.lifecycle import ADVERSE
from monitor.core.model import Claim, Said, State
from monitor.core.review.review import Review, review_of
from monitor.core.state import ProjectState, Report, Source


class Doubt(StrEnum):
    """Why a claim is worth a look."""

    #: Its reader is not sure, and too few others say so. It has no effect yet.
    UNVERIFIED = "unverified"
    #: It expects a delay, a halt or an end. No state of a project shows that, whoever says it.
    AHEAD = "ahead"
    #: Credible sources contradict each other.
    DISPUTED = "disputed"
    #: It says that an event that was reported before has not happened, or is still to come.
    BACKWARD = "backward"
    #: It reports a past event, and only an outlet with little trust says so.
    LONE = "lone"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenClaim:
    """A claim or fact without a decision."""

    claim: Said
    #: The earliest published article of its story that makes it.
    source: Source
    #: The number of other articles of the story that say the same. A decision applies to them too.
    copies: int
    #: Why it is worth a look. Empty for most.
    doubts: tuple[Doubt, ...]


def open_claims(
    reports: Sequence[Report],
    reviews: Iterable[Review],
    state: ProjectState,
    *,
    policy: FoldPolicy = DEFAULT_POLICY,
) -> tuple[OpenClaim, ...]:
    """The claims and facts of a project without a decision, the earliest published first.

    Args:
        reports: the reports on one project, as they were read.
        reviews: the decisions in force that touch the project.
        state: the state of the project that follows from both.
        policy: the thresholds of belief.
    """
    ordered = sorted(reports, key=publication_order)
    decided: dict[str, list[Review]] = defaultdict(list)
    for review in reviews:
        decided[review.source.story].append(review)
    said = _Said(ordered, state, policy)
    told: dict[object, tuple[Said, Source]] = {}
    articles: Counter[object] = Counter()
    for report in ordered:
        for claim in dict.fromkeys(report.said):
            if review_of(claim, report, decided.get(report.source.story, ())) is None:
                same = report.source.story, *claim.told
                told.setdefault(same, (claim, report.source))
                articles[same] += 1
    return tuple(
        OpenClaim(claim=claim, source=source, copies=articles[same] - 1, doubts=tuple(said.doubts(claim, source)))
        for same, (claim, source) in told.items()
    )


class _Said:
    """Everything said about one project, against which a claim is checked."""

    def __init__(self, ordered: Sequence[Report], state: ProjectState, policy: FoldPolicy) -> None:
        self._disputed = frozenset(state.contradicted)
        self._policy = policy
        self._unverified = frozenset((each.source.story, each.said.told) for each in state.unverified)
        #: By stage: the sources that say that it was reached, the earliest published first.
        self._reached: dict[str, list[Source]] = defaultdict(list)
        #: The stages and conditions of which some report counts that says so.
        self._happened: set[str] = set()
        for report in ordered:
            for claim in report.claims:
                if claim.state is State.REACHED:
                    self._reached[claim.stage].append(report.source)
                    if (report.source.story, claim.told) not in self._unverified:
                        self._happened.add(claim.stage)

    def doubts(self, claim: Said, source: Source) -> Iterator[Doubt]:
        if (source.story, claim.told) in self._unverified:
            yield Doubt.UNVERIFIED
        if isinstance(claim, Claim):
            yield from self._of_claim(claim, source)

    def _of_claim(self, claim: Claim, source: Source) -> Iterator[Doubt]:
        is_reached, reached = claim.state is State.REACHED, self._reached.get(claim.stage, ())
        if claim.stage in ADVERSE and claim.state is State.EXPECTED and claim.stage not in self._happened:
            yield Doubt.AHEAD
        if claim.stage in self._disputed and claim.state is not State.EXPECTED:
            yield Doubt.DISPUTED
        if not is_reached and reached and reached[0].published_at < source.published_at:
            yield Doubt.BACKWARD
        if is_reached and source.trust < self._policy.credible_weight and len({each.story for each in reached}) == 1:
            yield Doubt.LONE
