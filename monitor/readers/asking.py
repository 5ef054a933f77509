"""Answers questions from the cache, else by a language model within a budget."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from monitor.core.backoff import believed
from monitor.core.reading.answered.answer import Answer, Dropped, SaidClaim, SaidFact
from monitor.errors import LedgerError
from monitor.logs import get_logger
from monitor.ports import Question, Unanswered
from monitor.readers.answers import Answers, Spent
from monitor.readers.endpoint import Blame, Endpoint, Failure, Reply

# Pauses between requests: ever longer ones after failures, and until midnight after the day's budget is spent ---------


#: The pause after the first failure. Each further failure doubles it.
FIRST = timedelta(minutes=1)
#: The maximum pause after a failure, unless the endpoint asks for more. Configuration errors always pause this long.
LONGEST = timedelta(hours=1)
#: The maximum pause, even if the endpoint asks for more.
LIMIT = timedelta(days=1)


class Pause:
    """Whether to pause, and why. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._until = datetime.min.replace(tzinfo=UTC)
        self._reason = ""

    def reason(self, now: datetime) -> str | None:
        """The reason why no request may be sent now. None if one may."""
        with self._lock:
            return self._reason if now < believed(self._until, now, LIMIT) else None

    def until(self, end: datetime, reason: str, *, now: datetime) -> datetime:
        """Pause until then, at most a day ahead: ``reason`` ignores a later end. Returns the end of the pause."""
        with self._lock:
            self._until, self._reason = max(end, believed(self._until, now, LIMIT)), reason
            return self._until

    def after_failure(self, now: datetime, reason: str, *, lasting: bool, retry_after: float | None) -> datetime:
        """Pause as long as the number of failures requires, or as the endpoint asks. Returns the end of the pause."""
        with self._lock:
            self._failures += 1
            # Limit the exponent before multiplying.
            wait = LONGEST if lasting else min(LONGEST, FIRST * (1 << min(self._failures - 1, 10)))
        if retry_after is not None:
            wait = min(LIMIT, max(wait, timedelta(seconds=min(retry_after, LIMIT.total_seconds()))))
        return self.until(now + wait, reason, now=now)

    def over(self) -> None:
        """Forget earlier failures after an answer."""
        with self._lock:
            self._failures = 0


# Parses the content of a model's answer. It either has the requested form or is rejected ------------------------------


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class _AnsweredClaim(_Strict):
    project: str
    stage: str
    state: str
    date: str | None
    quote: str


class _AnsweredFact(_Strict):
    project: str
    kind: str
    value: float
    unit: str
    quote: str


class _Answer(_Strict):
    projects: list[str]
    claims: list[object]
    facts: list[object]


_M = TypeVar("_M", bound=BaseModel)


def parse_answer(content: str) -> Answer | None:
    """The answer. None if it does not have the requested form. A bad claim or fact is left out."""
    try:
        said = _Answer.model_validate_json(content)
    except ValidationError:
        return None
    claims, facts = _good(said.claims, _AnsweredClaim), _good(said.facts, _AnsweredFact)
    return Answer(
        projects=tuple(said.projects),
        claims=tuple(SaidClaim(**claim.model_dump()) for claim in claims),
        facts=tuple(SaidFact(**fact.model_dump()) for fact in facts),
        malformed=len(said.claims) + len(said.facts) - len(claims) - len(facts),
    )


def _good(items: list[object], model: type[_M]) -> list[_M]:
    found = []
    for item in items:
        try:
            found.append(model.model_validate(item))
        except ValidationError:
            continue
    return found


#: A question with this many unusable answers is not asked again.
TRIES = 3

log = get_logger()


class ModelAsker:
    """Implements ``ports.Asker`` with an endpoint.

    An answer is kept and reused, so that the same article gives the same reading.
    """

    def __init__(self, endpoint: Endpoint, answers: Answers, *, clock: Callable[[], datetime]) -> None:
        """Prepare. Nothing is opened yet.

        Args:
            endpoint: the endpoint to ask.
            answers: the kept answers, and the budget.
            clock: the current instant, aware, in UTC.
        """
        self._endpoint = endpoint
        self._answers = answers
        self._clock = clock
        self._pause = Pause()

    @property
    def is_paused(self) -> bool:
        return self._pause.reason(self._clock()) is not None

    def ask(self, question: Question) -> Answer | Unanswered:
        try:
            answer = self._answer(question)
        except LedgerError as error:
            # Without the file the spent budget is unknown.
            failure = Failure(reason=str(error), blame=Blame.CONFIGURATION)
            self._wait(failure)
            answer = Unanswered(reason=failure.reason, is_final=False)
        if isinstance(answer, Unanswered):
            log.info("article.unanswered", article=question.subject, reason=answer.reason, final=answer.is_final)
        return answer

    def report(self, question: Question, dropped: Sequence[Dropped]) -> None:
        for each in dropped:
            log.info("answer.dropped", article=question.subject, **each.said)

    def _answer(self, question: Question) -> Answer | Unanswered:
        kept = self._answers.recall(question.key)
        known = parse_answer(kept) if kept is not None else None
        return known if known is not None else self._asked(question)

    def _asked(self, question: Question) -> Answer | Unanswered:
        if self._answers.misses(question.key) >= TRIES:
            return Unanswered(reason=f"it was answered {TRIES} times with nothing that can be used", is_final=True)
        now = self._clock()
        if (waiting := self._pause.reason(now)) is not None:
            return Unanswered(reason=waiting, is_final=False)
        request = self._answers.reserve(question.article, day=now.date(), tokens=question.most_tokens)
        if isinstance(request, Spent):
            if request is Spent.DAY:
                midnight = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
                self._tell(self._pause.until(midnight, str(request), now=now), str(request))
            return Unanswered(reason=str(request), is_final=request is Spent.ARTICLE)
        reply = self._endpoint.ask(question.body)
        return (
            self._failed(question, request, reply)
            if isinstance(reply, Failure)
            else self._told(question, request, reply)
        )

    def _told(self, question: Question, request: int, reply: Reply) -> Answer | Unanswered:
        self._pause.over()
        if reply.tokens is not None:
            self._answers.charge(request, reply.tokens)
        answer = parse_answer(reply.content)
        if answer is None:
            return self._missed(question, "the answer does not have the form that was asked for")
        self._answers.keep(question.key, reply.content)
        return answer

    def _failed(self, question: Question, request: int, failure: Failure) -> Unanswered:
        if failure.blame is not Blame.QUESTION:
            self._answers.release(request, is_free=not failure.may_have_cost)
            if failure.blame is not Blame.NOBODY:
                self._wait(failure)
            return Unanswered(reason=failure.reason, is_final=False)
        if failure.tokens is not None or not failure.may_have_cost:
            self._answers.charge(request, failure.tokens or 0)
        return self._missed(question, failure.reason)

    def _missed(self, question: Question, reason: str) -> Unanswered:
        self._answers.miss(question.key)
        return Unanswered(reason=reason, is_final=self._answers.misses(question.key) >= TRIES)

    def _wait(self, failure: Failure) -> None:
        """Send no requests for a while."""
        lasting = failure.blame is Blame.CONFIGURATION
        until = self._pause.after_failure(
            self._clock(), failure.reason, lasting=lasting, retry_after=failure.retry_after
        )
        self._tell(until, failure.reason)

    def _tell(self, until: datetime, reason: str) -> None:
        log.warning("reader.paused", until=until.isoformat(), reason=reason, meanwhile="the fallback reads")
