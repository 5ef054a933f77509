"""Documents that break a worker are written down, said, and kept out for a day."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import cast

import pytest
from structlog.testing import capture_logs

from monitor.core.reading.answered.answer import Answer, Dropped, SaidClaim
from monitor.errors import HostileError
from monitor.ports import NO_VALIDATORS, Fetched, Question, ReadOutcome, Unanswered
from monitor.workers.crew import Crew, OverLimitError
from monitor.workers.documents import KEPT_OUT, Contained
from tests.builders import NOW
from tests.fakes import FakeQuarantine, InlineDocuments, make_watch
from tests.readers.hits import HITS
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
    contained = Contained(make_crew(reader=HITS), FakeQuarantine(), clock=lambda: NOW)
    inline = InlineDocuments.of(make_watch())
    page = fetched(b"<html><title>A plant</title><article><p>%s</p></article></html>" % (b"It was opened. " * 40))

    assert await contained.parse(fetched(FEED), now=NOW) == await inline.parse(fetched(FEED), now=NOW)
    assert await contained.extract(page) == await inline.extract(page)
    assert await contained.plain(page) == await inline.plain(page)
    assert await contained.named_feeds(page) == await inline.named_feeds(page)
    assert await contained.index(page) == await inline.index(page)


SENTENCE = "BTR broke ground on its cathode plant."
ANSWER = Answer(
    projects=("plant",),
    claims=(SaidClaim(project="plant", stage="construction", state="reached", date=None, quote=SENTENCE),),
    facts=(),
    malformed=1,
)


@dataclass
class FakeAsker:
    """Implements ``ports.Asker``; gives one answer."""

    answer: Answer | Unanswered
    asked: list[Question] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    is_paused: bool = False

    def ask(self, question: Question) -> Answer | Unanswered:
        self.asked.append(question)
        return self.answer

    def report(self, question: Question, dropped: Sequence[Dropped]) -> None:
        self.dropped += dropped


async def read_with(asker: FakeAsker, crew: Crew, text: str = SENTENCE) -> ReadOutcome:
    documents = Contained(crew, FakeQuarantine(), clock=lambda: NOW, asker=asker)
    language, read = await documents.read(replace(article("BTR"), text=text), language="en")
    assert language == read.reading.language == "en"
    return read


async def test_a_worker_asks_and_checks_and_the_waiting_is_done_outside_of_it(make_crew: MakeCrew) -> None:
    asker = FakeAsker(ANSWER)

    read = await read_with(asker, make_crew(reader=HITS, model="small"))

    assert [(claim.stage, claim.evidence) for claim in read.reading.claims] == [("construction", SENTENCE)]
    assert not read.is_provisional
    assert [b'"small"' in question.body for question in asker.asked] == [True]
    assert [each.what for each in asker.dropped] == ["claim"]


@pytest.mark.parametrize("is_final", [False, True])
async def test_without_an_answer_the_other_reading_stands_and_is_provisional_unless_it_is_final(
    make_crew: MakeCrew, *, is_final: bool
) -> None:
    asker = FakeAsker(Unanswered(reason="none", is_final=is_final))

    read = await read_with(asker, make_crew(reader=HITS, model="small"))

    assert ([claim.stage for claim in read.reading.claims], read.is_provisional) == (["construction"], not is_final)


async def test_where_there_is_nothing_to_ask_nobody_is_asked(make_crew: MakeCrew) -> None:
    asker = FakeAsker(ANSWER)

    await read_with(asker, make_crew(reader=HITS))
    await read_with(asker, make_crew(reader=HITS, model="small"), text="")

    assert len(asker.asked) == 1
