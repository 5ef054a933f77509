"""Verbs that stand for others: "Ford shelved its plant in May, and Nissan did the same"."""

from collections.abc import Iterator, Sequence

from monitor.core.lifecycle import PLANNED
from monitor.core.model import State
from monitor.core.reading.events.events import Told

#: The stage, in the vocabularies, of an event that repeats the one before it.
ECHO = "the_same"


def spelt_out(told: Sequence[Told]) -> tuple[Told, ...]:
    """The events of an article, in text order; each one that stands for another becomes a copy of that one.

    It stands for the last event before it, in its sentence or the one before. If there is none, it is dropped.
    """
    if all(event.stage != ECHO for event in told):
        return tuple(told)
    spelt: list[Told] = []
    for event in told:
        spelt += [event] if event.stage != ECHO else _meant(event, spelt)
    return tuple(spelt)


def _meant(echo: Told, before: Sequence[Told]) -> Iterator[Told]:
    acts = [event for event in before[-_NEAR:] if event.stage != PLANNED and event.head.end <= echo.head.start]
    last = max((act.head for act in acts if echo.sentence - act.sentence <= 1), default=None)
    for act in acts:
        if act.head == last:
            state = State.DENIED if act.state is State.DENIED else echo.state
            yield echo._replace(stage=act.stage, state=state)


#: The number of preceding events among which the last one is looked for.
_NEAR = 12
