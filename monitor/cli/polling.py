"""``run``, ``poll``: starts the service, or polls once by hand."""

import asyncio
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, aclosing, asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import RenderableType

from monitor.app.log_lines import log_network, log_poll
from monitor.app.opening import load_folder
from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir, known
from monitor.cli.output import out, progress, show, show_json, unused_proxy
from monitor.cli.render_projects import overview
from monitor.cli.render_work import attempt as render_attempt
from monitor.cli.render_work import poll as render_poll
from monitor.cli.render_work import polls as render_polls
from monitor.cli.session import opened
from monitor.contracts.deliveries import attempt_json
from monitor.contracts.feeds import poll_json
from monitor.core.model import Feed
from monitor.logs import LogForm, get_logger, log_as
from monitor.poll.context import Progress, ignore
from monitor.poll.poll import PollOutcome, PollResult
from monitor.ports import FeedRecord, Outcome

if TYPE_CHECKING:
    from monitor.app.build import App
    from monitor.cli.live import Screen
    from monitor.ledger.lock import ServiceLock

log = get_logger()

#: Seconds that the first import may delay the service. The service polls the remaining feeds.
PATIENCE = 300.0
#: Seconds that threads at work get to end once the service has stopped. What they do is stored nowhere.
_AFTERWARDS = 5.0
_NOTHING_CAME = frozenset({PollOutcome.FAILED, PollOutcome.NOT_ASKED})


def run(
    config: ConfigDir = DEFAULT_CONFIG,
    log_form: Annotated[
        LogForm | None,
        typer.Option("--log", help="Write log lines, also on a terminal, which shows a live view otherwise."),
    ] = None,
) -> None:
    """Run the service: poll due feeds, send due deliveries, apply edits of the configuration. Ctrl-C ends it.

    At the first start the past of every feed is read first, for five minutes at most. It is history and alerts nobody.
    A terminal shows what the service does, what comes next and what is wrong. Elsewhere logs are JSON lines on standard
    error.

    Examples:
        monitor run
        monitor run --log json
        monitor run --config /etc/monitor
    """
    # If the service is stopped before it has started, there is nothing to shut down.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with _view(log_form) as screen:
        log.info("service.starting", detail="Reading the configuration…")
        console = screen.console if screen else None
        with opened(config, warm=True, console=console) as app:
            for problem in (*app.config.warnings, *app.config.unset):
                log.warning("configuration.warning", detail=str(problem))
            if proxy := unused_proxy():
                log.warning("environment.proxy_unused", detail=proxy)
            with app.exclusively() as lock, screen.over(app) if screen else nullcontext():
                asyncio.run(_run(app, lock, screen))


def _view(form: LogForm | None) -> AbstractContextManager["Screen | None"]:
    """The live view if standard output is a terminal that can show it; otherwise logs in this form."""
    if form is None and sys.stdout.isatty() and not out.is_dumb_terminal:
        from monitor.cli.live import Screen  # noqa: PLC0415 - only the service on a terminal needs it

        return Screen(out, quiet=sys.stderr.isatty())
    log_as(form or LogForm.JSON)
    return nullcontext()


async def _run(app: "App", lock: "ServiceLock", screen: "Screen | None") -> None:
    # Imported late like App: only the service needs it.
    from monitor.app.service import Service  # noqa: PLC0415 - slow to load
    from monitor.web.site import site  # noqa: PLC0415 - slow to load

    await Service(app, load_folder, site, first=lambda: _import(app, screen)).run(lock)
    # A thread at work, such as the check of a large edit, would keep the process alive until it has ended.
    end = threading.Timer(_AFTERWARDS, os._exit, [0])
    end.daemon = True
    end.start()


async def _import(app: "App", screen: "Screen | None" = None) -> None:
    """At the first start, poll all feeds for a limited time and show the projects. The service starts after that.

    At later starts known feeds and due messages must not wait, so the service polls new remote feeds beside its work.
    """
    feeds = app.poller.feeds()
    new = [item for item in feeds if item[1].polled_at is None]
    is_first = len(new) == len(feeds)
    # Feeds without network come first, so that without a connection the known facts are shown at once.
    local = [item for item in new if item[0].url.startswith("file:")]
    remote = [item for item in new if item not in local]
    app.poller.network.report = log_network
    say = screen.show if screen else show
    await _read_past(app, local, screen)
    say(_overview(app))
    if remote and is_first:
        try:
            async with asyncio.timeout(PATIENCE):
                results = await _read_past(app, remote, screen)
        except TimeoutError:
            say("The first import takes long. The service begins now and reads the rest beside its work.")
        else:
            if not results:
                return
            say(render_polls(results))
        say(_overview(app))


async def _read_past(app: "App", feeds: Sequence[tuple[Feed, FeedRecord]], screen: "Screen | None") -> list[PollResult]:
    """Poll feeds for the first time. The screen shows how far it is; otherwise each result is a line of its own.

    Returns the results of the feeds that were asked.
    """
    if not feeds:
        return []
    whose = feeds[0][0].name if len(feeds) == 1 else f"{len(feeds):,} feeds"
    log.info("past.reading", feeds=len(feeds), detail=f"Reading the past of {whose}, which alerts nobody…")
    results = []
    async with _polling(app, feeds, screen.progress if screen else ignore) as polls:
        async for result in polls:
            if result.outcome is PollOutcome.NOT_ASKED:
                continue
            results.append(result)
            if screen:
                log_poll(result)
            else:
                show(render_poll(result))
    return results


def _overview(app: "App") -> RenderableType:
    watch, states, now = app.watch, app.knowledge.overview(), app.clock()
    inferred = {state.project: watch.inferred(state, now) for state in states}
    return overview(watch.projects.values(), states, watch.lifecycles, inferred, now=now)


def poll(
    feed: Annotated[
        list[str] | None, typer.Argument(metavar="FEED", help="Names or addresses; all when absent.")
    ] = None,
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    send: Annotated[bool, typer.Option("--send/--no-send", help="Send what is owed then.")] = True,
    as_json: AsJson = False,
) -> None:
    """Poll feeds once, now, whether or not they are due, and send due deliveries.

    What a running service has found already is not new, and what it finds at the same time is counted apart. Exit 1
    if every feed fails or cannot be asked, or an alert is not accepted.

    Examples:
        monitor poll
        monitor poll Chronicle --json
    """
    with opened(config, as_json=as_json) as app:
        for name in feed or ():
            known("feed", name, [name for each in app.config.feeds for name in (each.name, each.url)])
        app.poller.share_budget()
        latest = next(iter(app.ledger.changes(limit=1)), None)
        results = asyncio.run(_round(app, app.poller.feeds(feed or None), as_json=as_json))
        if not as_json:
            own = {change.id for result in results for change in result.changes}
            raised = app.ledger.changes(after=latest.id if latest else None)
            show(render_polls(results, elsewhere=sum(change.id not in own for change in raised)))
        asyncio.run(app.rereader.read_again())
        app.look_at_the_clock()
        sent = _send(app, as_json=as_json) if send else True
    if not sent or (results and all(result.outcome in _NOTHING_CAME for result in results)):
        raise typer.Exit(1)


async def _round(app: "App", feeds: Sequence[tuple[Feed, FeedRecord]], *, as_json: bool) -> list[PollResult]:
    """Poll these feeds, and show each result as it arrives."""

    def heard(result: PollResult) -> None:
        if as_json:
            show_json(poll_json(result))
        elif result.outcome is not PollOutcome.NOT_ASKED:
            show(render_poll(result))

    return await poll_all(app, feeds, heard)


async def poll_all(
    app: "App", feeds: Sequence[tuple[Feed, FeedRecord]], heard: Callable[[PollResult], None]
) -> list[PollResult]:
    """Poll these feeds, and hand over each result as it arrives."""
    results = []
    with progress("Polling feeds", len(feeds)) as advance:
        async with _polling(app, feeds) as polls:
            async for result in polls:
                advance()
                results.append(result)
                heard(result)
    return results


@asynccontextmanager
async def _polling(
    app: "App", feeds: Sequence[tuple[Feed, FeedRecord]], progress: Progress = ignore
) -> AsyncIterator[AsyncIterator[PollResult]]:
    """The results of a poll of these feeds, each as it comes."""
    async with app.fetcher() as fetcher, aclosing(app.poller.poll(feeds, fetcher, progress=progress)) as polls:
        yield polls


def _send(app: "App", *, as_json: bool) -> bool:
    """Send due deliveries. True if all of them were accepted."""
    taken = True
    for attempt in app.courier.deliver(f"{socket.gethostname()}/{os.getpid()}"):
        taken = taken and attempt.result.outcome is Outcome.SENT
        if as_json:
            show_json(attempt_json(attempt))
        else:
            show(render_attempt(attempt))
    return taken
