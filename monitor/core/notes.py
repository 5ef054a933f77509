"""Describes an explained reading in words, the same for a terminal and a page: a note for each mark. Pure."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from babel.numbers import format_compact_decimal, format_decimal

from monitor.core.message.tongue import Tongue, mark
from monitor.core.model import Claim, Fact, FactKind, Objection, ObjectionKind
from monitor.core.plain import clean
from monitor.core.reading.explanation import (
    DateMark,
    DropReason,
    EventMark,
    ExplainedClaim,
    ExplainedSentence,
    Explanation,
    HintMark,
    Mark,
    NameMark,
    QuantityMark,
    Stretch,
)

# Amounts in English, as the command line and the notes on a reading write them ----------------------------------------


#: From this value on, an investment is written with "million" or "billion".
_COMPACT_FROM = 1e6


def quantity(value: float, unit: str | None, kind: FactKind | None = None) -> str:
    """``3 billion MAD``, ``50,000 t/yr``, ``60 %``."""
    if kind is FactKind.INVESTMENT and value >= _COMPACT_FROM:
        number = format_compact_decimal(value, format_type="long", locale="en", fraction_digits=2)
    else:
        number = format_decimal(value, locale="en")
    # The unit of the kind "jobs" is jobs, so it is not repeated.
    return f"{number} {clean(unit)}" if unit and unit != kind else number


# Says why something that was read is most likely not told of its project ----------------------------------------------


_WORDS = {
    ObjectionKind.UNNAMED: mark("objection", "the article does not name the company of the project"),
    ObjectionKind.OTHER_PLANT: mark("objection", "told of somebody else's plant, or of a plant for something else"),
    ObjectionKind.ELSEWHERE: mark("objection", "told of a plant in another place"),
    ObjectionKind.OTHER_PROJECT: mark("objection", "told of another watched project"),
    ObjectionKind.NOBODYS: mark("objection", "told of plants in general"),
    ObjectionKind.SUPPOSED: mark("objection", "only supposed"),
    ObjectionKind.NOT_IN_SENTENCE: mark("objection", "neither the sentence nor the headline names the project"),
}


def objection_words(objection: Objection, tongue: Tongue) -> str:
    """The objection in the reader's language. It names the other company, if the article does."""
    if objection.company:
        return tongue.say("another company: {company}. Watch it?", company=tongue.foreign(objection.company))
    return tongue.say_in("objection", _WORDS[objection.kind])


# Describes an explained reading in words: a note for each mark, the same for the terminal and the page ----------------


_REASONS = {
    DropReason.NO_LEXICON: "not read: there is no lexicon of its language",
    DropReason.NOTHING_NAMED: "not read: it names nothing that is watched",
    DropReason.NOT_CONCERNED: "concerns no project: most likely, what it names (who, what, where) means none of them",
    DropReason.NO_FOCUS: "about no watched project",
    DropReason.UNSURE: "less likely than what is claimed",
    DropReason.NOT_ITS_OWN: "most likely not the project's own",
}


class MarkOutcome(StrEnum):
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
    outcome: MarkOutcome
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
        for each in self._marks:
            match each:
                case EventMark():
                    yield from self._event(each)
                case QuantityMark():
                    yield from self._amount(each)
                case NameMark():
                    yield self._helping(each, "name", self._named(each))
                case HintMark():
                    yield self._helping(each, "hint", each.says)
                case _:
                    assert isinstance(each, DateMark), "there are no other marks"
                    yield self._helping(each, "date", _dated(each))

    def _words(self, place: Stretch) -> str:
        return self._explanation.words(place)

    def _helping(self, mark: Mark, kind: str, says: str) -> Note:
        return Note(mark=mark, outcome=MarkOutcome.HELPS, kind=kind, words=self._words(mark.place), says=says)

    def _event(self, mark: EventMark) -> Iterator[Note]:
        projects: dict[tuple[str, str, str, MarkOutcome], list[str]] = defaultdict(list)
        for telling in mark.tellings:
            says = " ".join(filter(None, (telling.stage, telling.state.value, str(telling.date or ""))))
            outcome = MarkOutcome.READ if telling.claim else MarkOutcome.DROPPED
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
                outcome=MarkOutcome.READ,
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
                outcome=MarkOutcome.DROPPED,
                kind="amount",
                words=words,
                says=low if low == high else f"{low} to {high}",
                came=_REASONS[mark.reason],
            )

    def _named(self, mark: NameMark) -> str:
        concerned = [project for project in mark.projects if project in self._explanation.projects]
        return f"{mark.role.value} of {', '.join(concerned or mark.projects)}{'' if concerned else ', not concerned'}"


def _came(telling: ExplainedClaim) -> str:
    if telling.reason is None:
        return "claimed"
    sure = f", sure {telling.sureness:.2f}" if telling.reason is DropReason.UNSURE else ""
    return f"{_REASONS[telling.reason]}{sure}"


def _dated(mark: DateMark) -> str:
    means = str(mark.behind) if mark.behind == mark.ahead else f"{mark.behind}, or {mark.ahead} of what is to come"
    if mark.is_superseded:
        return f"{means}, as it was planned once"
    return means if mark.is_used else f"{means}, dates nothing"
