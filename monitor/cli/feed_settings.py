"""``feeds edit``, ``remove``: changes feeds in feeds.yaml, and takes them out."""

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir, known, must_ask
from monitor.cli.output import show, show_json
from monitor.cli.render import text
from monitor.cli.session import change, consulted
from monitor.core.model import Feed
from monitor.logs import redact
from monitor.operate.edits import changing_feed, removing_feed

FeedName = Annotated[str, typer.Argument(metavar="FEED", help="Name or address.")]


def edit(
    feed: FeedName,
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    name: Annotated[str | None, typer.Option("--name", help="Its new name.")] = None,
    trust: Annotated[
        float | None, typer.Option("--trust", min=0, max=1, help="1 official, 0.5 press, 0.3 aggregator.")
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", help='Of its articles; with "" it is found in the text.')
    ] = None,
    paused: Annotated[
        bool | None, typer.Option("--paused/--polled", help="Keep it in the list without polling it, or poll it again.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Change settings of a feed in feeds.yaml. The rest of the file stays as it is.

    Examples:
        monitor feeds edit Chronicle --trust 0.7 --language fr
        monitor feeds edit Chronicle --paused
    """
    if name == "" or (name, trust, language, paused) == (None, None, None, None):
        raise typer.BadParameter("give --name, --trust, --language, --paused or --polled")
    found = _found(config, feed)
    change(config, changing_feed(found, name=name, trust=trust, language=language, paused=paused))
    if as_json:
        show_json({"changed": redact(found.url)})
    else:
        show(text(f"{name or found.name} changed."))


def remove(
    feed: FeedName,
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take a feed out of feeds.yaml. What it brought stays.

    Example:
        monitor feeds remove Chronicle
    """
    found = _found(config, feed)
    if must_ask(yes=yes):
        typer.confirm(f"Remove {redact(found.name)}?", abort=True, err=True)
    change(config, removing_feed(found))
    if as_json:
        show_json({"removed": redact(found.url)})
    else:
        show(text(f"{found.name} removed."))


def _found(folder: Path, name: str) -> Feed:
    """The feed of this name or address."""
    with consulted(folder, writes=True) as archive:
        feeds = archive.config.feeds
    known("feed", name, [each for feed in feeds for each in (feed.name, feed.url)])
    first, *more = [feed for feed in feeds if name in {feed.name, feed.url}]
    if more:
        raise typer.BadParameter(f"{len(more) + 1} feeds have the name '{name}'; write the address of one")
    return first
