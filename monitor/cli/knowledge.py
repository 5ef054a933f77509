"""``status``, ``timeline``, ``changes``: shows what is known."""

from typing import Annotated

import typer

from monitor.cli.options import DEFAULT_CONFIG, AsJson, AsOf, ConfigDir, Limit, PublishedBy, known, past
from monitor.cli.output import show, show_json, warn
from monitor.cli.render import count
from monitor.cli.render_lists import news_and_history
from monitor.cli.render_projects import detail, overview
from monitor.cli.render_projects import timeline as render_timeline
from monitor.cli.session import consulted, project_meant
from monitor.contracts.status import listed_change_json, status_json, timeline_json
from monitor.core.folding.listing import state_fields

_WHICH = "The project's id or name, or a part of it"
ProjectId = Annotated[str, typer.Argument(metavar="PROJECT", help=f"{_WHICH}.")]


def status(
    project: Annotated[str | None, typer.Argument(metavar="PROJECT", help=f"{_WHICH}; all when absent.")] = None,
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    as_of: AsOf = None,
    published_by: PublishedBy = None,
    as_json: AsJson = False,
) -> None:
    """Show where the projects stand, a line for each, or one project in full with the sentences that prove it.

    A narrow terminal shows fewer columns. What is overdue or disputed comes first, what is unknown last. A terminal
    shows each address as a link behind the outlet's name; monitor status btr-cathode | cat writes it out.
    As long as feeds are not read yet, a warning says so.

    Examples:
        monitor status
        monitor status btr-cathode
        monitor status gigafactory
        monitor status --as-of 2026-06-30
        monitor status --published-by 2023-05-01
        monitor status --json | jq '.[] | {project, status, since}'
    """
    with consulted(config) as app:
        watch = app.watch
        now = app.clock()
        then = past(as_of, published_by, watch.timezone, now)
        if project:
            states = [app.knowledge.state(project_meant(project, watch.projects), then)]
            fields = [state_fields(states[0])]
        elif as_json:
            listed = app.knowledge.listed(then)
            states, fields = [each.brief for each in listed], [each.fields for each in listed]
        else:
            states, fields = list(app.knowledge.overview(then)), []
        unread, feeds = app.unread_feeds() if then is None else 0, len(app.config.feeds)
        now = then.at if then else now
        inferred = {state.project: watch.inferred(state, now) for state in states}
        today = now.date()
    projects = [watch.projects[state.project] for state in states]
    if unread:
        warn(f"this is partial: {unread:,} of {count(feeds, 'feed')} {'is' if unread == 1 else 'are'} not read yet")
    if as_json:
        show_json([status_json(p, each, inferred[p.id], today=today) for p, each in zip(projects, fields, strict=True)])
    elif project:
        [one], [state] = projects, states
        show(detail(one, state, watch.lifecycles[one.lifecycle], inferred[one.id], today=today))
    elif not projects:
        show("No projects. Add one: monitor projects add")
    else:
        show(overview(projects, states, watch.lifecycles, inferred, now=now))


def timeline(
    project: ProjectId,
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    as_of: AsOf = None,
    published_by: PublishedBy = None,
    as_json: AsJson = False,
) -> None:
    """Show everything that was said of a project, in order, each with its sentence, outlet and address.

    Examples:
        monitor timeline btr-cathode
        monitor timeline btr-cathode --as-of 2026-06
        monitor timeline btr-cathode --json | jq .changes
    """
    with consulted(config) as app:
        watch = app.watch
        project = project_meant(project, watch.projects)
        now = app.clock()
        then = past(as_of, published_by, watch.timezone, now)
        now = then.at if then else now
        reports = app.knowledge.reports(project, then)
        corrections = app.ledger.corrections(project, as_of=then.at if then else None)
        state = app.knowledge.state(project, then)
        if not as_json:
            shown = render_timeline(reports, corrections, state.unverified)
            show(shown if reports or corrections else "Nothing was said of it.")
            return
        changes = app.ledger.changes(project=project)
        changes = then.changes(changes) if then else changes
        inferred = watch.inferred(state, now)
    standing = status_json(watch.projects[project], state_fields(state), inferred, today=now.date())
    show_json(timeline_json(standing, reports, corrections, changes))


def changes(
    project: Annotated[str | None, typer.Option("--project", metavar="ID", help="Of this project only.")] = None,
    limit: Limit = 50,
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    as_json: AsJson = False,
) -> None:
    """List the changes, newest last: first the news, then history, which alerted nobody. With --json, one line each.

    Examples:
        monitor changes --limit 10
        monitor changes --project btr-anode --json
    """
    with consulted(config) as app:
        watch = app.watch
        if project:
            known("project", project, watch.projects)
        found = app.ledger.changes(project=project, limit=limit)
        news = app.ledger.changes(project=project, limit=limit, history=False)
        past = app.ledger.changes(project=project, limit=limit - len(news), history=True)
    if as_json:
        for change in found:
            show_json(listed_change_json(change))
    elif not found:
        show("Nothing has moved yet.")
    else:
        show(news_and_history(news, past, watch.projects, watch.timezone))
