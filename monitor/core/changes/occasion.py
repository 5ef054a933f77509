"""Why the ledger looked again, and what it was told then. Pure."""

from dataclasses import dataclass
from datetime import datetime

from monitor.core.folding.weighing import FoldPolicy
from monitor.core.lifecycle import Condition
from monitor.core.model import Claim, State
from monitor.core.periods import Period
from monitor.core.state import Confidence, Evidence, Report, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Why the ledger looked again: an article was heard, or an operator decided."""

    #: Tells the same change on another occasion from this one.
    key: str
    #: When the monitor came to know it. Aware, UTC.
    at: datetime
    source: Source
    claims: tuple[Claim, ...] = ()
    #: The operator, where one decided.
    by: str | None = None

    @classmethod
    def of(cls, report: Report, *, is_edition: bool = False) -> "Occasion":
        """A report was heard; as another edition of an article that was heard before, it is another occasion."""
        source = report.source
        key = f"{source.article} {source.seen_at.isoformat()}" if is_edition else source.article
        return cls(key=key, at=source.seen_at, source=source, claims=report.claims)

    @property
    def resumes(self) -> bool:
        """Whether it says that the project goes on again."""
        return any(claim.stage == Condition.RESUMED for claim in self.claims)

    def evidence(self, stage: str, state: State = State.REACHED) -> tuple[Evidence, ...]:
        """Its sentences that say so; where none says just that, all that it claims."""
        own = [claim for claim in self.claims if claim.stage == stage and claim.state is state] or self.claims
        return tuple(Evidence(source=self.source, sentence=claim.evidence) for claim in own)

    def date(self, stage: str) -> Period | None:
        """The date that it gives of a stage or condition."""
        return next((c.date for c in self.claims if c.stage == stage and c.date), None)

    def confidence(self, policy: FoldPolicy) -> Confidence:
        """How sure what it says is by its word alone."""
        return Confidence.CONFIRMED if self.source.trust >= policy.official_trust else Confidence.REPORTED
