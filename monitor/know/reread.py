"""Reads again the articles whose readings are provisional: another reader stood in for the language model."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from monitor.core.news import Change
from monitor.errors import HostileError
from monitor.logs import get_logger
from monitor.ports import Ledger, Provisional, ReadArticle, ReadFor, ReadOutcome
from monitor.watch.setup import Setup
from monitor.watch.watch import News, decider
from monitor.workers.documents import Documents

#: Articles taken from the ledger at a time.
_AT_A_TIME = 20

log = get_logger()


@dataclass(slots=True, kw_only=True)
class Rereader:
    """One for each process. Between two rounds it keeps only what a restart may forget."""

    #: Returns the current setup.
    setup: Callable[[], Setup]
    #: Returns what parses documents with that setup.
    documents: Callable[[], Documents]
    ledger: Ledger
    #: Returns the present instant, aware, in UTC.
    clock: Callable[[], datetime]
    #: Articles that were tried in this round and stay provisional. One that never gets an answer does not block the
    #: others.
    _tried: set[str] = field(default_factory=set)

    async def read_again(self) -> tuple[Change, ...]:
        """Read provisional articles, news first, while the language model may be asked. Returns the changes.

        Differences are reported like a correction, unless the article was recorded as history.

        Raises:
            LedgerError: the database refused; articles read before are kept.
        """
        changes: list[Change] = []
        for kind in Provisional:
            while batch := await asyncio.to_thread(self._next, kind):
                for item in batch:
                    asker = self.setup().asker
                    if asker is None or asker.is_paused:
                        return tuple(changes)
                    changes += await self._read(item, kind)
        self._tried.clear()
        return tuple(changes)

    def _next(self, kind: Provisional) -> Sequence[ReadArticle]:
        if self.setup().asker is None:
            return ()
        waiting = (item for item in self.ledger.provisional(kind) if item.article.key not in self._tried)
        return tuple(islice(waiting, _AT_A_TIME))

    async def _read(self, item: ReadArticle, kind: Provisional) -> Sequence[Change]:
        watch, article = self.setup().watch, item.article
        self._tried.add(article.key)
        try:
            language, read = await self.documents().read(article, language=article.language)
        except HostileError as error:
            log.warning("article.not_read_again", article=article.url or article.key, reason=str(error))
            language, read = article.language, ReadOutcome(reading=item.reading)
        if read.is_provisional:
            return ()
        now = self.clock()
        again = replace(
            item,
            article=replace(article, language=language),
            source=replace(item.source, seen_at=now),
            reading=read.reading,
            reader=watch.fingerprint,
        )
        decide = decider(watch, News(since=now - watch.alert_horizon, now=now) if kind is Provisional.NEWS else None)

        def keep() -> Sequence[Change]:
            heard = self.ledger.heard([article.key]).get(article.key)
            if heard is None or heard.article != article:
                # Its publisher has changed it meanwhile. That edition was read separately.
                return ()
            return self.ledger.reread([again], ReadFor.MODEL, decide)

        return await asyncio.to_thread(keep)
