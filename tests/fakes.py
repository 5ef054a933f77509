"""Fakes for the edges that a test does not want: in memory, and as strict as the real ones."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Concatenate, ParamSpec, TypeVar

from monitor.core.alerting.plan import Chosen
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Article, Feed, Project, Reading, Selectors
from monitor.core.news import Message
from monitor.core.polling.network import is_near
from monitor.core.polling.polling import Polling
from monitor.core.reading.projects.matching import Matcher
from monitor.errors import DisallowedError, FetchError
from monitor.feeds.language import LanguageDetector
from monitor.feeds.page import PageText
from monitor.feeds.sitemap import SitemapIndex
from monitor.ports import (
    KEPT_EDITIONS,
    NO_VALIDATORS,
    Account,
    AuditEntry,
    Fetched,
    FileEdition,
    HostileDocument,
    NotModified,
    Outcome,
    ReadOutcome,
    SendResult,
    Session,
    SignUp,
    Token,
    Validators,
)
from monitor.watch.watch import Watch
from monitor.workers.jobs import Bench, ParsedDocument, Recipe, TrialReading, set_out
from monitor.workers.limits import Limits
from tests.builders import VOICE, make_project

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")


@dataclass
class FakeFetcher:
    """Serves documents by address, with an ETag each; what is not there is a 404."""

    documents: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    #: Address → where it has moved for good.
    moved: dict[str, str] = field(default_factory=dict)
    #: Address → the status with which it is refused.
    statuses: dict[str, int] = field(default_factory=dict)
    #: Addresses that fail for now.
    failing: set[str] = field(default_factory=set)
    #: Pages that their sites ask not to fetch.
    disallowed: set[str] = field(default_factory=set)
    #: Address → the hub and the topic that its headers name.
    hubs: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    #: Whether the network is gone: no address can be reached but those of files and of this machine.
    is_offline: bool = False
    #: Addresses that cannot be reached whatever the network.
    down: set[str] = field(default_factory=set)
    #: The addresses to whose hosts a connection was tried.
    tried: list[str] = field(default_factory=list)

    async def reaches(self, url: str) -> bool:
        self.tried.append(url)
        return self._is_reached(url)

    def _is_reached(self, url: str) -> bool:
        return url not in self.down and (not self.is_offline or is_near(url))

    async def fetch(
        self, url: str, *, validators: Validators = NO_VALIDATORS, is_page: bool = False
    ) -> Fetched | NotModified:
        self.asked.append(url)
        if not self._is_reached(url):
            raise FetchError(url, "the name cannot be resolved", transient=True, is_unreached=True)
        if is_page and url in self.disallowed:
            raise DisallowedError(url)
        if url in self.failing:
            raise FetchError(url, "failed (503)", transient=True, status=503)
        if url in self.statuses:
            raise FetchError(url, "refused", transient=False, status=self.statuses[url])
        moved_to = self.moved.get(url)
        body = self.documents.get(moved_to or url)
        if body is None:
            raise FetchError(url, "not found (404)", transient=False, status=404)
        etag = f'"{hash(body)}"'
        if validators.etag == etag:
            return NotModified(moved_to=moved_to)
        hub, topic = self.hubs.get(url, (None, None))
        return Fetched(
            url=moved_to or url,
            body=body,
            content_type="",
            validators=Validators(etag=etag),
            moved_to=moved_to,
            hub=hub,
            topic=topic,
        )


@dataclass
class FakeReader:
    """Reads what the test put down for an article's title."""

    readings: Mapping[str, Reading] = field(default_factory=dict)
    read_titles: list[str] = field(default_factory=list)

    def read(self, article: Article) -> Reading:
        self.read_titles.append(article.title)
        nothing = Reading(language=article.language, projects=(), claims=(), facts=())
        return self.readings.get(article.title, nothing)


@dataclass
class FakeQuarantine:
    """Implements ``ports.Quarantine``."""

    documents: dict[str, HostileDocument] = field(default_factory=dict)

    def add(self, document: HostileDocument) -> None:
        self.documents[document.digest] = document

    def since(self, at: datetime) -> Sequence[HostileDocument]:
        found = (document for document in self.documents.values() if document.at >= at)
        return sorted(found, key=lambda document: (document.at, document.digest))

    def forget(self, before: datetime) -> None:
        self.documents = {digest: each for digest, each in self.documents.items() if each.at >= before}


@dataclass
class FakeAuditLog:
    """Implements ``ports.AuditLog``."""

    stored: list[AuditEntry] = field(default_factory=list)

    def add(self, entry: AuditEntry) -> None:
        self.stored.append(replace(entry, id=len(self.stored) + 1))

    def entries(self, *, before: int | None = None, limit: int) -> Sequence[AuditEntry]:
        return [each for each in reversed(self.stored) if before is None or each.id < before][:limit]


@dataclass
class FakeFileEditions:
    """Implements ``ports.FileEditions``."""

    stored: list[FileEdition] = field(default_factory=list)
    _number: int = 0

    def add(self, edition: FileEdition) -> None:
        self._number += 1
        self.stored.append(replace(edition, id=self._number))
        for oldest in self.editions(file=edition.file, limit=self._number)[KEPT_EDITIONS:]:
            self.stored.remove(oldest)

    def files(self) -> Collection[str]:
        return {each.file for each in self.stored}

    def edition(self, number: int) -> FileEdition | None:
        return next((each for each in self.stored if each.id == number), None)

    def last(self, file: str, *, before: int | None = None) -> FileEdition | None:
        return next(iter(self.editions(file=file, before=before, limit=1)), None)

    def editions(self, *, file: str | None = None, before: int | None = None, limit: int) -> Sequence[FileEdition]:
        found = (each for each in reversed(self.stored) if file in {None, each.file})
        return [each for each in found if before is None or each.id < before][:limit]


@dataclass
class FakeAccounts:
    """Implements ``ports.Accounts``."""

    stored: dict[str, Account] = field(default_factory=dict)
    open_sessions: dict[str, Session] = field(default_factory=dict)
    issued: dict[int, Token] = field(default_factory=dict)
    number: int = 0

    def exist(self) -> bool:
        return bool(self.stored)

    def all(self) -> Sequence[Account]:
        return [self.stored[name] for name in sorted(self.stored)]

    def find(self, name: str) -> Account | None:
        return self.stored.get(name)

    def add(self, account: Account) -> bool:
        return self.stored.setdefault(account.name, account) is account

    def change(self, account: Account, *, ends_access: bool) -> bool:
        if ends_access:
            self._end(account.name)
        is_there = account.name in self.stored
        self.stored |= {account.name: account} if is_there else {}
        return is_there

    def rehash(self, name: str, before: str, after: str) -> None:
        account = self.stored.get(name)
        if account is not None and account.password == before:
            self.stored[name] = replace(account, password=after)

    def remove(self, name: str) -> bool:
        self._end(name)
        return self.stored.pop(name, None) is not None

    def open(self, session: Session, *, password: str | None, forget: datetime, most: int) -> bool:
        account = self.stored.get(session.account)
        if account is None or account.is_disabled or account.password != password:
            return False
        kept = [each for each in self.open_sessions.values() if each.opened_at >= forget]
        own = sorted((each for each in kept if each.account == session.account), key=lambda each: each.opened_at)
        beyond = {each.digest for each in own[: max(0, len(own) - most + 1)]}
        self.open_sessions = {each.digest: each for each in (*kept, session) if each.digest not in beyond}
        return True

    def session(self, digest: str) -> tuple[Session, Account] | None:
        found = self.open_sessions.get(digest)
        return (found, self.stored[found.account]) if found else None

    def sessions(self, account: str) -> Sequence[Session]:
        own = [each for each in self.open_sessions.values() if each.account == account]
        return sorted(own, key=lambda each: each.seen_at, reverse=True)

    def seen(self, digest: str, at: datetime) -> None:
        if digest in self.open_sessions:
            self.open_sessions[digest] = replace(self.open_sessions[digest], seen_at=at)

    def close(self, account: str, *, only: str | None = None, but: str = "") -> int:
        gone = [
            each.digest
            for each in self.open_sessions.values()
            if each.account == account and only in {None, each.digest} and each.digest != but
        ]
        for digest in gone:
            del self.open_sessions[digest]
        return len(gone)

    def issue(self, token: Token) -> int:
        self.number += 1
        self.issued[self.number] = replace(token, id=self.number)
        return self.number

    def token(self, digest: str) -> tuple[Token, Account] | None:
        found = next((each for each in self.issued.values() if each.digest == digest), None)
        return (found, self.stored[found.account]) if found else None

    def tokens(self, account: str | None = None) -> Sequence[Token]:
        return [each for each in self.issued.values() if account in {None, each.account}]

    def used(self, id_: int, at: datetime) -> None:
        self.issued[id_] = replace(self.issued[id_], used_at=at)

    def revoke(self, id_: int, *, account: str | None = None) -> Token | None:
        found = self.issued.get(id_)
        if found is None or account not in {None, found.account}:
            return None
        return self.issued.pop(id_)

    def _end(self, name: str) -> None:
        self.open_sessions = {digest: each for digest, each in self.open_sessions.items() if each.account != name}
        self.issued = {id_: each for id_, each in self.issued.items() if each.account != name}


@dataclass
class RecordingSender:
    """Records what it is given; answers with these results in turn, then always with success."""

    results: list[SendResult] = field(default_factory=list)
    sent: list[tuple[str, Message]] = field(default_factory=list)

    def send(self, url: str, message: Message) -> SendResult:
        self.sent.append((url, message))
        return self.results.pop(0) if self.results else SendResult(outcome=Outcome.SENT)


def make_watch(projects: Iterable[Project] = (make_project(),), **more: Any) -> Watch:
    """What watches these projects, and tells nobody, unless told otherwise."""
    watched = tuple(projects)
    watch = Watch(
        projects={project.id: project for project in watched},
        lifecycles={"industrial": INDUSTRIAL},
        subscribers=(),
        matcher=Matcher(watched),
        reader=FakeReader(),
        detector=LanguageDetector(("en",)),
        polling=Polling(),
        alert_horizon=timedelta(days=7),
        timezone=UTC,
        voice=VOICE,
    )
    return replace(watch, **more)


@dataclass
class InlineDocuments:
    """``Documents`` in this process, by what a watch reads by."""

    bench: Bench

    @classmethod
    def of(cls, watch: Watch) -> "InlineDocuments":
        return cls(Bench(matcher=watch.matcher, reader=watch.reader, detector=watch.detector))

    async def parse(
        self,
        answer: Fetched,
        *,
        now: datetime,
        known: Collection[bytes] = (),
        page: Selectors | None = None,
        language: str | None = None,
    ) -> ParsedDocument:
        return self.bench.parse(
            answer.body,
            url=answer.url,
            content_type=answer.content_type,
            now=now,
            known=known,
            page=page,
            language=language,
        )

    async def index(self, answer: Fetched) -> SitemapIndex | None:
        return self.bench.index(answer.body, url=answer.url, content_type=answer.content_type)

    async def pages(self, answer: Fetched) -> list[str]:
        return self.bench.pages(answer.body, url=answer.url, content_type=answer.content_type)

    async def extract(self, answer: Fetched) -> PageText:
        return self.bench.extract(answer.body, url=answer.url, content_type=answer.content_type)

    async def named_feeds(self, answer: Fetched) -> tuple[Feed, ...]:
        return self.bench.named_feeds(answer.body, url=answer.url, content_type=answer.content_type)

    async def plain(self, answer: Fetched) -> str:
        return self.bench.plain(answer.body, url=answer.url, content_type=answer.content_type)

    async def read(self, article: Article, *, language: str | None) -> tuple[str | None, ReadOutcome]:
        found, told = self.bench.read(article, language=language)
        return found, ReadOutcome(reading=told.reading)

    async def try_out(self, article: Article, *, language: str | None) -> tuple[str | None, TrialReading]:
        return self.bench.try_out(article, language=language)


@dataclass
class InlineCrew:
    """Takes the place of ``Crew`` in this process, where vocabularies are compiled once for all tests."""

    recipe: Recipe
    limits: Limits
    processes: int = 1
    warm: bool = False

    @cached_property
    def bench(self) -> Bench:
        return set_out(self.recipe)

    async def do(self, size: int, work: Callable[Concatenate[Bench, P], T], /, *args: P.args, **options: P.kwargs) -> T:
        return await asyncio.to_thread(lambda: work(self.bench, *args, **options))

    def do_all(
        self, work: Callable[[Bench, Sequence[T]], Sequence[R]], items: Sequence[T], *, at_a_time: int
    ) -> Sequence[R]:
        return work(self.bench, items)

    def start(self) -> None: ...

    def does_the_same(self, other: "InlineCrew") -> bool:
        return self.recipe == other.recipe

    def retire(self) -> None: ...

    def close(self) -> None: ...


@dataclass
class FakeReaders:
    """Implements ``ports.Readers``."""

    stored: dict[str, SignUp] = field(default_factory=dict)
    choices: dict[tuple[str, str], Chosen] = field(default_factory=dict)

    def choose(self, chosen: Chosen) -> None:
        self.choices[chosen.subscriber, chosen.destination] = chosen

    def chosen(self) -> Sequence[Chosen]:
        return [self.choices[key] for key in sorted(self.choices)]

    def request(self, sign_up: SignUp, token_hash: str, *, forget_before: datetime) -> None:
        self.stored = {
            token: each
            for token, each in self.stored.items()
            if each.confirmed_at or each.requested_at >= forget_before
        } | {token_hash: sign_up}

    def requests(self, since: datetime) -> Sequence[SignUp]:
        found = [each for each in self.stored.values() if each.requested_at >= since]
        return sorted(found, key=lambda each: (each.address, each.requested_at))

    def confirm(self, token_hash: str, now: datetime, *, since: datetime) -> SignUp | None:
        found = self.stored.get(token_hash)
        if found is None or found.requested_at < since:
            return None
        confirmed = replace(found, confirmed_at=found.confirmed_at or now)
        kept = [one for one in self.stored.items() if one[1].address != found.address or not one[1].confirmed_at]
        self.stored = {**dict(kept), token_hash: confirmed}
        return confirmed

    def confirmed(self) -> Sequence[SignUp]:
        return sorted((each for each in self.stored.values() if each.confirmed_at), key=lambda each: each.address)

    def forget(self, address: str) -> None:
        self.stored = {token: each for token, each in self.stored.items() if each.address != address}
        self.choices = {key: each for key, each in self.choices.items() if key[0] != address}
