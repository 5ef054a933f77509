"""``feeds list``, ``feeds test``: the addresses that are polled."""

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.contracts import feed_json, trial_json
from monitor.cli.opening import opened
from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir
from monitor.cli.output import show, show_json
from monitor.cli.render_lists import feeds, trial
from monitor.cli.trial import try_feeds
from monitor.core.model import Feed

if TYPE_CHECKING:
    from monitor.app import App


def list_feeds(config: ConfigDir = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """List the feeds: how the last poll of each ended, and when the next one is.

    Example:
        monitor feeds list
    """
    with opened(config, as_json=as_json) as app:
        if as_json:
            show_json([feed_json(feed, record) for feed, record in app.feeds()])
        else:
            show(feeds(app.feeds(), app.watch.timezone))


def try_out(
    feed: Annotated[list[str], typer.Argument(metavar="FEED…", help="Names or addresses; any address will do.")],
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    as_json: AsJson = False,
) -> None:
    """Fetch feeds once, show what they hold and which projects it may concern, and keep nothing.

    Exit 1 where one of them failed.

    Examples:
        monitor feeds test "Example Daily"
        monitor feeds test https://example.org/feed.xml
    """
    with opened(config, as_json=as_json) as app:
        failed = asyncio.run(_test(app, feed, as_json=as_json))
    if failed:
        raise typer.Exit(1)


async def _test(app: "App", names: list[str], *, as_json: bool) -> bool:
    """Whether one of them failed."""
    configured = {feed.name: feed for feed in app.config.feeds} | {feed.url: feed for feed in app.config.feeds}
    chosen = [configured.get(name) or Feed(url=name, name=name) for name in names]
    failed = False
    async with aclosing(try_feeds(app, chosen)) as results:
        async for result in results:
            failed = failed or bool(result.error)
            if as_json:
                show_json(trial_json(result))
            else:
                show(trial(result))
    return failed
