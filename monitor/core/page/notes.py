"""Describes an explained reading in words: a note for each mark, the same for the terminal and the page."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from monitor.core.message.tongue import Tongue
from monitor.core.model import Claim, Fact
from monitor.core.page.amounts import quantity
from monitor.core.page.objections import objection_words
from monitor.core.reading.explanation import (
    DateMark,
    EventMark,
    ExplainedSentence,
    Explanation,
    HintMark,
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
    Reason.NOT_CONCERNED: "concerns no project: most likely, what it names (who, what, where) means none of them",
    Reason.NO_FOCUS: "about no watched project",
    Reason.UNSURE: "less likely than what is claimed",
    Reason.NOT_ITS_OWN: "most likely not the project's own",
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
    #: ``event``, ``amount``, ``name``, ``date``, ``hint``.
    kind: str
    #: The words of the article, as published.
    words: str
    #: How they were understood.
    says: str
    #: What it became, or why it became nothing. "" if there is nothing to say.
    came: str = ""
    #: The projects that it refers to.
    projects: tuple[str, ...] = ()
    #: ``reached``, ``expected`` or ``denied``, or "".
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


def because(claim: Claim) -> str:
    """Why a claim is in doubt. "" if nothing speaks against it."""
    return objection_words(claim.objection, Tongue.of({}, "en")) if claim.objection is not None else ""


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

    def all(self) -> Iterator[Note]:
        for mark in self._marks:
            match mark:
                case EventMark():
                    yield from self._event(mark)
                case QuantityMark():
                    yield from self._amount(mark)
                case NameMark():
                    yield self._helping(mark, "name", self._named(mark))
                case HintMark():
                    yield self._helping(mark, "hint", mark.says)
                case _:
                    assert isinstance(mark, DateMark), "there are no other marks"
                    yield self._helping(mark, "date", _dated(mark))

    def _words(self, place: Place) -> str:
        return self._explanation.words(place)

    def _helping(self, mark: Mark, kind: str, says: str) -> Note:
        return Note(mark=mark, outcome=Outcome.HELPS, kind=kind, words=self._words(mark.place), says=says)

    def _event(self, mark: EventMark) -> Iterator[Note]:
        projects: dict[tuple[str, str, str, Outcome], list[str]] = defaultdict(list)
        for telling in mark.tellings:
            says = " ".join(filter(None, (telling.stage, telling.state.value, str(telling.date or ""))))
            outcome = Outcome.READ if telling.claim else Outcome.DROPPED
            projects[says, telling.state.value, _came(telling), outcome].append(telling.project)
        for (says, tone, came, outcome), of in projects.items():
            yield Note(
                mark=mark,
                outcome=outcome,
                kind="event",
                words=self._words(mark.place),
                says=says,
                came=came,
                projects=tuple(of),
                tone=tone,
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
                outcome=Outcome.DROPPED,
                kind="amount",
                words=words,
                says=low if low == high else f"{low} to {high}",
                came=_REASONS[mark.reason],
            )

    def _named(self, mark: NameMark) -> str:
        concerned = [project for project in mark.projects if project in self._explanation.projects]
        return f"{mark.role.value} of {', '.join(concerned or mark.projects)}{'' if concerned else ', not concerned'}"


def _came(telling: Telling) -> str:
    if telling.reason is None:
        return "claimed"
    sure = f", sure {telling.sureness:.2f}" if telling.reason is Reason.UNSURE else ""
    return f"{_REASONS[telling.reason]}{sure}"


def _dated(mark: DateMark) -> str:
    means = str(mark.behind) if mark.behind == mark.ahead else f"{mark.behind}, or {mark.ahead} of what is to come"
    if mark.is_superseded:
        return f"{means}, as it was planned once"
    return means if mark.is_used else f"{means}, dates nothing"
