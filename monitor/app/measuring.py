"""Tries a language model on labelled articles as the service would read with it, and says what a month would cost.

Nothing is kept: neither answers nor what was spent. The trained reader reads the same articles.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.core.evaluation.trial import News, Sample, Tried
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Reading
from monitor.core.reading.lexicon import Lexicon
from monitor.ports import Question
from monitor.readers.answer import parse_answer
from monitor.readers.checked import checked, checks
from monitor.readers.endpoint import Blame, Cause, Endpoint, Failure, Reply
from monitor.readers.examiner import Examiner
from monitor.readers.plug import TRAINED, DeferredReader, reader_factory, survey
from monitor.readers.question import MAX_ANSWER_TOKENS
from monitor.settings.config import LanguageModel

if TYPE_CHECKING:
    from monitor.app.build import App

#: If none of so many articles has a usable answer, no more are asked about. Fewer are never measured for lack of time.
LEAST = 5
#: Seconds after which no further article is read.
PATIENCE = 600.0
#: About the tokens that a trial costs.
ABOUT_TOKENS = 100_000
#: The most tokens that a trial may cost.
MOST_TOKENS = 250_000
#: The tokens of an answer, and the bytes of a token of it, if nothing better is known.
_USUAL_ANSWER, _BYTES_PER_TOKEN = 300, 3
#: How often an endpoint that fails is asked again about the same article, and the most seconds to wait before that.
_TRIES, _LONGEST_WAIT = 3, 30.0
#: How far back the operator's news is counted, and how many of its articles are looked at.
MONTH = timedelta(days=30)
_MOST_COUNTED, _MOST_ASKED = 2_000, 200

_PASSING = frozenset({Cause.BUSY, Cause.OTHER})
_FORM = "the answer does not have the form that was asked for"


class End(StrEnum):
    """Why a trial ended."""

    WHOLE = "whole"
    #: The endpoint failed.
    FAILED = "failed"
    #: Time was up.
    SLOW = "slow"
    #: None of the first articles had a usable answer.
    NONSENSE = "nonsense"
    #: It would have cost more tokens than allowed.
    COSTLY = "costly"
    #: Somebody stopped it.
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a trial."""

    end: End
    tried: tuple[Tried, ...]
    #: The seconds that it took.
    seconds: float
    #: Why the endpoint failed. None if it did not.
    failure: Failure | None = None


class ModelTrial:
    """A language model on trial. Use it once."""

    def __init__(
        self,
        samples: Sequence[Sample],
        lexicons: Mapping[str, Lexicon],
        model: LanguageModel,
        *,
        weights: Path | None,
        most_tokens: int = MOST_TOKENS,
        is_closing: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Prepare. Nothing is asked yet.

        Args:
            samples: the labelled articles.
            lexicons: the vocabulary, by language.
            model: where and what to ask. Its budget does not count, and its answers are not touched.
            weights: those of the trained reader; the shipped ones if None.
            most_tokens: the most that it may cost.
            is_closing: whether to stop.
            clock: returns seconds from any instant on.
            sleep: waits for so many seconds.
        """
        projects = [project for sample in samples for project in sample.projects]
        watched = projects, lexicons, {INDUSTRIAL.name: INDUSTRIAL}
        surveyor = survey(projects, lexicons)
        self._samples = samples
        self._reader = reader_factory(TRAINED, weights=weights, surveyor=surveyor)(*watched)
        self._examiner = Examiner(surveyor, watched[2], model=model.model)
        self._checks = checks((), surveyor, watched[2])
        self._endpoint = Endpoint(
            model.endpoint,
            api_key=model.api_key or "",
            timeout=model.timeout.total_seconds(),
            is_closing=is_closing,
        )
        self._most_tokens = most_tokens
        self._is_closing = is_closing
        self._clock = clock
        self._sleep = sleep

    def __len__(self) -> int:
        return len(self._samples)

    def estimate(self) -> int:
        """About the tokens that it will cost, to the thousand."""
        return round(sum(self._reckoned(each, _USUAL_ANSWER) for each in map(self._question, self._samples)), -3)

    def run(self, heard: Callable[[Tried], None]) -> Outcome:
        """Try the model on one article after the other. ``heard`` gets what came of each. Blocks for minutes.

        Raises:
            WeightsError: the weights of the trained reader cannot be read.
        """
        if isinstance(self._reader, DeferredReader):
            self._reader.prepare()
        start, tried = self._clock(), list[Tried]()
        end, failure = End.WHOLE, None
        for sample in self._samples:
            spent = sum(each.tokens for each in tried)
            if self._is_closing():
                end = End.STOPPED
            elif tried and spent + spent / len(tried) > self._most_tokens:
                end = End.COSTLY
            elif len(tried) >= LEAST and self._clock() - start > PATIENCE:
                end = End.SLOW
            if end is not End.WHOLE:
                break
            found = self._try(sample)
            if isinstance(found, Failure):
                end, failure = End.STOPPED if found.blame is Blame.NOBODY else End.FAILED, found
                break
            tried.append(found)
            heard(found)
            if len(tried) == LEAST and all(each.fault for each in tried):
                end = End.SLOW if all(each.is_late for each in tried) else End.NONSENSE
                break
        return Outcome(end=end, tried=tuple(tried), seconds=self._clock() - start, failure=failure)

    def _try(self, sample: Sample) -> Tried | Failure:
        question, article = self._question(sample), sample.article
        start = self._clock()
        beside = self._reader.read(article)
        seconds_beside = self._clock() - start
        start = self._clock()
        reply = self._asked(question)
        seconds = self._clock() - start
        if isinstance(reply, Failure) and reply.blame is not Blame.QUESTION and reply.cause is not Cause.TIME:
            return reply
        reading, fault = beside, _FORM
        if isinstance(reply, Failure):
            fault = reply.reason
        elif (answer := parse_answer(reply.content)) is not None:
            reading, fault = self._examiner.conclude(article, answer, beside)[0], ""
        return Tried(
            label=sample.label,
            reading=self._checked(sample, reading),
            beside=self._checked(sample, beside),
            fault=fault,
            is_late=isinstance(reply, Failure) and reply.cause is Cause.TIME,
            seconds=seconds,
            seconds_beside=seconds_beside,
            tokens=self._tokens(question, reply),
            size=len(question.body),
        )

    def _asked(self, question: Question) -> Reply | Failure:
        """The reply. An endpoint that fails in passing is asked again, after a while."""
        reply = self._endpoint.ask(question.body)
        for turn in range(1, _TRIES):
            if not (isinstance(reply, Failure) and reply.blame is Blame.SERVICE and reply.cause in _PASSING):
                break
            self._sleep(min(reply.retry_after or 2.0**turn, _LONGEST_WAIT))
            reply = self._endpoint.ask(question.body)
        return reply

    def _question(self, sample: Sample) -> Question:
        question = self._examiner.question(sample.article)
        assert question is not None, "the sample holds articles that are asked about"
        return question

    def _checked(self, sample: Sample, reading: Reading) -> Reading:
        return checked(self._checks, sample.article, reading)

    def _tokens(self, question: Question, reply: Reply | Failure) -> int:
        """As the endpoint counts them, else reckoned."""
        if reply.tokens is not None:
            return reply.tokens
        if isinstance(reply, Reply):
            return self._reckoned(question, len(reply.content.encode()) // _BYTES_PER_TOKEN)
        return self._reckoned(question, _USUAL_ANSWER) if reply.may_have_cost else 0

    @staticmethod
    def _reckoned(question: Question, answer: int) -> int:
        return question.most_tokens - MAX_ANSWER_TOKENS + answer


def news_of_a_month(app: "App", model: str) -> News:
    """The articles of the last 30 days about which a language model would be asked. Blocks for some seconds.

    If there are very many, they are reckoned from the newest.
    """
    now = app.clock()
    stored = [each for each in app.ledger.articles(limit=_MOST_COUNTED) if each.source.published_at > now - MONTH]
    if not stored:
        return News(articles=0, size=0)
    config = app.config
    surveyor = survey(config.projects, app.setup().lexicons)
    examiner = Examiner(surveyor, config.lifecycles, model=model)
    questions = [examiner.question(each.article) for each in stored[-_MOST_ASKED:]]
    sizes = [len(question.body) for question in questions if question is not None]
    looked_at = min(len(stored), _MOST_ASKED)
    span = now - min(each.source.published_at for each in stored)
    # If as many as are counted at most are from a shorter time, a month has more.
    months = MONTH / max(span, timedelta(hours=1)) if len(stored) == _MOST_COUNTED else 1.0
    times = months * len(stored) / looked_at
    return News(articles=round(len(sizes) * times), size=round(sum(sizes) * times))
