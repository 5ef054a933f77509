"""Two views of a past day: what this monitor knew, and what had been published."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from monitor.core.news import Change
from monitor.core.state import Report


@dataclass(frozen=True, slots=True)
class Past:
    """An instant of the past, in one of two views."""

    #: Aware, UTC.
    at: datetime
    #: Whether everything counts that was published by then, whenever this monitor read it. Otherwise what this monitor
    #: had in its ledger.
    as_published: bool = False

    def published(self, reports: Iterable[Report]) -> tuple[Report, ...]:
        """Those of these reports that were published by then."""
        return tuple(report for report in reports if report.source.published_at <= self.at)

    def came(self, change: Change) -> datetime:
        """When a change came to be known in this view."""
        return change.told_at if self.as_published else change.at

    def changes(self, changes: Iterable[Change]) -> list[Change]:
        """Those of these changes that were known by then."""
        return [change for change in changes if self.came(change) <= self.at]
