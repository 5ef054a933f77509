"""The rules of ARCHITECTURE.md, as far as a machine can check them."""

import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import monitor.core
from monitor.cli.commands import COMMANDS as ENTRIES
from monitor.settings.lexicons import load_lexicons

ROOT = Path(__file__).parent.parent
DOCUMENTS = "\n".join(
    path.read_text() for path in (ROOT / "README.md", ROOT / "ARCHITECTURE.md", *sorted((ROOT / "docs").glob("*.md")))
)
IO_LIBRARIES = {
    "aiohttp", "alembic", "apprise", "apscheduler", "asyncio", "fastapi", "feedparser", "pydantic", "requests", "rich",
    "ruamel", "sqlalchemy", "sqlmodel", "starlette", "structlog", "trafilatura", "typer", "urllib3", "uvicorn", "yaml"
}  # fmt: skip


def commands() -> Iterator[tuple[str, str]]:
    """Each command as it is called, with its help."""
    for group, entries in ENTRIES.items():
        path = "monitor" if group == "monitor" else f"monitor {group}"
        for entry in entries:
            if entry.name not in ENTRIES:
                yield f"{path} {entry.name}", entry.load().__doc__ or ""


COMMANDS = dict(commands())


def test_imports_point_downwards() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_the_core_loads_no_library_that_does_io() -> None:
    modules = [module.name for module in pkgutil.walk_packages(monitor.core.__path__, "monitor.core.")]
    program = f"import sys; {'; '.join(f'import {name}' for name in modules)}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()

    assert len(modules) > 10
    assert {name.partition(".")[0] for name in loaded} & IO_LIBRARIES == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_documents(command: str) -> None:
    assert re.search(rf"{command}\b", DOCUMENTS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_by_example(command: str) -> None:
    assert re.search(rf"Examples?:\n.*{command}\b", COMMANDS[command], re.DOTALL)


def test_every_shipped_vocabulary_loads() -> None:
    shipped = {path.stem for path in (ROOT / "monitor/lexicons").glob("*.yaml")} - {"common"}

    assert set(load_lexicons()) == shipped


def test_every_package_has_a_line_in_the_architecture() -> None:
    tabled = set(re.findall(r"^\| `([\w/]+)/` \|", (ROOT / "ARCHITECTURE.md").read_text(), re.MULTILINE))
    package = ROOT / "monitor"
    packages = {
        str(path.parent.relative_to(package))
        for path in (*package.glob("*/__init__.py"), *package.glob("core/*/__init__.py"))
    }

    assert len(packages) > 10
    assert packages <= tabled


def test_the_index_lists_every_decision_with_its_title_and_date() -> None:
    """In the order of their numbers, which is that of their dates."""
    folder = ROOT / "docs/decisions"
    listed = re.findall(
        r"^\| \[(\d+)\]\(([\w-]+\.md)\) \| (.+?) \| ([\d-]{10}) \| .+\. \|$",
        (folder / "README.md").read_text(),
        re.MULTILINE,
    )
    recorded = []
    for path in sorted(folder.glob("0*.md")):
        head = re.match(r"# (\d+)\. (.+)\n\nDate: ([\d-]{10})\.", path.read_text())
        assert head, path.name
        assert path.name.startswith(f"{int(head[1]):04}-")
        recorded.append((head[1], path.name, head[2], head[3]))

    assert listed == recorded
    assert [int(number) for number, *_ in recorded] == list(range(1, len(recorded) + 1))
    assert sorted(date for *_, date in recorded) == [date for *_, date in recorded]


def test_links_between_the_documents_lead_somewhere() -> None:
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")):
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", path.read_text()):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
