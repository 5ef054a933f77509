"""The whole configuration as frozen values: what the rest of the program is wired from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from monitor.core.folding.weighing import FoldPolicy
from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Feed, Project
from monitor.core.news import Destination, Subscriber
from monitor.core.polling import polling
from monitor.core.reading.overrules.overrules import Phrase
from monitor.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """How often the feeds are asked, and how hard."""

    #: How often.
    policy: polling.Polling
    #: To all hosts together.
    requests_per_minute: int
    #: Requests under way to one site at a time, and how long after the beginning of one the next may begin.
    per_host: int
    spacing: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """What one request may cost, and where it may go."""

    #: For the whole request, redirects and body included.
    timeout: timedelta
    #: Of the body as decoded.
    max_bytes: int
    #: Told to the sources in the User-Agent; None where the operator gives none.
    contact: str | None
    #: Networks that are not public and may be reached all the same.
    allow_private: tuple[IPv4Network | IPv6Network, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerLimits:
    """The processes that read what was fetched, and what one document may cost."""

    processes: int
    #: Of one document.
    time: timedelta
    #: Of one process, in bytes.
    memory: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """Where the service answers on the web."""

    host: str
    port: int
    #: Where the world reaches it, without a stroke at the end; None where it does not.
    public: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What may be spent on a language model."""

    requests_per_day: int
    tokens_per_day: int
    requests_per_article: int
    tokens_per_article: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageModel:
    """A language model that reads, and at what cost. Nothing secret shows in its ``repr``."""

    endpoint: str
    model: str
    #: None where the endpoint wants none.
    api_key: str | None = field(repr=False)
    #: For one whole question.
    timeout: timedelta
    #: Where answers are kept, and what was spent.
    answers: Path
    budget: Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderChoice:
    """How articles are read."""

    #: ``rules``, ``trained``, or ``package.module:Name`` of a reader's factory; beside a language model its fallback.
    use: str
    #: The folder of the trained reader's weights; None for those that came with the program.
    weights: Path | None
    #: None where none reads.
    llm: LanguageModel | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A valid configuration. Nothing secret shows in its ``repr``."""

    folder: Path
    #: SQLAlchemy address; a relative SQLite path is made absolute. May hold a password.
    database: str = field(repr=False)
    timezone: str
    #: By name; those of ``lifecycles.yaml`` and ``industrial``.
    lifecycles: Mapping[str, Lifecycle]
    polling: Polling
    fetch: FetchLimits
    workers: WorkerLimits
    #: Older news is history, not news.
    alert_horizon: timedelta
    #: How long the texts of articles are kept, from when they came; None for ever.
    keep_texts: timedelta | None
    #: How much it takes for the ledger to believe.
    weighing: FoldPolicy
    web: Web
    reader: ReaderChoice
    #: What the operator knows better than the reader.
    phrases: tuple[Phrase, ...]
    #: Who is told what ails the monitor itself.
    operator: tuple[Destination, ...]
    feeds: tuple[Feed, ...] = field(repr=False)
    projects: tuple[Project, ...]
    subscribers: tuple[Subscriber, ...]
    #: The operator's own templates of messages, by name.
    templates: Mapping[str, str] = field(repr=False)
    #: What works and yet is probably not meant.
    warnings: tuple[Problem, ...]
    #: Values that must never be logged or shown, in every spelling in which they may turn up.
    secrets: frozenset[str] = field(repr=False)
    #: Of the files that this was read from; see ``files.changed``.
    fingerprint: str
