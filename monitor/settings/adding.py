"""Adds feeds to the list in ``feeds.yaml``. The rest of the file stays as the operator wrote it."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from monitor.core.model import Feed
from monitor.errors import ConfigError, InputError, Problem
from monitor.settings import checks
from monitor.settings.editing import EditError, with_items
from monitor.settings.files import FEEDS
from monitor.settings.interpolation import Interpolator
from monitor.settings.models import FeedSettings, FeedsFile
from monitor.settings.validate import validate_items
from monitor.settings.writing import read_text
from monitor.settings.yaml_document import parse_yaml


def what_is_wrong(feed: Feed, folder: Path) -> str:
    """The reason why the feed is invalid in this folder's file. "" if it is valid."""
    written, problems = parse_yaml(str(folder / FEEDS), with_items("", "feeds", [_item(feed)]).encode())
    interpolator = Interpolator(folder, {})
    document = interpolator.document(written)
    feeds = validate_items(document, FeedsFile, "feeds", FeedSettings, problems)
    found = [*problems, *checks.check_feeds(document, feeds, folder), *interpolator.problems]
    return "; ".join(f"{problem.key.rpartition('.')[2]}: {problem.message}" for problem in found)


def with_feeds(folder: Path, feeds: Sequence[Feed]) -> Mapping[str, str]:
    """The text of the folder's file with these feeds at the end of its list.

    Raises:
        ConfigError: the list cannot be extended at the end. Each item of it must start on its own line.
    """
    path = folder / FEEDS
    try:
        return {FEEDS: with_items(read_text(path), "feeds", [_item(feed) for feed in feeds])}
    except EditError as error:
        raise ConfigError([Problem(file=str(path), line=None, key="feeds", message=str(error))]) from error


def sifted(
    found: Iterable[Feed | InputError], present: Collection[str], folder: Path, *, source: str
) -> tuple[tuple[Feed, ...], tuple[InputError, ...]]:
    """Of feeds that a document lists, those that can be added, and why others cannot.

    Args:
        found: the feeds in the document, and its errors.
        present: the addresses that are configured already. They are left out silently.
        folder: the configuration folder.
        source: the name of the document, for error messages.
    """
    added, refused = list[Feed](), list[InputError]()
    for item in found:
        if isinstance(item, InputError):
            refused.append(item)
        elif item.url not in present:
            if reason := what_is_wrong(item, folder):
                refused.append(InputError(f"{source}: {item.name}: {reason}"))
            else:
                added.append(item)
    return tuple(added), tuple(refused)


def _item(feed: Feed) -> list[str]:
    every = f"{feed.every.total_seconds():.0f}s" if feed.every is not None else None
    said = {"url": feed.url, "name": feed.name, "trust": f"{feed.trust:g}", "language": feed.language, "every": every}
    # A number is written without quotes: editors check the file by the schema, which requires a number.
    lines = [f"{key}: {text if key == 'trust' else _quoted(text)}" for key, text in said.items() if text]
    if feed.page is not None:
        selectors = ", ".join(f"{key}: {_quoted(text)}" for key, text in asdict(feed.page).items() if text)
        lines.append(f"page: {{{selectors}}}")
    return lines


def _quoted(text: str) -> str:
    """The text as a JSON string, which is valid YAML. A dollar sign is doubled, since it would start a reference."""
    return json.dumps(text, ensure_ascii=False).replace("$", "$$")
