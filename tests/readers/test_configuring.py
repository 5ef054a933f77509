"""Readers are chosen in monitor.yaml; what is not chosen is not loaded, and a key is seen nowhere."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.settings import Config, load
from tests.readers.conftest import PATH, Model, completion
from tests.servers import Reply

ROOT = Path(__file__).parents[2]
KEY = "sk-very-secret-0123456789"
PROJECTS = "projects:\n  - {id: plant, name: Plant, who: [BTR], what: [cathode], where: [Morocco]}\n"
TITLE = "BTR cuts the ribbon of its cathode plant in Morocco"
ARTICLE = json.dumps({"id": "1", "title": TITLE, "text": "A short text.", "lang": "en", "published": "2026-10-01"})
CONFIRMED = {
    "verdict": "confirm",
    "project": "plant",
    "stage": "operating",
    "state": "reached",
    "date": "2026-10-01",
    "quote": TITLE,
}


def write(folder: Path, monitor: str) -> Path:
    config = folder / "config"
    config.mkdir()
    (config / "projects.yaml").write_text(PROJECTS)
    (config / "monitor.yaml").write_text(monitor)
    return config


def problems(folder: Path, monitor: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(write(folder, monitor), {})
    return [f"{problem.line}: {problem.key}: {problem.message}" for problem in caught.value.problems]


def run(config: Path, *command: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """The command as a process, with the names of the modules that it loaded on the last line of stdout."""
    program = (
        "import sys\nfrom monitor.cli import main\n"
        "try:\n    main()\nfinally:\n    print('LOADED', *sorted(sys.modules))\n"
    )
    return subprocess.run(
        [sys.executable, "-c", program, *command, "--config", str(config)],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | {"LLM_API_KEY": KEY},
    )


def loaded(done: subprocess.CompletedProcess[str]) -> set[str]:
    return set(done.stdout.splitlines()[-1].split())


def llm(model: Model, more: str = "") -> str:
    return (
        f"reader:\n  llm: {{endpoint: '{model.server.url('/v1')}', model: small, api_key: '${{LLM_API_KEY}}'{more}}}\n"
    )


# ---------------------------------------------------------------- the files


def test_both_are_off_unless_asked_for(tmp_path: Path) -> None:
    reader = load(write(tmp_path, "timezone: UTC\n"), {}).reader

    assert (reader.use, reader.llm) == (None, None)


def test_a_model_needs_an_endpoint_and_a_name_and_has_bounds_by_itself(tmp_path: Path) -> None:
    found = load(write(tmp_path, "reader: {llm: {endpoint: 'http://localhost:11434/v1', model: small}}"), {}).reader.llm

    assert found is not None
    assert (found.api_key, found.below, found.timeout.total_seconds()) == (None, 0.7, 30)
    assert found.answers == tmp_path / "data" / "answers.db"
    assert found.budget.requests_per_day == 200


def test_a_reader_that_can_be_loaded_is_taken_by_its_name(tmp_path: Path) -> None:
    reader = load(write(tmp_path, "reader: {use: 'tests.readers.plugged:RibbonReader'}"), {}).reader

    assert reader.use == "tests.readers.plugged:RibbonReader"


@pytest.mark.parametrize(
    ("monitor", "problem"),
    [
        ("reader: {llm: {model: small}}", "reader.llm.endpoint: is missing"),
        ("reader: {llm: {endpoint: localhost, model: m}}", "reader.llm.endpoint: is no web address"),
        ("reader: {llm: {endpoint: 'https://me:pw@example.org/v1', model: m}}", "holds more than a base address"),
        ("reader: {llm: {endpoint: 'https://example.org/v1?key=x', model: m}}", "holds more than a base address"),
        ("reader: {llm: {endpoint: 'https://example.org', model: m, below: 2}}", "reader.llm.below: must be at most"),
        ("reader: {llm: {endpoint: 'https://example.org', model: m, budget: {a_day: 1}}}", "is no key"),
        (
            "reader: {use: RibbonReader}",
            "reader.use: 'RibbonReader' is no reader; write trained, or package.module:Name",
        ),
        ("reader: {use: trained, weights: nowhere}", "nowhere/manifest.json cannot be read"),
        ("reader: {use: 'no.such:Reader'}", "reader.use: 'no.such:Reader' cannot be loaded: No module named 'no'"),
        ("reader: {use: 'tests.readers.plugged:Nobody'}", "has no attribute 'Nobody'"),
        ("reader: {use: 'tests.readers.plugged:NO_READER'}", "is no class and no function"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, monitor: str, problem: str) -> None:
    (found,) = problems(tmp_path, monitor)

    assert problem in found
    assert found.startswith("1: reader.")


@pytest.mark.parametrize(
    ("endpoint", "warned"),
    [
        ("http://models.example.org/v1", True),
        ("http://8.8.8.8/v1", True),
        ("https://models.example.org/v1", False),
        ("http://localhost:11434/v1", False),
        ("http://ollama:11434/v1", False),
        ("http://192.168.1.5/v1", False),
        ("http://[::1]/v1", False),
        ("http://models.internal/v1", False),
    ],
)
def test_a_key_on_the_open_road_is_warned_of(tmp_path: Path, endpoint: str, warned: bool) -> None:
    config = load(write(tmp_path, f"reader: {{llm: {{endpoint: '{endpoint}', model: m, api_key: {KEY}}}}}"), {})

    assert [warning.key for warning in config.warnings] == (["reader.llm.endpoint"] if warned else [])


def test_a_key_is_secret_wherever_it_was_written(tmp_path: Path) -> None:
    config: Config = load(
        write(tmp_path, f"reader: {{llm: {{endpoint: 'https://example.org', model: m, api_key: {KEY}}}}}"), {}
    )

    assert KEY in config.secrets
    assert KEY not in repr(config)


# ---------------------------------------------------------------- the commands


@pytest.mark.parametrize("command", ["read", "poll"])
def test_with_it_off_nothing_of_it_is_loaded(tmp_path: Path, command: str) -> None:
    done = run(write(tmp_path, "timezone: UTC\n"), command, *(["-"] if command == "read" else []), stdin=ARTICLE)

    assert {name for name in loaded(done) if name.startswith("monitor.readers")} == {
        "monitor.readers",
        "monitor.readers.plug",
    }


def test_a_reader_of_ones_own_takes_the_place_of_the_built_in_one(tmp_path: Path) -> None:
    config = write(tmp_path, "reader: {use: 'tests.readers.plugged:RibbonReader'}")

    done = run(config, "read", "--json", "-", stdin=ARTICLE)

    claims = json.loads(done.stdout.splitlines()[0])["claims"]
    assert [(claim["stage"], claim["date"], claim["evidence"]) for claim in claims] == [
        ("operating", "2026-10-01", TITLE)
    ]
    assert "monitor.readers.settling" not in loaded(done)


def test_doubtful_claims_of_any_reader_are_settled_and_the_answers_kept(model: Model) -> None:
    model.says(completion(json.dumps(CONFIRMED)))
    config = write(model.folder, llm(model) + "  use: tests.readers.plugged:RibbonReader\n")

    readings = [run(config, "read", "--json", "-", stdin=ARTICLE) for _ in range(2)]

    for done in readings:
        (claim,) = json.loads(done.stdout.splitlines()[0])["claims"]
        assert (claim["stage"], claim["confidence"]) == ("operating", 0.85)
    (request,) = model.server.asked(PATH)
    assert request.headers["authorization"] == f"Bearer {KEY}"


def test_a_key_that_the_endpoint_repeats_is_shown_nowhere(model: Model) -> None:
    model.says(Reply(status=401, body=f"no such key: {KEY}".encode(), headers={"X-Key": KEY}))
    config = write(model.folder, llm(model) + "  use: tests.readers.plugged:RibbonReader\n")

    done = run(config, "read", "--json", "-", stdin=ARTICLE)

    assert done.returncode == 0
    assert "does not accept the api_key" in done.stderr
    assert KEY not in done.stdout + done.stderr
