"""One reading of two: what a language model reads in an article, and what another reader does. Pure."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from monitor.core.model import Claim, Fact, Reading
from monitor.core.reading.answered.check import Checked

#: What a claim or fact is worth that both tell.
BOTH = 0.97
#: From here on the other reader is sure enough that a claim which it alone makes is kept.
SURE = 0.9
#: What that is worth: it is doubtful, for the model has read the same words.
OTHER_ALONE = 0.5

Said = TypeVar("Said", Claim, Fact)


def agreed(checked: Checked, other: Reading, order: Sequence[str]) -> Reading:
    """The reading that both make.

    Args:
        checked: what holds of the model's answer.
        other: the reading of the other reader.
        order: the projects in the order of the configuration.
    """
    claims = (*_surer(checked.claims, other.claims), *_alone(checked.claims, other.claims))
    # No doubt is kept of an amount: what the other reader alone has of them is left out.
    facts = tuple(_surer(checked.facts, other.facts))
    projects = checked.projects | {claim.project for claim in claims} | {fact.project for fact in facts}
    return Reading(
        language=other.language,
        projects=tuple(project for project in order if project in projects),
        claims=claims,
        facts=facts,
    )


def _surer(told: Iterable[Said], others: Iterable[Said]) -> Iterator[Said]:
    """What the model tells; surer where the other reader tells the same."""
    found = list(others)
    for said in told:
        yield replace(said, confidence=BOTH) if any(_is_same(said, other) for other in found) else said


def _alone(told: Iterable[Claim], others: Iterable[Claim]) -> Iterator[Claim]:
    """What only the other reader claims, and surely."""
    known = {_subject(said) for said in told}
    for other in others:
        if other.confidence >= SURE and _subject(other) not in known:
            yield replace(other, confidence=OTHER_ALONE)


def _subject(said: Claim | Fact) -> Hashable:
    """What is told, whenever it was: where the model tells it, its date is the one that counts."""
    if isinstance(said, Claim):
        return said.project, said.stage, said.state
    return said.project, said.kind, said.unit, said.value


def _is_same(said: Claim | Fact, other: Claim | Fact) -> bool:
    """Whether both say the same, and no date of theirs contradicts the other."""
    if _subject(said) != _subject(other):
        return False
    dates = [each.date for each in (said, other) if isinstance(each, Claim) and each.date is not None]
    return len(dates) < 2 or dates[0].overlaps(dates[1])  # noqa: PLR2004 - of both
