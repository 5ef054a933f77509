"""Parses documents and reads articles in worker processes. Those that break a worker are kept out for a day."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from monitor.core.model import Article, Feed, Selectors
from monitor.errors import HostileError
from monitor.feeds.page import PageText
from monitor.feeds.sitemap import SitemapIndex
from monitor.logs import get_logger
from monitor.ports import Asker, Fetched, HostileDocument, Quarantine, ReadOutcome, Unanswered
from monitor.workers.crew import Crew, OverLimitError
from monitor.workers.jobs import Bench, ParsedDocument, TrialReading

#: A document that was given up is not tried again for this long.
KEPT_OUT = timedelta(days=1)

log = get_logger()

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class _OfDocument(Protocol[T_co]):
    """A method of ``Bench`` that takes only a document."""

    __name__: str

    def __call__(self, bench: Bench, body: bytes, /, *, url: str, content_type: str) -> T_co: ...


class Documents(Protocol):
    """Parses foreign text. Every method raises ``ParseError`` if the text is not of the expected kind.

    A document that exceeds the limits on time or memory raises ``HostileError``.
    """

    async def parse(
        self,
        answer: Fetched,
        *,
        now: datetime,
        known: Collection[bytes] = (),
        page: Selectors | None = None,
        language: str | None = None,
    ) -> ParsedDocument:
        """Parse a feed document and match its entries; see ``Bench.parse``."""
        ...

    async def index(self, answer: Fetched) -> SitemapIndex | None:
        """The sitemaps that an index names. None if the document is not an index."""
        ...

    async def pages(self, answer: Fetched) -> list[str]:
        """The elements of the pages that a sitemap names, as written."""
        ...

    async def extract(self, answer: Fetched) -> PageText:
        """The article on a page."""
        ...

    async def named_feeds(self, answer: Fetched) -> tuple[Feed, ...]:
        """The feeds that a page names for readers."""
        ...

    async def plain(self, answer: Fetched) -> str:
        """The text of a document, decoded but not parsed."""
        ...

    async def read(self, article: Article, *, language: str | None) -> tuple[str | None, ReadOutcome]:
        """Return the article's language and its reading. ``language`` is the one that its publisher states."""
        ...

    async def try_out(self, article: Article, *, language: str | None) -> tuple[str | None, TrialReading]:
        """Return the article's language, and what is read in it; see ``Bench.try_out``."""
        ...


class Contained:
    """``Documents`` in worker processes. A document that breaks them is recorded, logged, and not tried for a day."""

    def __init__(
        self,
        crew: Crew,
        quarantine: Quarantine | None,
        *,
        clock: Callable[[], datetime],
        asker: Asker | None = None,
    ) -> None:
        """Prepare. No process is started yet.

        Args:
            crew: does the work.
            quarantine: stores the documents that were given up; None to store nothing and try every document.
            clock: returns the present instant, aware, in UTC.
            asker: asks a language model. It blocks, so it is called in a thread. It waits for a service, so its time
                does not count against the limits.
        """
        self._crew = crew
        self._quarantine = quarantine
        self._clock = clock
        self._asker = asker
        #: By digest. None until the quarantine was queried.
        self._hostile: dict[str, HostileDocument] | None = None

    async def parse(
        self,
        answer: Fetched,
        *,
        now: datetime,
        known: Collection[bytes] = (),
        page: Selectors | None = None,
        language: str | None = None,
    ) -> ParsedDocument:
        body, url, content_type = answer.body, answer.url, answer.content_type
        return await self._contained(
            body,
            url,
            Bench.parse,
            body,
            url=url,
            content_type=content_type,
            now=now,
            known=known,
            page=page,
            language=language,
        )

    async def index(self, answer: Fetched) -> SitemapIndex | None:
        return await self._of(answer, Bench.index)

    async def pages(self, answer: Fetched) -> list[str]:
        return await self._of(answer, Bench.pages)

    async def extract(self, answer: Fetched) -> PageText:
        return await self._of(answer, Bench.extract)

    async def named_feeds(self, answer: Fetched) -> tuple[Feed, ...]:
        return await self._of(answer, Bench.named_feeds)

    async def plain(self, answer: Fetched) -> str:
        return await self._of(answer, Bench.plain)

    async def read(self, article: Article, *, language: str | None) -> tuple[str | None, ReadOutcome]:
        text = f"{article.title}\n{article.text}".encode(errors="surrogatepass")
        subject = article.url or article.title
        found, told = await self._contained(text, subject, Bench.read, article, language=language)
        if self._asker is None or told.question is None:
            return found, ReadOutcome(reading=told.reading)
        answer = await asyncio.to_thread(self._asker.ask, told.question)
        if isinstance(answer, Unanswered):
            return found, ReadOutcome(reading=told.reading, is_provisional=not answer.is_final)
        known = replace(article, language=found)
        reading, dropped = await self._contained(text, subject, Bench.conclude, known, answer, told.reading)
        self._asker.report(told.question, dropped)
        return found, ReadOutcome(reading=reading)

    async def try_out(self, article: Article, *, language: str | None) -> tuple[str | None, TrialReading]:
        text = f"{article.title}\n{article.text}".encode(errors="surrogatepass")
        return await self._contained(text, article.url or article.title, Bench.try_out, article, language=language)

    async def _of(self, answer: Fetched, work: "_OfDocument[T]") -> T:
        body, url, content_type = answer.body, answer.url, answer.content_type
        return await self._contained(body, url, work, body, url=url, content_type=content_type)

    async def _contained(
        self,
        content: bytes,
        subject: str,
        work: Callable[Concatenate[Bench, P], T],
        /,
        *args: P.args,
        **options: P.kwargs,
    ) -> T:
        """Run a job, unless the same content was given up for it within a day.

        Args:
            content: the foreign text of the job.
            subject: where it came from.
            work: a method of ``Bench``.
            args: its arguments.
            options: its keyword arguments.
        """
        if self._hostile is None:
            self._hostile = await asyncio.to_thread(self._known)
        name = work.__name__
        # Most installations never meet such a document, so the hash is computed only if one is known.
        document = self._hostile.get(await asyncio.to_thread(_digest, name, content)) if self._hostile else None
        if document is not None and timedelta(0) <= self._clock() - document.at < KEPT_OUT:
            raise HostileError(subject, _said(document))
        try:
            return await self._crew.do(len(content), work, *args, **options)
        except OverLimitError as error:
            digest = await asyncio.to_thread(_digest, name, content)
            document = HostileDocument(digest=digest, url=subject, reason=str(error), at=self._clock())
            self._hostile[digest] = document
            log.warning("document.hostile", url=subject, digest=digest, reason=str(error))
            await asyncio.to_thread(self._keep, document)
            raise HostileError(subject, _said(document)) from error

    def _known(self) -> dict[str, HostileDocument]:
        found = self._quarantine.since(self._clock() - KEPT_OUT) if self._quarantine is not None else ()
        return {document.digest: document for document in found}

    def _keep(self, document: HostileDocument) -> None:
        if self._quarantine is not None:
            self._quarantine.forget(document.at - KEPT_OUT)
            self._quarantine.add(document)


def _digest(name: str, content: bytes) -> str:
    return sha256(name.encode() + b"\0" + content).hexdigest()


def _said(document: HostileDocument) -> str:
    until = document.at + KEPT_OUT
    return f"{document.reason}; it was given up and is not tried again before {until:%Y-%m-%d %H:%M} UTC"
