"""The edits of feeds and subscribers that forms and commands make: what each writes, and what is audited of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from monitor.core.model import Feed
from monitor.core.news import Mute
from monitor.logs import redact
from monitor.operate.configuration import Edit
from monitor.settings.edits import (
    Fields,
    with_feed,
    with_feeds,
    with_model,
    with_mute,
    with_project,
    with_reader,
    with_subscriber,
    without_all_mutes,
    without_feed,
    without_mutes,
    without_project,
)
from monitor.settings.files import FEEDS, MONITOR, PROJECTS, SUBSCRIBERS
from monitor.settings.forms import FormSection, position, without
from monitor.settings.searches import read_searches
from monitor.settings.whole import read_text


def adding_project(fields: Fields, search: Sequence[str]) -> Edit:
    """Add a project at the end of the list, and its search if it has lines."""
    return Edit(
        texts=lambda folder, _: with_project(folder, fields, search), action="projects.add", target=str(fields["id"])
    )


def removing_project(project: str) -> Edit:
    """Take a project out of the list, and the searches that are for it alone."""

    def without(folder: Path, env: Mapping[str, str]) -> Mapping[str, str]:
        index = position(FormSection.PROJECTS, read_text(folder / PROJECTS), project)
        return without_project(folder, index, project, read_searches(folder, env))

    return Edit(texts=without, action="projects.remove", target=project)


def removing_subscriber(name: str) -> Edit:
    """Take a subscriber out of the list."""

    def without_it(folder: Path, _: Mapping[str, str]) -> Mapping[str, str]:
        text = read_text(folder / SUBSCRIBERS)
        return {SUBSCRIBERS: without(FormSection.SUBSCRIBERS, text, position(FormSection.SUBSCRIBERS, text, name))}

    return Edit(texts=without_it, action="subscribers.remove", target=name)


def adding_subscriber(name: str, lines: Sequence[str]) -> Edit:
    """Add a subscriber at the end of the list, as it is written there."""
    return Edit(texts=lambda folder, _: with_subscriber(folder, lines), action="subscribers.add", target=name)


def adding_feed(feed: Feed) -> Edit:
    """Add a feed at the end of the list."""
    return Edit(
        texts=lambda folder, _: with_feeds(folder, [feed]),
        action="feeds.add",
        target=redact(feed.name),
        detail={"url": redact(feed.url)},
    )


def importing_feeds(feeds: Sequence[Feed]) -> Edit:
    """Add the feeds of a document at the end of the list."""
    return Edit(
        texts=lambda folder, _: with_feeds(folder, feeds),
        action="feeds.import",
        target=FEEDS,
        detail={"added": [redact(feed.url) for feed in feeds]},
    )


def changing_feed(
    feed: Feed,
    *,
    name: str | None = None,
    trust: float | None = None,
    language: str | None = None,
    paused: bool | None = None,
) -> Edit:
    """Give a feed another name, trust or language, pause it or poll it again. None leaves a setting as it is."""
    said = {"name": redact(name) if name else None, "trust": trust, "language": language, "paused": paused}
    return Edit(
        texts=lambda folder, env: with_feed(
            folder, env, feed.url, name=name, trust=trust, language=language, paused=paused
        ),
        action="feeds.change",
        target=redact(feed.name),
        detail={"url": redact(feed.url), **{key: value for key, value in said.items() if value is not None}},
    )


def removing_feed(feed: Feed) -> Edit:
    """Take a feed out of the list."""
    return Edit(
        texts=lambda folder, env: without_feed(folder, env, feed.url),
        action="feeds.remove",
        target=redact(feed.name),
        detail={"url": redact(feed.url)},
    )


def muting(names: Sequence[str], *, until: datetime, project: str) -> Edit:
    """Hold the changes of a project, or of all if it is ``*``, for these subscribers until an instant."""
    return Edit(
        texts=lambda folder, env: with_mute(folder, env, names, until=until, projects=[project]),
        action="subscribers.mute",
        target=", ".join(names),
        detail={"project": project, "until": until.date().isoformat()},
    )


def unmuting(name: str) -> Edit:
    """End all mutes of a subscriber."""
    return Edit(
        texts=lambda folder, env: without_all_mutes(folder, env, name), action="subscribers.unmute", target=name
    )


def ending(mute: Mute, names: Sequence[str]) -> Edit:
    """End one mute of these subscribers."""
    return Edit(
        texts=lambda folder, env: without_mutes(folder, env, names, until=mute.until, projects=mute.projects),
        action="subscribers.unmute",
        target=", ".join(names),
        detail={"project": ", ".join(mute.projects), "until": mute.until.date().isoformat()},
    )


def choosing_reader(name: str) -> Edit:
    """Let the reader of this name read. What is described of a language model stays."""
    return Edit(
        texts=lambda folder, _: with_reader(folder, name), action="reader.use", target=MONITOR, detail={"use": name}
    )


def choosing_model(endpoint: str, model: str, api_key: str = "") -> Edit:
    """Let a language model read.

    Args:
        endpoint: its base address.
        model: its name there.
        api_key: a reference to its key. If it is "", the described one stays where the endpoint is the same.
    """
    return Edit(
        texts=lambda folder, _: with_model(folder, endpoint, model, api_key),
        action="reader.use",
        target=MONITOR,
        detail={"use": "llm", "endpoint": redact(endpoint), "model": redact(model)},
    )
