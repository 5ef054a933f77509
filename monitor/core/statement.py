"""A claim as the ledger hears it: with whose word it is."""

from dataclasses import dataclass
from datetime import date

from monitor.core.model import Claim
from monitor.core.state import Evidence, Source
from monitor.core.weighing import Origin


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim, the article that makes it, and the origin that the article counts for."""

    claim: Claim
    source: Source
    origin: Origin

    @property
    def evidence(self) -> Evidence:
        return Evidence(source=self.source, sentence=self.claim.evidence)

    @property
    def moment(self) -> date:
        """The last day on which what is said to have happened can have happened."""
        published = self.source.published_at.date()
        return min(self.claim.date.end, published) if self.claim.date else published
