"""Messages in English."""

from monitor.core.model import FactKind
from monitor.core.news import ChangeType
from monitor.core.state import Confidence
from monitor.core.wording.words import Wording

ENGLISH = Wording(
    locale="en_GB",
    statuses={
        "announced": "announced",
        "agreed": "agreed",
        "approved": "approved",
        "construction": "construction",
        "completed": "completed",
        "commissioning": "commissioning",
        "operating": "operating",
        "delayed": "delayed",
        "suspended": "suspended",
        "resumed": "resumed",
        "cancelled": "cancelled",
        "closed": "closed",
    },
    events={
        "announced": "announcement",
        "agreed": "signing of the agreement",
        "approved": "approval",
        "construction": "start of construction",
        "completed": "completion",
        "commissioning": "commissioning",
        "operating": "start of operation",
        "delayed": "delay",
        "suspended": "suspension",
        "resumed": "resumption",
        "cancelled": "cancellation",
        "closed": "closure",
    },
    kinds={
        FactKind.INVESTMENT: "investment",
        FactKind.CAPACITY: "capacity",
        FactKind.JOBS: "jobs",
        FactKind.AREA: "area",
        FactKind.PROGRESS: "progress",
    },
    units={},
    per_year="/yr",
    halves=("first half of {year}", "second half of {year}"),
    labels={
        ChangeType.STATUS: "Status",
        ChangeType.MILESTONE: "Milestone",
        ChangeType.SCHEDULE: "Schedule",
        ChangeType.OVERDUE: "Overdue",
        ChangeType.FACT: "Figure",
        ChangeType.CONFIRMED: "Confirmed",
        ChangeType.DISPUTED: "Disputed",
        ChangeType.QUIET: "Silence",
    },
    reached="{event}, milestone reached",
    expected="{event} expected {date}",
    later="{event} later than expected, {dates}",
    earlier="{event} earlier than expected, {dates}",
    overdue="{event} overdue, was expected {date}",
    confirmed="{matter} confirmed",
    disputed="{matter} disputed",
    quiet="no news for a long time",
    quiet_since="no news for a long time (last: {date})",
    effective="Date",
    confidence={
        Confidence.REPORTED: "Reported, not yet confirmed",
        Confidence.CONFIRMED: "Confirmed",
    },
    inferred={
        ChangeType.OVERDUE: "The expected date has passed and no source says that it has been reached.",
        ChangeType.QUIET: "Inferred from silence: no source says that anything has changed.",
    },
    decided="Decided by {operator}",
    sources="Sources",
    reference="Ref.",
)
