"""Finds the events in a text: phrases of the lexicon, each judged by the cues around it."""

from bisect import bisect_left
from collections.abc import Container, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from monitor.core.lifecycle import UNDER_WAY
from monitor.core.model import State
from monitor.core.reading.events.discourse import carried, is_behind_refutation, refuted, taken_up
from monitor.core.reading.events.factuality import judge
from monitor.core.reading.events.rivals import PART_DONE, is_broken, is_masked, outweighs
from monitor.core.reading.events.scene import Scene
from monitor.core.reading.lexicon import Cue, Event, Lexicon, Side, Tone
from monitor.core.reading.text.document import Document, Span
from monitor.core.reading.text.phrases import Match
from monitor.core.reading.text.tokens import Tokens

#: Sides that count as the same: of overlapping cues on the same side, the longer one holds.
_SIDES = {side: Side.BEFORE if side in {Side.ADJACENT, Side.OVER} else side for side in Side}
_UNCOVERED = dict.fromkeys(Side, -1)


# A tuple, because every article has many.
class Told(NamedTuple):
    """An event: one stage or condition that a text tells somewhere, of any project."""

    stage: str
    state: State
    #: The index of the sentence in the document.
    sentence: int
    #: From the first to the last word of the phrase.
    span: Span
    #: Its verb, or the whole span.
    head: Span
    sureness: float
    #: It was once expected: it counts only if its date is still to come.
    superseded: bool
    #: The text attributes it to somebody else.
    hearsay: bool
    #: No word marks it as having happened, which is inferred from that. Its date may show that it is still to come.
    is_open: bool = False
    #: The language has no verb forms that distinguish verbs from nouns.
    is_formless: bool = False
    #: Expected any day now.
    is_imminent: bool = False
    #: The text says that a part of it is done, on any day.
    is_of_part: bool = False


def tell(
    document: Document, tokens: Tokens, lexicon: Lexicon, within: Container[int] | None = None
) -> tuple[Told, ...]:
    """All events in a document, in text order; takes time linear in its length.

    With ``within`` (sentence indices), events of other sentences may be left out.
    """
    told: list[Told] = []
    laid_out = list(scenes(document, tokens, lexicon, within))
    for (number, events, scene), after in zip_longest(laid_out, laid_out[1:]):
        # "Rumours of a halt made the rounds. The ministry called them unfounded."
        following = [after[2]] if after and after[0] == number + 1 and not after[1] else []
        told.extend(_told(number, events, scene, following))
    return tuple(sorted(told, key=lambda t: (t.span, t.stage, t.state)))


def scenes(
    document: Document, tokens: Tokens, lexicon: Lexicon, within: Container[int] | None = None
) -> Iterator[tuple[int, Sequence[Match[Event]], Scene]]:
    """The sentences with event phrases, in order: each with its index, its phrases, and its cues laid out.

    Includes sentences right after hearsay, which may refute it. With ``within``, leaves out other sentences.
    """
    clause_of = _clauses(document, tokens)
    first, is_hearsay = 0, False
    for number, sentence in enumerate(document.sentences):
        last = bisect_left(tokens.starts, sentence.span.end, lo=first)
        events = lexicon.events.within(tokens, first, last) if within is None or is_hearsay or number in within else []
        if events or is_hearsay:
            cues = tuple(_longest(lexicon.cues.within(tokens, first, last)))
            scene = Scene.of(tokens, sentence.span, clause_of, events=events, cues=cues, lexicon=lexicon)
            yield number, events, scene
            is_hearsay = bool(events) and Tone.HEARSAY in scene.tones
        first = last


def _told(sentence: int, events: Sequence[Match[Event]], scene: Scene, following: Sequence[Scene]) -> Iterator[Told]:
    hearsay = Tone.HEARSAY in scene.tones
    whole = [match for match in events if not is_broken(match, scene)]
    told = [match for match in whole if not is_masked(match, whole, scene)]
    judged = [(match, judge(match, scene)) for match in told]
    if hearsay:
        judged = [(match, refuted(match, verdict, scene, following)) for match, verdict in judged]
    judged = [*carried(judged, scene)]
    judged += taken_up(judged, scene)
    for match, verdict in judged:
        if verdict.state is None or any(outweighs(other, (match, verdict)) for other in judged):
            continue
        for stage, state in match.value.outcomes.get(verdict.state, ()):
            is_of_part = stage == PART_DONE
            yield Told(
                # If a part is done, the rest is under way.
                stage=UNDER_WAY if is_of_part else stage,
                state=state,
                sentence=sentence,
                span=scene.tokens.span(match.start, match.end),
                head=scene.tokens.span(match.head_start, match.head_end),
                sureness=verdict.sureness,
                superseded=verdict.superseded,
                hearsay=hearsay and not is_behind_refutation(match, scene),
                is_open=not verdict.is_grounded,
                is_formless=not scene.lexicon.tenses,
                is_imminent=Tone.IMMINENT in scene.tones,
                is_of_part=is_of_part,
            )


def _longest(cues: Sequence[Match[Cue]]) -> Iterator[Match[Cue]]:
    """The cues that are not part of a longer one on the same side."""
    covered = dict(_UNCOVERED)
    for cue in sorted(cues, key=lambda cue: (cue.start, -cue.end)):
        side = _SIDES[cue.value.side]
        if cue.end > covered[side]:
            yield cue
            covered[side] = cue.end


def _clauses(document: Document, tokens: Tokens) -> list[int]:
    """For each word, the index of its clause in the document."""
    numbers: list[int] = []
    clauses = (clause for sentence in document.sentences for clause in sentence.clauses)
    for number, clause in enumerate(clauses):
        end = bisect_left(tokens.starts, clause.end, lo=len(numbers))
        numbers += [number] * (end - len(numbers))
    return numbers
