"""Adjusts the states of the events of a sentence by each other, and by the sentence after it.

Hearsay is refuted, an expectation carries on from verb to verb, and something denied is taken up again.
"""

from collections.abc import Iterator, Sequence

from monitor.core.lifecycle import CONDITIONS, PLANNED
from monitor.core.model import State
from monitor.core.reading.events.scene import Judged, Scene, Verdict
from monitor.core.reading.lexicon import Cue, Event, Side, Tone
from monitor.core.reading.text.phrases import Match

#: A cue that refutes the hearsay before it, in its sentence or in the one before.
_REFUTATION = Cue(Tone.DENIED, Side.ANYWHERE)
#: A cue near the beginning of a clause that takes up what the clause before denied or gave up ("but is expected in
#: May").
_TAKING_UP = Cue(Tone.EXPECTED, Side.AFTER)
#: The most words before this cue in its clause.
_OPENING = 3
#: The sureness of an event that is taken up again.
_TAKEN_UP = 0.8
#: Stages and conditions that are not steps of a plan.
_STEPLESS = CONDITIONS | {PLANNED}


def refuted(match: Match[Event], verdict: Verdict, scene: Scene, following: Sequence[Scene]) -> Verdict:
    """The verdict on an event. Hearsay refuted before or after it becomes a denial; a mere plan then says nothing."""
    clause_of = scene.clause_of
    rumours = [
        cue
        for cue in scene.cues
        if cue.value.tone is Tone.HEARSAY
        and cue.end <= match.head_start
        and clause_of[cue.end - 1] == clause_of[match.head_start]
    ]
    is_refuted = any(
        cue.value == _REFUTATION
        # "Denied what is rumoured of a delay" is one phrase that denies it already.
        and not (beside is scene and match.start <= cue.start and cue.end <= match.head_end)
        and (beside is not scene or match.end <= cue.start or any(cue.end <= rumour.start for rumour in rumours))
        for beside in (scene, *following)
        for cue in beside.cues
    )
    if verdict.state is None or not rumours or not is_refuted:
        return verdict
    is_said_to_be = verdict.is_grounded and verdict.state is not State.EXPECTED
    return verdict._replace(state=State.DENIED if is_said_to_be or _stages(match) & CONDITIONS else None)


def is_behind_refutation(match: Match[Event], scene: Scene) -> bool:
    """Whether an event stands after the word that refutes the hearsay before it: "is not so, and works go on"."""
    before = [cue for cue in scene.cues if cue.end <= match.start]
    rumours = [cue.end for cue in before if cue.value.tone is Tone.HEARSAY]
    return bool(rumours) and any(cue.value == _REFUTATION and cue.start >= max(rumours) for cue in before)


def _stages(match: Match[Event]) -> set[str]:
    return {stage for stage, _ in match.value.outcomes.get(State.REACHED, ())}


def carried(judged: Sequence[Judged], scene: Scene) -> Iterator[Judged]:
    """The verdicts; an expectation carries on to the verbs after it: "to start in 2026, finish in 2028".

    It carries up to the next semicolon. A condition is not a step of a plan.
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
            yield match, verdict._replace(state=State.EXPECTED, superseded=plan[1])
        elif is_step and not scene.lexicon.tenses and _follows_plan(match, judged, scene):
            yield match, verdict._replace(state=State.EXPECTED)
        else:
            yield match, verdict


def _follows_plan(match: Match[Event], judged: Sequence[Judged], scene: Scene) -> bool:
    """Whether no event stands between this and a plan in the clause before: "to get its ship in May, opens in June"."""
    clause_of = scene.clause_of
    before = clause_of[match.head_start] - 1
    tones = {cue.value.tone for cue in scene.leading if clause_of[cue.start] == before}
    between = (other for other, _ in judged if other.head_start < match.head_start)
    return tones == {Tone.EXPECTED} and all(clause_of[other.head_start] < before for other in between)


def _by_head(judged: Judged) -> tuple[int, int, int]:
    match, _ = judged
    return match.head_start, match.start, match.end


def taken_up(judged: Sequence[Judged], scene: Scene) -> Iterator[Judged]:
    """Events that a clause without a noun takes up again: "the permit is not there yet, but is expected in May"."""
    clause_of = scene.clause_of
    told = {clause_of[match.head_start] for match, _ in judged}
    for cue in scene.cues:
        clause = clause_of[cue.start]
        opens_clause = cue.start > _OPENING and clause_of[cue.start - _OPENING - 1] < clause
        if cue.value != _TAKING_UP or clause in told or not opens_clause:
            continue
        before = [one for one in judged if clause_of[one[0].head_start] == clause - 1]
        for match, verdict in sorted(before, key=_by_head, reverse=True)[:1]:
            if (verdict.state is State.DENIED or verdict.superseded) and not _STEPLESS & _stages(match):
                told.add(clause)
                anew = match._replace(start=cue.start, end=cue.end, head_start=cue.start, head_end=cue.end)
                yield anew, Verdict(State.EXPECTED, _TAKEN_UP)


def _is_carried(match: Match[Event], scene: Scene) -> bool:
    return scene.lexicon.is_carried(scene.tokens.accented(match.head_start))
