"""Work on a terminal: the results of polls, imports, trials and attempts to deliver."""

from collections.abc import Collection, Iterable, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from monitor.cli.render import NOTHING, Blocks, count, in_a_row, table, text
from monitor.cli.render_lists import move
from monitor.core.model import Feed
from monitor.core.plain import clean, readable, shorten
from monitor.deliver.send import Attempt
from monitor.know.history import Imported, ImportedDecisions
from monitor.logs import redact
from monitor.poll.poll import PollOutcome, PollResult
from monitor.poll.trial import FeedTrial
from monitor.ports import Outcome

_MAX_TITLE = 200
#: A feed that was found: format, entries, how many of these may concern projects, the newest, title.
_FOUND = "{:<9}  {:>7}  {:>8}  {:<10}  {}"


def attempt(done: Attempt) -> Text:
    """One attempt at a delivery, on one line."""
    sent = done.result.outcome is Outcome.SENT
    shown = Text.assemble(("✔ " if sent else "✘ ", "green" if sent else "red"), move(done.delivery.change))
    shown.append(f" → {clean(done.destination)}")
    if not sent:
        shown.append(f": {done.result.outcome}, {clean(done.result.detail)}", "red")
        shown.append("; given up" if done.retry_at is None else "; will be tried again", "red")
    return shown


def poll(result: PollResult) -> Text:
    """The result of one poll on one line, and problems with single entries below it."""
    failed = result.outcome is PollOutcome.FAILED
    shown = Text.assemble(
        ("✘ " if failed else "✔ ", "red" if failed else "green"), text(result.feed.name, "bold"), ": "
    )
    if failed:
        shown.append_text(text(_reason(result.feed, result.error), "red"))
    elif result.outcome is PollOutcome.READ:
        changed = count(len(result.changes), "change")
        shown.append(
            f"{count(result.entries, 'entry')}, {result.new:,} new, {result.relevant:,} about projects, {changed}"
        )
        if result.is_history:
            shown.append(" (its past: alerts nobody)", "dim")
    else:
        shown.append(result.outcome.value)
    for problem in result.problems:
        shown.append("\n  ").append_text(text(problem, "yellow"))
    return shown


def _reason(feed: Feed, error: str) -> str:
    """The error without the address at its start, since the feed's name is shown beside it."""
    return error.removeprefix(f"{feed.url}: ")


def polls(results: Sequence[PollResult], *, elsewhere: int = 0) -> Text:
    """A round of polls, on one line. ``elsewhere``: the changes that another process raised meanwhile."""
    failed = sum(1 for result in results if result.outcome is PollOutcome.FAILED)
    waiting = sum(1 for result in results if result.outcome is PollOutcome.NOT_ASKED)
    shown = in_a_row(
        f"{count(len(results) - waiting, 'feed')} polled",
        count(sum(result.new for result in results), "new article"),
        f"{sum(result.relevant for result in results):,} about projects",
        count(sum(len(result.changes) for result in results), "change"),
        f"{elsewhere:,} more by the service or another poll meanwhile: monitor changes" if elsewhere else None,
    )
    if waiting:
        shown.append(f" · no network: {count(waiting, 'feed')} not asked", "yellow")
    return shown.append(f" · {failed:,} failed, to be tried again", "red") if failed else shown


def imported(name: str, done: Imported, decided: ImportedDecisions) -> Text:
    """The result of importing one file, on one line."""
    return in_a_row(
        Text.assemble(text(name, "bold"), f": {count(done.articles, 'article')}"),
        f"{done.new:,} new",
        f"{done.relevant:,} about projects",
        count(decided.new, "decision") if decided.new else None,
        f"{count(done.changes + decided.changes, 'change')}, all history",
    )


def trial(tried: FeedTrial) -> RenderableType:
    """A feed's current entries that may concern projects, and the number of all entries; or the error."""
    if tried.error:
        return Text.assemble(
            ("✘ ", "red"), text(tried.feed.name, "bold"), ": ", text(_reason(tried.feed, tried.error), "red")
        )
    head = Text.assemble(("✔ ", "green"), text(tried.feed.name, "bold"))
    head.append(f": {count(len(tried.entries), 'entry')}, {tried.relevant:,} may concern projects")
    parts: list[RenderableType] = [head, *(text(f"  {problem}", "yellow") for problem in tried.problems)]
    if tried.relevant:
        rows = table("Published", "Title", "Projects", whole=1)
        for entry, projects in tried.entries:
            if projects:
                published = str(entry.published_at.date()) if entry.published_at else NOTHING
                rows.add_row(published, text(shorten(entry.title, _MAX_TITLE)), ", ".join(projects))
        parts.append(rows)
    return Group(*parts)


def discovered(found: Iterable[FeedTrial], present: Collection[str]) -> RenderableType:
    """The feeds that were found, numbered, and below them those that fail.

    Args:
        found: the feeds as they were tried, those that work first.
        present: the addresses of the feeds that are polled already.
    """
    rows = Blocks()
    rows.add_row("", Text(_FOUND.format("Format", "Entries", "Relevant", "Newest", "Title"), "bold"))
    failed = []
    for number, tried in enumerate(found, start=1):
        if tried.error:
            failed.append(trial(tried))
            continue
        url = tried.feed.url
        newest = str(tried.newest.date()) if tried.newest else NOTHING
        name = clean(redact(shorten(tried.name, _MAX_TITLE)))
        row = _FOUND.format(tried.format, len(tried.entries), tried.relevant, newest, name)
        rows.add_row(
            Text(str(number), "bold"),
            Text(row, no_wrap=True, overflow="ellipsis"),
            Text(clean(redact(readable(url))), "dim", no_wrap=True, overflow="ignore"),
            Text("in feeds.yaml already", "yellow") if url in present else None,
        )
    return Group(*((rows,) if rows.row_count > 1 else ()), *failed)
