"""A claim as the ledger hears it: with whose word it is."""

from datetime import date, datetime
from typing import NamedTuple

from monitor.core.folding.weighing import Origin
from monitor.core.model import Claim
from monitor.core.state import Evidence, Source

#: The place of something said among all that is said: instant of publication, the article's key, place in the article.
Order = tuple[datetime, str, int]


class Statement(NamedTuple):
    """One claim, the article that makes it, and the origin that the article counts for."""

    claim: Claim
    source: Source
    origin: Origin
    #: By which statements are put in the order of their publication.
    order: Order

    @property
    def evidence(self) -> Evidence:
        return Evidence(source=self.source, sentence=self.claim.evidence)

    @property
    def moment(self) -> date:
        """The last day on which what is said to have happened can have happened."""
        published = self.source.published_at.date()
        return min(self.claim.date.end, published) if self.claim.date else published

    @property
    def happened(self) -> tuple[date, datetime, str]:
        """By which statements are put in the order in which things happened, as far as the sources say when."""
        return self.moment, self.source.published_at, self.source.article
