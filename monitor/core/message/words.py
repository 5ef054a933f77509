"""Names of stages, conditions, states, quantities and roles: in English, translated where they are used.

Every message and every page takes them from here, so that one thing has one name.
"""

from collections.abc import Mapping

from monitor.core.access import Role
from monitor.core.lifecycle import CONDITIONS
from monitor.core.message.tongue import Tongue, mark
from monitor.core.model import FactKind, State
from monitor.core.news import ChangeType, Mistake

#: Where a project with this status stands.
_STATUSES: Mapping[str, str] = {
    "announced": mark("status", "announced"),
    "agreed": mark("status", "agreed"),
    "approved": mark("status", "approved"),
    "construction": mark("status", "construction"),
    "completed": mark("status", "completed"),
    "commissioning": mark("status", "commissioning"),
    "operating": mark("status", "operating"),
    "delayed": mark("status", "delayed"),
    "suspended": mark("status", "suspended"),
    "resumed": mark("status", "resumed"),
    "cancelled": mark("status", "cancelled"),
    "closed": mark("status", "closed"),
}
#: A stage or condition as something that happens.
_EVENTS: Mapping[str, str] = {
    "announced": mark("event", "announcement"),
    "agreed": mark("event", "signing of the agreement"),
    "approved": mark("event", "approval"),
    "construction": mark("event", "start of construction"),
    "completed": mark("event", "completion"),
    "commissioning": mark("event", "commissioning"),
    "operating": mark("event", "start of operation"),
    "delayed": mark("event", "delay"),
    "suspended": mark("event", "suspension"),
    "resumed": mark("event", "resumption"),
    "cancelled": mark("event", "cancellation"),
    "closed": mark("event", "closure"),
}
#: What is said of a stage. Their translations agree with a noun of their own, since names of stages have any gender.
_STATES: Mapping[State, str] = {
    State.REACHED: mark("milestone", "reached"),
    State.EXPECTED: mark("milestone", "expected"),
    State.DENIED: mark("milestone", "denied"),
}
#: What is said of a condition, which is no milestone.
_OCCURRENCES: Mapping[State, str] = {
    State.REACHED: mark("condition", "happened"),
    State.EXPECTED: mark("condition", "expected"),
    State.DENIED: mark("condition", "denied"),
}
_ROLES: Mapping[Role, str] = {
    Role.VIEWER: mark("role", "viewer"),
    Role.OPERATOR: mark("role", "operator"),
    Role.ADMIN: mark("role", "admin"),
}
_FIGURES: Mapping[FactKind, str] = {
    FactKind.INVESTMENT: mark("figure", "investment"),
    FactKind.CAPACITY: mark("figure", "capacity"),
    FactKind.JOBS: mark("figure", "jobs"),
    FactKind.AREA: mark("figure", "area"),
    FactKind.PROGRESS: mark("figure", "progress"),
}
_TYPES: Mapping[ChangeType, str] = {
    ChangeType.STATUS: mark("type", "Status"),
    ChangeType.MILESTONE: mark("type", "Milestone"),
    ChangeType.SCHEDULE: mark("type", "Schedule"),
    ChangeType.OVERDUE: mark("type", "Overdue"),
    ChangeType.FACT: mark("type", "Figure"),
    ChangeType.CONFIRMED: mark("type", "Confirmed"),
    ChangeType.DISPUTED: mark("type", "Disputed"),
    ChangeType.QUIET: mark("type", "No news"),
}
#: After "Our alert was wrong:".
_MISTAKES: Mapping[Mistake, str] = {
    Mistake.PROJECT: mark("mistake", "the article speaks of another project"),
    Mistake.DATE: mark("mistake", "it gave a wrong date"),
    Mistake.AMOUNT: mark("mistake", "it gave a wrong figure"),
    Mistake.READING: mark("mistake", "the article does not say so"),
    Mistake.PUBLISHER: mark("mistake", "the publisher corrected the article"),
    Mistake.REPORT: mark("mistake", "what the article reported is not true"),
}


def status(tongue: Tongue, stage: str) -> str:
    return tongue.say_in("status", _STATUSES[stage]) if stage in _STATUSES else _own(tongue, stage)


def event(tongue: Tongue, stage: str) -> str:
    return tongue.say_in("event", _EVENTS[stage]) if stage in _EVENTS else _own(tongue, stage)


def state(tongue: Tongue, state_: State, stage: str = "") -> str:
    """What is said of this stage or condition. "" stands for any of them."""
    if stage and stage not in CONDITIONS:
        return tongue.say_in("milestone", _STATES[state_])
    return tongue.say_in("condition", _OCCURRENCES[state_])


def overdue(tongue: Tongue) -> str:
    """What is said of a stage whose expected date has passed."""
    return tongue.say_in("milestone", "overdue")


def role(tongue: Tongue, role_: Role) -> str:
    return tongue.say_in("role", _ROLES[role_])


def figure(tongue: Tongue, kind: FactKind) -> str:
    return tongue.say_in("figure", _FIGURES[kind])


def label(tongue: Tongue, type_: ChangeType) -> str:
    return tongue.say_in("type", _TYPES[type_])


def mistake(tongue: Tongue, why: Mistake) -> str:
    return tongue.say_in("mistake", _MISTAKES[why])


def _own(tongue: Tongue, stage: str) -> str:
    """An operator's own stage is shown as it is."""
    return tongue.foreign(stage.replace("_", " "))
