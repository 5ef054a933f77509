"""The whole configuration as frozen values, from which the program is built."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from operator import attrgetter
from pathlib import Path

from monitor.core.access import Role
from monitor.core.folding.weighing import FoldPolicy
from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Feed, Project
from monitor.core.news import Destination, Subscriber
from monitor.core.polling import polling
from monitor.core.reading.overrules.phrase import Phrase
from monitor.errors import ConfigProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class PollingConfig:
    """How often feeds are polled, and the limits on requests."""

    #: The polling intervals.
    policy: polling.Polling
    #: To all hosts together.
    requests_per_minute: int
    #: Concurrent requests to one site, and the time between the starts of two requests to it.
    per_host: int
    spacing: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """The limits of one request, and the addresses that it may use."""

    #: For the whole request, redirects and body included.
    timeout: timedelta
    #: Of the decoded body.
    max_bytes: int
    #: The contact for the sources, in the User-Agent. None if the operator gives none.
    contact: str | None
    #: Networks that are not public but may be connected to.
    allow_private: tuple[IPv4Network | IPv6Network, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerLimits:
    """The processes that parse fetched documents, and the limits for one document."""

    processes: int
    #: Processor time for one document.
    time: timedelta
    #: Of one process, in bytes.
    memory: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A provider where people log in (OpenID Connect). Its ``repr`` shows no secrets."""

    issuer: str
    client_id: str
    #: None if the provider has given none.
    client_secret: str | None = field(repr=False)
    #: The role by verified e-mail address or by subject, as written.
    allow: Mapping[str, Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfService:
    """Who may subscribe alone, and to what."""

    #: The mail account that writes to them. None while its address is not complete, or nothing is sent.
    sender: Destination | None
    #: Domains of mail addresses. ``*`` for all.
    domains: tuple[str, ...]
    #: As in ``Subscriber.projects``.
    projects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """Where the service listens on the web."""

    host: str
    port: int
    #: Its public address without a trailing slash. None if it is not public.
    public: str | None
    #: None if people log in with passwords only.
    oidc: Provider | None
    #: None if nobody may subscribe alone.
    subscribe: SelfService | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The limits on the use of a language model."""

    requests_per_day: int
    tokens_per_day: int
    requests_per_article: int
    tokens_per_article: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageModel:
    """A language model that reads, and its limits. Its ``repr`` shows no secrets."""

    endpoint: str
    model: str
    #: None if the endpoint needs no key.
    api_key: str | None = field(repr=False)
    #: For one whole question.
    timeout: timedelta
    #: The file that keeps the answers and the usage.
    answers: Path
    budget: Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderChoice:
    """The reader of articles."""

    #: ``trained``, or ``package.module:Name`` of a reader factory. With a language model, its fallback.
    use: str
    #: The folder of the trained reader's weights. None for the shipped ones.
    weights: Path | None
    #: None if no language model reads.
    llm: LanguageModel | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A valid configuration. Its ``repr`` shows no secrets."""

    folder: Path
    #: SQLAlchemy address; a relative SQLite path is made absolute. May contain a password.
    database: str = field(repr=False)
    timezone: str
    #: By name: those of ``lifecycles.yaml``, and ``industrial``.
    lifecycles: Mapping[str, Lifecycle]
    polling: PollingConfig
    fetch: FetchLimits
    workers: WorkerLimits
    #: Older news counts as history and alerts nobody.
    alert_horizon: timedelta
    #: How long the texts of articles are kept after they arrive. None means for ever.
    keep_texts: timedelta | None
    #: The thresholds at which the ledger believes reports.
    weighing: FoldPolicy
    web: Web
    reader: ReaderChoice
    #: The operator's phrases, which overrule the reader.
    phrases: tuple[Phrase, ...]
    #: The destinations for problems of the monitor itself.
    operator: tuple[Destination, ...]
    feeds: tuple[Feed, ...] = field(repr=False)
    projects: tuple[Project, ...]
    subscribers: tuple[Subscriber, ...]
    #: The operator's own templates of messages, by name.
    templates: Mapping[str, str] = field(repr=False)
    #: Warnings of valid settings that are probably mistakes.
    warnings: tuple[ConfigProblem, ...]
    #: Unset variables and secrets that only destinations need. These destinations have a ``fault``; all else works.
    unset: tuple[ConfigProblem, ...] = ()
    #: Values that must never be logged or shown, in all spellings that may occur.
    secrets: frozenset[str] = field(repr=False)
    #: The fingerprint of the files; see ``files.changed``.
    fingerprint: str

    @property
    def polled(self) -> tuple[Feed, ...]:
        """The feeds that are not paused."""
        return tuple(feed for feed in self.feeds if not feed.is_paused)


#: Keys for which the service holds something open. An edit of them takes effect at its next start.
_AT_START = (
    "database",
    *(f"polling.{name}" for name in ("requests_per_minute", "per_host", "spacing")),
    *(f"fetch.{each.name}" for each in fields(FetchLimits)),
    *(f"web.{each.name}" for each in fields(Web)),
)


def waiting(started: Config, now: Config) -> tuple[str, ...]:
    """The keys of monitor.yaml that differ from those the service has started with, and wait for its next start."""
    return tuple(key for key in _AT_START if attrgetter(key)(started) != attrgetter(key)(now))
