"""``feeds list``, ``why``: shows what is known of the feeds."""

from typing import Annotated

import typer

from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir, known
from monitor.cli.output import show, show_json
from monitor.cli.render_lists import feeds, why
from monitor.cli.session import consulted
from monitor.contracts.feeds import appointment_json, feed_json


def list_feeds(config: ConfigDir = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """List the feeds with the result of the last poll and the time of the next one.

    Example:
        monitor feeds list
    """
    with consulted(config) as archive:
        hubs = archive.hub_subscriptions()
        if as_json:
            show_json([feed_json(feed, record, hubs.get(feed.url)) for feed, record in archive.feeds()])
        else:
            show(feeds(archive.feeds(), archive.watch.timezone, hubs))


def explain(
    feed: Annotated[str, typer.Argument(metavar="FEED", help="Name or address.")],
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    as_json: AsJson = False,
) -> None:
    """Explain the time of a feed's next poll: what each rule decided at the last poll, and what is known of the feed.

    Example:
        monitor feeds why Chronicle
    """
    with consulted(config) as archive:
        known("feed", feed, [name for each in archive.config.feeds for name in (each.name, each.url)])
        hubs = archive.hub_subscriptions()
        for found, record in archive.feeds([feed]):
            if as_json:
                show_json(appointment_json(found, record, hubs.get(found.url)))
            else:
                show(why(found, record, archive.watch.timezone, hubs.get(found.url)))
