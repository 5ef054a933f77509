"""What a new operator sets up step by step: a project with its news searches, and who is told of it."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from monitor.app.trials import try_feeds
from monitor.app.what_if import EditTrial, try_edit
from monitor.core.alerting.limits import mail_address
from monitor.core.model import Feed, Project
from monitor.core.reading.text.text import Text
from monitor.errors import ConfigError
from monitor.operate.configuration import Edit
from monitor.operate.edits import adding_project, adding_subscriber
from monitor.poll.trial import FeedTrial as Tried
from monitor.settings.config import Config
from monitor.settings.editing import flow_list, scalar
from monitor.settings.edits import Value, new_id, project_lines, search_for, usual_editions, words_in
from monitor.settings.scalars import split_words
from monitor.settings.searches import read_searches
from monitor.settings.whole import checked

if TYPE_CHECKING:
    from monitor.app.build import App

#: Seconds for reading articles and for asking searches, and the most searches and entries that are looked at.
_READING, _ASKING, _SEARCHES, _ENTRIES = 10.0, 8.0, 4, 100
#: The scheme of a destination that a web address stands for.
_HOOKS = {"https://": "jsons://", "http://": "json://"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A project that is not watched yet, with its searches."""

    project: Project
    #: The configuration with it.
    config: Config
    #: What would be written, by the name of the list: ``projects``, ``searches``.
    lines: Mapping[str, Sequence[str]]
    edit: Edit
    #: The texts of the files with it.
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNews:
    """What would be found of a project."""

    trial: EditTrial
    #: What its news searches bring, as far as they answered.
    searches: tuple[Tried, ...]


def prepare(app: "App", *, name: str, who: str, what: str, where: str, language: str) -> Prepared:
    """A project of these words, checked with the configuration as a whole. Nothing is written.

    Args:
        app: the monitor.
        name: its name.
        who: the companies, with commas, and so on.
        what: what is built.
        where: the places.
        language: in which news is searched beside English, if no search is there yet that says so.

    Raises:
        ConfigError: it cannot be watched so.
    """
    folder = app.config.folder
    words = {key: split_words(text) for key, text in (("who", who), ("what", what), ("where", where))}
    named: dict[str, Value] = {"name": name, **{key: found for key, found in words.items() if found}}
    id_ = new_id(name, words_in(named), list(app.watch.projects))
    fields = {"id": id_, **named}
    searches = read_searches(folder, os.environ)
    editions = usual_editions(searches) if searches else tuple(dict.fromkeys((language, "en")))
    search, _ = search_for(fields, editions)
    change = adding_project(fields, search)
    texts = change.texts(folder, os.environ)
    try:
        config = checked(folder, texts, os.environ)
    except ConfigError as error:
        if not all(problem.key.startswith("searches") for problem in error.problems):
            raise
        # A search with the same words is there. What it brings is read for this project too.
        search, change = [], adding_project(fields, [])
        texts = change.texts(folder, os.environ)
        config = checked(folder, texts, os.environ)
    project = next(each for each in config.projects if each.id == id_)
    lines = {"projects": project_lines(fields), "searches": search}
    return Prepared(project=project, config=config, lines=lines, edit=change, texts=texts)


async def look(app: "App", prepared: Prepared, *, days: int) -> FoundNews:
    """Try a project on the articles of the last days, and on its news searches. Nothing is stored."""
    instead = {name: text.encode() for name, text in prepared.texts.items()}
    span, lexicons = timedelta(days=days), app.setup().lexicons
    present = {feed.url for feed in app.config.feeds}
    new = [feed for feed in prepared.config.feeds if feed.url not in present][:_SEARCHES]
    trial, asked = await asyncio.gather(
        asyncio.to_thread(try_edit, app, prepared.config, lexicons, instead, span=span, patience=_READING),
        _asked(app, new),
    )
    return FoundNews(trial=trial, searches=await asyncio.to_thread(_concerned, asked, trial))


async def _asked(app: "App", feeds: Sequence[Feed]) -> Sequence[Tried]:
    """What these feeds bring, as far as they answer in time."""
    found = list[Tried]()
    with suppress(TimeoutError):
        async with asyncio.timeout(_ASKING), aclosing(try_feeds(app, feeds)) as trials:
            async for each in trials:
                found.append(each)
    return found


def _concerned(asked: Sequence[Tried], trial: EditTrial) -> tuple[Tried, ...]:
    """What was found, with the projects that it may concern if the new one is watched."""
    matcher = trial.watch.matcher

    def of(tried: Tried) -> Tried:
        entries = ((each, f"{each.title}\n{each.text}") for each, _ in tried.entries[:_ENTRIES])
        return replace(
            tried, entries=tuple((each, tuple(matcher.may_concern(Text.of(text)))) for each, text in entries)
        )

    return tuple(map(of, asked))


def told_at(typed: str, *, server: str = "", user: str = "", password: str = "") -> str:
    """The destination that was typed: a mail address, by a server if one is given, a web address, or another one."""
    person = mail_address(typed)
    if person and server:
        sender = f"&from={quote(user)}" if mail_address(user) else ""
        account = f"{quote(user, safe='')}:{quote(password, safe='')}@" if user else ""
        return f"mailtos://{account}{server}?to={person}{sender}"
    for start, scheme in _HOOKS.items():
        if typed.startswith(start):
            return scheme + typed.removeprefix(start)
    return person or typed


def telling(*, name: str, to: str, project: str, language: str, digest: str) -> Edit:
    """Tell somebody of a project: at this destination, in this language, at once or by a digest at these times."""
    lines = [
        f"name: {scalar(name)}",
        f"to: {flow_list([to])}",
        f"projects: {flow_list([project])}",
        f"language: {scalar(language)}",
        *([f"send: {{digest: {scalar(digest)}}}"] if digest else []),
    ]
    return adding_subscriber(name, lines)
