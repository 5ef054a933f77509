"""The files that ``read``, ``replay`` and ``import`` are given: articles, feed documents, exported claims."""

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
from monitor.core.review.review import Review
from monitor.errors import InputError, MonitorError
from monitor.feeds.parse import parse_feed
from monitor.know.replay import Dated, dated_entry
from monitor.ports import ReadArticle

if TYPE_CHECKING:
    from monitor.app.build import App

STANDARD_INPUT = "-"

_ITEMS = re.compile(rb'"items"\s*:')


@contextmanager
def opened_file(name: str) -> Iterator[BinaryIO]:
    """The file of this name, or standard input.

    Raises:
        InputError: it cannot be read.
    """
    if name == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115 - closed below; errors of the reader's own are not this file's
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror}") from error
    with file:
        yield file


def articles(app: "App", name: str, lines: Iterable[bytes]) -> Iterator[GivenArticle | InputError]:
    """The articles of JSON Lines, in order; of a bad line what is wrong with it."""
    detect, timezone = app.watch.detector.detect, app.watch.timezone
    return parse_articles(lines, name=_shown(name), detect=detect, timezone=timezone, now=app.clock())


def history(app: "App", name: str) -> Iterator[Dated | MonitorError]:
    """What a file has to play, in its order; of a line or entry that cannot be played, why.

    Raises:
        InputError: the file cannot be read.
        ParseError: it is neither a feed document nor JSON Lines.
    """
    for item in past(app, name):
        if isinstance(item, ReadArticle | Review):
            raise InputError(f"{_shown(name)}: was exported by monitor export; take it in with: monitor import")
        yield item


def past(app: "App", name: str) -> Iterator[Dated | ReadArticle | Review | MonitorError]:
    """As ``history``, and what was exported: articles that were read elsewhere, and decisions that were made there."""
    with opened_file(name) as file:
        first = file.readline()
        if not first:
            # An export of nothing.
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
    """Whether the file is JSON Lines, by its name or its first line."""
    if path.suffix in {".jsonl", ".ndjson"}:
        return True
    try:
        first = json.loads(line)
    except (ValueError, RecursionError):
        # A bad line is a line: it costs itself, and not what kind of file this is.
        whole = line.removeprefix(BOM_UTF8).strip()
        return whole.startswith(b"{") and whole.endswith(b"}") and not _ITEMS.search(whole)
    # A JSON Feed may be written in one line too.
    return isinstance(first, dict) and "items" not in first


def _dated(item: GivenArticle | InputError) -> Dated | InputError:
    if isinstance(item, InputError):
        return item
    if item.published_at is None:
        return InputError(f"{item.place}: article '{item.id}' has no date; left out")
    return Dated(article=item.article, published_at=item.published_at)


def feed_of(app: "App", name: str) -> Feed:
    """The feed of the configuration that this file is, with its trust; else one of its own."""
    if name == STANDARD_INPUT:
        return Feed(url="stdin:", name=_shown(name))
    path = Path(name)
    for feed in app.config.feeds:
        scheme, _, name = feed.url.partition(":")
        if scheme == "file" and (app.config.folder / unquote(name.lstrip("/"))).resolve() == path.resolve():
            return feed
    return Feed(url=path.resolve().as_uri(), name=path.stem)
