"""A claim with its origin, as the ledger hears it."""

from datetime import date, datetime
from typing import NamedTuple

from monitor.core.folding.known import is_known
from monitor.core.folding.weighing import Origin
from monitor.core.lifecycle import CONDITIONS
from monitor.core.model import Claim, State
from monitor.core.periods import Period
from monitor.core.state import Evidence, Source

#: The place of a statement among all statements: instant of publication, article key, position in the article.
Order = tuple[datetime, str, int]


class Statement(NamedTuple):
    """One claim, the article that makes it, and the origin that the article counts for."""

    claim: Claim
    source: Source
    origin: Origin
    #: The sort key for the order of publication.
    order: Order
    #: The later phase that it concerns. None if it concerns the whole project.
    part: str | None = None
    #: Whether the sentence says something else, which only implies it.
    is_implied: bool = False

    @property
    def said(self) -> Claim:
        return self.claim

    @property
    def thing(self) -> tuple[str | None, str, State]:
        """What it is about, and in which sense."""
        return self.part, self.claim.stage, self.claim.state

    @property
    def detail(self) -> Period | date | None:
        """What distinguishes it from another statement on the same thing.

        For what can recur, that is when it happens.
        """
        if self.claim.state is State.EXPECTED:
            return self.claim.date
        return self.moment if self.claim.stage in CONDITIONS else None

    @property
    def evidence(self) -> Evidence:
        return Evidence.of(self.claim, self.source)

    @property
    def told_on(self) -> date | None:
        """The day of its article. None if the configuration says it."""
        return None if is_known(self.source) else self.source.published_at.date()

    @property
    def moment(self) -> date:
        """The last day on which the event can have happened."""
        published = self.source.published_at.date()
        return min(self.claim.date.end, published) if self.claim.date else published

    @property
    def happened(self) -> tuple[date, datetime, str]:
        """The sort key for the order in which things happened, as far as the sources say when."""
        return self.moment, self.source.published_at, self.source.article
