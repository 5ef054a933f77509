"""The confidence of a claim: a few plain grounds for and against it, weighed.

The weights were fitted by logistic regression, then rounded. The data was readings of 275 labelled articles, by
vocabularies that had not yet been corrected with these articles. So a confidence is the share of such claims in
unseen articles that are right.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, auto
from math import exp

from monitor.core.lifecycle import Condition
from monitor.core.model import State
from monitor.core.reading.events.events import Told
from monitor.core.reading.text.document import Document, Span


class Ground(Enum):
    """What speaks for or against a claim."""

    #: The headline says it.
    HEADLINE = auto()
    #: Two sentences say it.
    TWICE = auto()
    #: More than two sentences say it.
    AGAIN_AND_AGAIN = auto()
    #: It has a date.
    DATED = auto()
    #: No sentence says it explicitly.
    DESCRIBED = auto()
    #: No word marks its state, which is inferred from that.
    UNMARKED = auto()
    #: One sentence says it, at the end of a longer article, where other plants are mentioned.
    LATE = auto()
    #: The article also claims the same stage in another state.
    DISPUTED = auto()
    #: Many of the other plants that articles mention have reached this stage.
    COMMON = auto()
    #: Like ``COMMON``, but a sentence that says it names who builds the project.
    COMMON_NAMED = auto()
    #: It is a threat, or is expected without a date.
    VAGUE = auto()
    #: It was denied for a certain time, and may have happened since.
    PASSING = auto()
    #: Every clause that says it is about a plant of another kind, or of somebody else.
    OTHER_PLANT = auto()


#: In log odds.
_BASE = 1.8
_WEIGHTS = {
    Ground.HEADLINE: 0.8,
    Ground.TWICE: 0.3,
    Ground.AGAIN_AND_AGAIN: 1.1,
    Ground.DATED: 0.3,
    Ground.DESCRIBED: -0.9,
    Ground.UNMARKED: -0.5,
    Ground.LATE: -1.0,
    Ground.DISPUTED: -0.7,
    Ground.COMMON: -1.2,
    Ground.COMMON_NAMED: -0.6,
    Ground.VAGUE: -1.2,
    Ground.PASSING: -1.3,
    Ground.OTHER_PLANT: -2.7,
}
_COMMON = frozenset({"completed", "operating", Condition.RESUMED, Condition.CANCELLED, Condition.CLOSED})
_THREATS = frozenset({Condition.DELAYED, Condition.SUSPENDED, Condition.CANCELLED, Condition.CLOSED})
_LEAST = 0.01
_PAIR = 2
#: An article with at most the first number of sentences has no separate end. Otherwise the second number are its end.
_SHORT, _END = 4, 2


def confidence(grounds: Iterable[Ground]) -> float:
    """The share of claims on such grounds that are right, at least ``_LEAST`` and at most 1."""
    return max(_LEAST, round(1 / (1 + exp(-_BASE - sum(_WEIGHTS[ground] for ground in grounds))), 2))


def end_of(document: Document, found: Iterable[Span]) -> int:
    """The index of the sentence where the end of an article begins; the number of sentences if the article is short.

    Only sentences with findings count: names, events, amounts. So what follows an article on its page is not its end.
    """
    holding = sorted(set(document.sentences_at(found)))
    return holding[-_END] if len(holding) > _SHORT else len(document.sentences)


def grounds(
    stage: str,
    state: State,
    told: Sequence[Told],
    document: Document,
    *,
    end: int,
    is_dated: bool,
    is_disputed: bool,
    is_named: bool,
    is_doubtful: bool,
) -> Iterator[Ground]:
    """The grounds for and against a claim.

    Args:
        stage: the stage of the claim.
        state: the state of the claim.
        told: the events that it is made from; at least one.
        document: the article.
        end: the index of the sentence where the article's end begins.
        is_dated: the claim has a date.
        is_disputed: the article also claims the same stage in another state.
        is_named: a sentence that says it names who builds the project.
        is_doubtful: every clause that says it is about a plant of another kind, or of somebody else.
    """
    sentences = {event.sentence for event in told}
    if any(document.sentences[number].is_title for number in sentences):
        yield Ground.HEADLINE
    if len(sentences) > 1:
        yield Ground.AGAIN_AND_AGAIN if len(sentences) > _PAIR else Ground.TWICE
    elif min(sentences) >= end:
        yield Ground.LATE
    if state is State.REACHED and stage in _COMMON:
        yield Ground.COMMON_NAMED if is_named else Ground.COMMON
    if state is State.EXPECTED and (stage in _THREATS or not is_dated):
        yield Ground.VAGUE
    holds = {
        Ground.DATED: is_dated,
        Ground.DISPUTED: is_disputed,
        Ground.UNMARKED: all(event.is_open for event in told),
        Ground.PASSING: state is State.DENIED and is_dated,
        Ground.OTHER_PLANT: is_doubtful,
    }
    yield from (ground for ground in holds if holds[ground])
