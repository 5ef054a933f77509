"""What would follow from something that has not happened: a decision, an article. Nothing is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.core.news import Change
from monitor.core.state import ProjectState, Report
from monitor.ports import Decision, FeedRecord, Ledger, Outgoing, Poll, ReadArticle
from monitor.watch.watch import News, Watch, decider

#: No feed has this address.
_NO_FEED = "about:trial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What would follow."""

    #: The state of each project that may be moved, before and after.
    states: Mapping[str, tuple[ProjectState, ProjectState]]
    changes: tuple[Change, ...]
    outgoing: tuple[Outgoing, ...]


def foresee_article(item: ReadArticle, watch: Watch, ledger: Ledger, now: datetime) -> Foreseen:
    """What would follow if a feed brought this article now. Nothing does if it is known. Raises LedgerError."""
    states: dict[str, tuple[ProjectState, ProjectState]] = {}
    follow = decider(watch, News(since=now - watch.alert_horizon, now=now))

    def noted(before: Mapping[str, Sequence[Report]], fresh: Mapping[str, Sequence[Report]]) -> Decision:
        for project in sorted(fresh):
            if project in watch.projects:
                was = before.get(project, ())
                states[project] = watch.state_of(project, was), watch.state_of(project, (*was, *fresh[project]))
        return follow(before, fresh)

    poll = Poll(feed=FeedRecord(url=_NO_FEED, polled_at=now), articles=(item,))
    found = ledger.foresee_poll(poll, noted)
    return Foreseen(states=states, changes=found.changes, outgoing=found.outgoing)
