"""The service killed at any instant: every alert arrives, and at most the one in flight arrives twice."""

import os
import signal
import sqlite3
import time
from collections import Counter
from contextlib import closing
from random import Random

from tests.acceptance.conftest import Installation, Site
from tests.servers import Reply
from tests.sinks import SmtpSink, WebhookSink

#: More of them take longer and find no more of what is known: MONITOR_KILLS=50 for a thorough run.
KILLS = int(os.environ.get("MONITOR_KILLS", "3"))
#: A status each, so that each article is one change for two destinations.
STATUSES = ("suspended", "resumed")


def test_no_alert_is_lost_and_only_the_one_in_flight_is_repeated(
    installation: Installation, site: Site, hook: WebhookSink, mail: SmtpSink
) -> None:
    random = Random(20240329)
    hook.answers(Reply(delay=0.02))
    site.publish_past("one.xml")
    site.publish_past("two.xml")
    site.publish("one.xml", slug="start", title="BTR breaks ground on its cathode plant in Morocco", text=".")
    installation.run("poll")

    for number in range(KILLS):
        status = STATUSES[number % 2]
        verb = "suspended work" if status == "suspended" else "resumed work"
        text = f"BTR has {verb} on its cathode plant in Morocco. Report number {number} of the series."
        service = installation.start()
        site.publish("one.xml", slug=f"news-{number}", title=f"BTR {status} cathode plant, {number}", text=text)
        wait_for(installation, number + 1)
        # From right after the commit to long after both messages went out.
        time.sleep(random.random() ** 2 * 0.8)
        service.send_signal(signal.SIGKILL)
        service.wait()

    asked = len(site.server.asked("/one.xml"))
    service = installation.start()
    owed = changes(installation)
    arrived = Counter[str]()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and (
        pending(installation) or set(arrived) != owed or len(site.server.asked("/one.xml")) == asked
    ):
        time.sleep(0.2)
        arrived = Counter(event["id"] for event in hook.events)
    service.send_signal(signal.SIGTERM)
    assert service.wait(timeout=10) == 0

    mailed = Counter(str(message["Message-ID"]) for message in mail.mails)
    assert set(arrived) == owed
    assert len(mailed) == len(owed)
    # Each destination has at most one message in flight at a kill.
    assert sum(arrived.values()) - len(owed) <= KILLS
    assert sum(mailed.values()) - len(owed) <= KILLS


def query(installation: Installation, sql: str) -> list[tuple[str]]:
    address = f"file:{installation.folder.parent}/data/monitor.db?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        return connection.execute(sql).fetchall()


def changes(installation: Installation) -> set[str]:
    """Ids of the changes that somebody is owed."""
    return {id_ for (id_,) in query(installation, "SELECT DISTINCT change FROM deliveries")}


def pending(installation: Installation) -> int:
    return len(query(installation, "SELECT id FROM deliveries WHERE state = 'pending'"))


def wait_for(installation: Installation, number: int) -> None:
    """Until so many changes are committed."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if len(changes(installation)) >= number:
            return
        time.sleep(0.005)
    raise AssertionError(f"change {number} was never committed")
