"""However much past feeds have, it alerts nobody; the first news after it does. Nothing is faked but the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from io import StringIO
from pathlib import Path

from rich.console import Console

from monitor.app.build import App
from monitor.app.opening import load_folder
from monitor.poll.poll import PollResult
from monitor.ports import DeliveryState

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
FEEDS, ENTRIES = 5, 500
PROJECTS = """
projects:
  - {id: plant, name: Cathode plant, who: [BTR], what: [cathode], where: [Morocco]}
"""
#: Each tells something of the project; the rest of a feed is of other matters.
PAST = (
    "BTR announced a cathode plant in Morocco.",
    "BTR signed the investment agreement for its cathode plant in Morocco on 29 March 2024.",
    "The BTR cathode plant in Morocco will start production in September 2026.",
    "BTR invests 3 billion dirhams in its cathode plant in Morocco, with 2,500 jobs.",
    "The government approved the BTR cathode plant in Morocco.",
)
NEWS = "BTR broke ground on its cathode plant in Morocco today."


def past(feed: int) -> list[tuple[str, datetime]]:
    """What a feed shows when it is first asked: three years of it, up to an hour ago."""
    items = []
    for number in range(ENTRIES):
        about = PAST[number % len(PAST)] if number % 10 == feed else "The harvest was good in other countries too."
        items.append((f"{about} Edition {feed}-{number}.", NOW - timedelta(hours=1 + 52 * number)))
    return items


def write(folder: Path, feed: int, items: list[tuple[str, datetime]]) -> None:
    entries = "".join(
        f"<item><title>{text}</title><link>https://{feed}.example.org/{hash(text)}</link>"
        f"<description>{text}</description><pubDate>{format_datetime(at)}</pubDate></item>"
        for text, at in items
    )
    document = f"<rss version='2.0'><channel><title>Feed {feed}</title>{entries}</channel></rss>"
    (folder / f"{feed}.xml").write_text(document)


@contextmanager
def opened(folder: Path, clock: list[datetime]) -> Iterator[App]:
    config, lexicons = load_folder(folder)
    app = App(config, lexicons, console=Console(file=StringIO()), clock=lambda: clock[0], chance=lambda: 0.5)
    try:
        yield app
    finally:
        app.close()


async def polled(app: App) -> list[PollResult]:
    async with app.fetcher() as fetcher:
        return [result async for result in app.poller.poll(app.poller.feeds(), fetcher)]


async def test_the_past_of_five_feeds_alerts_nobody_and_one_new_entry_is_one_alert(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "projects.yaml").write_text(PROJECTS)
    (folder / "subscribers.yaml").write_text("subscribers:\n  - {name: Desk, to: ['console://']}\n")
    feeds = "".join(f"  - {{url: 'file:{feed}.xml', name: Feed {feed}}}\n" for feed in range(FEEDS))
    (folder / "feeds.yaml").write_text(f"feeds:\n{feeds}")
    for feed in range(FEEDS):
        write(folder, feed, past(feed))
    clock = [NOW]

    with opened(folder, clock) as app:
        imported = await polled(app)
        assert sum(result.new for result in imported) == FEEDS * ENTRIES
        assert all(result.is_history for result in imported)
        assert app.ledger.changes()
        assert app.ledger.changes(history=False) == []
        assert app.outbox.deliveries() == []
        assert list(app.courier.deliver("w")) == []

        clock[0] = NOW + timedelta(hours=1)
        write(folder, 2, [(NEWS, clock[0]), *past(2)])
        results = await polled(app)
        assert sum(result.new for result in results) == 1
        attempts = list(app.courier.deliver("w"))
        (record,) = app.outbox.deliveries()
        assert [change.id for change in app.ledger.changes(history=False)] == [record.delivery.change.id]

    assert len(attempts) == 1
    assert record.state is DeliveryState.SENT
    assert (record.delivery.change.stage, record.delivery.change.type) == ("construction", "status")
