"""Stages that a sentence tells without a verb of their own: "works began in March and production in May"."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from monitor.core.lifecycle import CONDITIONS, PLANNED
from monitor.core.reading.claims.dated import Dated
from monitor.core.reading.claims.dating import Dating
from monitor.core.reading.dates.timex import TimeExpression
from monitor.core.reading.events.echoes import ECHO
from monitor.core.reading.text.alternation import Alternation
from monitor.core.reading.text.document import Document, Span

#: The most characters between two times if the second is that of a stage that shares the verb of the first.
_NEAR = 80
#: The most words before the noun ("and that of the"), and between it and its time unless an aside separates them:
#: "production, of 5,000 tonnes a year, in 2028".
_BEFORE, _BEHIND = 4, 3
_COMMAS = ",،"


def gapped(
    events: Sequence[Dated], times: Sequence[TimeExpression], document: Document, steps: Alternation[str]
) -> Iterator[Dated]:
    """The stages that a sentence tells only by a noun and its own time, in the state of the stage before them.

    "The first line opened in May, the second will in autumn" tells one stage twice.

    Nothing else happens between the two times, and the noun stands soon after the first.

    Args:
        events: the events of the document.
        times: its times, in text order.
        document: the article.
        steps: nouns that tell a stage, with the stage; or a part of the project that the same stage applies to.
    """
    told: dict[int, list[Dated]] = defaultdict(list)
    for event in events:
        told[event.told.sentence].append(event)
    numbers = document.sentences_at(time.span for time in times)
    for (number, before), (following, time) in pairwise(zip(numbers, times, strict=True)):
        between = Span(before.span.end, time.span.start)
        if number != following or number not in told or time.is_superseded or between.end - between.start > _NEAR:
            continue
        if any(event.told.head.overlaps(Span(between.start, time.span.end)) for event in told[number]):
            continue
        stage = _stage(document.text.bare, between, steps)
        acts = [event for event in told[number] if _has(event, before) and event.told.stage != stage]
        last = max((event.told.head for event in acts), default=None)
        if stage is not None:
            yield from (_gone_on(act, stage, time) for act in acts if act.told.head == last)


def _has(event: Dated, time: TimeExpression) -> bool:
    is_step = event.told.stage != PLANNED and event.told.stage not in CONDITIONS
    return is_step and not event.dating.is_superseded and event.date in {time.ahead, time.behind}


def _gone_on(act: Dated, stage: str, time: TimeExpression) -> Dated:
    is_of_part = stage == ECHO
    told = act.told._replace(stage=act.told.stage if is_of_part else stage, span=time.span, head=time.span)
    phase = None if is_of_part else act.phase
    return act._replace(told=told, dating=Dating(time.period(told.state)), phase=phase)


def _stage(text: str, between: Span, steps: Alternation[str]) -> str | None:
    """The stage whose noun stands there, with only an "and" before it and a preposition or an aside after it."""
    for start, end, stage in steps.find(text, *between):
        behind = text[end : between.end].strip()
        is_aside = behind != "" and behind[0] in _COMMAS and behind.count(behind[0]) > 1
        if len(text[between.start : start].split()) <= _BEFORE and (is_aside or len(behind.split()) <= _BEHIND):
            return stage
        return None
    return None
