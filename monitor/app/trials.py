"""Tries feeds and articles: fetches, parses, matches and reads them as a poll would, and stores nothing."""

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.core.articles import article_of, source_of
from monitor.core.evaluation.trial import Month, ReaderTrial, Sample, TrialNews, TriedArticle
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Article, Entry, Feed, Reading
from monitor.core.periods import Period
from monitor.core.reading.lexicon import Lexicon
from monitor.errors import FetchError, MonitorError, ParseError
from monitor.feeds.discovery import robots_of, sitemaps, usual_feeds
from monitor.feeds.parse import gather
from monitor.know.queries import Foreseen, foresee_article
from monitor.logs import redact
from monitor.operate.configuration import Edit
from monitor.poll.trial import FeedTrial
from monitor.ports import Fetched, Fetcher, NotModified, Question, ReadArticle
from monitor.readers.asking import parse_answer
from monitor.readers.checked import checked, checks
from monitor.readers.endpoint import Blame, Cause, Endpoint, Failure, Reply
from monitor.readers.examiner import MAX_ANSWER_TOKENS, Examiner
from monitor.readers.plug import TRAINED, DeferredReader, reader_factory, survey
from monitor.settings.config import Config, LanguageModel
from monitor.workers.jobs import TrialReading

if TYPE_CHECKING:
    from monitor.app.build import App


async def try_feeds(app: "App", feeds: Sequence[Feed]) -> AsyncGenerator[FeedTrial, None]:
    """Try these feeds concurrently and yield each result as it comes. A feed that fails is a result too."""
    async with app.fetcher() as fetcher:
        tasks = [asyncio.create_task(_try(app, feed, fetcher)) for feed in feeds]
        try:
            for done in asyncio.as_completed(tasks):
                yield await done
        finally:
            for task in tasks:
                task.cancel()


async def find_feeds(app: "App", url: str) -> AsyncGenerator[FeedTrial, None]:
    """Try the feeds of a page one after the other and yield each result as it comes.

    They are the document itself if it is a feed; else the feeds that the page names; else the first working feed at the
    usual addresses; else the first sitemap of the site that says what is new, news sitemaps first.

    Raises:
        FetchError: the page itself could not be fetched.
    """
    async with app.fetcher() as fetcher:
        page = await _fetch(url, fetcher)
        itself = await _told(app, Feed(url=page.url, name=url), page, fetcher)
        named = await app.documents_on_trial().named_feeds(page) if itself.error else ()
        if not itself.error:
            yield itself
        for feed in named:
            yield await _try(app, feed, fetcher)
        if not itself.error or named:
            return
        for feed in usual_feeds(page.url):
            tried = await _try(app, feed, fetcher)
            if not tried.error:
                yield tried
                return
        for feed in sitemaps(await _robots(app, page.url, fetcher), page.url):
            tried = await _try(app, feed, fetcher)
            if not tried.error:
                yield tried
                return


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An article to try."""

    title: str
    text: str
    published: Period | None = None
    #: As its publisher states it. Detected if None.
    language: str | None = None
    url: str | None = None
    outlet: str = ""
    trust: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleTrial:
    """What is read in an article, and what would follow if a feed brought it now."""

    article: Article
    #: Whether it is in the ledger: then nothing would follow.
    is_known: bool
    tried: TrialReading
    foreseen: Foreseen


async def try_page(app: "App", url: str) -> Given:
    """Fetch the page at an address, under guard.

    Raises:
        FetchError: it could not be fetched.
        ParseError: it is no article, or exceeds the limits of the workers (HostileError).
    """
    async with app.fetcher() as fetcher:
        answer = await _fetch(url, fetcher, is_page=True)
    page = await app.documents_on_trial().extract(answer)
    published = Period.day(page.published) if page.published else None
    return Given(title=page.title, text=page.text, published=published, language=page.language, url=answer.url)


async def try_article(app: "App", given: Given) -> ArticleTrial:
    """Read an article.

    Raises:
        HostileError: it exceeds the limits of the workers.
        LedgerError: the database refused.
    """
    now, watch = app.clock(), app.watch
    feed = Feed(url="", name=given.outlet, trust=given.trust)
    entry = Entry(guid=None, url=given.url, title=given.title, text=given.text, published_at=None)
    article = article_of(entry, feed, text=given.text, published=given.published, language=None)
    language, tried = await app.documents_on_trial().try_out(article, language=given.language)
    article = replace(article, language=language)
    # An article of today, or of this month, is news against what is known by now.
    is_past = given.published is not None and given.published.until <= now
    published_at = given.published.since if given.published and is_past else now
    source = source_of(article, trust=given.trust, published_at=published_at, seen_at=now)

    def follow() -> ArticleTrial:
        item = ReadArticle(article=article, source=source, reading=tried.reading)
        return ArticleTrial(
            article=article,
            is_known=bool(app.ledger.known([article.key])),
            tried=tried,
            foreseen=foresee_article(item, watch, app.ledger, now),
        )

    return await asyncio.to_thread(follow)


async def _robots(app: "App", url: str, fetcher: Fetcher) -> str:
    """Return the text of the site's robots.txt; "" if it cannot be fetched or parsed."""
    try:
        return await app.documents_on_trial().plain(await _fetch(robots_of(url), fetcher))
    except (FetchError, ParseError):
        return ""


async def _try(app: "App", feed: Feed, fetcher: Fetcher) -> FeedTrial:
    try:
        answer = await _fetch(feed.url, fetcher)
    except FetchError as error:
        return FeedTrial(feed=feed, error=str(error))
    return await _told(app, feed, answer, fetcher)


async def _fetch(url: str, fetcher: Fetcher, *, is_page: bool = False) -> Fetched:
    answer = await fetcher.fetch(url, is_page=is_page)
    if isinstance(answer, NotModified):
        # No validators were sent, so a 304 is an error of the server.
        raise FetchError(url, "304 Not Modified, though nothing was known of it before", transient=False)
    return answer


async def _told(app: "App", feed: Feed, answer: Fetched, fetcher: Fetcher) -> FeedTrial:
    """Parse the document and match its entries."""
    documents = app.documents_on_trial()
    try:
        gathered = await gather(answer, fetcher, documents)
        document = await documents.parse(replace(gathered.answer, url=answer.url), now=app.clock(), page=feed.page)
    except (FetchError, ParseError) as error:
        return FeedTrial(feed=feed, error=str(error))
    entries = tuple(zip(document.parsed.entries, document.concerns, strict=True))
    return FeedTrial(
        feed=feed,
        title=document.parsed.title,
        format=document.parsed.format,
        entries=entries,
        problems=(*gathered.problems, *document.parsed.problems),
    )


# Tries a language model on labelled articles as the service would read with it, and says what a month would cost ------
#
# Nothing is kept: neither answers nor what was spent. The trained reader reads the same articles.


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
class TrialOutcome:
    """What came of a trial."""

    end: End
    tried: tuple[TriedArticle, ...]
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

    def run(self, heard: Callable[[TriedArticle], None]) -> TrialOutcome:
        """Try the model on one article after the other. ``heard`` gets what came of each. Blocks for minutes.

        Raises:
            WeightsError: the weights of the trained reader cannot be read.
        """
        if isinstance(self._reader, DeferredReader):
            self._reader.prepare()
        start, tried = self._clock(), list[TriedArticle]()
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
        return TrialOutcome(end=end, tried=tuple(tried), seconds=self._clock() - start, failure=failure)

    def _try(self, sample: Sample) -> TriedArticle | Failure:
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
        return TriedArticle(
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


def news_of_a_month(app: "App", model: str) -> TrialNews:
    """The articles of the last 30 days about which a language model would be asked. Blocks for some seconds.

    If there are very many, they are reckoned from the newest.
    """
    now = app.clock()
    stored = [each for each in app.ledger.articles(limit=_MOST_COUNTED) if each.source.published_at > now - MONTH]
    if not stored:
        return TrialNews(articles=0, size=0)
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
    return TrialNews(articles=round(len(sizes) * times), size=round(sum(sizes) * times))


# Tries one language model at a time in the background of the service --------------------------------------------------


if TYPE_CHECKING:
    from monitor.app.build import App


@dataclass(slots=True, kw_only=True)
class Running:
    """A trial, while it runs and afterwards. Its thread alone changes it, apart from ``is_stopped``."""

    #: The edit that lets the model read.
    edit: Edit
    llm: LanguageModel
    total: int
    #: The articles that were read.
    read: int = 0
    #: None while it runs.
    outcome: TrialOutcome | None = None
    #: None without any usable answer.
    trial: ReaderTrial | None = None
    month: Month | None = None
    #: Why it could not run. "" if it could.
    error: str = ""
    is_stopped: bool = False

    @property
    def is_over(self) -> bool:
        return self.outcome is not None or bool(self.error)


@dataclass(slots=True)
class ModelTrials:
    """The trials of one monitor. Safe to call from several threads."""

    app: "App"
    #: The one that runs, or the last one.
    last: Running | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, samples: Sequence[Sample], edit: Edit, config: Config) -> bool:
        """Try a model, unless another one is tried.

        Args:
            samples: the labelled articles.
            edit: lets the model read.
            config: the whole configuration with the edit.
        """
        assert config.reader.llm is not None
        with self._lock:
            if self.last is not None and not self.last.is_over:
                return False
            self.last = Running(edit=edit, llm=config.reader.llm, total=len(samples))
        # Nothing has to wait for it when the service ends.
        threading.Thread(target=self._run, args=(self.last, samples, config), name="model-trial", daemon=True).start()
        return True

    def stop(self) -> None:
        """End the trial that runs."""
        if self.last is not None:
            self.last.is_stopped = True

    def _run(self, running: Running, samples: Sequence[Sample], config: Config) -> None:
        try:
            trial = ModelTrial(
                samples,
                self.app.setup().lexicons,
                running.llm,
                weights=config.reader.weights,
                is_closing=lambda: running.is_stopped,
            )
            outcome = trial.run(lambda _: _count(running))
            if any(not each.fault for each in outcome.tried):
                found = ReaderTrial.of(outcome.tried)
                running.trial, running.month = found, found.month(news_of_a_month(self.app, running.llm.model))
            running.outcome = outcome
        except MonitorError as error:
            running.error = redact(str(error))
        except BaseException:
            running.error = "it broke off; see the log"
            raise


def _count(running: Running) -> None:
    running.read += 1
