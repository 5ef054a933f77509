"""The occasion of a change: why the ledger looked again, and what it learnt. Pure."""

from dataclasses import dataclass
from datetime import datetime

from monitor.core.folding.weighing import FoldPolicy
from monitor.core.lifecycle import Condition
from monitor.core.model import Claim, State
from monitor.core.periods import Period
from monitor.core.state import Confidence, Evidence, Report, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Why the ledger looked again: it heard an article, or an operator decided."""

    #: Distinguishes this occasion from another one with the same change.
    key: str
    #: When the monitor learnt it. Aware, UTC.
    at: datetime
    source: Source
    claims: tuple[Claim, ...] = ()
    #: The operator who decided. None if no operator did.
    by: str | None = None

    @classmethod
    def of(cls, report: Report, *, is_edition: bool = False) -> "Occasion":
        """The occasion of a report that was heard. A new edition of a known article is another occasion."""
        source = report.source
        key = f"{source.article} {source.seen_at.isoformat()}" if is_edition else source.article
        return cls(key=key, at=source.seen_at, source=source, claims=report.claims)

    @property
    def resumes(self) -> bool:
        """Whether it says that the project has resumed."""
        return any(claim.stage == Condition.RESUMED for claim in self.claims)

    def evidence(self, stage: str, state: State = State.REACHED) -> tuple[Evidence, ...]:
        """Its sentences for this stage and state."""
        return tuple(each for claim, each in self._said if claim.stage == stage and claim.state is state)

    @property
    def everything(self) -> tuple[Evidence, ...]:
        """The sentences of all its claims."""
        return tuple(each for _, each in self._said)

    @property
    def _said(self) -> list[tuple[Claim, Evidence]]:
        return [(claim, Evidence.of(claim, self.source)) for claim in self.claims]

    def date(self, stage: str) -> Period | None:
        """The date that it gives for a stage or condition. None if it gives none."""
        return next((c.date for c in self.claims if c.stage == stage and c.date), None)

    def confidence(self, policy: FoldPolicy) -> Confidence:
        """The confidence of its claims without any other source."""
        return Confidence.CONFIRMED if self.source.trust >= policy.official_trust else Confidence.REPORTED
