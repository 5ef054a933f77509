"""Events that one verb tells of two projects: "the plant in Sagunto opens in 2026 and the one in Gdansk in 2028"."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from monitor.core.lifecycle import PLANNED
from monitor.core.model import State
from monitor.core.reading.claims.dated import Dated
from monitor.core.reading.claims.dating import Dating
from monitor.core.reading.dates.timex import TimeExpression
from monitor.core.reading.projects.focus import Focus
from monitor.core.reading.projects.mention import Mention
from monitor.core.reading.text.document import Document, Span

#: The most characters and the most words between a project and its time.
_NEAR, _WORDS = 20, 2


def elided(
    events: Sequence[Dated],
    times: Sequence[TimeExpression],
    mentions: Sequence[Mention],
    document: Document,
    focus: Focus,
) -> Iterator[Dated]:
    """The events that a part of a sentence omits, naming only a project and a time.

    Each is the last event before the part, for another project and with the part's time. Mentions and times are in text
    order.
    """
    dated: dict[int, list[Dated]] = defaultdict(list)
    heads: dict[int, list[int]] = defaultdict(list)
    for event in events:
        heads[event.told.sentence].append(event.told.head.start)
        if event.date is not None and event.told.stage != PLANNED:
            dated[event.told.sentence].append(event)
    if not dated:
        return
    places = [mention.span.start for mention in mentions]
    numbers = document.sentences_at(time.span for time in times)
    for number, time in zip(numbers, times, strict=True):
        if number not in dated or time.is_superseded:
            continue
        part = focus.part_at(time.span)
        starts = sorted(heads[number])
        if bisect_left(starts, part.start) != bisect_left(starts, part.end):
            # The part has an event of its own.
            continue
        named = mentions[bisect_left(places, part.start) : bisect_left(places, part.end)]
        before = [event for event in dated[number] if event.told.head.start < part.start]
        last = max((event.told.head for event in before), default=None)
        acts = [event for event in before if event.told.head == last]
        told_of = {event.project for event in acts}
        for project in focus.projects_at(time.span):
            if project not in told_of and any(
                project in mention.projects and _is_beside(mention.span, time.span, document) for mention in named
            ):
                for act in {event.told: event for event in acts}.values():
                    yield _again(act, project, time, document)


def _is_beside(name: Span, time: Span, document: Document) -> bool:
    """Whether only words such as "plant in" stand between a name and a time after it."""
    between = document.text.bare[name.end : time.start]
    return name.end <= time.start and len(between) <= _NEAR and len(between.split()) <= _WORDS


def _again(act: Dated, project: str, time: TimeExpression, document: Document) -> Dated:
    """The same event for another project at another time. If that time is past, an expected event becomes reached."""
    published = document.published
    told = act.told._replace(span=time.span, head=time.span)
    if told.state is State.EXPECTED and published is not None and time.ahead.end < published.start:
        told = told._replace(state=State.REACHED)
    return act._replace(project=project, told=told, dating=Dating(time.period(told.state)), is_named=True, phase=None)
