"""The examples of ``--help`` work as they stand: the options exist, and the shipped example has what they name."""

import re
import shlex
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
import typer

from monitor.cli import app
from monitor.core.identity import article_key
from monitor.core.model import Claim, Fact, State
from monitor.core.news import ChangeType
from monitor.core.periods import Period
from monitor.core.review.review import claim_id
from monitor.feeds.parse import parse_feed
from monitor.settings import Config, load
from tests.builders import make_article, make_claim, make_fact

if TYPE_CHECKING:
    from typer.core import TyperGroup

SHIPPED = Path(__file__).parents[2] / "config"
#: What an operator brings. The commands say so.
BROUGHT = {
    "archive.xml", "articles.jsonl", "labels.jsonl", "labels", "subscriptions.opml", "-",
    "https://example.org/feed.xml", "/var/backups/monitor-2026-11-25.db",
}  # fmt: skip


@pytest.fixture(scope="module")
def shipped() -> Config:
    return load(SHIPPED, {})


def examples(group: typer.Typer) -> Iterator[str]:
    """The calls of the monitor in the help of all commands."""
    for command in group.registered_commands:
        assert command.callback is not None
        for line in (command.callback.__doc__ or "").partition("Example")[2].splitlines()[1:]:
            yield from (part for part in re.split(r"[|>]", line) if part.split()[:1] == ["monitor"])
    for sub in group.registered_groups:
        assert sub.typer_instance is not None
        yield from examples(sub.typer_instance)


def parsed(call: str) -> dict[str, Any]:
    """The parameters of a call, by name. Nothing is run."""
    given: Sequence[str] = shlex.split(call)[1:]
    command = cast("Any", typer.main.get_command(app))
    while hasattr(command, "commands"):
        command, given = cast("TyperGroup", command).commands[given[0]], given[1:]
    return dict(command.make_context("monitor", list(given)).params)


CALLS = [call.strip() for call in examples(app)]


def test_there_are_examples() -> None:
    assert len(CALLS) > 60


@pytest.mark.parametrize("call", CALLS)
def test_an_example_of_the_help_works_as_it_stands(call: str, shipped: Config) -> None:
    known = {
        "project": {project.id for project in shipped.projects} | {"gigafactory"},
        "feed": {name for feed in shipped.feeds for name in (feed.name, feed.url)},
        "subscriber": {subscriber.name for subscriber in shipped.subscribers},
        "change": set(ChangeType) | {CHANGE},
        "claim": CLAIMS.keys(),
        "claims": CLAIMS.keys(),
        "to": {"console"},
    }
    for name, value in parsed(call).items():
        values = value if isinstance(value, list | tuple) else [value]
        for each in values if value is not None else ():
            assert name not in known or each in known[name], f"{call}: there is no {name} '{each}'"
            if name in {"file", "paths", "files", "articles", "labels"}:
                path = str(each)
                assert path in BROUGHT or path.endswith(".yaml") or (SHIPPED.parent / path).exists(), call


#: The beginning of the id of a change: what it changes is known only once it is read.
CHANGE = "3a666653"
#: What the reader finds in the shipped chronicle.
CLAIMS: dict[str, Claim | Fact] = {
    "btr-anode:8e934e47": make_claim(project="btr-anode", stage="construction", date=Period.parse("2024-Q1")),
    "btr-anode:f15e45b9": make_claim(
        project="btr-anode", stage="operating", state=State.EXPECTED, date=Period.parse("2026")
    ),
    "gotion-kenitra:4cded1ed": make_claim(project="gotion-kenitra", stage="construction", date=None),
    "btr-cathode:d716f98d": make_fact(project="btr-cathode", value=363_500_000.0, unit="USD"),
}


@pytest.mark.parametrize("name", CLAIMS)
def test_the_claims_of_the_examples_are_of_articles_of_the_chronicle(name: str) -> None:
    url = "file:history.xml"
    parsed = parse_feed((SHIPPED / "history.xml").read_bytes(), url=url, content_type="", now=datetime.now(UTC))

    assert name in {claim_id(CLAIMS[name], make_article(article_key(e, feed=url)).source) for e in parsed.entries}
