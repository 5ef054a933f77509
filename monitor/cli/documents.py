"""Opens the files of ``read``, ``replay`` and ``import``: articles, feed documents, exported claims."""

import json
import re
import sys
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote

from monitor.contracts.articles import GivenArticle, parse_articles
from monitor.contracts.lines import is_exported, parse_exported
from monitor.core.model import Feed
from monitor.core.review import Review
from monitor.errors import InputError, MonitorError
from monitor.feeds.parse import parse_feed
from monitor.know.rebuild import Dated, dated_entry
from monitor.ports import ReadArticle

if TYPE_CHECKING:
    from monitor.app.build import App

STANDARD_INPUT = "-"

_ITEMS = re.compile(rb'"items"\s*:')


@contextmanager
def opened_file(name: str) -> Iterator[BinaryIO]:
    """Open the file of this name, or standard input.

    Raises:
        InputError: the file cannot be read.
    """
    if name == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115 - closed below; an error in the caller's block is not this file's
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror}") from error
    with file:
        yield file


def articles(app: "App", name: str, lines: Iterable[bytes]) -> Iterator[GivenArticle | InputError]:
    """The articles of JSON Lines, in order. A bad line yields its error."""
    detect, timezone = app.watch.detector.detect, app.watch.timezone
    return parse_articles(lines, name=_shown(name), detect=detect, timezone=timezone, now=app.clock())


def history(app: "App", name: str) -> Iterator[Dated | MonitorError]:
    """The dated articles of a file, in file order. A line or entry that cannot be replayed yields its error.

    Raises:
        InputError: the file cannot be read, or was made by monitor export.
        ParseError: it is neither a feed document nor JSON Lines.
    """
    for item in past(app, name):
        if isinstance(item, ReadArticle | Review):
            raise InputError(f"{_shown(name)}: was exported by monitor export; take it in with: monitor import")
        yield item


def past(app: "App", name: str) -> Iterator[Dated | ReadArticle | Review | MonitorError]:
    """As ``history``, but also exported data: articles that were read elsewhere, and decisions made there."""
    with opened_file(name) as file:
        first = file.readline()
        if not first:
            # An empty file is an export without records.
            return
        if is_exported(first):
            yield from parse_exported(chain([first], file), name=_shown(name), now=app.clock())
            return
        if name == STANDARD_INPUT or _is_article_line(Path(name), first):
            yield from (_dated(item) for item in articles(app, name, chain([first], file)))
            return
        body = first + file.read()
    feed = feed_of(app, name)
    parsed = parse_feed(body, url=feed.url, content_type="", now=app.clock())
    yield from (InputError(f"{name}: {problem}") for problem in parsed.problems)
    for entry in parsed.entries:
        yield dated_entry(entry, feed, app.watch) or InputError(f"{name}: '{entry.title}' has no date; left out")


def _shown(name: str) -> str:
    return "standard input" if name == STANDARD_INPUT else name


def _is_article_line(path: Path, line: bytes) -> bool:
    """Whether the file is JSON Lines, judged by its name or its first line."""
    if path.suffix in {".jsonl", ".ndjson"}:
        return True
    try:
        first = json.loads(line)
    except (ValueError, RecursionError):
        # A broken line of JSON Lines is still a line. Only that line is left out, and the file keeps its kind.
        whole = line.removeprefix(BOM_UTF8).strip()
        return whole.startswith(b"{") and whole.endswith(b"}") and not _ITEMS.search(whole)
    # A JSON Feed may also be written on one line.
    return isinstance(first, dict) and "items" not in first


def _dated(item: GivenArticle | InputError) -> Dated | InputError:
    if isinstance(item, InputError):
        return item
    if item.published_at is None:
        return InputError(f"{item.place}: article '{item.id}' has no date; left out")
    return Dated(article=item.article, published_at=item.published_at)


def feed_of(app: "App", name: str) -> Feed:
    """The configured feed of this file, with its trust. If none is configured, a new feed."""
    if name == STANDARD_INPUT:
        return Feed(url="stdin:", name=_shown(name))
    path = Path(name)
    for feed in app.config.feeds:
        scheme, _, name = feed.url.partition(":")
        if scheme == "file" and (app.config.folder / unquote(name.lstrip("/"))).resolve() == path.resolve():
            return feed
    return Feed(url=path.resolve().as_uri(), name=path.stem)
