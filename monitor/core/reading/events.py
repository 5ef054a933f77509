"""The events that a text tells: phrases of the lexicon, each judged by the cues around it."""

from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from monitor.core.lifecycle import Condition
from monitor.core.model import State
from monitor.core.reading.document import Document, Span
from monitor.core.reading.factuality import Scene, Verdict, judge
from monitor.core.reading.lexicon import Cue, Event, Lexicon, Side, Tone
from monitor.core.reading.phrases import Match
from monitor.core.reading.tokens import Tokens

#: What makes a denial of the hearsay before it in its sentence, or in the sentence before that.
REFUTATION = Cue(Tone.DENIED, Side.ANYWHERE)
#: What takes up again what the clause before denied or gave up ("but is expected in May"), near the clause's beginning.
TAKING_UP = Cue(Tone.EXPECTED, Side.AFTER)
#: Most words before it in its clause.
OPENING = 3
_COMMAS = frozenset(",،，、")
#: How sure that is.
TAKEN_UP = 0.8
#: What is not planned step by step.
_STEPLESS = frozenset({"announced", *Condition})


_Judged = tuple[Match[Event], Verdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One stage or condition told somewhere in a text, of whatever project."""

    stage: str
    state: State
    #: Number of the sentence in the document.
    sentence: int
    #: From the first to the last word of the phrase.
    span: Span
    #: Its verb, or the same as the span.
    head: Span
    sureness: float
    #: It was expected once: it counts only if its date is still to come.
    superseded: bool
    #: Told as somebody else's word.
    hearsay: bool
    #: Nothing but the lack of other words says that it has happened: its date may show that it is still to come.
    is_open: bool = False
    #: Expected any day now.
    is_imminent: bool = False


def tell(
    document: Document, tokens: Tokens, lexicon: Lexicon, within: Container[int] | None = None
) -> tuple[Told, ...]:
    """All that is told in a document, in the order of the text; linear in its length.

    Of sentences that are not ``within`` (numbers; all where there is None) it need not be.
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
    """The sentences that hold phrases of events, in order: each with its number, its phrases, and its cues laid out.

    So are those right behind hearsay, which may refute it. Others that are not ``within`` are left out.
    """
    clause_of = _clauses(document, tokens)
    event_hits, cue_hits = lexicon.events.hits(tokens), lexicon.cues.hits(tokens)
    first, is_hearsay = 0, False
    for number, sentence in enumerate(document.sentences):
        last = bisect_left(tokens.starts, sentence.span.end, lo=first)
        events = list(event_hits.within(first, last)) if within is None or is_hearsay or number in within else []
        if events or is_hearsay:
            cues = tuple(_longest(list(cue_hits.within(first, last))))
            yield number, events, Scene(tokens, clause_of, cues, lexicon)
            is_hearsay = bool(events) and _is_hearsay(cues)
        first = last


def _is_hearsay(cues: Iterable[Match[Cue]]) -> bool:
    return any(cue.value.tone is Tone.HEARSAY for cue in cues)


def _told(sentence: int, events: Sequence[Match[Event]], scene: Scene, following: Sequence[Scene]) -> Iterator[Told]:
    hearsay = _is_hearsay(scene.cues)
    is_imminent = any(cue.value.tone is Tone.IMMINENT for cue in scene.cues)
    whole = [match for match in events if not _is_broken(match, scene)]
    told = [match for match in whole if not _is_masked(match, whole, scene)]
    judged = [(match, judge(match, scene)) for match in told]
    if hearsay:
        judged = [(match, _refuted(match, verdict, scene, following)) for match, verdict in judged]
    judged = [*_carried(judged, scene)]
    judged += _taken_up(judged, scene)
    for match, verdict in judged:
        if verdict.state is None or any(_outweighs(other, (match, verdict)) for other in judged):
            continue
        for stage, state in match.value.outcomes.get(verdict.state, ()):
            yield Told(
                stage=stage,
                state=state,
                sentence=sentence,
                span=scene.tokens.span(match.start, match.end),
                head=scene.tokens.span(match.head_start, match.head_end),
                sureness=verdict.sureness,
                superseded=verdict.superseded,
                hearsay=hearsay,
                is_open=not verdict.is_grounded,
                is_imminent=is_imminent,
            )


def _refuted(match: Match[Event], verdict: Verdict, scene: Scene, following: Sequence[Scene]) -> Verdict:
    """What is left of hearsay that is refuted before it or further on: that it is not so; of a mere plan nothing."""
    clause_of = scene.clause_of
    rumours = [
        cue
        for cue in scene.cues
        if cue.value.tone is Tone.HEARSAY
        and cue.end <= match.head_start
        and clause_of[cue.start] == clause_of[match.head_start]
    ]
    is_refuted = any(
        cue.value == REFUTATION
        and (beside is not scene or match.end <= cue.start or any(cue.end <= rumour.start for rumour in rumours))
        for beside in (scene, *following)
        for cue in beside.cues
    )
    if verdict.state is None or not rumours or not is_refuted:
        return verdict
    is_said_to_be = verdict.is_grounded and verdict.state is not State.EXPECTED
    return replace(verdict, state=State.DENIED if is_said_to_be or _stages(match) & set(Condition) else None)


def _stages(match: Match[Event]) -> set[str]:
    return {stage for stage, _ in match.value.outcomes.get(State.REACHED, ())}


def _carried(judged: Sequence[_Judged], scene: Scene) -> Iterator[_Judged]:
    """The verdicts, with an expectation carried on to the verbs behind it: "to start in 2026, finish in 2028".

    As far as no semicolon stands between. A condition is no step of a plan.
    """
    stops = scene.tokens.stops
    plan: tuple[int, bool] | None = None
    for match, verdict in sorted(judged, key=_by_head):
        is_step = not _STEPLESS & _stages(match)
        if verdict.is_grounded:
            is_expected = is_step and verdict.state is State.EXPECTED
            plan = (stops[match.head_start], verdict.superseded) if is_expected else None
            yield match, verdict
        elif is_step and plan and plan[0] == stops[match.head_start] and _is_carried(match, scene):
            yield match, replace(verdict, state=State.EXPECTED, superseded=plan[1])
        else:
            yield match, verdict


def _by_head(judged: _Judged) -> tuple[int, int, int]:
    match, _ = judged
    return match.head_start, match.start, match.end


def _taken_up(judged: Sequence[_Judged], scene: Scene) -> Iterator[_Judged]:
    """What a clause without a noun of its own tells anew: "the permit is not there yet, but is expected in May"."""
    clause_of = scene.clause_of
    told = {clause_of[match.head_start] for match, _ in judged}
    for cue in scene.cues:
        clause = clause_of[cue.start]
        opens_clause = cue.start > OPENING and clause_of[cue.start - OPENING - 1] < clause
        if cue.value != TAKING_UP or clause in told or not opens_clause:
            continue
        before = [one for one in judged if clause_of[one[0].head_start] == clause - 1]
        for match, verdict in sorted(before, key=_by_head, reverse=True)[:1]:
            if (verdict.state is State.DENIED or verdict.superseded) and not _STEPLESS & _stages(match):
                told.add(clause)
                anew = match._replace(start=cue.start, end=cue.end, head_start=cue.start, head_end=cue.end)
                yield anew, Verdict(State.EXPECTED, TAKEN_UP)


def _is_carried(match: Match[Event], scene: Scene) -> bool:
    return scene.lexicon.is_carried(scene.tokens.accented(match.head_start))


def _is_broken(match: Match[Event], scene: Scene) -> bool:
    """Whether a clause ends between a verb and what goes with it: "declared it started, although building is to begin".

    A comma alone does not break an event, though some scripts end a clause there.
    """
    if not match.is_verb or match.value.is_fixed:
        return False
    breaks = [
        index for index in range(match.start + 1, match.end) if scene.clause_of[index] != scene.clause_of[index - 1]
    ]
    return any(_is_hard(index, scene) for index in breaks)


def _is_hard(index: int, scene: Scene) -> bool:
    """Whether more than a comma ends the clause before a word: another mark, or the word itself."""
    text, tokens = scene.tokens.text.bare, scene.tokens
    opening = scene.lexicon.clause_break.match(text, tokens.starts[index])
    is_word = opening is not None and not opening["mark"]
    return is_word or not _COMMAS & {*text[tokens.ends[index - 1] : tokens.starts[index]]}


def _is_masked(match: Match[Event], events: Sequence[Match[Event]], scene: Scene) -> bool:
    """Whether a fixed expression around the event says that it is another, or ("groundbreaking technology") none."""
    return any(
        _is_better_told(other, match, events, scene) if other.value.outcomes else _is_denied_by(other, match)
        for other in events
        if other.value.outcomes is not match.value.outcomes
    )


def _is_denied_by(mask: Match[Event], match: Match[Event]) -> bool:
    first, last = (mask.head_start, mask.head_end) if mask.is_verb else (mask.start, mask.end)
    return first < match.head_end and match.head_start < last


def _is_better_told(other: Match[Event], match: Match[Event], events: Sequence[Match[Event]], scene: Scene) -> bool:
    """Whether the words tell another event rather than this one.

    A fixed expression goes before what is read within it. Of two readings of one verb, the one that stays in a clause
    has it, then the one over no other verb ("the plant was approved and work started"), then the subject that comes
    first ("work on the refinery starts"), then the nearest object ("halt construction of the plant").
    """
    if other.is_tight:
        is_within = other.start <= match.start and match.end <= other.end
        return is_within and other.end - other.start > match.end - match.start
    is_same_verb = match.is_verb and other.is_verb and match.head_start == other.head_start
    return is_same_verb and _stretch(other, events, scene) < _stretch(match, events, scene)


def _stretch(match: Match[Event], events: Sequence[Match[Event]], scene: Scene) -> tuple[int, bool, int, int]:
    """How far a reading of a verb reaches for what goes with it."""
    clauses = scene.clause_of[match.end - 1] - scene.clause_of[match.start]
    is_over_verb = any(other.is_verb and match.start < other.head_start < match.head_start for other in events)
    return clauses, is_over_verb, match.start, match.end


def _outweighs(one: tuple[Match[Event], Verdict], other: tuple[Match[Event], Verdict]) -> bool:
    """Whether of two ways to find the same event in the same words the first is the better judged."""
    (a, judged), (b, against) = one, other
    return (
        a is not b
        and a.value.outcomes is b.value.outcomes
        and a.start < b.end
        and b.start < a.end
        and _weight(a, judged) > _weight(b, against)
    )


def _weight(match: Match[Event], verdict: Verdict) -> tuple[bool, bool, bool, int]:
    return match.value.is_fixed, verdict.is_grounded, match.is_verb, match.start - match.end


def _longest(cues: Sequence[Match[Cue]]) -> Iterator[Match[Cue]]:
    """The cues that are no part of a longer one on the same side."""
    covered = dict.fromkeys(Side, -1)
    for cue in sorted(cues, key=lambda cue: (cue.start, -cue.end)):
        side = Side.BEFORE if cue.value.side in {Side.ADJACENT, Side.OVER} else cue.value.side
        if cue.end > covered[side]:
            yield cue
            covered[side] = cue.end


def _clauses(document: Document, tokens: Tokens) -> list[int]:
    """For each word, the number of its clause in the document."""
    numbers: list[int] = []
    clauses = (clause for sentence in document.sentences for clause in sentence.clauses)
    for number, clause in enumerate(clauses):
        end = bisect_left(tokens.starts, clause.end, lo=len(numbers))
        numbers += [number] * (end - len(numbers))
    return numbers
