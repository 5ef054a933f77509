"""The composition root: builds everything from a configuration. No other module constructs an engine or a fetcher."""

import asyncio
import os
import random
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from monitor.app.archive import Archive
from monitor.core.access import Actor
from monitor.core.health import Bulletin, Finding
from monitor.core.model import Article
from monitor.core.news import Change
from monitor.core.reading.lexicon import Lexicon
from monitor.deliver.courier import Courier
from monitor.delivery.apprise import AppriseSender
from monitor.errors import InputError, LedgerError
from monitor.feeds.addresses import AddressPolicy
from monitor.feeds.fetch import GuardedFetcher
from monitor.know.queries import look_at_the_clock
from monitor.know.rebuild import ReadAll, Rereader
from monitor.ledger.feeds import SQLQuarantine
from monitor.logs import keep_secret
from monitor.operate.configuration import Edit
from monitor.operate.selfcheck import Physician, findings
from monitor.poll.commit import Desk, Recorder
from monitor.poll.rounds import Poller
from monitor.ports import Asker, Reader, ReadOutcome, Unanswered
from monitor.readers.checked import CheckedReader, checks
from monitor.readers.plug import MODEL, TRAINED, reader_factory, survey
from monitor.settings.config import Config
from monitor.watch.setup import Setup, set_up
from monitor.watch.subscribed import Subscribed
from monitor.watch.watch import Watch, utc_now
from monitor.workers.crew import Crew
from monitor.workers.documents import KEPT_OUT, Contained, Documents
from monitor.workers.jobs import Bench, ReadByWorker, Recipe
from monitor.workers.limits import Limits


class App(Archive):
    """The monitor with one configuration: everything that fetches, reads and sends."""

    def __init__(
        self,
        config: Config,
        lexicons: Mapping[str, Lexicon],
        *,
        console: Console | None = None,
        clock: Callable[[], datetime] = utc_now,
        chance: Callable[[], float] = random.random,
        warm: bool = False,
    ) -> None:
        """Prepare. Nothing is opened yet.

        Args:
            config: the configuration of the whole program.
            lexicons: the vocabulary, by language.
            console: where ``console://`` destinations print; standard output if None.
            clock: returns the present instant, aware, in UTC.
            chance: returns a number in [0, 1), for jitter.
            warm: compile in advance what reading needs, for a long-running process.
        """
        super().__init__(config, clock=clock)
        #: The configuration that the database, the fetcher and the web server were made from.
        self.started_with = config
        self.chance = chance
        self._console = console
        self._closing = threading.Event()
        self._told: list[Callable[[], None]] = []
        self._warm = warm
        self._crew: Crew | None = None
        self._documents: Documents | None = None
        self.reconfigure(config, lexicons)

    def reconfigure(self, config: Config, lexicons: Mapping[str, Lexicon]) -> None:
        """Use another configuration from the next poll and delivery on. The database and the fetcher stay."""
        setup = set_up(config, lexicons, clock=self.clock, is_closing=self._closing.is_set)
        everybody = self.joined(config)
        self._setup = replace(setup, watch=replace(setup.watch, subscribers=everybody))
        self._joined = everybody
        self._documents = None
        former, self._crew = self._crew, self._crew_for(config)
        if former is not None and former is not self._crew:
            former.retire()

    def _crew_for(self, config: Config) -> Crew:
        """Return the current crew if the configuration leaves its work unchanged, otherwise a new one."""
        crew = Crew(
            recipe=self._setup.recipe,
            limits=_limits(config),
            processes=config.workers.processes,
            warm=self._warm,
        )
        return self._crew if self._crew is not None and self._crew.does_the_same(crew) else crew

    @property
    def config(self) -> Config:
        return self._setup.config

    @property
    def watch(self) -> Watch:
        return self._setup.watch

    @property
    def everybody(self) -> Subscribed:
        return self._joined

    def setup(self) -> Setup:
        """The current setup."""
        return self._setup

    # ------------------------------------------------------------ what does the work

    @cached_property
    def poller(self) -> Poller:
        desk = Desk()
        return Poller(
            setup=self.setup,
            documents=self.documents,
            ledger=self.ledger,
            recorder=Recorder(self.ledger, desk),
            desk=desk,
            hubs=self.hubs,
            clock=self.clock,
            chance=self.chance,
        )

    @cached_property
    def rereader(self) -> Rereader:
        return Rereader(setup=self.setup, documents=self.documents, ledger=self.ledger, clock=self.clock)

    def look_at_the_clock(self) -> tuple[Change, ...]:
        """Raise changes that time alone brings: overdue forecasts and quiet projects. Returns the new changes."""
        return look_at_the_clock(self.knowledge, self.watch, ledger=self.ledger, now=self.clock())

    @cached_property
    def courier(self) -> Courier:
        return Courier(
            setup=self.setup,
            ledger=self.ledger,
            outbox=self.outbox,
            departures=self.departures,
            sender=self.sender,
            known=self.knowledge.brief,
            clock=self.clock,
            chance=self.chance,
        )

    @cached_property
    def _physician(self) -> Physician:
        return Physician(record=self.health, sender=self.sender, clock=self.clock)

    def look_after_itself(self, *, refused_edit: str = "", unserved: str = "") -> Bulletin:
        """Find problems of the monitor itself and report the new ones to its operator. Returns the bulletin.

        Raises:
            LedgerError: the database refused; the next call reports the problems.
        """
        found = self.findings(refused_edit=refused_edit, unserved=unserved)
        return self._physician.look(found, self.config.operator)

    def findings(self, *, refused_edit: str = "", unserved: str = "") -> tuple[Finding, ...]:
        """The current problems of the monitor itself, as far as this process knows them. Raises LedgerError."""
        file = self.engine.url.database if self.engine.dialect.name == "sqlite" else None
        return tuple(
            findings(
                self.health,
                self.config.polled,
                now=self.clock(),
                failing=self.courier.failing(),
                unusable=self.courier.unusable(),
                storms=self.courier.storms(),
                refused_edit=refused_edit,
                unserved=unserved,
                hostile=self.quarantine.since(self.clock() - KEPT_OUT),
                offline=self.poller.network.words,
                data=Path(file).parent if file else None,
            )
        )

    @property
    def crew(self) -> Crew:
        """The worker processes. They start when they are first needed and are closed with the app."""
        assert self._crew is not None
        return self._crew

    def new_crew(self, *, processes: int) -> Crew:
        """Workers for the current setup, separate from those of the service. The caller must close them."""
        return Crew(recipe=self._setup.recipe, limits=_limits(self.config), processes=processes)

    def trial_crew(self, recipe: Recipe, limits: Limits) -> Crew:
        """One worker for another setup. The caller must close it."""
        return Crew(recipe=recipe, limits=limits, processes=1)

    def documents(self) -> Documents:
        """Parses documents with the current setup."""
        if self._documents is None:
            self._documents = Contained(self.crew, self.quarantine, clock=self.clock, asker=self._setup.asker)
        return self._documents

    # ------------------------------------------------------------ edges

    def on_commit(self, told: Callable[[], None]) -> None:
        """Call this after each commit of changes by this process, from the thread that committed them."""
        self._told.append(told)

    def _committed(self) -> None:
        if "courier" in self.__dict__:
            self.courier.wake()
        for told in self._told:
            told()

    @cached_property
    def quarantine(self) -> SQLQuarantine:
        return SQLQuarantine(self.engine)

    @cached_property
    def sender(self) -> AppriseSender:
        policy = AddressPolicy(tuple(self.config.fetch.allow_private))
        return AppriseSender(refusal=policy.refusal, console=self._console)

    def documents_on_trial(self) -> Documents:
        """Like ``documents``, for trials: the database is not opened and nothing is stored."""
        return Contained(self.crew, None, clock=self.clock)

    @asynccontextmanager
    async def fetcher(self) -> AsyncIterator[GuardedFetcher]:
        """The one fetcher of a run, closed at the end."""
        limits = self.config.fetch
        async with GuardedFetcher(
            timeout=limits.timeout.total_seconds(),
            max_bytes=limits.max_bytes,
            contact=limits.contact or "",
            allow_private=limits.allow_private,
            files_root=self.config.folder,
            per_host=self.config.polling.per_host,
            spacing=self.config.polling.spacing.total_seconds(),
            per_minute=self.config.polling.requests_per_minute,
        ) as fetcher:
            yield fetcher

    def close(self) -> None:
        """Close the workers, the sender and the database, if opened. A reader that waits for an answer gives up."""
        self._closing.set()
        self.crew.close()
        if "sender" in self.__dict__:
            self.sender.close()
        super().close()

    def is_well(self) -> bool:
        """Whether the database answers."""
        try:
            self.outbox.deliveries(limit=1)
        except LedgerError:
            return False
        return True


def _limits(config: Config) -> Limits:
    return Limits(time=config.workers.time.total_seconds(), memory=config.workers.memory)


# Reads many articles at once, with as many workers as the machine has cores -------------------------------------------


if TYPE_CHECKING:
    from monitor.workers.crew import Crew

#: For fewer articles one worker is faster than starting several.
WORTH_PROCESSES = 1000
_AT_A_TIME = 20


@contextmanager
def reading_pool(app: "App", *, articles: int, warn: Callable[[str], None]) -> Iterator[ReadAll]:
    """Give a function that reads articles as polls do, in order. It gives None for one that exceeds the limits.

    Args:
        app: the monitor with the configuration to read with.
        articles: how many articles are to be read in total.
        warn: called with a message for each article that could not be read.
    """
    processes = os.cpu_count() or 1 if articles >= WORTH_PROCESSES else 1
    with closing(app.new_crew(processes=processes)) as crew:
        yield lambda items: _read(items, crew, app.setup().asker, warn)


def _read(
    articles: Sequence[Article], crew: "Crew", asker: Asker | None, warn: Callable[[str], None]
) -> Iterator[ReadOutcome | None]:
    found = crew.do_all(Bench.read_all, articles, at_a_time=_AT_A_TIME)
    for article, told in zip(articles, found, strict=True):
        read = told if isinstance(told, Exception) else _concluded(article, told, crew, asker)
        if isinstance(read, Exception):
            warn(f"{article.url or article.title}: {read}; it was left as it is")
            yield None
        else:
            yield read


def _concluded(article: Article, told: ReadByWorker, crew: "Crew", asker: Asker | None) -> ReadOutcome | Exception:
    """Complete a reading with the answer of the language model, if one is configured."""
    if asker is None or told.question is None:
        return ReadOutcome(reading=told.reading)
    answer = asker.ask(told.question)
    if isinstance(answer, Unanswered):
        return ReadOutcome(reading=told.reading, is_provisional=not answer.is_final)
    [done] = crew.do_all(Bench.conclude_all, [(article, answer, told.reading)], at_a_time=1)
    if isinstance(done, Exception):
        return done
    reading, dropped = done
    asker.report(told.question, dropped)
    return ReadOutcome(reading=reading)


# The readers that a command uses, by name: the configured one, or several side by side --------------------------------


if TYPE_CHECKING:
    pass

Readers = Annotated[
    list[str] | None,
    typer.Option(
        "--reader",
        metavar="NAME",
        help="trained, llm, or your own, package.module:Name; may be repeated. The configured one when absent.",
    ),
]


def configured(config: Config) -> str:
    """The name of the configured reader."""
    return MODEL if config.reader.llm else config.reader.use


def chosen(app: "App", names: Iterable[str]) -> tuple[Mapping[str, Watch], list[InputError]]:
    """Return the watch for each reader by its name, and an error for each reader that cannot be used.

    Raises:
        InputError: none of the readers can be used.
    """
    found: dict[str, Watch] = {}
    complaints: list[InputError] = []
    for name in dict.fromkeys(names):
        try:
            reader = app.watch.reader if name == configured(app.config) else _load(app, name)
            found[name] = replace(app.watch, reader=reader)
        except InputError as error:
            complaints.append(error)
    if complaints and not found:
        raise InputError("\n".join(map(str, complaints)))
    return found or {configured(app.config): app.watch}, complaints


def _load(app: "App", name: str) -> Reader:
    config = app.config
    if name == MODEL:
        raise InputError("--reader llm: no language model is configured; describe it in monitor.yaml: reader: {llm: …}")
    try:
        surveyor = survey(config.projects, app.setup().lexicons)
        factory = reader_factory(name, weights=config.reader.weights, surveyor=surveyor)
        reader = factory(config.projects, surveyor.lexicons, config.lifecycles)
        return CheckedReader(reader, checks(config.phrases, surveyor, config.lifecycles))
    except Exception as error:  # an operator's own reader may raise anything
        remedy = (
            "or name their folder in monitor.yaml: reader: {weights: FOLDER}"
            if name == TRAINED
            else f"there are {TRAINED}, {MODEL}, and your own as package.module:Name"
        )
        raise InputError(f"--reader {name}: {error}; {remedy}") from error


# Makes edits of the configuration from within the running service, and uses them at once ------------------------------


if TYPE_CHECKING:
    pass


async def edit(app: "App", change: Edit, actor: Actor) -> None:
    """Make an edit as ``Configuration.change`` does, and use it from now on.

    The vocabulary stays as it is. The event loop must be that of the service.

    Raises:
        ConfigError: the edit was refused. Nothing is written.
        LedgerError: the database refused. Nothing is written then.
    """
    config = await asyncio.to_thread(app.configuration.change, change, actor)
    keep_secret(config.secrets)
    app.reconfigure(config, app.setup().lexicons)
