"""Judges whether a text tells an event as a fact, an expectation or a denial: cues govern what is in their scope.

After the ConText algorithm (Harkema et al., 2009). A cue reaches a number of words within its clause. The nearest cue
governs, together with those joined to it ("is not expected to"). What the verb's own form says takes precedence.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from monitor.core.lifecycle import CONDITIONS
from monitor.core.model import State
from monitor.core.reading.events.scene import BEFORE, Scene, Verdict
from monitor.core.reading.lexicon import Cue, Event, Form, Side, Tone
from monitor.core.reading.text.document import Span
from monitor.core.reading.text.phrases import Match
from monitor.core.reading.text.tokens import Tokens

#: The cost of a comma or bracket, in words of reach.
PAUSE_BEFORE = 4
PAUSE_AFTER = 1
#: The most words between cues that act together.
CHAIN = 2
#: The most words between a plan and a denial that closes its clause: the date of the plan stands between.
CLOSING = 5
#: The factor by which a cue reaches farther if it governs its clause over others.
OVER = 3


_EXPECTING = Cue(Tone.EXPECTED, Side.BEFORE)
_UNREAL = frozenset({Tone.UNREAL, Tone.ONCE})
_PLANNED_ONLY = frozenset({Tone.EXPECTED, Tone.SUPERSEDED})
_HAPPENED = frozenset({Tone.REACHED, Tone.FOLLOWED, Tone.DECIDED})


#: What the form of a verb says if no cue governs it.
_BY_FORM = {
    Form.EXPECTED: Verdict(State.EXPECTED, 0.9),
    Form.OPEN: Verdict(State.EXPECTED, 0.5),
    Form.PAST: Verdict(State.REACHED, 0.85),
    Form.PRESENT: Verdict(State.REACHED, 0.7, is_grounded=False),
    Form.CARRIED: Verdict(State.REACHED, 0.7, is_grounded=False),
}


def judge(match: Match[Event], scene: Scene) -> Verdict:
    """The state in which a text tells an event."""
    if scene.asked.contains(scene.tokens.span(match.start, match.end)):
        return Verdict(None, 0.9)
    if match.value.is_fixed:
        return Verdict(State.REACHED, 0.9)
    form = _form(match, scene)
    governing = _governing(match, form, scene)
    if governing:
        if form is Form.PAST and all(_only_put_off(cue, match, scene) for cue in governing):
            return _BY_FORM[Form.PAST]
        if not (match.is_verb or _is_condition(match)) and _leads_to_what_is_to_come(governing, scene):
            return _BY_FORM[Form.EXPECTED]
        return _by_cues(governing, form, is_condition=_is_condition(match))
    return _BY_FORM[Form.EXPECTED if form is Form.PRESENT and _is_of_the_future(match, scene) else form]


def _leads_to_what_is_to_come(governing: Sequence[Match[Cue]], scene: Scene) -> bool:
    """Whether a noun precedes something that the words before it expect: "production will begin after approval"."""
    first = governing[-1]
    if any(cue.value.tone is not Tone.FOLLOWED for cue in governing):
        return False
    clause_of, far = scene.clause_of, max(0, first.start - OVER * scene.lexicon.scope.before)
    words = (index for index in range(far, first.start) if clause_of[index] == clause_of[first.start])
    is_told_so = any(scene.lexicon.form(scene.tokens.accented(index)) is Form.EXPECTED for index in words)
    return is_told_so or any(
        cue.value == _EXPECTING and far <= cue.start and clause_of[cue.start] == clause_of[first.start]
        for cue in scene.leading
        if cue.end <= first.start
    )


def governing(match: Match[Event], scene: Scene) -> Sequence[Match[Cue]]:
    """The cues that decide an event's state; none if its form decides, or if its meaning is fixed."""
    return () if match.value.is_fixed else _governing(match, _form(match, scene), scene)


def _governing(match: Match[Event], form: Form, scene: Scene) -> list[Match[Cue]]:
    """The cues that decide an event's state; none if its form alone does."""
    cues = _nearest(match, form, scene)
    is_plan = bool(cues) and all(cue.value.tone is Tone.EXPECTED and cue.start > match.head_start for cue in cues)
    return (_closing(match, cues, scene) if is_plan else []) or cues


def _closing(match: Match[Event], plan: Sequence[Match[Cue]], scene: Scene) -> list[Match[Cue]]:
    """The denial that closes a clause after a plan: "the start, planned for 2027, will not take place"."""
    here = max(match.end, *(cue.end for cue in plan))
    clause_of = scene.clause_of
    return [
        cue
        for cue in _denials(scene.trailing)
        if 0 <= cue.start - here <= CLOSING
        and clause_of[cue.end - 1] == clause_of[here - 1]
        and (cue.end == len(clause_of) or clause_of[cue.end] != clause_of[here - 1])
    ]


def _nearest(match: Match[Event], form: Form, scene: Scene) -> list[Match[Cue]]:
    """The cues nearest to an event, before or after it."""
    # "will not open before 2027": the negation and what reverses it stand around the verb.
    if around := [cue for cue in scene.cues if _encloses(cue, match) and cue.value.side in BEFORE]:
        return around
    within = [cue for cue in scene.cues if _is_within(cue, match)]
    # "made no final decision": the denial stands between the verb and its object.
    if denials := [cue for cue in _denials(within) if _is_at(cue, match, scene)]:
        return denials
    before = _governing_before(match, form, scene)
    if within and not match.is_verb:
        # "once the plant is opened"; but not: "once the money is there, the plant is to open"
        tokens = scene.tokens
        return [
            *within,
            *(cue for cue in before if cue.value.tone in _UNREAL and not _pauses(tokens, cue.end, match.start)),
        ]
    if before:
        return _governing_in_spite(before, match, form, scene) or before
    return [] if form in {Form.EXPECTED, Form.PAST} else _governing_after(match, scene)


def _governing_in_spite(
    before: Sequence[Match[Cue]], match: Match[Event], form: Form, scene: Scene
) -> list[Match[Cue]]:
    """The cues after an event that decide its state, whatever stands before it.

    "Reports that it has a new timetable are untrue"; but not: "a year after the signing, work has not begun".
    """
    behind = [cue for cue in _governing_after(match, scene) if not _pauses(scene.tokens, match.end, cue.start)]
    tones = {cue.value.tone for cue in before}
    if form is not Form.PAST and tones <= _HAPPENED:
        if _pauses(scene.tokens, before[0].end, match.head_start):
            # "The ground was levelled in May, the start of works is planned for June": a comma stands between.
            near = [cue for cue in behind if cue.start - match.end <= 1]
            return _denials(behind) or near
        return _denials(behind)
    if not match.is_verb and tones <= _PLANNED_ONLY:
        # "The planned start will not take place."
        return _denials(cue for cue in behind if cue.start - match.end <= 1)
    return []


def _denials(cues: Iterable[Match[Cue]]) -> list[Match[Cue]]:
    return [cue for cue in cues if cue.value.tone is Tone.DENIED]


def _form(match: Match[Event], scene: Scene) -> Form:
    """The form of the event's verb. Without a verb, that of the first word, or future if any of the words is."""
    first = scene.lexicon.form(scene.tokens.accented(match.head_start))
    if match.is_verb or first is Form.PAST:
        return first
    words = (scene.lexicon.form(scene.tokens.accented(index)) for index in range(match.start, match.end))
    return Form.EXPECTED if Form.EXPECTED in words else Form.PRESENT


def _is_of_the_future(match: Match[Event], scene: Scene) -> bool:
    """Whether a future verb stands before an event without a verb of its own: "apportera une production"."""
    if match.is_verb:
        return False
    first = max(0, match.start - scene.lexicon.scope.past)
    words = (index for index in range(first, match.start) if scene.clause_of[index] == scene.clause_of[match.start])
    return any(scene.lexicon.form(scene.tokens.accented(index)) is Form.EXPECTED for index in words)


def _has_once_been(match: Match[Event], form: Form, scene: Scene) -> bool:
    """Whether an event after "once" has happened: "once it opened"; but not: "once opened", "is opened".

    False if what it goes with is still to come: "once the works are done, production will begin".
    """
    far, clause = OVER * scene.lexicon.scope.before, scene.clause_of[match.head_start]
    around = range(max(0, match.head_start - far), min(len(scene.clause_of), match.head_end + far))
    return form is Form.PAST and not any(
        scene.clause_of[index] == clause and scene.lexicon.form(scene.tokens.accented(index)) is Form.EXPECTED
        for index in around
    )


def _by_cues(cues: Sequence[Match[Cue]], form: Form, *, is_condition: bool) -> Verdict:
    tones = {cue.value.tone for cue in cues}
    sureness = 0.9
    if tones & _UNREAL:
        return Verdict(None, sureness)
    if Tone.DENIED in tones:
        return Verdict(State.DENIED, sureness)
    if Tone.SUPERSEDED in tones:
        return Verdict(State.EXPECTED, sureness, superseded=True)
    is_put_off = Tone.DECIDED in tones and not is_condition
    if Tone.EXPECTED in tones or form is Form.EXPECTED or is_put_off:
        return Verdict(State.EXPECTED, sureness)
    return Verdict(State.REACHED, sureness)


def _governing_before(match: Match[Event], form: Form, scene: Scene) -> list[Match[Cue]]:
    """The nearest cue before the head within its reach, and those joined to it; the nearest first."""
    reach = scene.lexicon.scope.past if form is Form.PAST else scene.lexicon.scope.before
    chain: list[Match[Cue]] = []
    here = match.head_start
    for cue in scene.leading:
        if not _precedes(cue, match, here):
            continue
        if scene.clause_of[cue.end - 1] != scene.clause_of[match.head_start]:
            break
        resumed = scene.tokens.resumed.get(cue.end)
        # The commas around an interlude separate nothing: "a retardé, lundi 9 mars, le démarrage".
        pauses = _pauses(scene.tokens, cue.end if resumed is None else resumed + 1, here)
        distance = max(0, here - (resumed or cue.end)) + PAUSE_BEFORE * pauses
        if distance and (cue.value.side is Side.ADJACENT or _is_of_relative_clause(cue, match, form, scene)):
            continue
        if cue.value.tone is Tone.ONCE and (
            _pauses(scene.tokens, cue.end, match.head_start)
            or (distance and not chain and _has_once_been(match, form, scene))
        ):
            continue
        is_over = pauses and not _is_condition(match) and _ends_before(cue, chain, form, scene)
        if is_over or _is_in_aside(cue, match, scene):
            continue
        if distance > (_join(chain[-1]) if chain else reach):
            over = cue.value.side is Side.OVER
            far = OVER * scene.lexicon.scope.before if over else reach if cue.value.tone in _UNREAL else 0
            if match.head_start - cue.end <= far:
                # "if" and "denies that" reach past nearer cues: what follows is supposed, whatever its own cues say.
                chain.append(cue)
            continue
        if cue.value.tone is Tone.STOP:
            break
        chain.append(cue)
        here = cue.start
    return chain


def _is_of_relative_clause(cue: Match[Cue], match: Match[Event], form: Form, scene: Scene) -> bool:
    """Whether an expectation concerns the subject of a past verb, not the verb: "the plant that they plan opened"."""
    if form is not Form.PAST or cue.value.tone is not Tone.EXPECTED:
        return False
    return not scene.lexicon.relatives.isdisjoint(map(scene.tokens.accented, range(match.start, cue.start)))


def _is_condition(match: Match[Event]) -> bool:
    return not CONDITIONS.isdisjoint(match.value.stages)


def _ends_before(cue: Match[Cue], chain: Iterable[Match[Cue]], form: Form, scene: Scene) -> bool:
    """Whether what a cue supposes ends with its comma, before the event.

    In "If the tests go well, production will begin in May" production is expected. In "To build in 2026, when the money
    is there, and to produce in 2028" the supposition is inserted between two commas.
    """
    if cue.value.tone is not Tone.UNREAL:
        return False
    is_to_come = form is Form.EXPECTED or any(each.value.tone is Tone.EXPECTED for each in chain)
    is_inside = cue.start > 0 and scene.clause_of[cue.start - 1] == scene.clause_of[cue.start]
    return is_to_come or (is_inside and cue.start in scene.tokens.after_pause)


def _is_in_aside(cue: Match[Cue], match: Match[Event], scene: Scene) -> bool:
    """Whether an expectation opens an aside before the verb of a condition: "planned for May, was put off"."""
    is_befalling = match.is_verb and _is_condition(match)
    opens = _pauses(scene.tokens, cue.start - CHAIN, cue.start) > 0
    is_aside = opens and _pauses(scene.tokens, cue.end, match.head_start) > 0
    return is_befalling and cue.value.tone is Tone.EXPECTED and is_aside


def _precedes(cue: Match[Cue], match: Match[Event], here: int) -> bool:
    """Whether a cue ends before this word. A cue that extends into the head ("qad" with its verb) does too."""
    return cue.end <= here or (here == match.head_start and cue.start < here <= cue.end <= match.head_end)


def _governing_after(match: Match[Event], scene: Scene) -> list[Match[Cue]]:
    """The nearest cue after the event within its reach, and those joined to it; the nearest first.

    If there is none, what follows the aside after the event: "the start of works, conceived for May, is put off".
    """
    near = _chain_behind(match, match.end, scene.lexicon.scope.after, scene)
    aside = None if near else _aside_behind(match, scene)
    return _chain_behind(match, aside.end, PAUSE_AFTER, scene) if aside else near


def _aside_behind(match: Match[Event], scene: Scene) -> Span | None:
    """The words between the next two commas of the clause, if the first is within reach."""
    clause, reach = scene.clause_of[match.end - 1], scene.lexicon.scope.after
    pauses = scene.tokens.after_pause
    opening = next((index for index in range(match.end, match.end + reach) if index in pauses), None)
    if opening is None:
        return None
    far = range(opening + 1, min(len(scene.clause_of), opening + OVER * reach))
    closing = next((index for index in far if index in pauses and scene.clause_of[index] == clause), None)
    return Span(opening, closing) if closing is not None else None


def _chain_behind(match: Match[Event], here: int, reach: int, scene: Scene) -> list[Match[Cue]]:
    """The cues after a word of the event's clause: the nearest within ``reach`` words, and those joined to it."""
    chain: list[Match[Cue]] = []
    for cue in scene.trailing:
        if cue.start < match.head_end or cue.end <= here:
            continue
        if scene.clause_of[cue.start] != scene.clause_of[match.end - 1]:
            break
        if cue.value.tone is Tone.SUPERSEDED and match.is_verb and _is_condition(match):
            # "Halts the plant that was to open in May": the plant was planned, not the halt.
            break
        if not chain and (main := _behind_aside(cue, scene)):
            return [main]
        if cue.value.tone is Tone.DENIED and cue.end in scene.verbs and _is_condition(match):
            # "At a standstill for a year and has not resumed": the denial concerns what follows it.
            break
        distance = max(0, cue.start - here) + PAUSE_AFTER * _pauses(scene.tokens, here, cue.start)
        if distance > (CHAIN if chain else reach) or cue.value.tone is Tone.STOP:
            break
        chain.append(cue)
        here = cue.end
    return chain


def _behind_aside(cue: Match[Cue], scene: Scene) -> Match[Cue] | None:
    """The current expectation after an aside with the old one: "opening, first set for May, is due in June"."""
    tokens = scene.tokens
    if cue.value.tone is not Tone.SUPERSEDED or cue.start not in tokens.after_pause:
        return None
    at = bisect_left(tokens.pauses, cue.end)
    closing = tokens.pauses[at] if at < len(tokens.pauses) else cue.start
    main = (each for each in scene.trailing if 0 <= each.start - closing <= CHAIN and closing > cue.start)
    return next((each for each in main if each.value.tone is Tone.EXPECTED), None)


def _is_within(cue: Match[Cue], match: Match[Event]) -> bool:
    start = match.head_end if match.is_verb else match.start + 1
    end = match.end if cue.value.side is Side.AFTER and not match.is_verb else match.end - 1
    return start <= cue.start and cue.end <= end


def _encloses(cue: Match[Cue], match: Match[Event]) -> bool:
    return cue.start < match.head_start and match.head_end < cue.end


def _only_put_off(cue: Match[Cue], match: Match[Event], scene: Scene) -> bool:
    """Whether a cue says only from when on a past verb holds: "no abrió hasta junio"; not "no será abierta hasta …"."""
    words = range(cue.start, match.head_start)
    is_to_come = any(scene.lexicon.form(scene.tokens.accented(index)) is Form.EXPECTED for index in words)
    return _encloses(cue, match) and cue.value.tone is Tone.EXPECTED and not is_to_come


def _is_at(cue: Match[Cue], match: Match[Event], scene: Scene) -> bool:
    """Whether a cue within the event stands right after its verb, or the event has no verb."""
    is_near = cue.start - match.head_end <= CHAIN and not _pauses(scene.tokens, match.head_end, cue.start)
    return not match.is_verb or (is_near and scene.clause_of[cue.start] == scene.clause_of[match.head_start])


def _join(cue: Match[Cue]) -> int:
    """The most words to another cue that acts together with this one; 0 if this one says that it has happened."""
    return 0 if cue.value.tone in _HAPPENED else CHAIN


def _pauses(tokens: Tokens, first: int, last: int) -> int:
    return len(tokens.after_pause.intersection(range(first, last + 1)))
