"""Edits of single items in the lists of ``feeds.yaml`` and ``subscribers.yaml``, as texts of the files."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from monitor.errors import ConfigError, Problem
from monitor.settings.editing import EditError, flow_list, scalar, with_items, with_values, without_item, without_values
from monitor.settings.files import FEEDS, SUBSCRIBERS
from monitor.settings.interpolation import Interpolator
from monitor.settings.models import FeedSettings, FeedsFile, SubscriberSettings, SubscribersFile
from monitor.settings.validate import validate_items
from monitor.settings.writing import read_text
from monitor.settings.yaml_document import parse_yaml

Texts = Mapping[str, str]


def with_feed(
    folder: Path,
    env: Mapping[str, str],
    url: str,
    *,
    name: str | None = None,
    trust: float | None = None,
    language: str | None = None,
    paused: bool | None = None,
) -> Texts:
    """The files with other settings of the feed with this address. None leaves a setting as it is.

    An empty language is removed, so that it is detected. What stays the same is not written anew. Raises ConfigError.
    """
    index = _feed(folder, env, url)
    now = _feeds(folder, env)[index]
    values = [("name", scalar(name))] if name is not None and name != now.name else []
    if trust is not None and trust != now.trust:
        values.append(("trust", f"{trust:g}"))
    if language:
        values.append(("language", scalar(language)))
    if paused is not None and paused != now.paused:
        values.append(("paused", json.dumps(paused)))

    def edit(text: str) -> str:
        text = with_values(text, "feeds", index, values)
        return without_values(text, "feeds", index, ["language"]) if language == "" else text

    return _edited(folder, FEEDS, edit)


def without_feed(folder: Path, env: Mapping[str, str], url: str) -> Texts:
    """The files without the feed with this address. Raises ConfigError."""
    index = _feed(folder, env, url)
    return _edited(folder, FEEDS, lambda text: without_item(text, "feeds", index))


def is_listed(folder: Path, env: Mapping[str, str], url: str) -> bool:
    """Whether ``feeds.yaml`` lists a feed with this address. Else it comes from a search."""
    return url in _addresses(folder, env)


def with_subscriber(folder: Path, lines: Sequence[str]) -> Texts:
    """The files with a subscriber of these lines at the end of the list. Raises ConfigError."""
    return _edited(folder, SUBSCRIBERS, lambda text: with_items(text, "subscribers", [lines]))


def with_mute(
    folder: Path, env: Mapping[str, str], names: Sequence[str], *, until: datetime, projects: Sequence[str]
) -> Texts:
    """The files with one more mute of these subscribers. Raises ConfigError."""
    return _muted(folder, env, names, lambda found: [*found, (until, tuple(projects))])


def without_mutes(
    folder: Path, env: Mapping[str, str], names: Sequence[str], *, until: datetime, projects: Sequence[str]
) -> Texts:
    """The files without this mute of these subscribers. Raises ConfigError."""
    ended = until, tuple(projects)
    return _muted(folder, env, names, lambda found: [each for each in found if each != ended])


def without_all_mutes(folder: Path, env: Mapping[str, str], name: str) -> Texts:
    """The files without any mute of this subscriber. Raises ConfigError."""
    return _muted(folder, env, [name], lambda _: [])


Mutes = Sequence[tuple[datetime, tuple[str, ...]]]


def _muted(folder: Path, env: Mapping[str, str], names: Sequence[str], change: Callable[[Mutes], Mutes]) -> Texts:
    document = Interpolator(folder, env).document(parse_yaml(SUBSCRIBERS, _bytes(folder, SUBSCRIBERS))[0])
    placed = validate_items(document, SubscribersFile, "subscribers", SubscriberSettings, [])
    chosen = [(number, each.model) for number, each in enumerate(placed) if each.model.name in names]
    if len(chosen) < len(set(names)):
        raise _problem(folder, SUBSCRIBERS, "has no subscriber of this name any more; load the page again")

    def edit(text: str) -> str:
        for number, model in chosen:
            mutes = change([(each.until, tuple(each.projects)) for each in model.mute])
            text = with_values(text, "subscribers", number, [("mute", _written(mutes))])
        return text

    return _edited(folder, SUBSCRIBERS, edit)


def _written(mutes: Mutes) -> str:
    items = (f"{{until: {until:%Y-%m-%d %H:%M}, projects: {flow_list(projects)}}}" for until, projects in mutes)
    return f"[{', '.join(items)}]"


def _feed(folder: Path, env: Mapping[str, str], url: str) -> int:
    """The number of the feed with this address in the list."""
    addresses = _addresses(folder, env)
    if url not in addresses:
        raise _problem(folder, FEEDS, "does not list this feed: it comes from a search, or was removed meanwhile")
    return addresses.index(url)


def _addresses(folder: Path, env: Mapping[str, str]) -> list[str]:
    return [feed.url for feed in _feeds(folder, env)]


def _feeds(folder: Path, env: Mapping[str, str]) -> list[FeedSettings]:
    document = Interpolator(folder, env).document(parse_yaml(FEEDS, _bytes(folder, FEEDS))[0])
    return [placed.model for placed in validate_items(document, FeedsFile, "feeds", FeedSettings, [])]


def _bytes(folder: Path, name: str) -> bytes:
    return read_text(folder / name).encode()


def _edited(folder: Path, name: str, edit: Callable[[str], str]) -> Texts:
    try:
        return {name: edit(read_text(folder / name))}
    except EditError as error:
        raise _problem(folder, name, str(error)) from error


def _problem(folder: Path, name: str, message: str) -> ConfigError:
    return ConfigError([Problem(file=str(folder / name), line=None, key="", message=message)])
