"""``projects``: adds, changes and removes watched projects. Nothing is written that ``check`` would refuse."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from monitor.app.opening import load_folder
from monitor.cli.asking import (
    Lifecycle,
    Name,
    Not,
    Tag,
    What,
    Where,
    Who,
    Words,
    ask,
    asked_editions,
    asked_fields,
    confirm,
    given_fields,
    given_words,
)
from monitor.cli.editor import edited
from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir, known, must_ask, to_repeat
from monitor.cli.output import complain_of, err, show, show_json, warn
from monitor.cli.polling import poll_all
from monitor.cli.render import count, text
from monitor.cli.render_projects import detail
from monitor.cli.render_watched import told
from monitor.cli.render_work import poll as render_poll
from monitor.cli.session import change, opened
from monitor.contracts.feeds import poll_json
from monitor.contracts.projects import cautions_json, project_json
from monitor.contracts.status import status_json
from monitor.core.folding.listing import state_fields
from monitor.core.model import Project
from monitor.core.reading.projects.cautions import Caution, cautions
from monitor.operate.configuration import Edit
from monitor.operate.edits import adding_project
from monitor.poll.poll import PollOutcome, PollResult
from monitor.settings.config import Config
from monitor.settings.files import PROJECTS
from monitor.settings.lexicons import load_pointers
from monitor.settings.loading import load
from monitor.settings.searches import WrittenSearch, read_searches
from monitor.settings.watching import (
    Fields,
    new_id,
    plain_name,
    project_lines,
    removal,
    search_for,
    usual_editions,
    with_fields,
    with_project,
    without_project,
    words_in,
)
from monitor.settings.writing import checked

if TYPE_CHECKING:
    from monitor.app.build import App

ProjectId = Annotated[str, typer.Argument(metavar="PROJECT", help="The project's id.")]


def add(
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    project_id: Annotated[str, typer.Option("--id", help="Made of the name when absent; never changed later.")] = "",
    name: Name = None,
    who: Who = None,
    what: What = None,
    where: Where = None,
    not_: Not = None,
    tag: Tag = None,
    lifecycle: Lifecycle = None,
    language: Annotated[
        Words, typer.Option("--language", help="Of its news searches: fr, fr-MA; those of other searches when absent.")
    ] = None,
    search: Annotated[bool, typer.Option("--search/--no-search", help="Add news searches for it.")] = True,
    import_: Annotated[bool, typer.Option("--import/--no-import", help="Poll its searches now.")] = True,
    as_json: AsJson = False,
) -> None:
    """Watch a project: write it with news searches, import what these find as history, and show where it stands.

    On a terminal it asks for what is missing if there is no --name. Options may be repeated, or hold several words with
    commas. projects.yaml and feeds.yaml keep their comments; nothing is written if the configuration would be invalid.
    Words that may bring the news of something else are warned of. History alerts nobody. Without a network the
    searches are imported at a later poll.

    Examples:
        monitor projects add
        monitor projects add --name "Acme plant" --who Acme --what cathode --where Morocco,Maroc --language en,fr-MA
    """
    found, _ = load_folder(config)
    searches = read_searches(config, os.environ)
    fields = given_fields(name=name, who=who, what=what, where=where, not_=not_, tag=tag, lifecycle=lifecycle)
    is_asked = not fields.get("name")
    if is_asked and not sys.stdin.isatty():
        raise typer.BadParameter("give --name, --who, --what and --where; on a terminal it asks for them")
    if is_asked:
        fields = asked_fields(fields)
    project_id = project_id or new_id(plain_name(fields), words_in(fields), [each.id for each in found.projects])
    if is_asked:
        project_id = ask("Id, which never changes", project_id)
    editions = given_words(language) or (asked_editions(searches) if is_asked and search else usual_editions(searches))
    fields = {"id": project_id, **fields}
    lines = _search(fields, editions, is_chosen=bool(language)) if search else []
    texts = with_project(config, fields, lines)
    valid = checked(config, texts, os.environ)
    project = valid.projects[-1]
    doubts = _cautions([project], valid, config)[project.id]
    if is_asked:
        confirm(["projects:", *project_lines(fields), *(["", "searches:", *lines] if lines else [])])
    change(config, adding_project(fields, lines))
    _show_added(config, project, found, doubts, wants_import=import_, as_json=as_json)


def edit(
    project: Annotated[str | None, typer.Argument(metavar="PROJECT", help="The project's id.")] = None,
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    name: Name = None,
    who: Who = None,
    what: What = None,
    where: Where = None,
    not_: Not = None,
    tag: Tag = None,
    lifecycle: Lifecycle = None,
    as_json: AsJson = False,
) -> None:
    """Change fields of a project, or open projects.yaml in $EDITOR. An invalid edit is shown and not kept.

    A given field replaces the present one; "" empties it. The searches of the project keep their queries.

    Examples:
        monitor projects edit acme-plant --who "Acme,Acme Industries" --not "Acme Bank"
        EDITOR=vim monitor projects edit
    """
    found, _ = load_folder(config)
    index = 0 if project is None else _index(found, project)
    fields = given_fields(name=name, who=who, what=what, where=where, not_=not_, tag=tag, lifecycle=lifecycle)
    if fields and project is None:
        raise typer.BadParameter("name the project whose fields are to change")
    texts = with_fields(config, index, fields) if fields else edited(config, PROJECTS, os.environ)
    valid = change(config, Edit(texts=lambda *_: texts, action="projects.change", target=project or PROJECTS))
    complain_of(valid.warnings, kind="warning", style="yellow")
    before = {each.id: each for each in found.projects}
    changed = [each for each in valid.projects if before.get(each.id) != each]
    doubts = _cautions(changed, valid, config)
    if as_json:
        searches = read_searches(config, os.environ)
        show_json([{**project_json(each, searches), "warnings": cautions_json(doubts[each.id])} for each in changed])
    else:
        show(f"{_named([each.id for each in changed])} changed." if changed else "No project changed.")
        if changed:
            show(Text(f"What earlier articles say with the new words: monitor rebuild{to_repeat(config)}"))


def remove(
    project: ProjectId,
    config: ConfigDir = DEFAULT_CONFIG,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Stop watching a project: take it out of projects.yaml, and the searches that are for it alone out of feeds.yaml.

    The ledger keeps its articles, claims and changes. If a project gets the same id again, they count again.

    Example:
        monitor projects remove acme-plant
    """
    found, _ = load_folder(config)
    _index(found, project)
    going = removal(project, read_searches(config, os.environ))

    def without(folder: Path, env: Mapping[str, str]) -> Mapping[str, str]:
        return without_project(folder, _index(load(folder, env), project), project, read_searches(folder, env))

    checked(config, without(config, os.environ), os.environ)
    if must_ask(yes=yes):
        for line in _becomes(project, going.removed, going.kept):
            err.print(line)
        typer.confirm(f"Remove {project}?", abort=True, err=True)
    valid = change(config, Edit(texts=without, action="projects.remove", target=project))
    complain_of(valid.warnings, kind="warning", style="yellow")
    if as_json:
        feeds = [feed.url for search in going.removed for feed in search.feeds]
        show_json({"removed": project, "feeds": feeds, "kept": [search.settings.name for search in going.kept]})
    else:
        show(f"{project} removed.")
        if yes:
            for line in _becomes(project, going.removed, going.kept):
                show(line)


# ---------------------------------------------------------------- what comes of it


def _index(found: Config, project: str) -> int:
    ids = [each.id for each in found.projects]
    return ids.index(known("project", project, ids))


def _search(fields: Fields, editions: Sequence[str], *, is_chosen: bool) -> list[str]:
    """The lines of the search for a project. A chosen language without a query is warned of."""
    lines, missing = search_for(fields, editions)
    if missing and is_chosen:
        warn(f"no search in {', '.join(missing)}: the project has no word that its press writes; add one")
    return lines


def _cautions(projects: Sequence[Project], valid: Config, folder: Path) -> dict[str, list[Caution]]:
    """The words of each project to think about again, which are warned of."""
    vocabularies = load_pointers(folder) if projects else {}
    found = {
        project.id: list(cautions(project, [each for each in valid.projects if each.id != project.id], vocabularies))
        for project in projects
    }
    for project, doubts in found.items():
        for sentence in told(doubts):
            warn(f"{project}: {sentence}")
    return found


def _show_added(
    folder: Path, project: Project, before: Config, doubts: Sequence[Caution], *, wants_import: bool, as_json: bool
) -> None:
    old = {feed.url for feed in before.feeds}
    results: list[PollResult] = []
    if not as_json:
        show(f"{project.id} added.")
    with opened(folder, as_json=as_json) as app:
        is_first = not app.ledger.articles(limit=1)
        new = [item for item in app.poller.feeds() if item[0].url not in old]
        if wants_import and new:
            results = _imported(app, [feed.url for feed, _ in new], as_json=as_json)
        state = app.knowledge.state(project.id)
        now = app.clock()
        inferred = app.watch.inferred(state, now)
        if as_json:
            searches = read_searches(folder, os.environ)
            show_json(
                {
                    "project": project_json(project, searches),
                    "warnings": cautions_json(doubts),
                    "imported": [poll_json(result) for result in results],
                    "status": status_json(project, state_fields(state), inferred, today=now.date()),
                }
            )
        else:
            if new and not wants_import:
                show(f"{count(len(new), 'feed')} search for it. What they hold is imported at their first poll.")
            show(detail(project, state, app.watch.lifecycle_of(project.id), inferred, today=now.date()))
            show(Text(_next_step(app, is_first=is_first) + to_repeat(folder)))


def _next_step(app: "App", *, is_first: bool) -> str:
    """What brings more about a project that was added. ``is_first``: no article was known before."""
    if not is_first:
        return "What earlier articles say of it: monitor rebuild"
    if not app.config.feeds:
        return "No feed may tell of it yet. Find some: monitor feeds discover URL --add"
    return "What the other feeds say: monitor poll" if app.unread_feeds() else "To hear of its news: monitor run"


def _imported(app: "App", urls: Sequence[str], *, as_json: bool) -> list[PollResult]:
    """Poll the new feeds for the first time, so that what they hold is history, which alerts nobody."""

    def heard(result: PollResult) -> None:
        if not as_json and result.outcome is not PollOutcome.NOT_ASKED:
            show(render_poll(result))

    app.poller.share_budget()
    results = asyncio.run(poll_all(app, app.poller.feeds(urls), heard))
    waiting = sum(result.outcome is PollOutcome.NOT_ASKED for result in results)
    if waiting:
        feeds = count(waiting, "feed")
        warn(
            f"there is no network, so {feeds} of its searches must wait; the service asks them when the network is back"
        )
    elif all(result.outcome is PollOutcome.FAILED for result in results):
        warn("no search answered, so nothing was imported; the first poll that succeeds does it")
    return results


def _becomes(project: str, removed: Sequence[WrittenSearch], kept: Sequence[WrittenSearch]) -> list[Text]:
    """What becomes of the searches and of the ledger."""
    names = [text(feed.name) for search in removed for feed in search.feeds]
    lines = [Text("These feeds are polled no more: ").append(Text("; ").join(names))] if names else []
    if kept:
        lines.append(Text("These searches stay for other projects: ").append("; ".join(s.settings.name for s in kept)))
    return [*lines, Text(f"The ledger keeps what was read of {project}. It counts again if a project gets this id.")]


def _named(names: Sequence[str]) -> str:
    return ", ".join(names)
