"""What is built is whole, and a bare environment that it is installed into polls a feed and reads its pages."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.servers import LoopbackServer, Reply

ROOT = Path(__file__).parent.parent
OWN = f"{sys.version_info.major}.{sys.version_info.minor}"
VERSIONS = sorted({"3.11", "3.12", "3.13", OWN})

PROJECTS = """
projects:
  - {id: plant, name: Cathode plant, who: [BTR], what: [cathode], where: [Morocco]}
"""
FEED = """<rss version="2.0"><channel><title>Gazette</title><item>
  <title>News of the BTR cathode plant in Morocco</title><link>{link}</link>
  <pubDate>Mon, 01 Apr 2024 10:00:00 GMT</pubDate></item></channel></rss>"""
SIGNED = "BTR signed the investment agreement for its cathode plant in Morocco on 29 March 2024."
PADDING = "The two sides met in Rabat and spoke of the port, the road and the railway at great length that day. " * 4
PAGE = f"<html><body><article><h1>News</h1><p>{PADDING}</p><p>{SIGNED}</p><p>{PADDING}</p></article></body></html>"


def run(*command: str | Path, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> str:
    """What a command prints; it must succeed."""
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the wheel and of the source distribution."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "--directory", folder)
    return folder


def wheel(folder: Path) -> Path:
    (path,) = folder.glob("*.whl")
    return path


# ---------------------------------------------------------------- contents


def tracked(*names: str) -> Iterator[str]:
    """The files of the tree under these names, without what Python leaves there."""
    for name in names:
        path = ROOT / name
        for file in path.rglob("*") if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                yield file.relative_to(ROOT).as_posix()


def test_the_wheel_holds_the_package_whole_and_nothing_else(built: Path) -> None:
    held = [name for name in zipfile.ZipFile(wheel(built)).namelist() if ".dist-info/" not in name]

    assert sorted(held) == sorted(tracked("monitor"))
    assert {Path(name).suffix for name in held} >= {".css", ".j2", ".mako", ".po", ".py", ".typed", ".yaml"}


def test_the_source_distribution_holds_what_is_named_and_nothing_else(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        held = [name.partition("/")[2] for name in archive.getnames()]

    assert sorted(held) == sorted(
        [
            *tracked("monitor", "config", "README.md", "CHANGELOG.md", "LICENSE", "SECURITY.md"),
            *("pyproject.toml", ".gitignore", "PKG-INFO"),
        ]
    )


# ---------------------------------------------------------------- installation


def interpreter(version: str) -> str:
    """The Python of a version that can make environments; a name on the PATH may be a shim with nothing behind it."""
    if version == OWN:
        return sys.executable
    found = shutil.which(f"python{version}")
    if found is None or subprocess.run([found, "-c", "import ensurepip"], capture_output=True, check=False).returncode:
        pytest.skip(f"this machine has no Python {version} that makes environments")
    return found


def download(version: str, folder: Path) -> None:
    """Put what the lock names into a folder, as wheels: what is installed is the same tomorrow.

    By the pip of this environment, for an old one takes half a minute to look through what there is. Skips where there
    is no registry, and fails in continuous integration, whose set-up has just used one.
    """
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", "--retries=1")
    folder.mkdir()
    lock = ("--require-hashes", "--requirement", locked(version, folder / "lock.txt"))
    wheels = ("--no-deps", "--only-binary=:all:", f"--python-version={version}", "--dest", folder)
    done = subprocess.run([*pip, "download", *wheels, *lock], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    reason = f"nothing can be installed, for pip downloads nothing: {done.stderr.strip()[-300:]}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def locked(version: str, file: Path) -> Path:
    """The lock as a Python of this version reads it. Pip reads its markers as the Python by which it runs."""
    target = {"python_version": version, "python_full_version": f"{version}.0"}
    kept = []
    for line in (ROOT / "requirements/runtime.txt").read_text().replace("\\\n", " ").splitlines():
        named, *hashes = line.split("--hash=")
        requirement = Requirement(named)
        if requirement.marker is None or requirement.marker.evaluate(target):
            requirement.marker = None
            kept.append(" --hash=".join([str(requirement), *map(str.strip, hashes)]))
    file.write_text("\n".join(kept))
    return file


def settings(folder: Path, server: LoopbackServer) -> Path:
    config = folder / "config"
    config.mkdir()
    (config / "projects.yaml").write_text(PROJECTS)
    (config / "feeds.yaml").write_text(f"feeds:\n  - {{url: '{server.url('/feed')}', name: Gazette, language: en}}\n")
    (config / "monitor.yaml").write_text("fetch: {allow_private: [127.0.0.0/8]}\n")
    return config


@pytest.mark.timeout(900)
@pytest.mark.parametrize("version", VERSIONS)
def test_what_pip_installs_into_a_bare_environment_reads_the_pages_of_a_feed(
    version: str, built: Path, tmp_path: Path
) -> None:
    """With the pip that Python brings: an old one understands less of what packages ask for."""
    place = tmp_path / "venv"
    run(interpreter(version), "-m", "venv", place)
    download(version, tmp_path / "wheels")
    # Compiling takes as long as all else, and most of it is never imported.
    offline = ("--quiet", "--no-compile", "--no-index", "--find-links", tmp_path / "wheels")
    run(place / "bin/pip", "install", *offline, wheel(built))
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MONITOR", "COV"))}

    with LoopbackServer() as server:
        server.routes["/feed"] = Reply(body=FEED.format(link=server.url("/article")).encode())
        server.routes["/article"] = Reply(body=PAGE.encode(), headers={"Content-Type": "text/html; charset=utf-8"})
        config = settings(tmp_path, server)
        told = run(place / "bin/monitor", "poll", "--json", "--config", config, cwd=tmp_path, env=env)

    (polled,) = map(json.loads, told.splitlines())
    assert (polled["outcome"], polled["relevant"], polled["problems"]) == ("read", 1, [])
    assert [SIGNED] in [change["evidence"] for change in polled["changes"]], "only the page tells of the agreement"
