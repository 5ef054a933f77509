"""Explains a rule-based reading step by step. Uses the functions of the reader, so it shows what really happened."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from monitor.core.model import Article
from monitor.core.reading.events.echoes import ECHO
from monitor.core.reading.events.events import Told, scenes
from monitor.core.reading.events.factuality import governing, judge
from monitor.core.reading.events.rivals import PART_DONE
from monitor.core.reading.events.scene import Scene
from monitor.core.reading.explanation import (
    CueMark,
    DateMark,
    EventMark,
    Explanation,
    Focused,
    Mark,
    Place,
    QuantityMark,
    Reason,
)
from monitor.core.reading.lexicon import Cue, Event, Side, Tone
from monitor.core.reading.marks import names, place_of, sentences, unread
from monitor.core.reading.outcomes import Outcomes
from monitor.core.reading.quantities.facts import attributed
from monitor.core.reading.quantities.quantities import Quantity
from monitor.core.reading.reader import Matched, RuleReader, Steps
from monitor.core.reading.text.document import Document, Sentence, Span
from monitor.core.reading.text.phrases import Match


def explain(article: Article, reader: RuleReader) -> Explanation:
    """Explain how the reader reads an article. The claims and facts are those of ``reader.read``."""
    matched = reader.match(article, is_full=True)
    if matched is None:
        return unread(article, Reason.NOTHING_NAMED if reader.knows(article.language) else Reason.NO_LEXICON)
    document = matched.document
    marks: list[Mark] = list(names(document, matched.mentions))
    steps = reader.follow(matched, is_full=True) if matched.concerned else None
    outcomes = Outcomes(reader, document, steps) if steps else None
    if steps and outcomes:
        for _, events, scene in scenes(document, steps.tokens, matched.lexicon):
            marks += _told(document, events, scene, outcomes)
        marks += _dates(document, steps)
        marks += _quantities(matched, steps)
    return Explanation(
        text=document.text.original,
        language=article.language,
        published=article.published,
        projects=steps.projects if steps else (),
        sentences=tuple(sentences(document, marks, lambda one: _focus(document, one, steps) if steps else ())),
        claims=outcomes.claims if outcomes else (),
        facts=steps.facts if steps else (),
        reason=None if steps else Reason.NOT_CONCERNED,
    )


# ---------------------------------------------------------------- what was found


def _dates(document: Document, steps: Steps) -> Iterator[DateMark]:
    ends = [sentence.span.end for sentence in document.sentences]
    used = {(event.told.sentence, event.date) for event in steps.events}
    for time in steps.times:
        sentence = bisect_right(ends, time.span.start)
        yield DateMark(
            place=place_of(document, time.span),
            behind=time.behind,
            ahead=time.ahead,
            is_superseded=time.is_superseded,
            is_used=not used.isdisjoint({(sentence, time.behind), (sentence, time.ahead)}),
        )


def _quantities(matched: Matched, steps: Steps) -> Iterator[QuantityMark]:
    document = matched.document
    found = attributed(document, steps.quantities, steps.focus, matched.lexicon.facts, steps.bearers)
    facts = {quantity: tuple(fact for _, fact in same) for quantity, same in groupby(found, key=lambda pair: pair[0])}
    for quantity in steps.quantities:
        yield QuantityMark(
            place=place_of(document, quantity.span),
            low=quantity.low,
            high=quantity.high,
            unit=quantity.unit,
            kind=quantity.kind,
            facts=facts.get(quantity, ()),
            reason=None if quantity in facts else _why_no_fact(quantity, steps),
        )


def _why_no_fact(quantity: Quantity, steps: Steps) -> Reason:
    if quantity.kind is None:
        return Reason.NO_MEASURE
    match len(steps.focus.projects_at(quantity.span)):
        case 0:
            return Reason.NO_FOCUS
        case 1:
            return Reason.NOT_ITS_OWN
        case _:
            return Reason.SEVERAL_PROJECTS


# ---------------------------------------------------------------- what is told


def _told(
    document: Document, events: Sequence[Match[Event]], scene: Scene, outcomes: Outcomes
) -> Iterator[EventMark | CueMark]:
    """The phrases of a sentence with their outcomes, and its cues with the phrases that they govern."""
    governed: dict[tuple[Span, Tone], list[Place]] = defaultdict(list)
    for phrase in _Phrases(events, scene, outcomes).shown():
        head = place_of(document, phrase.head)
        cues = [] if phrase.reason is Reason.NO_NEWS else governing(phrase.match, scene)
        for cue in cues:
            governed[_cue(cue, scene)].append(head)
        yield EventMark(
            place=place_of(document, phrase.span),
            head=head,
            stages=phrase.stages,
            cues=tuple(place_of(document, _cue(cue, scene)[0]) for cue in cues),
            hearsay=any(told.hearsay for told in phrase.told),
            tellings=tuple(telling for told in phrase.told for telling in outcomes.of(told)),
            reason=phrase.reason,
            because=place_of(document, phrase.because) if phrase.because else None,
        )
    sides: dict[tuple[Span, Tone], dict[Side, None]] = defaultdict(dict)
    for cue in scene.cues:
        sides[_cue(cue, scene)][cue.value.side] = None
    for (span, tone), stood in sides.items():
        yield CueMark(
            place=place_of(document, span),
            tone=tone,
            sides=tuple(stood),
            governs=tuple(dict.fromkeys(governed[span, tone])),
        )


def _cue(cue: Match[Cue], scene: Scene) -> tuple[Span, Tone]:
    return scene.tokens.span(cue.start, cue.end), cue.value.tone


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phrase:
    """One occurrence of an event phrase."""

    match: Match[Event]
    span: Span
    head: Span
    told: tuple[Told, ...]
    reason: Reason | None = None
    because: Span | None = None

    @property
    def stages(self) -> tuple[str, ...]:
        return _stages(self.match)


class _Phrases:
    """The event phrases of a sentence: which of them tell something, and why the others do not."""

    def __init__(self, events: Sequence[Match[Event]], scene: Scene, outcomes: Outcomes) -> None:
        self._scene = scene
        self._telling: dict[tuple[Span, Span], _Phrase] = {}
        self._silent: list[_Phrase] = []
        for match in events:
            span = scene.tokens.span(match.start, match.end)
            head = scene.tokens.span(match.head_start, match.head_end)
            told = tuple(told for told in outcomes.told_at(span, head) if _tells(match, told))
            phrase = _Phrase(match=match, span=span, head=head, told=told)
            if not told:
                self._silent.append(phrase)
            elif (span, head) not in self._telling or len(told) > len(self._telling[span, head].told):
                self._telling[span, head] = phrase

    def shown(self) -> Iterator[_Phrase]:
        """The phrases that are worth showing. Leaves out a phrase that only repeats what another one finds."""
        yield from self._telling.values()
        shown: list[_Phrase] = []
        for phrase in sorted(self._silent, key=lambda phrase: (phrase.span.end - phrase.span.start, phrase.span.start)):
            over = [other for other in self._telling.values() if other.span.overlaps(phrase.span)]
            same = [*over, *(other for other in shown if other.span.overlaps(phrase.span))]
            if not any(set(phrase.stages) <= set(other.stages) and phrase.stages for other in same):
                shown.append(phrase)
                yield self._explained(phrase, over)

    def _explained(self, phrase: _Phrase, over: Sequence[_Phrase]) -> _Phrase:
        if not phrase.stages:
            return replace(phrase, reason=Reason.NO_NEWS)
        masks = [mask for mask in self._silent if not mask.stages and mask.span.overlaps(phrase.span)]
        state = judge(phrase.match, self._scene).state
        if state is None:
            return replace(phrase, reason=Reason.UNREAL)
        if not (over or masks) and state not in phrase.match.value.outcomes:
            return replace(phrase, reason=Reason.NO_OUTCOME)
        because = next((other.span for other in (*masks, *over)), None)
        return replace(phrase, reason=Reason.OTHER_PHRASE, because=because)


def _tells(match: Match[Event], told: Told) -> bool:
    """Whether a phrase tells this event: in its own words, or in the words that it stands for (``ECHO``)."""
    stages = _stages(match)
    return told.stage in stages or ECHO in stages or (told.is_of_part and PART_DONE in stages)


def _stages(match: Match[Event]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(stage for outcome in match.value.outcomes.values() for stage, _ in outcome))


# ---------------------------------------------------------------- where it stands


def _focus(document: Document, sentence: Sentence, steps: Steps) -> Iterator[Focused]:
    """The stretches of a sentence about the same projects; each begins at its first word."""
    starts = steps.tokens.starts
    words = starts[bisect_left(starts, sentence.span.start) : bisect_left(starts, sentence.span.end)]
    spoken_of = [(at, steps.focus.projects_at(Span(at, at + 1))) for at in words]
    runs = [(next(run)[0], projects) for projects, run in groupby(spoken_of, key=lambda pair: pair[1])]
    for number, (start, projects) in enumerate(runs):
        first = start if number else sentence.span.start
        last = runs[number + 1][0] if number + 1 < len(runs) else sentence.span.end
        yield Focused(place=place_of(document, Span(first, last)), projects=projects)
