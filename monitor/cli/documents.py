"""The files that ``read`` and ``replay`` are given: articles as JSON Lines, or feed documents."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote

from monitor.cli.articles import GivenArticle, parse_articles
from monitor.core.model import Feed
from monitor.errors import InputError, MonitorError
from monitor.feeds.parse import parse_feed
from monitor.replay import Dated, dated_entry

if TYPE_CHECKING:
    from monitor.app import App

STANDARD_INPUT = "-"


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


def articles(app: "App", name: str, lines: Iterator[bytes] | BinaryIO) -> Iterator[GivenArticle | InputError]:
    """The articles of JSON Lines, in order; of a bad line what is wrong with it."""
    shown = "standard input" if name == STANDARD_INPUT else name
    return parse_articles(lines, name=shown, detect=app.watch.detector.detect, timezone=app.watch.timezone)


def history(app: "App", name: str) -> Iterator[Dated | MonitorError]:
    """What a file has to play, in its order; of a line or entry that cannot be played, why.

    Raises:
        InputError: the file cannot be read.
        ParseError: it is neither a feed document nor JSON Lines.
    """
    with opened_file(name) as file:
        if name == STANDARD_INPUT or _holds_lines(Path(name), file):
            yield from (_dated(item) for item in articles(app, name, file))
            return
        body = file.read()
    feed = _feed(app, Path(name))
    parsed = parse_feed(body, url=feed.url, content_type="", now=app.clock())
    yield from (InputError(f"{name}: {problem}") for problem in parsed.problems)
    for entry in parsed.entries:
        yield dated_entry(entry, feed, app.watch) or InputError(f"{name}: '{entry.title}' has no date; left out")


def _holds_lines(path: Path, file: BinaryIO) -> bool:
    """Whether the file is JSON Lines, by its name or its first line; leaves the file at its beginning."""
    if path.suffix in {".jsonl", ".ndjson"}:
        return True
    try:
        first = json.loads(file.readline())
    except ValueError:
        return False
    finally:
        file.seek(0)
    # A JSON Feed may be written in one line too.
    return isinstance(first, dict) and "items" not in first


def _dated(item: GivenArticle | InputError) -> Dated | InputError:
    if isinstance(item, InputError):
        return item
    if item.published_at is None:
        return InputError(f"article '{item.id}' has no date; left out")
    return Dated(article=item.article, published_at=item.published_at)


def _feed(app: "App", path: Path) -> Feed:
    """The feed of the configuration that this file is, with its trust; else one of its own."""
    for feed in app.config.feeds:
        scheme, _, name = feed.url.partition(":")
        if scheme == "file" and (app.config.folder / unquote(name.lstrip("/"))).resolve() == path.resolve():
            return feed
    return Feed(url=path.resolve().as_uri(), name=path.stem)
