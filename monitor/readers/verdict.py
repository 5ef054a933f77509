"""What a model answered, held against the article and the question. Pure.

Whatever the answer is, and whoever wrote the article: a claim is confirmed, left out or corrected within its project,
on the strength of words that stand in the article; or the answer is refused and the claim stays as it was.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, ValidationError

from monitor.core.model import Article, Claim, State
from monitor.core.periods import Period
from monitor.core.reading.text.text import Text
from monitor.readers.question import Question

#: What a settled claim is worth: more than doubtful, and less than what is calibrated on labelled articles.
CONFIDENCE = 0.85
#: Fewer characters prove nothing; six are a sentence in Chinese.
SHORTEST_QUOTE = 6


class Verdict(StrEnum):
    """What becomes of the claim."""

    #: It stands.
    CONFIRM = "confirm"
    #: Another stands in its place.
    CORRECT = "correct"
    #: It is left out.
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """An answer that holds."""

    verdict: Verdict
    #: None where it is rejected.
    claim: Claim | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An answer that does not hold, and why; says nothing in the answer's own words."""

    reason: str


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    verdict: Verdict
    project: str
    stage: str
    state: State
    date: str | None
    quote: str


def judge(answer: str, question: Question) -> Ruling | Refused:
    """What the answer says of the question's claim. Raises nothing on any text."""
    try:
        said = _Answer.model_validate_json(answer)
    except ValidationError:
        return Refused(reason="the answer is cut off, or not of the form that was asked for")
    quote = _published(said.quote, question.article)
    if quote is None:
        return Refused(reason="the quote is not in the article")
    if (reason := _objection(said, question)) is not None:
        return Refused(reason=reason)
    match said.verdict:
        case Verdict.REJECT:
            return Ruling(verdict=said.verdict, claim=None)
        case Verdict.CONFIRM:
            return Ruling(verdict=said.verdict, claim=_settled(question.claim))
        case Verdict.CORRECT:
            return _corrected(said, quote, question)


def _objection(said: _Answer, question: Question) -> str | None:
    claim = question.claim
    if said.project != claim.project:
        return "the answer is on another project"
    if said.stage not in question.stages:
        return "the answer names a stage that the project's lifecycle does not have"
    if said.verdict is Verdict.CONFIRM and (said.stage, said.state) != (claim.stage, claim.state):
        return "the answer confirms another claim"
    return None


def _corrected(said: _Answer, quote: str, question: Question) -> Ruling | Refused:
    try:
        date = Period.parse(said.date) if said.date is not None else None
    except ValueError:
        return Refused(reason="the date of the answer is none")
    published, claim = question.article.published, question.claim
    if date is not None and published is not None:
        if said.state is State.REACHED and date.start > published.end:
            return Refused(reason="the answer says that something was reached after the article was published")
        if said.state is State.EXPECTED and date.end < published.start:
            return Refused(reason="the answer expects what the article would have seen already")
    evidence = claim.evidence if quote in claim.evidence else quote
    corrected = replace(claim, stage=said.stage, state=said.state, date=date, evidence=evidence)
    return Ruling(verdict=said.verdict, claim=_settled(corrected))


def _settled(claim: Claim) -> Claim:
    return replace(claim, confidence=max(claim.confidence, CONFIDENCE))


def _published(quote: str, article: Article) -> str | None:
    """The quote as it stands in the article; letter case and the shapes of quotation marks and hyphens may differ."""
    wanted = Text.of(quote.strip()).lower
    if len(wanted) < SHORTEST_QUOTE:
        return None
    for part in (article.text, article.title):
        text = Text.of(part)
        at = text.lower.find(wanted)
        if at >= 0:
            return text.quote(at, at + len(wanted))
    return None
