"""What is installed and shipped: the locks, the commands of make, the image and its composition."""

import re
import subprocess
import tomllib
from collections.abc import Sequence
from importlib.metadata import requires
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent
LOCKS = ("build", "dev", "runtime")


def yaml(name: str) -> Any:
    return YAML(typ="safe").load((ROOT / name).read_text())


def locked(name: str) -> dict[str, str]:
    """Version by name."""
    lines = (ROOT / f"requirements/{name}.txt").read_text()
    found = re.findall(r"^([\w.\[\],-]+)==([^\s;]+)", lines, re.MULTILINE)
    return {canonicalize_name(package.partition("[")[0]): version for package, version in found}


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


# ---------------------------------------------------------------- locks


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_its_hashes_and_no_address(name: str) -> None:
    text = (ROOT / f"requirements/{name}.txt").read_text()

    entries = [entry for entry in re.split(r"\n(?=\S)", text) if entry.strip()]
    assert entries
    assert all("==" in entry.splitlines()[0] and "--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash)", text, re.MULTILINE)


def test_what_runs_is_the_same_where_it_is_developed() -> None:
    assert locked("runtime").items() <= locked("dev").items()
    assert {name: locked("dev").get(name, version) for name, version in locked("build").items()} == locked("build")


@pytest.mark.parametrize(
    ("lock", "requirements"),
    [
        (
            "runtime",
            [*pyproject()["project"]["dependencies"], *pyproject()["project"]["optional-dependencies"]["postgres"]],
        ),
        ("dev", pyproject()["dependency-groups"]["dev"]),
        ("build", pyproject()["build-system"]["requires"]),
    ],
)
def test_the_lock_holds_what_the_project_asks_for(lock: str, requirements: list[str]) -> None:
    for requirement in map(Requirement, requirements):
        version = locked(lock).get(canonicalize_name(requirement.name))

        assert version is not None, f"{requirement.name} is not locked; run: make lock"
        assert requirement.specifier.contains(version, prereleases=True), f"{requirement} is not {version}"


def test_no_package_that_runs_comes_only_by_an_extra_that_another_package_asks_for() -> None:
    """An old pip does not find an extra that is spelled in another way, and goes on without what it would bring."""
    project = pyproject()["project"]
    extras = (project["optional-dependencies"][name] for name in ("calendar", "oidc", "postgres"))
    asked = [Requirement(each) for each in (*project["dependencies"], *chain.from_iterable(extras))]

    assert locked_here("runtime") <= reached(asked)


def locked_here(name: str) -> set[str]:
    """The names of what the lock brings onto this machine."""
    lines = re.findall(r"^(\w[^\\\n]*)", (ROOT / f"requirements/{name}.txt").read_text(), re.MULTILINE)
    requirements = map(Requirement, lines)
    return {canonicalize_name(each.name) for each in requirements if each.marker is None or each.marker.evaluate()}


def reached(asked: Sequence[Requirement]) -> set[str]:
    """What these packages bring, by what each asks for without extras."""
    names: set[str] = set()
    waiting = [(canonicalize_name(each.name), each.extras) for each in asked]
    while waiting:
        name, extras = waiting.pop()
        names.add(name)
        for each in map(Requirement, requires(name) or ()):
            wanted = each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in ("", *extras))
            if wanted and canonicalize_name(each.name) not in names:
                waiting.append((canonicalize_name(each.name), set()))
    return names


def test_every_dependency_has_an_upper_bound_or_is_data() -> None:
    for requirement in map(Requirement, pyproject()["project"]["dependencies"]):
        assert requirement.name == "tzdata" or any(spec.operator in {"<", "~="} for spec in requirement.specifier)


# ---------------------------------------------------------------- commands


def test_make_by_itself_lists_every_command() -> None:
    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    names = {line.split()[1] for line in listed.splitlines()}
    assert names >= {"run", "demo", "test", "lint", "format", "lock", "clean", "venv", "help"}


def test_an_old_python_or_none_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text((ROOT / "Makefile").read_text())
    (tmp_path / "requirements").mkdir()
    for name in (*(f"requirements/{lock}.txt" for lock in LOCKS), "pyproject.toml"):
        (tmp_path / name).touch()
    old = tmp_path / "old-python"
    old.write_text("#!/bin/sh\ncase \"$2\" in '') exit 0;; *platform*) echo 3.9.2;; *) exit 1;; esac\n")
    bare = tmp_path / "bare-python"
    bare.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; *) exit 0;; esac\n')
    old.chmod(0o755)
    bare.chmod(0o755)

    def make(python: str) -> str:
        command = ["make", "venv", f"PYTHON={python}"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode != 0
        return done.stderr

    assert "Python 3.11 or newer is needed; none was found" in make("no-such-python")
    assert "Python 3.11 or newer is needed; ./old-python is 3.9.2" in make("./old-python")
    assert "apt install python3-venv" in make("./old-python ./bare-python")


def test_continuous_integration_runs_one_script() -> None:
    script = ROOT / ".ci/run"

    subprocess.run(["bash", "-n", str(script)], check=True)
    assert script.stat().st_mode & 0o111
    assert "make lint" in script.read_text()
    assert "make test SLOW=1" in script.read_text()


def test_the_hooks_call_the_tools_of_the_lock() -> None:
    hooks = [hook for repo in yaml(".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]]

    assert {hook["entry"].split()[0] for hook in hooks} == {
        ".venv/bin/ruff",
        ".venv/bin/mypy",
        ".venv/bin/lint-imports",
    }


# ---------------------------------------------------------------- image


def test_the_image_is_locked_and_has_no_rights() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()

    final = dockerfile[dockerfile.rindex("\nFROM ") :]
    assert dockerfile.count("--require-hashes") == 2
    assert re.search(r"^USER \d+$", final, re.MULTILINE)
    assert "HEALTHCHECK" in final
    assert "VOLUME /data" in final
    assert 'ENTRYPOINT ["monitor"]' in final
    assert "pip" not in final


def test_the_image_is_built_from_what_it_copies_and_nothing_else() -> None:
    copied = set()
    for line in re.findall(r"^COPY (?!--from)(.*)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE):
        copied |= {name.split("/")[0] for name in line.split()[:-1]}
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}

    assert copied == let_in
    assert all((ROOT / name).exists() for name in copied)


def test_every_container_is_locked_down_and_watched() -> None:
    services = yaml("docker-compose.yml")["services"]
    dockerfile = (ROOT / "Dockerfile").read_text()

    for name, service in services.items():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["tmpfs"]
        assert "healthcheck" in service or (name == "monitor" and "HEALTHCHECK" in dockerfile)
    assert services["postgres"]["profiles"] == ["postgres"]


def test_the_monitor_keeps_its_data_in_a_volume_and_only_reads_its_configuration() -> None:
    composition = yaml("docker-compose.yml")
    monitor = composition["services"]["monitor"]

    assert "profiles" not in monitor
    assert {"./config:/config:ro", "data:/data"} <= set(monitor["volumes"])
    assert "data" in composition["volumes"]
    assert monitor["depends_on"]["postgres"] == {"condition": "service_healthy", "required": False}
