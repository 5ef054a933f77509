"""``feeds test``, ``discover``, ``add``, ``import``, ``export``: feeds of others, and for others."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from monitor.app.trials import find_feeds, try_feeds
from monitor.cli.documents import opened_file
from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir, known, must_ask
from monitor.cli.output import complain, progress, show, show_json, show_page
from monitor.cli.render import count, text
from monitor.cli.render_work import discovered, trial
from monitor.cli.session import change, consulted, opened
from monitor.contracts.feeds import trial_json
from monitor.contracts.opml import opml_of, parse_opml
from monitor.core.model import Feed
from monitor.errors import InputError
from monitor.logs import redact
from monitor.operate.edits import adding_feed, changing_feed, importing_feeds, removing_feed
from monitor.poll.trial import FeedTrial
from monitor.settings.edits import sifted, what_is_wrong

if TYPE_CHECKING:
    from monitor.app.build import App

Trust = Annotated[float, typer.Option("--trust", min=0, max=1, help="1 official, 0.5 press, 0.3 aggregator.")]


def try_out(
    feed: Annotated[list[str], typer.Argument(metavar="FEED", help="Names or addresses; any address will do.")],
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    as_json: AsJson = False,
) -> None:
    """Fetch feeds once, and show their entries and the projects that these may concern. Keeps nothing.

    Exit 1 if one of them fails.

    Examples:
        monitor feeds test Chronicle
        monitor feeds test https://medias24.com/feed/
    """
    with opened(config, as_json=as_json) as app:
        failed = asyncio.run(_test(app, feed, as_json=as_json))
    if failed:
        raise typer.Exit(1)


def discover(
    url: Annotated[str, typer.Argument(metavar="URL", help="Address of a page, or of a site.")],
    which: Annotated[
        list[str] | None,
        typer.Argument(metavar="WHICH", help="With --add: numbers of the list, or addresses; all when absent."),
    ] = None,
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    add: Annotated[bool, typer.Option("--add", help="Add them to the end of feeds.yaml.")] = False,
    trust: Trust = 0.5,
    as_json: AsJson = False,
) -> None:
    """List the feeds of a page: title, address, format, entries, and the newest of these. --add adds them.

    If the page names no feed, the usual addresses on its site are tried one after the other, then its sitemaps. Exit 1
    if no feed is found. feeds test ADDRESS shows the entries of one.

    Examples:
        monitor feeds discover https://medias24.com
        monitor feeds discover https://medias24.com --add
        monitor feeds discover https://medias24.com --add 1 2
    """
    if which and not add:
        raise typer.BadParameter("add --add; it adds the feeds that you name", param_hint="WHICH")
    with opened(config, as_json=as_json) as app:
        found = asyncio.run(_found_feeds(app, url, as_json=as_json))
        present = {feed.url for feed in app.config.feeds}
    if not found:
        raise InputError(f"{url}: no feed found, neither named by the page nor at the usual places")
    if not as_json:
        show(discovered(found, present))
    if add:
        chosen = [tried for tried in _chosen(found, which or ()) if tried.feed.url not in present]
        _add_found(config, chosen, trust, as_json=as_json)


async def _found_feeds(app: "App", url: str, *, as_json: bool) -> list[FeedTrial]:
    """The feeds of a page, those that work first. With ``as_json`` each is shown as soon as it arrives."""
    with progress("Trying feeds", None) as advance:
        found = []
        async with aclosing(find_feeds(app, url)) as trials:
            async for tried in trials:
                advance()
                found.append(tried)
                if as_json:
                    show_json(trial_json(tried))
    return sorted(found, key=lambda tried: bool(tried.error))


def _chosen(found: Sequence[FeedTrial], which: Sequence[str]) -> list[FeedTrial]:
    """Those of these numbers or addresses that work; all that work if none is named."""
    working = [tried for tried in found if not tried.error]
    by_name = {name: tried for number, tried in enumerate(working, start=1) for name in (str(number), tried.feed.url)}
    return [by_name[known("feed", name, by_name)] for name in dict.fromkeys(which)] if which else working


def _add_found(config: Path, chosen: Sequence[FeedTrial], trust: float, *, as_json: bool) -> None:
    """Add these feeds by their titles. One that the file cannot hold is shown and left out, and the exit code is 1."""
    added, failed = list[Feed](), False
    for tried in chosen:
        feed = Feed(url=tried.feed.url, name=tried.name, trust=trust)
        if reason := what_is_wrong(feed, config):
            complain(InputError(f"{redact(feed.url)}: {reason}"))
            failed = True
        else:
            added.append(feed)
    if added:
        change(config, importing_feeds(added))
    _show_added(added, as_json=as_json)
    if failed:
        raise typer.Exit(1)


def _show_added(added: Sequence[Feed], *, as_json: bool) -> None:
    if as_json:
        show_json({"added": [redact(feed.url) for feed in added]})
    else:
        show(f"{count(len(added), 'feed')} added.")


def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="Of the feed; feeds discover finds it on a page.")],
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    name: Annotated[str, typer.Option("--name", help="That of its host when absent.")] = "",
    trust: Trust = 0.5,
    language: Annotated[str | None, typer.Option("--language", help="Found in the text when absent.")] = None,
    as_json: AsJson = False,
) -> None:
    """Add a feed to the end of feeds.yaml. The rest of the file stays as it is.

    A running service starts to poll it, and its first entries count as history. Try it first: monitor feeds test URL.

    Example:
        monitor feeds add https://example.org/feed.xml --name "Example Daily" --trust 0.5
    """
    with opened(config, as_json=as_json) as app:
        if url in {feed.url for feed in app.config.feeds}:
            raise InputError(f"{redact(url)}: is in feeds.yaml already")
    feed = Feed(url=url, name=name or urlsplit(url).hostname or url, trust=trust, language=language)
    if reason := what_is_wrong(feed, config):
        raise InputError(f"{redact(url)}: {reason}")
    change(config, adding_feed(feed))
    if as_json:
        show_json({"added": [redact(url)]})
    else:
        show(f"{feed.name} added.")


def export_opml(config: ConfigDir = DEFAULT_CONFIG) -> None:
    """Write the feeds as OPML for feed readers and other monitors. Masks secrets and omits files of the folder.

    Example:
        monitor feeds export > feeds.opml
    """
    with consulted(config) as archive:
        show_page(opml_of(archive.config.feeds).decode())


def import_opml(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="OPML; - is standard input.")],
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    trust: Annotated[float, typer.Option("--trust", min=0, max=1, help="Of feeds of which the file says none.")] = 0.5,
    as_json: AsJson = False,
) -> None:
    """Add the feeds of an OPML file to the end of feeds.yaml, each address once.

    The rest of feeds.yaml stays as it is. A running service starts to poll them, and their first entries count as
    history. A bad feed is shown and left out, and the exit code is 1.

    Example:
        monitor feeds import subscriptions.opml --trust 0.3
    """
    with opened_file(file) as opml:
        data = opml.read()
    with opened(config, as_json=as_json) as app:
        present = {feed.url for feed in app.config.feeds}
    added, refused = sifted(parse_opml(data, name=file, trust=trust), present, config, source=file)
    for error in refused:
        complain(error)
    if added:
        change(config, importing_feeds(added))
    _show_added(added, as_json=as_json)
    if refused:
        raise typer.Exit(1)


async def _test(app: "App", names: list[str], *, as_json: bool) -> bool:
    """Try these feeds. True if one of them failed."""
    configured = {feed.name: feed for feed in app.config.feeds} | {feed.url: feed for feed in app.config.feeds}
    chosen = [configured.get(name) or Feed(url=name, name=name) for name in names]
    return any(tried.error for tried in await _show(try_feeds(app, chosen), as_json=as_json))


async def _show(trials: AsyncGenerator[FeedTrial, None], *, as_json: bool) -> list[FeedTrial]:
    """Show each result as soon as it arrives."""
    shown = []
    async with aclosing(trials):
        async for tried in trials:
            shown.append(tried)
            if as_json:
                show_json(trial_json(tried))
            else:
                show(trial(tried))
    return shown


# ``feeds edit``, ``remove``: changes feeds in feeds.yaml, and takes them out ------------------------------------------


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
