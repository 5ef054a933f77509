"""Among hostile documents the service, its workers and what they come from are killed at any instant: nothing is lost.

Each article is the first news of a project of its own, so that each must be told. It is told twice at most where its
message was in flight when the service was killed; the death of a worker repeats nothing.
"""

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

import pytest

from tests.acceptance.conftest import Installation, Running, Site, wait_until
from tests.acceptance.test_kill import changes, pending
from tests.hostile import FEEDS, Make, rss
from tests.servers import Reply, Request
from tests.sinks import SmtpSink, WebhookSink

#: MONITOR_HOSTILE_KILLS=100 for a thorough run: a quarter of an hour.
KILLS = int(os.environ.get("MONITOR_HOSTILE_KILLS", "3"))
FAMILIES = ("sections in an entry", "dates", "names of entities", "150,000 attributes")
SIZE = 60_000
SETTINGS = """
reader: {use: 'tests.readers.hits:HitReader'}
polling: {every: 1s, fastest: 1s, slowest: 1s, requests_per_minute: 6000}
fetch: {allow_private: [127.0.0.0/8]}
web: {port: 0}
"""


@pytest.mark.timeout(0)
def test_no_alert_is_lost_whoever_is_killed(
    installation: Installation, site: Site, hook: WebhookSink, mail: SmtpSink, tmp_path: Path
) -> None:
    random = Random(20261129)
    hook.answers(Reply(delay=0.02))
    configure(installation, site)
    site.publish_past("one.xml")
    installation.run("poll")
    for name in FAMILIES:
        site.server.routes[f"/{slug(name)}"] = ever_another(FEEDS[name])
    service = Running(installation, tmp_path / "said.txt")
    killed = Counter[str]()
    try:
        for number in range(KILLS):
            publish(site, number)
            kind = list(KINDS)[number % len(KINDS)]
            wait_until(lambda: bool(KINDS[kind](service.process.pid)))  # noqa: B023 - called at once
            # From before the article is asked for to after it was told.
            time.sleep(random.random() * 5)
            if there := KINDS[kind](service.process.pid):
                os.kill(random.choice(there), signal.SIGKILL)
                killed[kind] += 1
            if kind == "service":
                service.process.wait()
                service = Running(installation, tmp_path / "said.txt")
        wait_until(lambda: told(hook) == KILLS and not pending(installation), seconds=300)
        assert service.stop() == 0
    finally:
        service.kill()

    arrived = Counter(event["id"] for event in hook.events)
    mailed = Counter(str(message["Message-ID"]) for message in mail.mails)
    repeated = [each.total() - len(each) for each in (arrived, mailed)]
    print(f"{dict(killed)} killed; {len(arrived)} events, {len(mailed)} mails; repeated {repeated}")  # noqa: T201 - with -s
    assert set(arrived) == changes(installation)
    assert max(repeated) <= killed["service"]


def configure(installation: Installation, site: Site) -> None:
    """The hostile feeds beside the ordinary one, and as many projects as there will be articles."""
    feeds = [{"url": site.server.url(f"/{name}"), "name": name} for name in ("one.xml", *map(slug, FAMILIES))]
    (installation.folder / "feeds.yaml").write_text(json.dumps({"feeds": feeds}))
    projects = [
        {"id": f"plant-{number}", "name": company(number), "who": [company(number)], "what": ["cathode"]}
        for number in range(KILLS)
    ]
    (installation.folder / "projects.yaml").write_text(json.dumps({"projects": projects}))
    (installation.folder / "monitor.yaml").write_text(SETTINGS)
    settings = json.loads((installation.folder / "subscribers.yaml").read_text())
    settings["subscribers"][0]["at_most"] = "1000/h"
    (installation.folder / "subscribers.yaml").write_text(json.dumps(settings))
    for name in FAMILIES:
        site.server.routes[f"/{slug(name)}"] = Reply(body=rss().encode())


def slug(family: str) -> str:
    return f"{family.replace(' ', '-').replace(',', '')}.xml"


def company(number: int) -> str:
    return "Qua" + "".join("bdfgklmnpr"[int(digit)] + "a" for digit in str(number)) + "x"


def publish(site: Site, number: int) -> None:
    title = f"{company(number)} breaks ground on its cathode plant in Morocco"
    site.publish("one.xml", slug=f"news-{number}", title=title, text=f"{title}. Report number {number} of the series.")


def ever_another(make: Make) -> Callable[[Request], Reply]:
    made, asked = make(SIZE, 987_654_321), Counter[str]()

    def answer(_: Request) -> Reply:
        asked["times"] += 1
        return Reply(body=made.replace("987654321", str(asked["times"])).encode())

    return answer


def children(parent: int) -> list[int]:
    return [
        int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit() and parent_of(folder) == parent
    ]


def parent_of(process: Path) -> int:
    try:
        state, parent, *_ = (process / "stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return 0  # it has ended
    return 0 if state == "Z" else int(parent)


#: Who is killed, by what the service's process id tells of them.
KINDS: Mapping[str, Callable[[int], list[int]]] = {
    "service": lambda service: [service],
    "template": children,
    "worker": lambda service: [worker for template in children(service) for worker in children(template)],
}


def told(hook: WebhookSink) -> int:
    """Of how many articles alerts have come."""
    return len({source for event in hook.events for source in event["data"]["sources"]})
