"""What the database knows, seen with one configuration. Nothing of it fetches, reads or sends."""

import os
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitor.core.access import Actor, is_loopback
from monitor.core.alerting.plan import Audience, Chosen
from monitor.core.model import Feed
from monitor.core.news import Subscriber
from monitor.core.polling.websub import HubSubscription
from monitor.errors import ConfigError
from monitor.know.queries import Knowledge
from monitor.ledger.accounts import SQLAccounts, SQLAuditLog, SQLFileEditions, SQLReaders, may_have_accounts
from monitor.ledger.backup import upgrade
from monitor.ledger.engine import close, make_engine
from monitor.ledger.feeds import SQLHealthRecord, SQLHubSubscriptions
from monitor.ledger.lock import ServiceLock, service_lock
from monitor.ledger.outbox import SQLDepartures, SQLOutbox
from monitor.ledger.store import SQLLedger
from monitor.logs import keep_secret
from monitor.ports import Accounts, AuditEntry, FeedRecord
from monitor.settings.config import Config
from monitor.settings.loading import load, recall
from monitor.watch.subscribed import Subscribed, own_subscribers
from monitor.watch.watch import Watched, hub_subscriptions, recorded, utc_now

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from monitor.operate.configuration import Configuration


class Archive:
    """The data of the monitor, for commands that show it. The database is opened and migrated when first needed."""

    def __init__(self, config: Config, *, clock: Callable[[], datetime] = utc_now) -> None:
        """Prepare. Nothing is opened yet.

        Args:
            config: the configuration.
            clock: returns the present instant, aware, in UTC.
        """
        self.clock = clock
        self._config = config

    @property
    def config(self) -> Config:
        return self._config

    @property
    def watch(self) -> Watched:
        return self._watched

    @cached_property
    def _watched(self) -> Watched:
        return Watched.of(self._config)

    @property
    def everybody(self) -> Subscribed:
        """Everybody who is told: of the configuration, and who subscribed alone, with what readers chose."""
        return self._everybody

    @cached_property
    def _everybody(self) -> Subscribed:
        return self.joined(self._config)

    def joined(self, config: Config) -> Subscribed:
        """The one place where subscribers of a configuration meet those of the database."""

        def more() -> tuple[Iterable[Subscriber], Iterable[Chosen]]:
            own = own_subscribers(
                self.readers.confirmed(), config.web.subscribe, config.projects, timezone=config.timezone
            )
            return own, self.readers.chosen()

        return Subscribed(config.subscribers, more)

    @cached_property
    def readers(self) -> SQLReaders:
        return SQLReaders(self.engine, changed=self._join_anew)

    def forget_own(self, name: str) -> None:
        """Forget a subscriber of this name, if they subscribed alone. Does nothing to those of the configuration."""
        if any(each.name == name and each.is_own for each in self.everybody):
            self.readers.forget(name)

    def _join_anew(self) -> None:
        self.everybody.forget()

    @property
    def audience(self) -> Audience:
        """Who may be told of a change."""
        return Audience(subscribers=tuple(self.everybody), projects=self.watch.projects, zones=ZoneInfo)

    @property
    def labels(self) -> Mapping[str, str]:
        """The label of each destination, without secrets, by its id."""
        return {each.id: each.label for subscriber in self.everybody for each in subscriber.destinations}

    @cached_property
    def knowledge(self) -> Knowledge:
        return Knowledge(watch=lambda: self.watch, ledger=self.ledger, clock=self.clock)

    def feeds(self, names: Sequence[str] | None = None) -> tuple[tuple[Feed, FeedRecord], ...]:
        """All configured feeds (or those with these addresses or names), each with its record."""
        return recorded(self.config.feeds, self.ledger, names)

    def unread_feeds(self) -> int:
        """The number of configured feeds that were not polled yet. Until they are, what is known is partial."""
        return len({feed.url for feed in self.config.feeds} - {polled.name for polled in self.health.feeds()})

    def hub_subscriptions(self) -> Mapping[str, HubSubscription]:
        """The subscription of each feed that has one, by the feed's address."""
        return hub_subscriptions(self.hubs)

    @cached_property
    def engine(self) -> "Engine":
        """The database engine, with the schema up to date. Raises LedgerError if the database cannot be used."""
        engine = make_engine(self.config.database)
        upgrade(engine)
        return engine

    @cached_property
    def ledger(self) -> SQLLedger:
        return SQLLedger(self.engine, committed=self._committed)

    def _committed(self) -> None:
        """Called after each commit of the ledger."""

    @cached_property
    def outbox(self) -> SQLOutbox:
        return SQLOutbox(self.engine)

    @cached_property
    def departures(self) -> SQLDepartures:
        return SQLDepartures(self.engine)

    @cached_property
    def accounts(self) -> SQLAccounts:
        return SQLAccounts(self.engine)

    @cached_property
    def audit(self) -> SQLAuditLog:
        return SQLAuditLog(self.engine)

    @cached_property
    def file_editions(self) -> SQLFileEditions:
        return SQLFileEditions(self.engine)

    @cached_property
    def configuration(self) -> "Configuration":
        """The files of the configuration, to be shown and edited."""
        from monitor.operate.configuration import Configuration  # noqa: PLC0415 - few commands need it

        return Configuration(
            config=lambda: self.config, editions=self.file_editions, audit=self.audit, clock=self.clock
        )

    @cached_property
    def health(self) -> SQLHealthRecord:
        return SQLHealthRecord(self.engine)

    @cached_property
    def hubs(self) -> SQLHubSubscriptions:
        return SQLHubSubscriptions(self.engine)

    def close(self) -> None:
        """Close the database, if opened."""
        if "engine" in self.__dict__:
            close(self.engine)

    # ------------------------------------------------------------ the database as a whole

    def exclusively(self) -> AbstractContextManager[ServiceLock]:
        """Lock the database as its only service. Raises LedgerError if another service runs on it."""
        return service_lock(self.engine)

    def backup(self, file: Path) -> int:
        """Write the whole database to a new file and return the number of rows. Raises LedgerError (ledger.backup)."""
        from monitor.ledger.backup import backup  # noqa: PLC0415 - few commands need it

        return backup(self.engine, file)

    def restore(self, file: Path, scratch: Path) -> int:
        """Fill the empty database from a backup and return the number of rows. No service may run on it meanwhile.

        Raises:
            LedgerError: as in ``ledger.backup.restore``, or if a service runs.
        """
        from monitor.ledger.backup import restore  # noqa: PLC0415 - few commands need it

        with self.exclusively():
            return restore(self.engine, file, scratch)


def open_archive(
    folder: Path, *, addresses: bool = False, refused: Callable[[ConfigError], None] | None = None
) -> Archive:
    """Open the data of the monitor, to be shown. No vocabulary is read.

    From then on logs and messages redact the secrets of the configuration.

    Args:
        folder: the configuration folder.
        addresses: whether to resolve the addresses of subscribers. Without it they have no destinations.
        refused: called if the files are invalid, and the configuration that the service took last is used instead. If
            None, it is not used.

    Raises:
        ConfigError: holds every problem in the configuration.
    """
    try:
        config = load(folder, os.environ, is_sending=addresses)
    except ConfigError as error:
        last = recall(folder, os.environ, is_sending=addresses) if refused else None
        if refused is None or last is None:
            raise
        config = last
        refused(error)
    keep_secret(config.secrets)
    return Archive(config)


def is_closed_to_all(config: Config, accounts: Accounts | None = None) -> bool:
    """Whether the pages are reached from elsewhere, and nobody can log in.

    Args:
        config: the configuration.
        accounts: the accounts. If None, a database in a file is looked into without being changed; what another one
            has is not known.
    """
    web = config.web
    if web.oidc is not None or (web.public is None and is_loopback(web.host)):
        return False
    return not (accounts.exist() if accounts is not None else may_have_accounts(config.database))


# Takes people off who subscribed alone, and sends mails again to those who left ---------------------------------------


if TYPE_CHECKING:
    pass


def remove(archive: "Archive", subscriber: Subscriber, actor: Actor) -> None:
    """Take somebody off who subscribed alone, and forget the address. What is owed to them is not sent."""
    assert subscriber.is_own
    for there in subscriber.destinations:
        token = archive.departures.token(subscriber.name, there.id, secrets.token_urlsafe(24))
        archive.departures.leave(token, archive.clock())
    archive.forget_own(subscriber.name)
    archive.audit.add(
        AuditEntry(at=archive.clock(), actor=actor.name, action="subscribers.remove", target=subscriber.name)
    )


def readmit(archive: "Archive", subscriber: str, actor: Actor) -> int:
    """Send mails again to those at a subscriber's addresses who have left. Returns how many addresses these are."""
    number = archive.departures.readmit(subscriber)
    detail = {"readmitted": number}
    archive.audit.add(
        AuditEntry(at=archive.clock(), actor=actor.name, action="subscribers.readmit", target=subscriber, detail=detail)
    )
    return number
