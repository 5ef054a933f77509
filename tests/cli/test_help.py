"""The examples of ``--help`` and of the README: what they name exists in the shipped configuration and chronicle."""

import inspect
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from typer.main import get_command

from monitor.cli import app
from monitor.settings import load
from tests.cli.conftest import Monitor

ROOT = Path(__file__).parents[2]
_LINE = re.compile(r"^ {4,}monitor (.+)$", re.MULTILINE)
#: What the reader of the README has written before.
_OWN = {"my-plant", "acme-plant", "Desk"}


def commands(command: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The command and those below it, each with its options: by itself a group knows only summaries."""
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below.whole(), *path, name)


COMMANDS = dict(commands(get_command(app)))
HELP = {" ".join(path): inspect.cleandoc(command.help or "") for path, command in COMMANDS.items()}


def given(text: str) -> Iterator[tuple[str, str]]:
    """The name of each argument and option of the commands in a text, with each of its values."""
    for line in _LINE.findall(text.replace("\\\n", " ")):
        words = shlex.split(re.split(r" [|>] |  +#", line)[0])
        path = max((p for p in COMMANDS if list(p) == words[: len(p)]), key=len)
        context = click.Context(COMMANDS[path], resilient_parsing=True)
        found, rest, _ = COMMANDS[path].make_parser(context).parse_args(words[len(path) :])
        assert not rest, line
        for name, value in found.items():
            for each in value if isinstance(value, list | tuple) else [value]:
                if isinstance(each, str):
                    yield name, each


@pytest.fixture(scope="module")
def known() -> dict[str, set[str]]:
    """What exists: by the name of the argument."""
    config = load(ROOT / "config", {})
    return {
        "project": {each for p in config.projects for each in (p.id, p.name_in("en").casefold())} | _OWN,
        "feed": {name for feed in config.feeds for name in (feed.name, feed.url)},
        "subscriber": {subscriber.name for subscriber in config.subscribers} | _OWN,
        "to": {destination.url for subscriber in config.subscribers for destination in subscriber.destinations},
    }


EXAMPLES = {**HELP, "README": (ROOT / "README.md").read_text(encoding="utf-8")}


@pytest.mark.parametrize("where", EXAMPLES)
def test_what_an_example_names_is_in_the_shipped_configuration(where: str, known: dict[str, set[str]]) -> None:
    for name, value in given(EXAMPLES[where]):
        there = known.get(name)
        if there is not None and not value.startswith("https://example.org/"):
            # A part of a project's name or of a destination will do.
            is_part = name in {"project", "to"} and any(value in each for each in there)
            assert value in there or is_part, (name, value)


def test_every_command_has_an_example_that_can_be_parsed() -> None:
    for path, command in COMMANDS.items():
        if not hasattr(command, "commands"):
            assert f"monitor {' '.join(path)}" in (command.help or ""), path


@pytest.fixture
def chronicle(folder: Path, monitor: Monitor) -> Monitor:
    """The command on the shipped configuration, after the chronicle of its examples is read."""
    shutil.copytree(ROOT / "config", folder, dirs_exist_ok=True)
    # Only what tells of the projects of the examples: the rest takes long to read.
    before, *items = (folder / "history.xml").read_text(encoding="utf-8").split("<item>")
    items = [item for item in items if "BTR" in item]
    closing = "" if items[-1].rstrip().endswith("</rss>") else "</channel></rss>"
    (folder / "history.xml").write_text("<item>".join((before, *items)) + closing, encoding="utf-8")

    assert monitor("import", str(folder / "history.xml")).code == 0
    return monitor


def test_the_claims_and_changes_of_the_examples_come_from_the_chronicle(chronicle: Monitor) -> None:
    claims = {each["claim"] for each in chronicle("review", "list", "--all", "--limit", "1000", "--json").lines}
    changes = [each["id"] for each in chronicle("changes", "--limit", "1000", "--json").lines]

    named = [each for text in EXAMPLES.values() for each in given(text)]
    assert {value for name, value in named if name in {"claim", "claims"}} <= claims
    for value in (value for name, value in named if name == "change" and re.fullmatch(r"[0-9a-f]+", value)):
        assert any(change.startswith(value) for change in changes), value


#: The beginnings of commands of the README that need a network, a browser, or files of their reader.
_NOT_HERE = (
    "demo", "init", "run", "projects", "feeds", "notify", "evaluate", "doctor", "read --html",
)  # fmt: skip


def test_the_commands_of_the_readme_work_on_a_fresh_clone(
    folder: Path, chronicle: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    (article,) = re.findall(r"echo '(.+)' > articles.jsonl", EXAMPLES["README"])
    Path("articles.jsonl").write_text(article)
    lines = [
        re.split(r" +#", line)[0]
        for line in _LINE.findall(EXAMPLES["README"].replace("\\\n", " "))
        if not line.startswith(_NOT_HERE)
    ]

    done = {line: chronicle(*shlex.split(line)) for line in lines}

    assert len(done) > 12
    assert {line: each.err for line, each in done.items() if each.code} == {}


def test_the_article_of_the_readme_is_read_as_of_the_project_that_it_names(monitor: Monitor) -> None:
    (article,) = re.findall(r"echo '(.+)' > articles.jsonl", EXAMPLES["README"])

    read = monitor("read", "--config", str(ROOT / "config"), "--json", "-", stdin=article).json

    assert read["projects"] == ["hailiang"]
    assert [(claim["project"], claim["stage"], claim["state"]) for claim in read["claims"]] == [
        ("hailiang", "agreed", "reached")
    ]
