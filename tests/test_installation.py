"""What is built is whole; a bare environment that it is installed into has all of it, and polls a feed with its pages.

A damaged installation, whose page reader fails, loses the text of pages and nothing else.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from monitor.settings.init import FILES as EXAMPLE_FILES
from tests.servers import LoopbackServer, Reply

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
EXAMPLE = "monitor/settings/examples/morocco"
OWN = f"{sys.version_info.major}.{sys.version_info.minor}"
#: MONITOR_INSTALLATIONS=all for each Python that is there, and for an old pip: a minute of work each.
IS_THOROUGH = os.environ.get("MONITOR_INSTALLATIONS") == "all"
VERSIONS = sorted({"3.11", "3.12", "3.13", OWN}) if IS_THOROUGH else [OWN]
# What Python 3.11 and 3.12 bring. It does not find an extra that is spelled in another way than the package spells it.
OLD_PIP = "pip==23.2.1 --hash=sha256:7ccf472345f20d35bdc9d1841ff5f313260c2c33fe417f48c30ac46cccabf5be"

PROJECTS = """
projects:
  - {id: plant, name: Cathode plant, who: [BTR], what: [cathode], where: [Morocco]}
"""
FEED = """<rss version="2.0"><channel><title>Gazette</title><item>
  <title>News of the BTR cathode plant in Morocco</title><link>{link}</link>
  <description>{begun}</description><pubDate>Mon, 01 Apr 2024 10:00:00 GMT</pubDate></item></channel></rss>"""
BEGUN = "BTR broke ground on its cathode plant in Morocco on 1 March 2024."
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

    assert sorted(held) == sorted([*tracked("monitor"), *(f"{EXAMPLE}/{name}" for name in EXAMPLE_FILES)])
    assert {Path(name).suffix for name in held} >= {".css", ".j2", ".mako", ".po", ".py", ".typed", ".yaml"}


def test_the_example_is_the_watch_list_of_the_repository_whole(built: Path) -> None:
    """Each file has one copy here, in ``config/``; a new one must be named in ``pyproject.toml`` too."""
    held = zipfile.ZipFile(wheel(built))

    for name in EXAMPLE_FILES:
        assert held.read(f"{EXAMPLE}/{name}") == (ROOT / "config" / name).read_bytes()
    ours = run("git", "ls-files", "config").split()
    assert {Path(name).name for name in ours if "/schema/" not in name} == set(EXAMPLE_FILES)


@pytest.fixture(scope="module")
def unpacked(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The environment of commands that have the wheel alone, and the packages that are installed here."""
    folder = tmp_path_factory.mktemp("unpacked")
    zipfile.ZipFile(wheel(built)).extractall(folder)
    return bare(PYTHONPATH=str(folder))


def test_the_wheel_alone_writes_the_example_as_a_configuration_that_works(
    unpacked: Mapping[str, str], tmp_path: Path
) -> None:
    def monitor(*arguments: str) -> str:
        return run(sys.executable, "-m", "monitor", *arguments, cwd=tmp_path, env=unpacked)

    monitor("init", "mine", "--example", "morocco")
    checked = json.loads(monitor("check", "--json", "--config", "mine"))

    assert (checked["ok"], checked["warnings"]) == (True, [])
    assert "btr-cathode" in checked["projects"]
    assert "file:history.xml" in checked["feeds"]


def test_the_wheel_alone_plays_the_demonstration(unpacked: Mapping[str, str], tmp_path: Path) -> None:
    command = (sys.executable, "-m", "monitor", "demo", "--pause", "0")
    with subprocess.Popen(command, cwd=tmp_path, env=unpacked, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        # The whole chronicle takes a minute or two; the first alert shows that it is there and that it is read.
        first = next((line for line in demo.stdout if "Sentury tyre plant, Tanger Tech: " in line), "")
        demo.send_signal(signal.SIGINT)
        demo.stdout.read()

    assert "announced" in first
    assert list(tmp_path.iterdir()) == []


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


def download(folder: Path, requirements: Iterable[str], version: str) -> None:
    """Put these packages into a folder, as wheels for a version of Python.

    By the pip of this environment, for an old one takes half a minute to look through what there is. Skips where there
    is no registry, and fails in continuous integration, whose set-up has just used one.
    """
    folder.mkdir(exist_ok=True)
    listed = folder / "requirements.txt"
    listed.write_text("\n".join(requirements))
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", "--retries=1")
    wheels = ("--no-deps", "--only-binary=:all:", f"--python-version={version}", "--dest", folder)
    command = (*pip, "download", *wheels, "--require-hashes", "--requirement", listed)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    reason = f"nothing can be installed, for pip downloads nothing: {done.stderr.strip()[-300:]}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def locked(version: str) -> Iterator[str]:
    """The lock as a Python of this version reads it. Pip reads its markers as the Python by which it runs."""
    target = {"python_version": version, "python_full_version": f"{version}.0"}
    for line in (ROOT / "requirements/runtime.txt").read_text().replace("\\\n", " ").splitlines():
        named, *hashes = line.split("--hash=")
        requirement = Requirement(named)
        if requirement.marker is None or requirement.marker.evaluate(target):
            requirement.marker = None
            yield " --hash=".join([str(requirement), *map(str.strip, hashes)])


def install(built: Path, place: Path, wheels: Path, *, version: str, is_old: bool) -> None:
    """Install the wheel that was built and the packages of the lock into a new environment.

    By the pip that this Python brings, or by the old one. Only what the lock names is there to be taken.
    """
    python = place / "bin/python"
    download(wheels, locked(version), version)
    if is_old:
        download(wheels, [OLD_PIP], version)
        run(interpreter(version), "-m", "venv", "--without-pip", place)
        (archive,) = wheels.glob("pip-*.whl")
        pip: tuple[str | Path, ...] = (python, archive / "pip")
    else:
        run(interpreter(version), "-m", "venv", place)
        pip = (python, "-m", "pip")
    # Compiling takes as long as all else, and most of it is never imported.
    run(*pip, "install", "--quiet", "--no-compile", "--no-index", "--find-links", wheels, wheel(built))


def bare(**more: str) -> dict[str, str]:
    """The environment, without what would lead a command to this tree."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MONITOR", "COV"))}
    return {**kept, **more}


def settings(folder: Path, server: LoopbackServer, *, reader: str) -> Path:
    """A configuration with one feed, whose one entry leads to a page that says more."""
    server.routes["/feed"] = Reply(body=FEED.format(link=server.url("/article"), begun=BEGUN).encode())
    server.routes["/article"] = Reply(body=PAGE.encode(), headers={"Content-Type": "text/html; charset=utf-8"})
    config = folder / "config"
    config.mkdir()
    (config / "projects.yaml").write_text(PROJECTS)
    (config / "feeds.yaml").write_text(f"feeds:\n  - {{url: '{server.url('/feed')}', name: Gazette, language: en}}\n")
    (config / "monitor.yaml").write_text(f"fetch: {{allow_private: [127.0.0.0/8]}}\nreader: {{use: {reader}}}\n")
    return config


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("version", "is_old"),
    [
        *(pytest.param(version, False, id=f"{version} with its own pip") for version in VERSIONS),
        *([pytest.param(OWN, True, id=f"{OWN} with an old pip")] if IS_THOROUGH else []),
    ],
)
def test_what_pip_installs_into_a_bare_environment_is_whole_and_reads_the_pages_of_a_feed(
    version: str, built: Path, tmp_path: Path, *, is_old: bool
) -> None:
    install(built, tmp_path / "venv", tmp_path / "wheels", version=version, is_old=is_old)

    def monitor(*arguments: str | Path) -> str:
        return run(tmp_path / "venv/bin/monitor", *arguments, cwd=tmp_path, env=bare())

    with LoopbackServer() as server:
        config = settings(tmp_path, server, reader="trained")  # the one that needs the weights
        told = monitor("poll", "--json", "--config", config)
    (polled,) = map(json.loads, told.splitlines())
    assert (polled["outcome"], polled["relevant"], polled["problems"]) == ("read", 1, [])
    assert [SIGNED] in [change["evidence"] for change in polled["changes"]], "only the page tells of the agreement"

    # All vocabularies, and the templates of messages in every language.
    monitor("init", "--templates", "starter")
    checked = json.loads(monitor("check", "--json", "--config", "starter"))
    assert (checked["ok"], checked["problems"]) == (True, [])


# ---------------------------------------------------------------- damage


@pytest.mark.parametrize(
    ("code", "words"),
    [
        pytest.param(
            "raise ImportError('of what it needs')", "the page reader cannot be loaded", id="it lacks a package"
        ),
        pytest.param("raise RuntimeError('a bug')", "reading the page failed (RuntimeError: a bug)", id="it raises"),
        pytest.param("raise SystemExit", "it ends the process that reads it", id="it exits"),
        pytest.param("import os; os.abort()", "it ends the process that reads it", id="it crashes"),
    ],
)
def test_a_page_reader_that_is_broken_costs_the_text_of_pages_and_no_poll(
    code: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / "trafilatura.py").write_text(code)
    env = bare(PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")

    with LoopbackServer() as server:
        config = settings(tmp_path, server, reader="rules")
        told = run(sys.executable, "-m", "monitor", "poll", "--json", "--config", config, cwd=tmp_path, env=env)

    (polled,) = map(json.loads, told.splitlines())
    assert (polled["outcome"], [change["evidence"] for change in polled["changes"]]) == ("read", [[BEGUN]])
    (problem,) = polled["problems"]
    assert problem.startswith("full text not read, the feed's own text stands in: ")
    assert words in problem
