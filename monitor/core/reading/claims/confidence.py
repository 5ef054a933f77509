"""How sure a claim is: few plain grounds for and against it, weighed.

What each ground weighs was fitted, by logistic regression, to readings of 275 labelled articles by vocabularies not
yet mended by them, and rounded. So a confidence means: of such claims in articles never seen, so
many are right.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, auto
from math import exp

from monitor.core.lifecycle import Condition
from monitor.core.model import State
from monitor.core.reading.events.events import Told
from monitor.core.reading.text.document import Document, Span


class Ground(Enum):
    """What speaks for a claim, or against it."""

    #: The headline tells it.
    HEADLINE = auto()
    #: Two sentences tell it.
    TWICE = auto()
    #: More than two do.
    AGAIN_AND_AGAIN = auto()
    #: It has a date.
    DATED = auto()
    #: No sentence tells it in so many words.
    DESCRIBED = auto()
    #: Only the lack of other words says how it stands.
    UNMARKED = auto()
    #: One sentence tells it, at the end of a longer article, where other plants are spoken of.
    LATE = auto()
    #: The article claims the same stage in another state too.
    DISPUTED = auto()
    #: It has happened to many a plant that an article names beside its own.
    COMMON = auto()
    #: The same, though a sentence that tells it names who builds the project.
    COMMON_NAMED = auto()
    #: It threatens, or is expected on no date.
    VAGUE = auto()
    #: It was not so at a certain time, and may be since.
    PASSING = auto()


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
}
_COMMON = frozenset({"completed", "operating", Condition.RESUMED, Condition.CANCELLED, Condition.CLOSED})
_THREATS = frozenset({Condition.DELAYED, Condition.SUSPENDED, Condition.CANCELLED, Condition.CLOSED})
_PAIR = 2
#: An article of no more sentences has no end apart; else so many are its end.
_SHORT, _END = 4, 2


def confidence(grounds: Iterable[Ground]) -> float:
    """How many of the claims on such grounds are right, from 0 to 1."""
    return round(1 / (1 + exp(-_BASE - sum(_WEIGHTS[ground] for ground in grounds))), 2)


def end_of(document: Document, found: Iterable[Span]) -> int:
    """The number of the sentence with which the end of an article begins; that of none where it is short.

    Only sentences count that something is found in: names, events, amounts. So what follows an article on its page is
    not its end.
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
) -> Iterator[Ground]:
    """What speaks for and against a claim.

    Args:
        stage: of which it is.
        state: in which it claims it.
        told: what it is made from; at least one.
        document: the article.
        end: the number of the sentence with which its end begins.
        is_dated: it has a date.
        is_disputed: the article claims the same stage in another state too.
        is_named: a sentence that tells it names who builds the project.
    """
    sentences = {event.sentence for event in told}
    if any(document.sentences[number].is_title for number in sentences):
        yield Ground.HEADLINE
    if len(sentences) > 1:
        yield Ground.AGAIN_AND_AGAIN if len(sentences) > _PAIR else Ground.TWICE
    elif min(sentences) >= end:
        yield Ground.LATE
    if is_dated:
        yield Ground.DATED
    if is_disputed:
        yield Ground.DISPUTED
    if all(event.is_open for event in told):
        yield Ground.UNMARKED
    if state is State.REACHED and stage in _COMMON:
        yield Ground.COMMON_NAMED if is_named else Ground.COMMON
    if state is State.EXPECTED and (stage in _THREATS or not is_dated):
        yield Ground.VAGUE
    if state is State.DENIED and is_dated:
        yield Ground.PASSING
