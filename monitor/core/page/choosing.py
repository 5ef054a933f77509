"""Which projects a list shows, and in which order."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from monitor.core.lifecycle import ENDED, Condition
from monitor.core.message import words
from monitor.core.message.tongue import Tongue
from monitor.core.page.overview import Known
from monitor.core.plain import clean
from monitor.core.state import ProjectState


class Order(StrEnum):
    """The orders of the list."""

    #: As in the configuration.
    GIVEN = "given"
    #: What is overdue first, then what is in trouble, then the soonest expected milestone.
    URGENT = "urgent"
    #: The project that has come farthest first.
    STATUS = "status"
    #: The soonest expected milestone first.
    NEXT = "next"
    #: The latest news first.
    NEWS = "news"


class Attention(StrEnum):
    """Why a project needs attention."""

    #: The date that was expected has passed.
    OVERDUE = "overdue"
    #: It is later than expected, and the project goes on.
    DELAYED = "delayed"
    #: Credible sources contradict each other.
    DISPUTED = "disputed"
    #: There was no news for long.
    QUIET = "quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A filter of the list, with the number of projects that it leaves."""

    value: str
    label: str
    number: int


def attention(known: Known) -> frozenset[Attention]:
    """Why this project needs attention. Empty if it does not."""
    reasons = {
        Attention.OVERDUE: bool(known.overdue),
        Attention.DELAYED: known.state.condition == Condition.DELAYED,
        Attention.DISPUTED: bool(known.state.disputed),
        Attention.QUIET: known.is_quiet,
    }
    return frozenset(reason for reason, holds in reasons.items() if holds)


def chosen(known: Iterable[Known], *, words_: str, status: str, only: Attention | None) -> list[Known]:
    """The projects with all of these words, in this status ("" for any), that need this attention (None for any)."""
    return [
        each
        for each in matching(known, words_)
        if status in {"", each.state.status} and (only is None or only in attention(each))
    ]


def statuses(known: Sequence[Known], tongue: Tongue) -> tuple[Choice, ...]:
    """The statuses that projects have, in the order of their lifecycles, then those of projects that were stopped."""
    found = Counter(each.state.status for each in known if each.state.status)
    ranks = {each.state.status: _height(each) for each in known}
    return tuple(
        Choice(value=status, label=words.status(tongue, status), number=number)
        for status, number in sorted(found.items(), key=lambda each: (ranks[each[0]] < 0, ranks[each[0]], each[0]))
    )


def attentions(known: Iterable[Known], tongue: Tongue) -> tuple[Choice, ...]:
    """What projects need attention for."""
    found = Counter(reason for each in known for reason in attention(each))
    labels = {
        Attention.OVERDUE: tongue.say_in("attention", "overdue"),
        Attention.DELAYED: words.status(tongue, Condition.DELAYED),
        Attention.DISPUTED: tongue.say("disputed"),
        Attention.QUIET: tongue.say("no news for a long time"),
    }
    return tuple(
        Choice(value=reason.value, label=label, number=found[reason])
        for reason, label in labels.items()
        if found[reason]
    )


def matching(known: Iterable[Known], words_: str) -> list[Known]:
    """The projects that have all of these words in their id, names, status, companies, things, places or tags."""
    wanted = clean(words_).casefold().split()

    def text(each: Known) -> str:
        project = each.project
        told = (project.id, *project.name.values(), *project.who, *project.what, *project.where, *project.tags)
        return " ".join((*told, each.state.status or "", each.state.condition or "")).casefold()

    return [each for each in known if all(word in text(each) for word in wanted)]


def ordered(known: Iterable[Known], order: Order) -> list[Known]:
    """The projects in this order. Those without what it goes by come last."""
    if order is Order.URGENT:
        return sorted(known, key=lambda each: (_trouble(each), _due(each)))
    if order is Order.STATUS:
        return sorted(known, key=_height, reverse=True)
    if order is Order.NEXT:
        return sorted(known, key=_due)
    if order is Order.NEWS:
        return sorted(known, key=lambda each: _age(each.state), reverse=True)
    return list(known)


def _trouble(known: Known) -> int:
    """How urgent it is to look at this project: the lowest first."""
    state = known.state
    if state.status in ENDED:
        return 4
    if known.overdue:
        return 0
    if state.condition or state.disputed:
        return 1
    if known.soonest:
        return 2
    return 3 if state.status else 4


def _due(known: Known) -> date:
    return known.soonest[0].end if known.soonest else date.max


def _height(known: Known) -> int:
    status = known.state.status or ""
    return known.lifecycle.rank(status) if known.lifecycle.has(status) else -1


def _age(state: ProjectState) -> datetime:
    return state.latest.published_at if state.latest else datetime.min.replace(tzinfo=UTC)
