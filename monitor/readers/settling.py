"""A reader that has doubtful claims settled: by answers given before, else by a language model, within a budget."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import structlog

from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Article, Claim, Project, Reading, State
from monitor.errors import LedgerError
from monitor.ports import Reader
from monitor.readers.answers import Answers, Spent
from monitor.readers.endpoint import Blame, Endpoint, Failure, Reply
from monitor.readers.pause import Pause
from monitor.readers.question import Question
from monitor.readers.verdict import Refused, judge

log = structlog.get_logger()


class SettlingReader:
    """Reads as another reader does, then asks about each claim that it is not sure of. Safe to share between threads.

    Implements ``monitor.ports.Reader``. A doubtful claim is confirmed, corrected or left out; everything else of the
    reading is the other reader's, and where no answer can be had that holds, so is the claim. What was answered once is
    answered so again, so that the same article gives the same reading.
    """

    def __init__(
        self,
        reader: Reader,
        *,
        projects: Sequence[Project],
        lifecycles: Mapping[str, Lifecycle],
        endpoint: Endpoint,
        model: str,
        below: float,
        answers: Answers,
        clock: Callable[[], datetime],
    ) -> None:
        """Prepare; nothing is opened yet.

        Args:
            reader: reads first.
            projects: of the configuration.
            lifecycles: of the configuration, by name.
            endpoint: who is asked.
            model: by its name there.
            below: claims of less confidence are doubtful.
            answers: what was answered, and what may be spent.
            clock: the present instant, aware, in UTC.
        """
        self._reader = reader
        self._projects = {project.id: project for project in projects}
        self._lifecycles = lifecycles
        self._endpoint = endpoint
        self._model = model
        self._below = below
        self._answers = answers
        self._clock = clock
        self._pause = Pause()

    def read(self, article: Article) -> Reading:
        """The other reader's reading, its doubtful claims settled. Blocks while a question is under way."""
        return self.settle(article, self._reader.read(article))

    def settle(self, article: Article, reading: Reading) -> Reading:
        """A reading of the article with its doubtful claims settled. Blocks while a question is under way."""
        if not any(map(self._is_doubtful, reading.claims)):
            return reading
        return replace(reading, claims=tuple(self._settled(article, reading.claims)))

    def _is_doubtful(self, claim: Claim) -> bool:
        return claim.confidence < self._below and claim.project in self._projects

    def _settled(self, article: Article, claims: Sequence[Claim]) -> Iterator[Claim]:
        """The claims in their order; a corrected one that says what another says already is left out."""
        said = {_saying(claim) for claim in claims if not self._is_doubtful(claim)}
        for claim in claims:
            if not self._is_doubtful(claim):
                yield claim
                continue
            settled = self._settle(article, claim)
            if settled is not None and _saying(settled) not in said:
                said.add(_saying(settled))
                yield settled

    def _settle(self, article: Article, claim: Claim) -> Claim | None:
        project = self._projects[claim.project]
        question = Question(
            model=self._model,
            article=article,
            claim=claim,
            project=project,
            lifecycle=self._lifecycles[project.lifecycle],
        )
        about = {"article": article.url or article.key, "project": claim.project, "stage": claim.stage}
        answer = self._answer(question)
        ruling = judge(answer, question) if isinstance(answer, str) else answer
        if isinstance(ruling, Refused | Failure):
            log.info("claim.unsettled", **about, reason=ruling.reason, kept=True)
            return claim
        log.info("claim.settled", **about, verdict=str(ruling.verdict))
        return ruling.claim

    def _answer(self, question: Question) -> str | Failure:
        try:
            known = self._answers.recall(question.key)
            return known if known is not None else self._ask(question)
        except LedgerError as error:
            # Without the file there is no saying what was spent.
            return self._stop(Failure(reason=str(error), blame=Blame.CONFIGURATION))

    def _ask(self, question: Question) -> str | Failure:
        now = self._clock()
        if (waiting := self._pause.reason(now)) is not None:
            return Failure(reason=waiting, blame=Blame.SERVICE)
        request = self._answers.reserve(question.article_key, day=now.date(), tokens=question.most_tokens)
        if isinstance(request, Spent):
            failure = Failure(reason=str(request), blame=Blame.QUESTION)
            if request is Spent.DAY:
                midnight = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
                self._tell(self._pause.until(midnight, failure.reason, now=now), failure)
            return failure
        answer = self._endpoint.ask(question.body)
        if isinstance(answer, Failure):
            if not answer.may_have_cost:
                self._answers.charge(request, 0)
            return self._stop(answer)
        return self._kept(question, request, answer)

    def _kept(self, question: Question, request: int, reply: Reply) -> str:
        self._pause.over()
        if reply.tokens is not None:
            self._answers.charge(request, reply.tokens)
        self._answers.keep(question.key, reply.content)
        return reply.content

    def _stop(self, failure: Failure) -> Failure:
        """Ask nothing for a while, unless it was the question's own fault."""
        if failure.blame is not Blame.QUESTION:
            lasting = failure.blame is Blame.CONFIGURATION
            until = self._pause.after_failure(
                self._clock(), failure.reason, lasting=lasting, retry_after=failure.retry_after
            )
            self._tell(until, failure)
        return failure

    def _tell(self, until: datetime, failure: Failure) -> None:
        log.warning("reader.paused", until=until.isoformat(), reason=failure.reason, claims="stay as they were read")


def _saying(claim: Claim) -> tuple[object, ...]:
    """What makes two claims one: a stage is reached or denied once, and may be expected at several dates."""
    return (claim.project, claim.stage, claim.state, claim.date if claim.state is State.EXPECTED else None)
