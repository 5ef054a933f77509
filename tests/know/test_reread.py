"""What another reader stood in for is read again once the language model answers; what differs is told once."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from monitor.app.build import App
from monitor.core.news import Change
from monitor.core.reading.answered.answer import Answer
from monitor.errors import HostileError
from monitor.ports import Provisional, ReadFor
from monitor.settings import load
from monitor.settings.lexicons import load_lexicons
from monitor.watch.watch import decider
from monitor.workers.documents import Documents
from tests.readers.conftest import Model, answer, completion, said_claim
from tests.servers import LoopbackServer, Reply, Request

TITLE = "BTR cuts the ribbon of its cathode plant in Morocco"
#: What the other reader takes for an opening.
BEGUN = completion(answer(said_claim(stage="construction", state="reached", date=None, quote="cuts the ribbon")))
DOWN = Reply(status=503)
MONITOR = """\
alert_from: 0.6
reader:
  use: llm
  llm: {{endpoint: '{endpoint}', model: small, timeout: 5s, fallback: 'tests.readers.plugged:RibbonReader'}}
"""
OTHERS = {
    "projects.yaml": "projects:\n  - {id: plant, name: Plant, who: [BTR], what: [cathode], where: [Morocco]}\n",
    "feeds.yaml": "feeds: [{url: 'file:news.xml', name: News}]\n",
    "subscribers.yaml": "subscribers: [{name: Desk, to: ['console://'], projects: ['*']}]\n",
}


class House:
    """The whole monitor on one feed and one language model, whose clock the test holds."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.clock = model.clock
        self.folder = model.folder / "config"
        self.folder.mkdir()
        for name, text in {**OTHERS, "monitor.yaml": MONITOR.format(endpoint=model.server.url("/v1"))}.items():
            (self.folder / name).write_text(text)
        self.items: list[str] = []
        self.publish()
        self.app = self.start()

    def start(self) -> App:
        config = load(self.folder, {})
        return App(config, load_lexicons(), console=Console(file=StringIO()), clock=self.clock)

    def publish(self, *titles: str) -> None:
        date = format_datetime(self.clock.now)
        self.items += [
            f"<item><title>{title}</title><link>https://example.org/{len(self.items)}</link>"
            f"<description>It was done on that day.</description><pubDate>{date}</pubDate></item>"
            for title in titles
        ]
        feed = f"<rss version='2.0'><channel><title>News</title>{''.join(self.items)}</channel></rss>"
        (self.folder / "news.xml").write_text(feed)

    async def poll(self, *titles: str) -> list[Change]:
        self.publish(*titles)
        async with self.app.fetcher() as fetcher:
            results = [result async for result in self.app.poller.poll(self.app.poller.feeds(), fetcher)]
        assert not any(result.error for result in results)
        return [change for result in results for change in result.changes]

    async def import_past(self) -> None:
        await self.poll("An old story")
        self.clock.now += timedelta(hours=1)

    def told(self) -> int:
        """How many messages go out now."""
        return sum(1 for _ in self.app.courier.deliver("test"))

    def provisional(self, kind: Provisional = Provisional.NEWS) -> list[str]:
        return [item.article.title for item in self.app.ledger.provisional(kind)]

    def says(self) -> list[str]:
        return [claim.stage for report in self.app.ledger.reports().get("plant", ()) for claim in report.claims]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with LoopbackServer() as server:
        house = House(Model(server, tmp_path))
        yield house
        house.app.close()


def told_of(changes: Sequence[Change]) -> list[tuple[str, object]]:
    return [(change.type.value, change.to) for change in changes]


async def test_a_reading_of_the_other_reader_is_told_and_corrected_once_when_the_model_answers(house: House) -> None:
    await house.import_past()
    house.model.says(DOWN)

    told = await house.poll(TITLE)
    assert (told_of(told), house.told(), house.provisional()) == ([("status", "operating")], 1, [TITLE])
    assert (await house.app.rereader.read_again(), len(house.model.asked)) == ((), 1)

    house.clock.now += timedelta(minutes=2)
    house.model.says(BEGUN)
    corrected = await house.app.rereader.read_again()
    assert ("status", "construction") in told_of(corrected)
    assert (house.says(), house.told(), house.provisional()) == (["construction"], 1, [])
    [item] = house.app.ledger.articles(project="plant")
    assert item.reader == house.app.watch.fingerprint

    assert (await house.app.rereader.read_again(), await house.poll(TITLE), house.told()) == ((), [], 0)


async def test_it_is_still_to_be_read_again_after_a_restart(house: House) -> None:
    await house.import_past()
    house.model.says(DOWN)
    await house.poll(TITLE)

    house.app.close()
    house.app = house.start()
    house.model.says(BEGUN)
    await house.app.rereader.read_again()

    assert (house.says(), house.provisional()) == (["construction"], [])


async def test_a_reading_that_both_make_is_only_signed_anew(house: House) -> None:
    await house.import_past()
    house.model.says(DOWN)
    await house.poll(f"{TITLE} today")
    house.told()
    house.clock.now += timedelta(minutes=2)

    house.model.says(completion("garbage"))
    for _ in range(4):
        assert await house.app.rereader.read_again() == ()

    assert (len(house.model.asked), house.told(), house.provisional()) == (4, 0, [])


async def test_what_was_taken_as_history_alerts_nobody_when_it_is_read_again(house: House) -> None:
    house.model.says(DOWN)
    await house.poll(TITLE)
    assert house.provisional(Provisional.HISTORY) == [TITLE]
    house.clock.now += timedelta(minutes=2)

    house.model.says(BEGUN)
    corrected = await house.app.rereader.read_again()

    assert ("status", "construction") in told_of(corrected)
    assert (house.says(), house.told(), house.provisional(Provisional.HISTORY)) == (["construction"], 0, [])


async def test_an_article_that_never_gets_an_answer_holds_up_no_other(house: House) -> None:
    def reply(request: Request) -> Reply:
        text = json.loads(json.loads(request.body)["messages"][1]["content"])["article"]["title"]
        return DOWN if text == TITLE else BEGUN

    await house.import_past()
    house.model.says(DOWN)
    await house.poll(TITLE, f"{TITLE} again")
    house.model.says(reply)

    for _ in range(3):
        house.clock.now += timedelta(hours=1)
        await house.app.rereader.read_again()

    assert house.provisional() == [TITLE]


async def test_an_article_that_is_changed_meanwhile_keeps_what_was_read_in_its_new_edition(house: House) -> None:
    def edited(_: Request) -> Reply:
        [item] = house.app.ledger.articles(project="plant")
        new = replace(item, article=replace(item.article, text="It was called off."), reader="new")
        house.app.ledger.reread([new], ReadFor.CORRECTION, decider(house.app.watch, None))
        return BEGUN

    await house.import_past()
    house.model.says(DOWN)
    await house.poll(TITLE)
    house.clock.now += timedelta(minutes=2)

    house.model.says(edited)
    await house.app.rereader.read_again()

    [item] = house.app.ledger.articles(project="plant")
    assert (item.article.text, item.reader, house.says()) == ("It was called off.", "new", ["operating"])


async def test_an_article_that_breaks_its_worker_keeps_what_was_read_in_it(house: House) -> None:
    class Broken:
        async def read(self, *_: object, **__: object) -> tuple[str | None, Answer]:
            raise HostileError("https://example.org/1", "it ends the process that reads it")

    await house.import_past()
    house.model.says(DOWN)
    await house.poll(TITLE)
    house.clock.now += timedelta(minutes=2)
    broken: Documents = Broken()  # type: ignore[assignment]  # nothing else of it is used
    house.app.rereader.documents = lambda: broken

    assert await house.app.rereader.read_again() == ()
    assert (house.says(), house.provisional()) == (["operating"], [])


async def test_without_a_language_model_nothing_is_read_again(house: House) -> None:
    await house.import_past()
    house.model.says(DOWN)
    await house.poll(TITLE)
    (house.folder / "monitor.yaml").write_text("timezone: UTC\n")
    house.app.reconfigure(load(house.folder, {}), load_lexicons())

    assert await house.app.rereader.read_again() == ()
    assert house.provisional() == [TITLE]
