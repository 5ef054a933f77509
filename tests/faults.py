"""The edges of a poll with faults put between any two steps, over the real ones; in one thread, in a fixed order."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, event

from monitor.core.news import Change
from monitor.errors import FetchError, LedgerError
from monitor.ledger.store import SQLLedger
from monitor.ports import (
    NO_VALIDATORS,
    Decide,
    EntryRecord,
    Fetched,
    Fetcher,
    NotModified,
    Poll,
    ReadArticle,
    Validators,
)

P = ParamSpec("P")
T = TypeVar("T")


class Died(BaseException):
    """The process ended here: nothing after it was done, and nobody heard of it. No error, so nothing catches it."""


class Fault(Enum):
    """What goes wrong at a step; where a step cannot go wrong so, the process dies there."""

    NONE = auto()
    #: The server, or the database, refuses.
    REFUSED = auto()
    #: A page of somebody's in place of the document, with the document's validators.
    OTHER_PAGE = auto()
    #: The document without its end, with the validators of the whole.
    CUT_OFF = auto()
    #: The task is cancelled.
    CANCELLED = auto()
    DIES = auto()
    #: At the last moment before the commit.
    DIES_BEFORE_COMMIT = auto()
    #: What was asked is done, and nobody hears of it.
    DIES_AFTER = auto()


@dataclass
class Faults:
    """The faults to come, one for each step; none when they are used up."""

    to_come: Iterator[Fault] = field(default_factory=lambda: iter(()))
    #: Whether the next commit is the end.
    is_last_commit: bool = False

    def next(self) -> Fault:
        return next(self.to_come, Fault.NONE)

    def watch(self, engine: Engine) -> None:
        """Die in the commits of this engine when it is said so."""

        @event.listens_for(engine, "commit")
        def commit(_: Connection) -> None:
            if self.is_last_commit:
                self.is_last_commit = False
                raise Died


@dataclass
class FaultyFetcher:
    """``ports.Fetcher`` over another one."""

    inner: Fetcher
    faults: Faults

    async def fetch(
        self, url: str, *, validators: Validators = NO_VALIDATORS, is_page: bool = False
    ) -> Fetched | NotModified:
        fault = self.faults.next()
        await asyncio.sleep(0)
        if fault is Fault.REFUSED:
            raise FetchError(url, "refused by the test", transient=True, status=503)
        if fault is Fault.CANCELLED:
            _cancel()
            await asyncio.sleep(0)
        if fault in {Fault.DIES, Fault.DIES_BEFORE_COMMIT}:
            raise Died
        answer = await self.inner.fetch(url, validators=validators, is_page=is_page)
        if fault is Fault.DIES_AFTER:
            raise Died
        if isinstance(answer, Fetched) and fault is Fault.OTHER_PAGE:
            return replace(answer, body=b"<html><title>Log in</title></html>")
        if isinstance(answer, Fetched) and fault is Fault.CUT_OFF:
            return replace(answer, body=answer.body[: len(answer.body) * 2 // 3])
        return answer

    async def reaches(self, url: str) -> bool:
        return await self.inner.reaches(url)


class FaultyLedger(SQLLedger):
    """The real ledger, whose steps in a poll fail as they are told to."""

    def __init__(self, engine: Engine, faults: Faults) -> None:
        super().__init__(engine)
        self._faults = faults
        faults.watch(engine)

    def seen(
        self, feed_url: str, entries: Sequence[str], articles: Sequence[str]
    ) -> tuple[Mapping[str, EntryRecord], frozenset[str]]:
        return self._step(super().seen, feed_url, entries, articles)

    def heard(self, articles: Sequence[str]) -> Mapping[str, ReadArticle]:
        return self._step(super().heard, articles)

    def record_all(self, polls: Sequence[tuple[Poll, Decide]]) -> Sequence[tuple[Change, ...]]:
        return self._step(super().record_all, polls)

    def _step(self, do: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        fault = self._faults.next()
        if fault is Fault.REFUSED:
            raise LedgerError("refused by the test")
        if fault is Fault.CANCELLED:
            _cancel()
        if fault in {Fault.DIES, Fault.OTHER_PAGE, Fault.CUT_OFF}:
            raise Died
        self._faults.is_last_commit = fault is Fault.DIES_BEFORE_COMMIT
        try:
            done = do(*args, **kwargs)
        finally:
            self._faults.is_last_commit = False
        if fault is Fault.DIES_AFTER:
            raise Died
        return done


def _cancel() -> None:
    task = asyncio.current_task()
    assert task is not None
    task.cancel()


class OneThread(ThreadPoolExecutor):
    """Does at once, in the thread of the loop, what is given to it: the same order each time."""

    def submit(self, do: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        future: Future[T] = Future()
        try:
            future.set_result(do(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - as an executor does; it is raised where it is waited for
            future.set_exception(error)
        return future


def run_in_one_thread(work: Awaitable[Any]) -> None:
    """``asyncio.run`` with all threads in one."""

    async def main() -> None:
        asyncio.get_running_loop().set_default_executor(OneThread())
        await work

    asyncio.run(main())
