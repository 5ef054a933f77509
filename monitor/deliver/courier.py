"""Delivers what is due, and knows which destinations fail."""

import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from queue import SimpleQueue
from urllib.parse import quote

from monitor.core.alerting.bundling import Storm, storm
from monitor.core.message.compose import probe
from monitor.core.message.tongue import Tongue
from monitor.core.news import Destination, Subscriber
from monitor.core.state import ProjectState
from monitor.deliver.dispatch import Dispatcher
from monitor.deliver.send import Attempt, SendContext
from monitor.delivery.pacing import Failing, Pacer
from monitor.ports import Departures, Ledger, Outbox, Outcome, Sender, SendResult
from monitor.watch.setup import Setup

#: The path of the page on which one click ends a subscription (RFC 8058). A token follows.
UNSUBSCRIBE_PATH = "/unsubscribe/"
#: The path of the page on which a project is shown. Its id follows.
PROJECT_PATH = "/projects/"
#: The path of the page on which a reader manages a subscription. The same token follows.
SUBSCRIPTION_PATH = "/subscription/"


@dataclass(slots=True, kw_only=True)
class Courier:
    """One for each process. What it has learnt about destinations is lost when the process ends."""

    #: Returns the current setup.
    setup: Callable[[], Setup]
    ledger: Ledger
    outbox: Outbox
    departures: Departures
    sender: Sender
    #: Returns the brief state of a project; None if the project is not configured.
    known: Callable[[str], ProjectState | None]
    #: Returns the present instant, aware, in UTC.
    clock: Callable[[], datetime]
    #: Returns a number in [0, 1), for jitter.
    chance: Callable[[], float]
    _pacer: Pacer = field(default_factory=Pacer)
    _dispatcher: Dispatcher | None = None

    def dispatcher(
        self, worker: str, *, report: Callable[[Attempt], None], complain: Callable[[Exception], None]
    ) -> Dispatcher:
        """What delivers in this process, from now on woken by ``wake``. See ``Dispatcher``.

        Raises:
            LedgerError: the database refused.
        """
        self.readdress()
        context = SendContext(
            outbox=self.outbox,
            sender=self.sender,
            watch=lambda: self.setup().watch,
            known=self.known,
            pacer=self._pacer,
            page=self.page,
            unsubscribe=self.unsubscribe,
            manage=self.manage,
            worker=worker,
            clock=self.clock,
            chance=self.chance,
        )
        self._dispatcher = Dispatcher(context=context, report=report, complain=complain)
        return self._dispatcher

    def readdress(self) -> None:
        """Send on what waited for an address to be complete. To be called after an edit, too. Raises LedgerError."""
        moves: dict[str, list[str]] = {}
        for subscriber in self.setup().watch.subscribers:
            for destination in subscriber.destinations:
                if destination.stand_in and not destination.fault:
                    moves.setdefault(destination.stand_in, []).append(destination.id)
        self.outbox.readdress(moves)

    def unusable(self) -> tuple[tuple[Subscriber, Destination], ...]:
        """The destinations whose address is incomplete, each with its subscriber."""
        everyone = self.setup().watch.subscribers
        return tuple((one, each) for one in everyone for each in one.destinations if each.fault)

    def wake(self) -> None:
        """Wake the dispatcher of this process, because there are new deliveries in the outbox."""
        if self._dispatcher is not None:
            self._dispatcher.wake()

    def deliver(self, worker: str) -> Iterator[Attempt]:
        """Send due deliveries until none is left, and yield each attempt as it ends.

        Raises:
            LedgerError: the database refused; what was not recorded is sent again.
        """
        said: SimpleQueue[Attempt | Exception | None] = SimpleQueue()
        dispatcher = self.dispatcher(worker, report=said.put, complain=said.put)

        def run() -> None:
            dispatcher.run(until_idle=True)
            said.put(None)

        thread = threading.Thread(target=run, name="dispatch", daemon=True)
        thread.start()
        try:
            while (each := said.get()) is not None:
                if isinstance(each, Exception):
                    raise each
                yield each
        finally:
            dispatcher.stop()

    def send_test(self, subscriber: Subscriber, only: str | None = None) -> Iterator[tuple[Destination, SendResult]]:
        """Send a test message to each destination of a subscriber, or to the one with this id. Bypasses the outbox.

        It is in the subscriber's language.
        """
        message = probe(subscriber.name, Tongue.of(self.setup().watch.voice.catalogues, subscriber.language))
        for destination in subscriber.destinations:
            if only not in {None, destination.id}:
                continue
            if destination.fault:
                yield destination, SendResult(outcome=Outcome.REFUSED, detail=destination.fault)
            else:
                yield destination, self.sender.send(destination.url, message)

    def unsubscribe(self, subscriber: Subscriber, destination: Destination) -> str:
        """The address on which a reader of a mail can unsubscribe; "" if the monitor has no public address."""
        return self._link(UNSUBSCRIBE_PATH, subscriber, destination)

    def manage(self, subscriber: Subscriber, destination: Destination) -> str:
        """The address on which a reader of a mail can pause or change it; "" if the monitor has no public address."""
        return self._link(SUBSCRIPTION_PATH, subscriber, destination)

    def _link(self, path: str, subscriber: Subscriber, destination: Destination) -> str:
        public = self.setup().config.web.public
        if public is None:
            return ""
        token = self.departures.token(subscriber.name, destination.id, secrets.token_urlsafe(24))
        return f"{public.rstrip('/')}{path}{token}"

    def page(self, project: str) -> str:
        """The address of a project's page; "" if the monitor has no public address."""
        public = self.setup().config.web.public
        return f"{public.rstrip('/')}{PROJECT_PATH}{quote(project, safe='')}" if public is not None else ""

    def failing(self) -> tuple[Failing, ...]:
        """The destinations that keep failing, as far as this process has sent to them."""
        return self._pacer.failing()

    def storms(self) -> Mapping[str, Storm]:
        """The current storms, by the names of the subscribers whose changes wait for their end.

        Raises:
            LedgerError: the database refused.
        """
        now, everyone = self.clock(), self.setup().watch.subscribers
        recent = self.ledger.owed_lately({each.id for one in everyone for each in one.destinations}, now)
        found = {
            one.name: storm((), recent.get(one.name, ()), at_most=one.at_most, now=now)
            for one in everyone
            if one.digest is None
        }
        return {name: each for name, each in found.items() if each is not None}
