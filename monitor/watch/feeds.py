"""The configured feeds with what is recorded of them."""

from collections.abc import Mapping, Sequence

from monitor.core.model import Feed
from monitor.core.polling.websub import HubSubscription
from monitor.ports import FeedRecord, HubSubscriptions, Ledger


def recorded(
    feeds: Sequence[Feed], ledger: Ledger, names: Sequence[str] | None = None
) -> tuple[tuple[Feed, FeedRecord], ...]:
    """All of these feeds (or those with these addresses or names), each with its record. Raises LedgerError."""
    records = ledger.feeds()
    return tuple(
        (feed, records.get(feed.url, FeedRecord(url=feed.url)))
        for feed in feeds
        if names is None or feed.url in names or feed.name in names
    )


def hub_subscriptions(hubs: HubSubscriptions) -> Mapping[str, HubSubscription]:
    """The subscription of each feed that has one, by the feed's address. Raises LedgerError."""
    return {each.feed: each for each in hubs.all() if not each.is_leaving}
