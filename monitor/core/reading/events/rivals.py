"""Chooses between several readings of the same words: a phrase may be broken, masked by another, or told better."""

from collections.abc import Sequence

from monitor.core.lifecycle import FINISHED, UNDER_WAY, Condition
from monitor.core.reading.events.scene import Judged, Scene, Verdict
from monitor.core.reading.lexicon import Event
from monitor.core.reading.text.phrases import Match

_COMMAS = frozenset(",،，、")
_CONDITIONS = frozenset(Condition)
#: The stage, in the vocabularies, of an event that finishes a part of something.
PART_DONE = "part_done"
#: The most words by which a word for a part may end after that for the whole.
_FARTHER = 2


def is_broken(match: Match[Event], scene: Scene) -> bool:
    """Whether a clause ends between a verb and its object: "declared it started, although building is to begin".

    A comma alone does not break an event, although it ends a clause in some scripts.
    """
    clause_of = scene.clause_of
    if _is_of_part(match) and not scene.tokens.after_pause.isdisjoint(range(match.start + 1, match.end)):
        # "Once the walls stand, the plant will be finished."
        return True
    if not match.is_verb or match.value.is_fixed or clause_of[match.start] == clause_of[match.end - 1]:
        return False
    breaks = [index for index in range(match.start + 1, match.end) if clause_of[index] != clause_of[index - 1]]
    return any(_is_hard(index, scene) for index in breaks)


def _is_hard(index: int, scene: Scene) -> bool:
    """Whether more than a comma ends the clause before a word: another mark, or the word itself."""
    text, tokens = scene.tokens.text.bare, scene.tokens
    opening = scene.lexicon.clause_break.match(text, tokens.starts[index])
    is_word = opening is not None and opening.lastindex is None
    return is_word or not _COMMAS & {*text[tokens.ends[index - 1] : tokens.starts[index]]}


def is_masked(match: Match[Event], events: Sequence[Match[Event]], scene: Scene) -> bool:
    """Whether a fixed expression around the event makes it another event, or none ("groundbreaking technology")."""
    others = [other for other in events if other.value.outcomes is not match.value.outcomes]
    return any(
        _is_better_told(other, match, events, scene) if other.value.outcomes else _is_denied_by(other, match)
        for other in others
    ) or (not match.is_verb and any(_is_told_of_part(other, match, events, scene) for other in others))


def _is_told_of_part(other: Match[Event], match: Match[Event], events: Sequence[Match[Event]], scene: Scene) -> bool:
    """Whether words without a subject, "is finished", belong to the part that another phrase names."""
    is_on_them = _is_of_part(other) and other.is_verb and match.start <= other.head_start < match.end
    return is_on_them and match.value.stages == {FINISHED} and not is_masked(other, events, scene)


def _is_denied_by(mask: Match[Event], match: Match[Event]) -> bool:
    first, last = (mask.head_start, mask.head_end) if mask.is_verb else (mask.start, mask.end)
    return first < match.head_end and match.head_start < last


def _is_better_told(other: Match[Event], match: Match[Event], events: Sequence[Match[Event]], scene: Scene) -> bool:
    """Whether the words tell another event rather than this one.

    A fixed expression takes precedence over what is read within it. A longer phrase takes precedence over what it
    begins with ("shelved the plant for two years") or ends with. Of two readings of one verb, the following takes
    precedence, in this order: the one that stays in a clause; the one whose object follows directly; the one over no
    other verb ("the plant was approved and work started"); the subject that comes first ("work on the refinery
    starts"); the nearest object ("halt construction of the plant"); what is told of a part ("civil works are
    complete").
    """
    is_within = other.start <= match.start and match.end <= other.end and other[1:3] != match[1:3]
    if other.is_tight or (match.is_tight and not other.is_verb and _says_more(other, match)):
        return is_within
    if not (match.is_verb and other.is_verb and match.head_start == other.head_start):
        return False
    if _begins_another(other, match, scene) or _begins_another(match, other, scene):
        return _begins_another(other, match, scene)
    own, against = _stretch(match, events, scene), _stretch(other, events, scene)
    if _is_of_part(other) is not _is_of_part(match) and own[:-1] == against[:-1]:
        # "The civil works" is longer than "the works", and a plant's walls stand farther away than the plant.
        return _is_nearly(other, match) if _is_of_part(other) else not _is_nearly(match, other) and against < own
    if own == against:
        return _is_told_by_subject(other, events) and not _is_told_by_subject(match, events)
    return against < own


def _is_told_by_subject(match: Match[Event], events: Sequence[Match[Event]]) -> bool:
    """Whether the first words of a reading tell its event by themselves: "trial production"."""
    stages = match.value.stages
    return any(each.is_tight and each.start == match.start and each.value.stages == stages for each in events)


def _begins_another(match: Match[Event], other: Match[Event], scene: Scene) -> bool:
    """Whether what begins follows the verb directly, and is not works: "the first phase has begun production"."""
    is_right_behind = match.start == match.head_start and match.end == match.head_end + 1
    is_no_works = other.value.stages == {UNDER_WAY} and match.value.stages.isdisjoint({UNDER_WAY, FINISHED})
    is_bare = other.end == other.head_end and match.head_end not in scene.tokens.after_pause
    return is_right_behind and is_no_works and is_bare


def _is_of_part(match: Match[Event]) -> bool:
    """Whether a phrase says that a part of what is built is done."""
    return PART_DONE in match.value.stages


def _is_nearly(particular: Match[Event], other: Match[Event]) -> bool:
    return particular.end - other.end <= _FARTHER


def _says_more(other: Match[Event], match: Match[Event]) -> bool:
    """Whether a phrase begins with another, or ends with it in fixed form, and tells a more precise condition."""
    is_at_edge = other.start == match.start or (other.value.is_fixed and other.end == match.end)
    stages, others = match.value.stages, other.value.stages
    return is_at_edge and others <= _CONDITIONS and bool(stages & _CONDITIONS) and stages.isdisjoint(others)


def _stretch(
    match: Match[Event], events: Sequence[Match[Event]], scene: Scene
) -> tuple[int, bool, bool, bool, int, int]:
    """A sort key: how far a reading of a verb reaches for what goes with it; the lowest is best."""
    clauses = scene.clause_of[match.end - 1] - scene.clause_of[match.start]
    is_over_verb = any(other.is_verb and match.start < other.head_start < match.head_start for other in events)
    # "The factory, on which work started": what one comma separates from the verb is not its subject; two commas
    # enclose an aside.
    is_parted = len(scene.tokens.after_pause.intersection(range(match.start + 1, match.head_start + 1))) == 1
    return clauses, is_over_verb, is_parted, match.is_far, match.start, match.end


def outweighs(one: Judged, other: Judged) -> bool:
    """Whether the first of two ways to find the same event in the same words is the better judged."""
    (a, judged), (b, against) = one, other
    return (
        a is not b
        and a.value.outcomes is b.value.outcomes
        and a.start < b.end
        and b.start < a.end
        and _weight(a, judged) > _weight(b, against)
    )


def _weight(match: Match[Event], verdict: Verdict) -> tuple[bool, bool, bool, bool, int]:
    # "The works, which were to begin in May, began in June."
    is_held = not verdict.superseded
    return match.value.is_fixed, verdict.is_grounded, match.is_verb, is_held, match.start - match.end
