"""Describes an explained reading in words: a note for each mark, the same for the terminal and the page."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from monitor.core.message.tongue import Tongue
from monitor.core.model import Claim, Fact
from monitor.core.page.amounts import quantity
from monitor.core.page.objections import objection_words
from monitor.core.reading.claims.confidence import Ground
from monitor.core.reading.explanation import (
    Basis,
    CueMark,
    DateMark,
    EventMark,
    ExplainedClaim,
    ExplainedSentence,
    Explanation,
    Mark,
    NameMark,
    Place,
    QuantityMark,
    Reason,
    Telling,
)

_REASONS = {
    Reason.NO_LEXICON: "not read: there is no lexicon of its language",
    Reason.NOTHING_NAMED: "not read: it names nothing that is watched",
    Reason.NOT_CONCERNED: "concerns no project: what it names (who, what, where) describes none of them fully enough",
    Reason.NO_NEWS: "only looks like news",
    Reason.UNREAL: "supposed, or nobody's doing here",
    Reason.NO_OUTCOME: "told in this way it means nothing",
    Reason.OTHER_PHRASE: "the words are read as something else",
    Reason.NO_FOCUS: "no watched project is spoken of here",
    Reason.NO_STAGE: "the project's lifecycle has no such stage",
    Reason.SUPERSEDED: "so it was planned once",
    Reason.GONE_BY: "was expected for a day gone by",
    Reason.UNDATED: "expected, but not said when",
    Reason.SAID_ELSEWHERE: "claimed already",
    Reason.CONTRADICTED: "the article claims otherwise",
    Reason.UNSURE: "less likely than what is claimed",
    Reason.OUTWEIGHED: "does not hold beside the rest of the article",
    Reason.NO_MEASURE: "measures nothing that facts are made of",
    Reason.SEVERAL_PROJECTS: "several projects are spoken of here",
    Reason.NOT_ITS_OWN: "by its size or the words around it, not the project's own",
}
_BASES = {
    Basis.PROGRESS: "a share of the works is done, so they have begun",
    Basis.DESCRIBED: "nothing reached is told, so the project counts as announced",
}
_GROUNDS = {
    Ground.HEADLINE: "in the headline",
    Ground.TWICE: "told twice",
    Ground.AGAIN_AND_AGAIN: "told again and again",
    Ground.DATED: "dated",
    Ground.DESCRIBED: "not told in so many words",
    Ground.UNMARKED: "no word decides on the state",
    Ground.LATE: "told at the end only",
    Ground.DISPUTED: "told in another state too",
    Ground.COMMON: "often told of other plants",
    Ground.COMMON_NAMED: "often told of other plants, but named here",
    Ground.VAGUE: "a threat, or due on no date",
    Ground.PASSING: "not so at a certain time",
    Ground.OTHER_PLANT: "told of a plant for something else or somewhere else, or of somebody else",
}


class Outcome(StrEnum):
    """The result of a mark."""

    #: It became a claim or a fact.
    READ = "read"
    #: It became neither, though it might have.
    DROPPED = "dropped"
    #: It only helps to read something else.
    HELPS = "helps"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note on one mark. A mark has several notes if it says several things."""

    mark: Mark
    outcome: Outcome
    #: ``event``, ``look-alike`` of an event, ``amount``, ``name``, ``date``, ``cue``, ``idle cue`` (no event is near).
    kind: str
    #: The words of the article, as published.
    words: str
    #: How they were understood.
    says: str
    #: The other words that decided this.
    by: str = ""
    #: What it became, or why it became nothing. "" if there is nothing to say.
    came: str = ""
    #: The projects that it refers to.
    projects: tuple[str, ...] = ()
    #: ``reached``, ``expected`` or ``denied``, the tone of a cue, or "".
    tone: str = ""


def notes(explanation: Explanation, sentence: ExplainedSentence) -> tuple[Note, ...]:
    """All notes on a sentence, in its order."""
    return tuple(_Notes(explanation, sentence).all())


def reason(explanation: Explanation) -> str | None:
    """The reason why nothing was read in the article. None if something was."""
    return _REASONS[explanation.reason] if explanation.reason else None


def relevance(explanation: Explanation) -> str:
    """For each project, how likely the article concerns it. "" if that was not weighed."""
    weighed = ", ".join(f"{project} {likely:.2f}" for project, likely in explanation.relevance)
    return f"concerns {weighed}" if weighed else ""


def because(explained: ExplainedClaim) -> str:
    """The basis of a claim that is not told in so many words, else the grounds for its confidence."""
    if explained.claim.objection is not None:
        return objection_words(explained.claim.objection, Tongue.of({}, "en"))
    return _BASES.get(explained.basis) or ", ".join(map(_GROUNDS.__getitem__, explained.grounds))


def claim_words(claim: Claim) -> str:
    """``construction reached 2024-Q1``."""
    return " ".join((claim.stage, claim.state.value, *([str(claim.date)] if claim.date else [])))


def fact_words(fact: Fact) -> str:
    """``investment 3 billion MAD``."""
    return f"{fact.kind.value} {quantity(fact.value, fact.unit, fact.kind)}"


# ---------------------------------------------------------------- one sentence


class _Notes:
    """The notes on one sentence."""

    def __init__(self, explanation: Explanation, sentence: ExplainedSentence) -> None:
        self._explanation = explanation
        self._marks = sentence.marks
        self._tones = {mark.place: mark.tone for mark in sentence.marks if isinstance(mark, CueMark) and mark.governs}

    def all(self) -> Iterator[Note]:
        for mark in self._marks:
            match mark:
                case EventMark():
                    yield from self._event(mark)
                case QuantityMark():
                    yield from self._amount(mark)
                case NameMark():
                    yield self._helping(mark, "name", self._named(mark))
                case CueMark():
                    kind = "cue" if mark.governs else "idle cue"
                    yield self._helping(mark, kind, f"{mark.tone.value} {' or '.join(mark.sides)}", mark.tone.value)
                case _:
                    assert isinstance(mark, DateMark), "there are no other marks"
                    yield self._helping(mark, "date", _dated(mark))

    def _words(self, place: Place) -> str:
        return self._explanation.words(place)

    def _helping(self, mark: Mark, kind: str, says: str, tone: str = "") -> Note:
        return Note(mark=mark, outcome=Outcome.HELPS, kind=kind, words=self._words(mark.place), says=says, tone=tone)

    def _event(self, mark: EventMark) -> Iterator[Note]:
        words = self._words(mark.place)
        cues = ", ".join(f"“{self._words(place)}” ({self._tones[place].value})" for place in mark.cues)
        by = ", ".join(filter(None, (f"by {cues}" if cues else "", "somebody else's word" if mark.hearsay else "")))
        projects: dict[tuple[str, str, str, Outcome], list[str]] = defaultdict(list)
        for telling in mark.tellings:
            says = " ".join(filter(None, (telling.stage, telling.state.value, str(telling.date or ""))))
            tone = (telling.claim.state if telling.claim else telling.state).value
            outcome = Outcome.READ if telling.claim else Outcome.DROPPED
            projects[says, tone, _came(telling), outcome] += [telling.project] if telling.project else []
        for (says, tone, came, outcome), of in projects.items():
            yield Note(
                mark=mark,
                outcome=outcome,
                kind="event",
                words=words,
                says=says,
                by=by,
                came=came,
                projects=tuple(of),
                tone=tone,
            )
        if mark.reason is Reason.NO_NEWS:
            yield self._helping(mark, "look-alike", _REASONS[mark.reason])
        elif mark.reason:
            because = f": “{self._words(mark.because)}”" if mark.because else ""
            yield Note(
                mark=mark,
                outcome=Outcome.DROPPED,
                kind="event",
                words=words,
                says=" or ".join(mark.stages),
                by=by,
                came=f"{_REASONS[mark.reason]}{because}",
            )

    def _amount(self, mark: QuantityMark) -> Iterator[Note]:
        words = self._words(mark.place)
        for fact in mark.facts:
            yield Note(
                mark=mark,
                outcome=Outcome.READ,
                kind="amount",
                words=words,
                says=fact_words(fact),
                came="a fact",
                projects=(fact.project,),
            )
        if mark.reason:
            low, high = (quantity(value, mark.unit, mark.kind) for value in (mark.low, mark.high))
            yield Note(
                mark=mark,
                outcome=Outcome.HELPS if mark.reason is Reason.NO_MEASURE else Outcome.DROPPED,
                kind="amount",
                words=words,
                says=low if low == high else f"{low} to {high}",
                came=_REASONS[mark.reason],
            )

    def _named(self, mark: NameMark) -> str:
        concerned = [project for project in mark.projects if project in self._explanation.projects]
        return f"{mark.role.value} of {', '.join(concerned or mark.projects)}{'' if concerned else ', not concerned'}"


def _came(telling: Telling) -> str:
    if telling.claim:
        return "claimed" if telling.claim.state is telling.state else f"claimed as {telling.claim.state.value}"
    assert telling.reason is not None, "what is not a claim has a reason"
    because = f": {claim_words(telling.because)}" if telling.because else ""
    sure = f", sure {telling.sureness:.2f}" if telling.reason is Reason.UNSURE else ""
    return f"{_REASONS[telling.reason]}{sure}{because}"


def _dated(mark: DateMark) -> str:
    means = str(mark.behind) if mark.behind == mark.ahead else f"{mark.behind}, or {mark.ahead} of what is to come"
    if mark.is_superseded:
        return f"{means}, as it was planned once"
    return means if mark.is_used else f"{means}, dates nothing"
