"""A process that dies at a line between the commit of a change and the mark that it was sent: every line is tried.

A run that does not die names the lines; then each is died at, once, and the next start must bring all to an end.
"""

import json
import multiprocessing
import os
import shutil
import signal
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.core.alerting.bundling import bundle_id
from monitor.delivery.apprise import resolve
from monitor.ledger.backup import upgrade
from monitor.ledger.engine import make_engine
from monitor.ledger.store import SQLLedger
from monitor.ports import Decision, Outgoing
from tests.acceptance import dying
from tests.acceptance.conftest import MONITOR, PROJECTS
from tests.acceptance.test_stream import DESK, mailed
from tests.builders import make_change
from tests.sinks import SmtpSink, WebhookSink

#: Every so many lines only; MONITOR_FAILPOINTS=1 tries them all, in some minutes.
EVERY = int(os.environ.get("MONITOR_FAILPOINTS", "151"))
CHANGES = ("first", "second", "elsewhere")
#: By webhook each of them; by mail those of one project in one message.
MESSAGES = (CHANGES, (bundle_id(CHANGES[:2]), "elsewhere"))

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([dying.__name__])


class Scene:
    """Three changes that were committed, for a webhook and for a mail."""

    def __init__(self, folder: Path, hook: WebhookSink, mail: SmtpSink) -> None:
        self._hook, self._mail, self._folder = hook, mail, folder
        # On a machine that is busy nothing is to time out: it would be tried again later, as it should.
        self._addresses = (f"{hook.address}?rto=60&cto=60", mail.address(DESK, rto="60", cto="60"))
        config = folder / "config"
        config.mkdir()
        (config / "monitor.yaml").write_text(MONITOR)
        (config / "projects.yaml").write_text(PROJECTS)
        subscribers = [{"name": "Desk", "to": list(self._addresses)}]
        (config / "subscribers.yaml").write_text(json.dumps({"subscribers": subscribers}))
        (folder / "data").mkdir()
        engine = make_engine(f"sqlite:///{folder}/committed.db")
        upgrade(engine)
        self._commit(SQLLedger(engine))
        engine.dispose()

    def _commit(self, ledger: SQLLedger) -> None:
        now = datetime.now(UTC)
        projects = ("plant", "plant", "other")
        changes = tuple(
            make_change(id=name, project=project, at=now) for name, project in zip(CHANGES, projects, strict=True)
        )
        outgoing = tuple(
            Outgoing(change_id=change.id, subscriber="Desk", destination=there, due_at=now, chain=there)
            for change in changes
            for there in map(_id, self._addresses)
        )
        ledger.note(Decision(changes=changes, outgoing=outgoing))

    def reset(self) -> None:
        """As it was when the changes had just been committed, and nothing sent."""
        for file in (self._folder / "data").iterdir():
            file.unlink()
        shutil.copy(self._folder / "committed.db", self._folder / "data" / "monitor.db")
        self._hook.requests.clear()
        self._mail.mails.clear()
        self._mail.recipients.clear()

    def deliver(self, dies_at: dying.Line | None = None) -> tuple[int | None, list[dying.Line]]:
        """One start of the process; how it ended, and the lines that it came by where it ended well."""
        receive, send = _CONTEXT.Pipe(duplex=False)
        process = _CONTEXT.Process(target=dying.deliver, args=(send, str(self._folder / "config"), dies_at))
        process.start()
        send.close()
        try:
            lines = receive.recv()
        except EOFError:
            lines = []
        process.join()
        receive.close()
        return process.exitcode, lines

    def arrived(self) -> tuple[Counter[str], Counter[str]]:
        """How often each message came, by webhook and by mail; in the order of their first arrivals."""
        return Counter(event["id"] for event in self._hook.events), Counter(mailed(self._mail, DESK))


def _id(address: str) -> str:
    return resolve(address).id


@pytest.fixture
def scene(tmp_path: Path, hook: WebhookSink, mail: SmtpSink) -> Scene:
    return Scene(tmp_path, hook, mail)


@pytest.mark.timeout(0)
def test_wherever_a_delivery_dies_the_next_start_brings_all_to_an_end(scene: Scene) -> None:
    scene.reset()
    ended, lines = scene.deliver()
    assert ended == 0
    assert [sum(each.values()) for each in scene.arrived()] == [3, 2]
    assert len(lines) > 200
    tried = range(0, len(lines), EVERY)
    print(f"dies at {len(tried)} of {len(lines)} lines")  # noqa: T201 - with -s

    for number in tried:
        scene.reset()
        killed, _ = scene.deliver(lines[number])
        # Threads take turns: a line of one run may not be come by in another.
        assert killed in {-signal.SIGKILL, 0}
        again, _ = scene.deliver()

        assert again == 0
        for arrived, messages in zip(scene.arrived(), MESSAGES, strict=True):
            assert sorted(arrived) == sorted(messages), lines[number]
            assert arrived.total() <= len(messages) + 1, lines[number]
            assert [each for each in arrived if each != "elsewhere"] == list(messages[:-1]), lines[number]
