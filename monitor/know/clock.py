"""What time alone changes."""

from datetime import datetime

from monitor.core.news import Change
from monitor.know.queries import Knowledge
from monitor.ports import Ledger
from monitor.watch.watch import Watch, what_time_brings


def look_at_the_clock(knowledge: Knowledge, watch: Watch, *, ledger: Ledger, now: datetime) -> tuple[Change, ...]:
    """Raise changes that time alone brings: overdue forecasts and quiet projects. Returns the new changes.

    Raises:
        LedgerError: the database refused.
    """
    due = [knowledge.state(state.project) for state in knowledge.overview() if watch.inferred(state, now)]
    return ledger.note(what_time_brings(watch, due, now))
