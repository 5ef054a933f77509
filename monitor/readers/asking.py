"""Answers questions from the cache, else by a language model within a budget."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta

from monitor.core.reading.answered.answer import Answer, Dropped
from monitor.errors import LedgerError
from monitor.logs import get_logger
from monitor.ports import Question, Unanswered
from monitor.readers.answer import parse_answer
from monitor.readers.answers import Answers, Spent
from monitor.readers.endpoint import Blame, Endpoint, Failure, Reply
from monitor.readers.pause import Pause

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
