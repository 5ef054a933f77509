"""``projects``: adds, changes and removes watched projects. Nothing is written that ``check`` would refuse."""

import asyncio
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from monitor.app.opening import load_folder
from monitor.cli.options import DEFAULT_CONFIG, AsJson, ConfigDir, known, must_ask, to_repeat
from monitor.cli.output import complain, complain_of, err, show, show_json, warn
from monitor.cli.polling import poll_all
from monitor.cli.render import count, text
from monitor.cli.render_projects import detail
from monitor.cli.render_work import poll as render_poll
from monitor.cli.session import change, opened
from monitor.cli.watched import told
from monitor.contracts.feeds import poll_json
from monitor.contracts.status import cautions_json, project_json, status_json
from monitor.core.folding.listing import state_fields
from monitor.core.model import Project
from monitor.core.reading.projects.cautions import Caution, cautions
from monitor.errors import ConfigError, InputError
from monitor.operate.configuration import Edit
from monitor.operate.edits import adding_project, removing_project
from monitor.poll.poll import PollOutcome, PollResult
from monitor.settings.config import Config
from monitor.settings.edits import (
    Fields,
    Value,
    new_id,
    plain_name,
    project_lines,
    removal,
    search_for,
    usual_editions,
    with_fields,
    with_project,
    words_in,
)
from monitor.settings.files import PROJECTS
from monitor.settings.lexicons import load_pointers
from monitor.settings.scalars import split_words
from monitor.settings.searches import WrittenSearch, read_searches
from monitor.settings.whole import checked, read_text

# The fields of a project as options give them, or as they are asked for on a terminal ---------------------------------


Words = list[str] | None
Name = Annotated[Words, typer.Option("--name", help="Of the project; fr=TEXT beside it is its French one.")]
Who = Annotated[Words, typer.Option("--who", help="Companies, in every spelling and script of the press.")]
What = Annotated[Words, typer.Option("--what", help="What is built.")]
Where = Annotated[Words, typer.Option("--where", help="Places, from the site to the country.")]
Not = Annotated[Words, typer.Option("--not", help="Words that show that a text is about something else.")]
Tag = Annotated[Words, typer.Option("--tag", help="Labels by which subscribers follow projects.")]
Lifecycle = Annotated[str | None, typer.Option("--lifecycle", help="Name of its lifecycle.")]

_LANGUAGE = re.compile(r"([a-z]{2,3})=(.*)")


def given_fields(
    *, name: Words, who: Words, what: Words, where: Words, not_: Words, tag: Words, lifecycle: str | None
) -> dict[str, Value]:
    """The given fields by their keys in projects.yaml, in the order in which they are written."""
    given: dict[str, Value | None] = {
        "name": _name(name),
        "who": given_words(who),
        "what": given_words(what),
        "where": given_words(where),
        "not": given_words(not_),
        "lifecycle": lifecycle,
        "tags": given_words(tag),
    }
    return {key: value for key, value in given.items() if value is not None}


def given_words(given: Words) -> list[str] | None:
    """The words of an option that may be repeated or hold several with commas. None if it is absent."""
    return split_words("\n".join(given)) if given is not None else None


def _name(given: Words) -> str | dict[str, str] | None:
    if given is None:
        return None
    found = [(match[1], match[2]) if (match := _LANGUAGE.fullmatch(each)) else ("", each) for each in given]
    by_language = {language: text.strip() for language, text in found}
    if len(by_language) < len(given) or {"", "en"} <= by_language.keys():
        example = "--name 'Acme plant' --name 'fr=Usine Acme'"
        raise typer.BadParameter(f"give one --name, and one for each other language: {example}")
    if by_language.keys() == {""}:
        return by_language[""]
    # The English name is shown in every language that has none of its own.
    return {language or "en": text for language, text in by_language.items()}


def ask(question: str, default: str = "") -> str:
    """What the operator answers on the terminal. There is no way round without a default."""
    return str(typer.prompt(question, default=default or None, err=True)).strip()


def asked_fields(fields: Fields) -> dict[str, Value]:
    """The fields, with those that are missing asked for."""
    questions = {
        "who": "Who builds it: companies in every spelling, with commas",
        "what": "What is built",
        "where": "Where, from the site to the country",
        "not": "Words that show that a text is about something else",
    }
    asked: dict[str, Value] = {"name": ask("Name of the project")}
    for key, question in questions.items():
        asked[key] = fields[key] if key in fields else _asked_words(question)
    return {**asked, **fields}


def _asked_words(question: str) -> list[str]:
    return given_words([str(typer.prompt(question, default="", show_default=False, err=True))]) or []


def asked_editions(searches: Sequence[WrittenSearch]) -> list[str]:
    """The editions that are wanted; those of the searches that are there unless said otherwise."""
    return given_words([ask("Languages of its news searches", ",".join(usual_editions(searches)))]) or []


def confirm(lines: Sequence[str]) -> None:
    """Show what is to be written, and go on only if the operator agrees."""
    err.print(Text("\n" + "\n".join(lines) + "\n", "dim"), soft_wrap=True)
    typer.confirm("Write this?", default=True, abort=True, err=True)


# Opens a file of the configuration in the operator's editor. What is invalid is shown, and not kept -------------------


def edited(folder: Path, name: str, env: Mapping[str, str]) -> Mapping[str, str]:
    """The file as the operator leaves it in the editor.

    An invalid edit is shown, and on a terminal the operator may go on with it.

    Raises:
        InputError: there is no editor, or it failed.
        typer.Exit: the edit is invalid. It is told where the edit is.
    """
    before = read_text(folder / name)
    draft = _draft(name, before)
    while True:
        _run(draft, env)
        try:
            texts = {name: draft.read_bytes().decode()}
            checked(folder, texts, env)
            _check_unchanged(folder / name, before)
        except (ConfigError, InputError, UnicodeDecodeError) as error:
            complain(error)
            if sys.stdin.isatty() and typer.confirm("Edit it again?", default=True, err=True):
                before = read_text(folder / name)
                continue
            complain(InputError(f"nothing was written; the edit is in {draft}"))
            raise typer.Exit(2) from error
        draft.unlink()
        return texts


def _check_unchanged(file: Path, before: str) -> None:
    if read_text(file) != before:
        raise InputError(f"{file} has changed meanwhile; take that over into your edit")


def _draft(name: str, text: str) -> Path:
    handle, path = tempfile.mkstemp(prefix="monitor-", suffix=f"-{name}")
    with os.fdopen(handle, "wb") as file:
        file.write(text.encode())
    return Path(path)


def _run(file: Path, env: Mapping[str, str]) -> None:
    editor = env.get("VISUAL") or env.get("EDITOR") or "vi"
    try:
        done = subprocess.run([*shlex.split(editor), str(file)], check=False)  # noqa: S603 - the operator's own editor
    except (OSError, ValueError) as error:
        raise InputError(
            f"the editor {editor!r} cannot be started; set EDITOR, or give the fields as options"
        ) from error
    if done.returncode:
        raise InputError(f"the editor {editor!r} failed with {done.returncode}; nothing was written")


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

    checked(config, removing_project(project).texts(config, os.environ), os.environ)
    if must_ask(yes=yes):
        for line in _becomes(project, going.removed, going.kept):
            err.print(line)
        typer.confirm(f"Remove {project}?", abort=True, err=True)
    valid = change(config, removing_project(project))
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
