"""A stream of changes for four destinations, through a service that is killed at any instant: the whole promise.

Every change that was committed arrives everywhere; each destination takes at most one message twice for each kill,
under the same id; of each project nothing arrives before what is older. The stream is committed by another process than
the one that is killed, so that it is known what was acknowledged.
"""

import json
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random

import pytest

from monitor.delivery.apprise import resolve
from monitor.ledger.backup import upgrade
from monitor.ledger.engine import make_engine
from monitor.ledger.store import SQLLedger
from monitor.ports import Decision, Outgoing
from tests.acceptance.conftest import MONITOR, PROJECTS, Installation, Running, wait_until
from tests.builders import make_change
from tests.servers import Reply
from tests.sinks import SmtpSink, WebhookSink

#: MONITOR_STREAM_KILLS=200 for a thorough run: 500 changes, a quarter of an hour.
KILLS = int(os.environ.get("MONITOR_STREAM_KILLS", "3"))
CHANGES = max(20, KILLS * 5 // 2)
OF_PROJECTS = 6
DESK, PRESS = "desk@example.org", "press@example.org"


@pytest.fixture
def other() -> Iterator[WebhookSink]:
    with WebhookSink() as sink:
        yield sink


@pytest.fixture
def stream(tmp_path: Path, hook: WebhookSink, other: WebhookSink, mail: SmtpSink) -> Iterator["Stream"]:
    with closing(Stream(tmp_path, [hook.address, other.address, mail.address(DESK), mail.address(PRESS)])) as stream:
        yield stream


@pytest.mark.timeout(0)
def test_nothing_is_lost_repeated_but_in_flight_or_out_of_order(
    stream: "Stream", hook: WebhookSink, other: WebhookSink, mail: SmtpSink
) -> None:
    random = Random(20240829)
    hook.answers(Reply(delay=0.02))
    mail.delay = 0.01
    owed = [len(range(number, CHANGES, KILLS)) for number in range(KILLS)]

    for count in owed:
        service = stream.start()
        before = stream.sent()
        at = sorted(random.random() for _ in range(count))
        if stream.pending():
            # It has started: else it would only be killed on its way.
            wait_until(partial(stream.has_sent_more, before), seconds=240)
        for here, there in zip([0.0, *at], at, strict=False):
            time.sleep((there - here) * 0.3)
            stream.commit()
        # From before the first message to after the last.
        time.sleep(random.random() ** 2 * 0.4)
        service.kill()

    last = stream.start()
    # It may find nothing to send. It listens to signals once it has started.
    wait_until(lambda: "service.started" in last.events() and stream.pending() == 0, seconds=240)
    assert last.stop() == 0

    assert len(stream.committed) == CHANGES
    for address, messages in (
        (hook.address, [event["id"] for event in hook.events]),
        (other.address, [event["id"] for event in other.events]),
        (mail.address(DESK), mailed(mail, DESK)),
        (mail.address(PRESS), mailed(mail, PRESS)),
    ):
        told = [stream.told(resolve(address).id, message) for message in messages]
        repeated = sum(Counter(messages).values()) - len(set(messages))
        first = list(dict.fromkeys(change for message in told for change in message))
        print(f"{resolve(address).label}: {len(set(messages))} messages, {repeated} repeated")  # noqa: T201 - with -s
        assert set(first) == set(stream.committed)
        # A message has one id for ever: none of its changes came in another one too.
        assert (
            sum(len(changes) for changes in {m: tuple(t) for m, t in zip(messages, told, strict=True)}.values())
            == CHANGES
        )
        assert repeated <= KILLS
        for project in range(OF_PROJECTS):
            mine = [id_ for number, id_ in enumerate(stream.committed) if number % OF_PROJECTS == project]
            assert [id_ for id_ in first if id_ in set(mine)] == mine


class Stream:
    """An installation without feeds, and the changes that another process commits to its database."""

    def __init__(self, folder: Path, addresses: Sequence[str]) -> None:
        config = folder / "config"
        config.mkdir()
        (config / "monitor.yaml").write_text(MONITOR + "web: {port: 0}\n")
        (config / "projects.yaml").write_text(PROJECTS)
        subscribers = [{"name": "Desk", "to": list(addresses)}]
        (config / "subscribers.yaml").write_text(json.dumps({"subscribers": subscribers}))
        self._installation = Installation(config)
        self._said = folder / "said.txt"
        self._service: Running | None = None
        (folder / "data").mkdir()
        self._file = folder / "data" / "monitor.db"
        engine = make_engine(f"sqlite:///{self._file}")
        upgrade(engine)
        self._engine = engine
        self._ledger = SQLLedger(engine)
        self._destinations = [resolve(address).id for address in addresses]
        self.committed: list[str] = []

    def start(self) -> Running:
        """Start the service. The one before has ended."""
        self._service = Running(self._installation, self._said)
        return self._service

    def commit(self) -> None:
        """Commit the next change; once this returns, it is acknowledged."""
        number, now = len(self.committed), datetime.now(UTC)
        change = make_change(id=f"{number:032x}", project=f"p{number % OF_PROJECTS}", at=now)
        outgoing = tuple(
            Outgoing(change_id=change.id, subscriber="Desk", destination=each, due_at=now, chain=each)
            for each in self._destinations
        )
        self._ledger.note(Decision(changes=(change,), outgoing=outgoing))
        self.committed.append(change.id)

    def close(self) -> None:
        if self._service:
            self._service.kill()
        self._engine.dispose()

    def sent(self) -> int:
        return int(self._query("SELECT count(*) FROM deliveries WHERE state = 'sent'")[0][0])

    def has_sent_more(self, than: int) -> bool:
        return self.sent() > than

    def pending(self) -> int:
        return int(self._query("SELECT count(*) FROM deliveries WHERE state = 'pending'")[0][0])

    def told(self, destination: str, message: str) -> list[str]:
        """The changes that a message told, in its order."""
        found = self._query(
            "SELECT change FROM deliveries WHERE destination = ? AND bundle = ? ORDER BY id", destination, message
        )
        return [change for (change,) in found]

    def _query(self, sql: str, *values: str) -> list[tuple[str]]:
        with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True, timeout=30)) as connection:
            return connection.execute(sql, values).fetchall()


def mailed(mail: SmtpSink, recipient: str) -> list[str]:
    """The ids of the messages that a recipient got, repeats too."""
    both = zip(mail.mails, mail.recipients, strict=True)
    return [str(message["X-Change-Id"]) for message, recipients in both if recipients == [recipient]]
