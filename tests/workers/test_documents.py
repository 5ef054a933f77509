"""Documents that break a worker are written down, said, and kept out for a day."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

import pytest
from structlog.testing import capture_logs

from monitor.core.model import Article, Reading
from monitor.errors import HostileError
from monitor.ports import NO_VALIDATORS, Fetched
from monitor.workers.crew import Crew, OverLimitError
from monitor.workers.documents import KEPT_OUT, Contained
from tests.builders import NOW
from tests.fakes import FakeQuarantine, InlineDocuments, make_watch
from tests.workers.conftest import MakeCrew, article

BOMB, FEED = b"bomb", b"<rss version='2.0'><channel><item><title>A plant</title></item></channel></rss>"


@dataclass
class BrokenBy:
    """A crew whose workers break over one document."""

    body: bytes
    tried: int = 0

    async def do(self, size: int, _: object, body: bytes, **__: object) -> str:
        self.tried += 1
        if body == self.body:
            raise OverLimitError("it takes longer than 30 seconds to read")
        return "read"


@dataclass
class World:
    now: datetime = NOW
    crew: BrokenBy = field(default_factory=lambda: BrokenBy(BOMB))
    quarantine: FakeQuarantine = field(default_factory=FakeQuarantine)

    def documents(self) -> Contained:
        return Contained(cast("Crew", self.crew), self.quarantine, clock=lambda: self.now)


def fetched(body: bytes) -> Fetched:
    return Fetched(url="https://example.org/feed", body=body, content_type="", validators=NO_VALIDATORS)


async def test_a_document_that_breaks_a_worker_is_written_down_and_said() -> None:
    world = World()

    with capture_logs() as logs, pytest.raises(HostileError, match=r"longer than 30 seconds.*not tried again before"):
        await world.documents().plain(fetched(BOMB))

    assert [(each["event"], each["url"]) for each in logs] == [("document.hostile", "https://example.org/feed")]
    [document] = world.quarantine.since(NOW)
    assert (document.url, len(document.digest)) == ("https://example.org/feed", 64)


@pytest.mark.parametrize("is_restarted", [False, True])
async def test_it_is_not_tried_again_for_a_day(*, is_restarted: bool) -> None:
    world = World()
    documents = world.documents()
    tried = []
    for later in (timedelta(0), KEPT_OUT - timedelta(seconds=1), KEPT_OUT):
        world.now = NOW + later
        with pytest.raises(HostileError):
            await documents.plain(fetched(BOMB))
        tried.append(world.crew.tried)
        documents = world.documents() if is_restarted else documents

    assert tried == [1, 1, 2]


async def test_a_clock_that_was_set_back_keeps_nothing_out_for_longer() -> None:
    world = World()
    documents = world.documents()
    for now in (NOW, NOW - timedelta(days=300)):
        world.now = now
        with pytest.raises(HostileError):
            await documents.plain(fetched(BOMB))

    assert world.crew.tried == 2


async def test_another_document_and_another_use_of_it_are_tried() -> None:
    world = World()
    documents = world.documents()
    for method in (documents.plain, documents.extract):
        with pytest.raises(HostileError):
            await method(fetched(BOMB))

    assert await documents.plain(fetched(FEED)) == "read"
    assert world.crew.tried == 3


async def test_workers_read_as_this_process_does(make_crew: MakeCrew) -> None:
    contained = Contained(make_crew(reader=None), FakeQuarantine(), clock=lambda: NOW)
    inline = InlineDocuments.of(make_watch())
    page = fetched(b"<html><title>A plant</title><article><p>%s</p></article></html>" % (b"It was opened. " * 40))

    assert await contained.parse(fetched(FEED), now=NOW) == await inline.parse(fetched(FEED), now=NOW)
    assert await contained.extract(page) == await inline.extract(page)
    assert await contained.plain(page) == await inline.plain(page)
    assert await contained.named_feeds(page) == await inline.named_feeds(page)
    assert await contained.index(page) == await inline.index(page)


async def test_doubtful_claims_are_settled_outside_of_the_limits(make_crew: MakeCrew) -> None:
    asked: list[tuple[Article, Reading]] = []

    def settle(about: Article, reading: Reading) -> Reading:
        asked.append((about, reading))
        return Reading(language="fr", projects=(), claims=(), facts=())

    documents = Contained(make_crew(), FakeQuarantine(), clock=lambda: NOW, settle=settle)
    _, reading = await documents.read(article("fine"), language=None)

    assert reading.language == "fr"
    assert [about.title for about, _ in asked] == ["fine"]
