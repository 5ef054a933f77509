"""The occasion of a change: why the ledger looked again, and what it learnt. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.core.folding.weighing import FoldPolicy
from monitor.core.lifecycle import Condition
from monitor.core.model import Claim, State
from monitor.core.periods import Period
from monitor.core.state import Confidence, Evidence, Report, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Why the ledger looked again: it heard an article, or an operator decided on one claim or several."""

    #: Distinguishes this occasion from another one with the same change.
    key: str
    #: When the monitor learnt it. Aware, UTC.
    at: datetime
    source: Source
    claims: tuple[Claim, ...] = ()
    #: The operator who decided. None if no operator did.
    by: str | None = None
    #: The other decisions that were made together with this one.
    others: tuple["Occasion", ...] = ()

    @classmethod
    def of(cls, report: Report, *, is_edition: bool = False) -> "Occasion":
        """The occasion of a report that was heard. A new edition of a known article is another occasion."""
        source = report.source
        key = f"{source.article} {source.seen_at.isoformat()}" if is_edition else source.article
        return cls(key=key, at=source.seen_at, source=source, claims=report.claims)

    @classmethod
    def together(cls, occasions: Sequence["Occasion"]) -> "Occasion":
        """One occasion of several decisions. The key of a single one stays as it is."""
        first, *others = occasions
        return replace(first, key=" ".join(each.key for each in occasions), others=tuple(others))

    @property
    def articles(self) -> frozenset[str]:
        """The articles that speak, by their keys."""
        return frozenset(each.source.article for each in self._all)

    @property
    def told(self) -> tuple[Claim, ...]:
        """The claims of all the decisions."""
        return tuple(claim for each in self._all for claim in each.claims)

    @property
    def resumes(self) -> bool:
        """Whether it says that the project has resumed."""
        return any(claim.stage == Condition.RESUMED and claim.state is State.REACHED for claim in self.told)

    def evidence(self, stage: str, state: State = State.REACHED) -> tuple[Evidence, ...]:
        """Its sentences for this stage and state."""
        return tuple(each for claim, each in self.said if claim.stage == stage and claim.state is state)

    @property
    def said(self) -> list[tuple[Claim, Evidence]]:
        """All its claims with their sentences."""
        return [(claim, Evidence.of(claim, each.source)) for each in self._all for claim in each.claims]

    @property
    def _all(self) -> Sequence["Occasion"]:
        return (self, *self.others)

    def date(self, stage: str) -> Period | None:
        """The date that it gives for a stage or condition. None if it gives none."""
        return next((c.date for c in self.told if c.stage == stage and c.date), None)

    def confidence(self, policy: FoldPolicy) -> Confidence:
        """The confidence of its claims without any other source."""
        return Confidence.CONFIRMED if self.source.trust >= policy.official_trust else Confidence.REPORTED
