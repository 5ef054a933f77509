"""Adds feeds to the end of ``feeds.yaml``. The rest of the file stays as the operator wrote it."""

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from monitor.core.model import Feed
from monitor.errors import ConfigError, Problem
from monitor.settings import checks
from monitor.settings.files import FEEDS
from monitor.settings.interpolation import Interpolator
from monitor.settings.models import FeedSettings, FeedsFile
from monitor.settings.validate import validate_items
from monitor.settings.yaml_document import Document, parse_yaml


def what_is_wrong(feed: Feed, folder: Path) -> str:
    """The reason why the feed is invalid in this folder's file. "" if it is valid."""
    problems = _problems(folder, "\n".join(["feeds:", *_item(feed, "")]).encode(), {})
    return "; ".join(f"{problem.key.rpartition('.')[2]}: {problem.message}" for problem in problems)


def add_feeds(folder: Path, feeds: Sequence[Feed], env: Mapping[str, str]) -> None:
    """Write the feeds into the folder's file, all or none.

    Raises:
        ConfigError: the file cannot be written, or its list cannot be extended at the end. Each item of the list must
            start on its own line.
    """
    path = folder / FEEDS
    before = path.read_text("utf-8") if path.exists() else ""
    document, _ = parse_yaml(str(path), before.encode())
    lines = [*before.splitlines(), *(line for feed in feeds for line in _item(feed, _indent(document, before)))]
    if "feeds" not in (document.value if isinstance(document.value, dict) else {}):
        lines.insert(len(before.splitlines()), "feeds:")
    after = "\n".join(lines) + "\n"
    if problems := _problems(folder, after.encode(), env):
        message = f"no feed can be added at its end: {problems[0].message}"
        raise ConfigError([Problem(file=str(path), line=problems[0].line, key=problems[0].key, message=message)])
    # Write another file first: a service that reads at the same time must not see half of it.
    beside = path.with_name(f".{FEEDS}.new")
    try:
        beside.write_text(after, "utf-8")
        if path.exists():
            _let_the_same_read(beside, path)
        os.replace(beside, path)  # noqa: PTH105 - replace says that the target may exist
    except OSError as error:
        beside.unlink(missing_ok=True)
        message = f"cannot be written: {error.strerror}"
        raise ConfigError([Problem(file=str(path), line=None, key="", message=message)]) from error


def _let_the_same_read(file: Path, like: Path) -> None:
    """Give a new file the mode and owner of the old one: a service of another user must still be able to read it."""
    shutil.copymode(like, file)
    owner = like.stat()
    with suppress(PermissionError):  # only root may give a file away
        os.chown(file, owner.st_uid, owner.st_gid)


def _problems(folder: Path, data: bytes, env: Mapping[str, str]) -> list[Problem]:
    written, problems = parse_yaml(str(folder / FEEDS), data)
    interpolator = Interpolator(folder, env)
    document = interpolator.document(written)
    feeds = validate_items(document, FeedsFile, "feeds", FeedSettings, problems)
    return [*problems, *checks.check_feeds(document, feeds, folder), *interpolator.problems]


def _indent(document: Document, text: str) -> str:
    """The text before the dash of the first item."""
    first = document.lines.get(("feeds", 0))
    return text.splitlines()[first - 1].partition("-")[0] if first else "  "


def _item(feed: Feed, indent: str) -> list[str]:
    every = f"{feed.every.total_seconds():.0f}s" if feed.every is not None else None
    said = {"url": feed.url, "name": feed.name, "trust": f"{feed.trust:g}", "language": feed.language, "every": every}
    # A number is written without quotes: editors check the file by the schema, which requires a number.
    lines = [f"{key}: {text if key == 'trust' else _quoted(text)}" for key, text in said.items() if text]
    if feed.page is not None:
        selectors = ", ".join(f"{key}: {_quoted(text)}" for key, text in asdict(feed.page).items() if text)
        lines.append(f"page: {{{selectors}}}")
    return [f"{indent}{'- ' if index == 0 else '  '}{line}" for index, line in enumerate(lines)]


def _quoted(text: str) -> str:
    """The text as a JSON string, which is valid YAML. A dollar sign is doubled, since it would start a reference."""
    return json.dumps(text, ensure_ascii=False).replace("$", "$$")
