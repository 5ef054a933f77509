"""``import``: loads past articles, and claims and decisions from another ledger, into the ledger."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from monitor.app.build import reading_pool
from monitor.cli.documents import feed_of, past
from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir
from monitor.cli.output import complain, progress, show, show_json, warn
from monitor.cli.render import NOTHING, Blocks, count, date, in_a_row, lines, text
from monitor.cli.render_lists import move
from monitor.cli.render_work import imported as render_imported
from monitor.cli.session import opened
from monitor.contracts.operating import imported_json
from monitor.contracts.runs import rebuilt_json
from monitor.core.model import Project
from monitor.core.notes import quantity
from monitor.core.review import Review, claim_id
from monitor.core.state import KnownFact, Milestone, ProjectState
from monitor.errors import InputError, MonitorError
from monitor.know.history import take_decisions, take_in
from monitor.know.rebuild import Dated, RebuildAlert, RebuildDifference, Rebuilt, try_out
from monitor.know.rebuild import rebuild as read_again
from monitor.ports import ReadArticle


def import_(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE", help="Feed documents; articles, or what was exported, as JSON Lines; - is standard input."
        ),
    ],
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    as_json: AsJson = False,
) -> None:
    """Load past articles, or data exported from another ledger, into the ledger. Sends no alerts.

    Articles that are in the ledger already stay as they are, so it is safe to run this again. Exported claims keep the
    reading made there, and exported reviews keep their decisions. A bad line or entry is shown and left out, and the
    exit code is 1.

    Examples:
        monitor import archive.xml articles.jsonl
        monitor export claims --config elsewhere | monitor import -
    """
    failed = False
    with opened(config, as_json=as_json) as app:
        for name in files:
            items: list[Dated | ReadArticle] = []
            decisions: list[Review] = []
            for item in past(app, name):
                if isinstance(item, MonitorError):
                    complain(item)
                    failed = True
                elif isinstance(item, Review):
                    decisions.append(item)
                else:
                    items.append(item)
            feed, watch, ledger, now = feed_of(app, name).url, app.watch, app.ledger, app.clock()
            with (
                reading_pool(app, articles=len(items), warn=warn) as read_all,
                progress("Taking in articles", len(items)) as heard,
            ):
                done = take_in(items, feed=feed, watch=watch, ledger=ledger, read_all=read_all, now=now, heard=heard)
            decided = take_decisions(decisions, watch=watch, ledger=ledger)
            for review in decided.homeless:
                claim = claim_id(review.claim, review.source)
                complain(InputError(f"{name}: the article of {claim} is not known here; import the claims first"))
                failed = True
            if as_json:
                show_json(imported_json(name, done, decided))
            else:
                show(render_imported(name, done, decided))
    if failed:
        raise typer.Exit(1)


# The result of a rebuild, on a terminal -------------------------------------------------------------------------------


def rebuilt(done: Rebuilt, projects: Mapping[str, Project], *, applied: bool) -> RenderableType:
    """Each project that differs, before and after, with its alerts; below them a summary."""
    shown = Blocks()
    for difference in done.differences:
        project = projects[difference.after.project]
        head = Text.assemble(text(project.name_in("en"), "bold"), "  ", (project.id, "dim"))
        shown.add_row("", lines(head, *_moved(difference)))
    return Group(shown, _summary(done, applied=applied)) if done.differences else _summary(done, applied=applied)


def _summary(done: Rebuilt, *, applied: bool) -> Text:
    if not done.articles:
        return Text("All articles are read by today's vocabulary and configuration already.")
    shown = in_a_row(
        f"{count(done.articles, 'article')} read again",
        f"{done.otherwise:,} read otherwise",
        f"{count(len(done.differences), 'project')} otherwise" if done.differences else "nothing else is known by it",
        count(len(done.changes), "change") if applied else None,
    )
    return shown if applied else shown.append("\nNothing is kept; to keep it: monitor rebuild --apply", "dim")


def _moved(difference: RebuildDifference) -> Iterator[Text]:
    if difference.moves_status:
        yield _pair("status", _status(difference.before), _status(difference.after))
    for was, now in difference.milestones:
        yield _pair((was or now).stage, _milestone(was), _milestone(now))  # type: ignore[union-attr]  # one is not None
    for one, other in difference.facts:
        yield _pair((one or other).kind, _fact(one), _fact(other))  # type: ignore[union-attr]  # one is not None
    yield from _alerts("would have been told", "green", difference.missed)
    yield from _alerts("would not have been told", "red", difference.mistaken)


def _pair(what: str, before: str, after: str) -> Text:
    return Text.assemble((what, "bold"), f": {before} → {after}")


def _status(state: ProjectState) -> str:
    condition = state.condition if state.condition != state.status else None
    said = (state.status, condition, f"since {state.since}" if state.since else None, state.confidence)
    return ", ".join(part for part in said if part) if state.status else "nothing known"


def _milestone(milestone: Milestone | None) -> str:
    if milestone is None:
        return NOTHING
    return f"{milestone.state} {date(milestone.actual or milestone.forecast)}, {milestone.confidence}"


def _fact(fact: KnownFact | None) -> str:
    return f"{quantity(fact.value, fact.unit, fact.kind)}, {fact.confidence}" if fact else NOTHING


def _alerts(said: str, style: str, alerts: Iterable[RebuildAlert]) -> Iterator[Text]:
    for alert in alerts:
        whom = text(f"{', '.join(alert.subscribers)} {said}", style)
        yield Text.assemble("  ", whom, ": ", move(alert.change))


# ``rebuild``: reads all stored articles again by the current vocabulary and configuration -----------------------------


def rebuild(
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    apply: Annotated[bool, typer.Option("--apply", help="Keep the new readings; without it nothing is kept.")] = False,
    alert: Annotated[bool, typer.Option("--alert", help="Tell subscribers what moves; else it is history.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read all stored articles again by the current vocabulary, and show which knowledge and alerts would differ.

    With --apply the new readings replace the old ones, which stay on record. Articles that were read by the current
    vocabulary and configuration are not read again, so an interrupted rebuild can be continued by running it again.
    Operators' decisions stay in force. An article whose text is no longer stored keeps its claims.

    Examples:
        monitor rebuild
        monitor rebuild --apply
        monitor rebuild --json | jq '.projects[] | {project, status}'
    """
    if alert and not apply:
        raise typer.BadParameter("nobody is told of what is not kept: add --apply", param_hint="--alert")
    with opened(config, as_json=as_json) as app:
        watch, ledger, now = app.watch, app.ledger, app.clock()
        total = ledger.count_read_otherwise(watch.fingerprint)
        with (
            reading_pool(app, articles=total, warn=warn) as read_all,
            progress("Reading articles again", total) as heard,
        ):
            if apply:
                done = read_again(watch, ledger, read_all, now=now, alert=alert, heard=heard)
            else:
                done = try_out(watch, ledger, read_all, now=now, heard=heard)
    if as_json:
        show_json(rebuilt_json(done, applied=apply))
    else:
        show(rebuilt(done, watch.projects, applied=apply))
