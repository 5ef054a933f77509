"""Combines two readings of an article, a language model's and another reader's, into one. Pure."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from monitor.core.model import Claim, Fact, Reading
from monitor.core.reading.answered.check import Checked

#: The confidence of a claim or fact that both readers make.
BOTH = 0.97
#: A claim that only the other reader makes is kept if its confidence is at least this.
SURE = 0.9
#: The confidence of such a claim. It is doubtful because the model read the same words and did not make it.
OTHER_ALONE = 0.5

Said = TypeVar("Said", Claim, Fact)


def agreed(checked: Checked, other: Reading, order: Sequence[str]) -> Reading:
    """Combine the model's checked answer with the other reader's reading.

    Args:
        checked: what holds in the model's answer.
        other: the reading of the other reader.
        order: the projects in the order of the configuration.
    """
    claims = (*_surer(checked.claims, other.claims), *_alone(checked.claims, other.claims))
    # Facts that only the other reader has are left out: there are no doubtful facts.
    facts = tuple(_surer(checked.facts, other.facts))
    projects = checked.projects | {claim.project for claim in claims} | {fact.project for fact in facts}
    return Reading(
        language=other.language,
        projects=tuple(project for project in order if project in projects),
        claims=claims,
        facts=facts,
    )


def _surer(told: Iterable[Said], others: Iterable[Said]) -> Iterator[Said]:
    """What the model says, with confidence ``BOTH`` if the other reader says the same."""
    found = list(others)
    for said in told:
        yield replace(said, confidence=BOTH) if any(_is_same(said, other) for other in found) else said


def _alone(told: Iterable[Claim], others: Iterable[Claim]) -> Iterator[Claim]:
    """The claims that only the other reader makes, if it is sure of them."""
    known = {_subject(said) for said in told}
    for other in others:
        if other.confidence >= SURE and _subject(other) not in known:
            yield replace(other, confidence=OTHER_ALONE)


def _subject(said: Claim | Fact) -> Hashable:
    """What is said, without its date: if the model says it, the model's date counts."""
    if isinstance(said, Claim):
        return said.project, said.stage, said.state
    return said.project, said.kind, said.unit, said.value


def _is_same(said: Claim | Fact, other: Claim | Fact) -> bool:
    """Whether both say the same, and their dates overlap if both have one."""
    if _subject(said) != _subject(other):
        return False
    dates = [each.date for each in (said, other) if isinstance(each, Claim) and each.date is not None]
    return len(dates) < 2 or dates[0].overlaps(dates[1])  # noqa: PLR2004 - of both
