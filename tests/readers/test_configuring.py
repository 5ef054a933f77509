"""Readers are chosen in monitor.yaml; what is not chosen is not loaded, and a key is seen nowhere."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.settings import Config, load
from monitor.settings.fingerprints import reading_fingerprint
from tests.readers.conftest import PATH, Model, answer, completion, said_claim
from tests.servers import Reply

ROOT = Path(__file__).parents[2]
KEY = "sk-very-secret-0123456789"
MODEL = "{endpoint: 'http://localhost/v1', model: m}"
RIBBON = "tests.readers.plugged:RibbonReader"
FALLBACK = f", fallback: '{RIBBON}'"
PROJECTS = "projects:\n  - {id: plant, name: Plant, who: [BTR], what: [cathode], where: [Morocco]}\n"
TITLE = "BTR cuts the ribbon of its cathode plant in Morocco"
ARTICLE = json.dumps({"id": "1", "title": TITLE, "text": "A short text.", "lang": "en", "published": "2026-10-01"})
ANSWER = answer(said_claim(state="reached", date=None, quote="cuts the ribbon of its cathode plant"))


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


def test_the_trained_reader_reads_unless_another_is_asked_for(tmp_path: Path) -> None:
    reader = load(write(tmp_path, "timezone: UTC\n"), {}).reader

    assert (reader.use, reader.llm) == ("trained", None)


@pytest.mark.parametrize(
    ("reader", "use", "has_model"),
    [
        ("{use: rules}", "trained", False),
        (f"{{llm: {MODEL}}}", "trained", True),
        (f"{{use: llm, llm: {MODEL}}}", "trained", True),
        ("{use: llm, llm: {endpoint: 'http://localhost/v1', model: m, fallback: rules}}", "trained", True),
        (
            f"{{use: llm, llm: {{endpoint: 'http://localhost/v1', model: m{FALLBACK}}}}}",
            RIBBON,
            True,
        ),
        (f"{{use: '{RIBBON}', llm: {MODEL}}}", RIBBON, False),
    ],
)
def test_a_model_reads_with_its_fallback_beside_it(tmp_path: Path, reader: str, use: str, has_model: bool) -> None:
    found = load(write(tmp_path, f"reader: {reader}"), {}).reader

    assert (found.use, found.llm is not None) == (use, has_model)


@pytest.mark.parametrize(
    ("reader", "key", "message"),
    [
        (f"{{use: '{RIBBON}', llm: {MODEL}}}", "reader.llm", "is not used"),
        ("{use: rules}", "reader.use", "no reader by rules any more"),
        ("{llm: {endpoint: 'http://localhost/v1', model: m, below: 0.6}}", "reader.llm.below", "no effect any more"),
    ],
)
def test_what_has_no_effect_is_warned_of(tmp_path: Path, reader: str, key: str, message: str) -> None:
    (warning,) = load(write(tmp_path, f"reader: {reader}"), {}).warnings

    assert warning.key == key
    assert message in warning.message


def test_what_is_asked_and_of_whom_bears_on_the_fingerprint(tmp_path: Path) -> None:
    config = load(write(tmp_path, f"reader: {{llm: {MODEL}}}"), {})
    assert config.reader.llm is not None
    others = [
        replace(config.reader, llm=None),
        replace(config.reader, use="trained.reader:Other"),
        replace(config.reader, llm=replace(config.reader.llm, model="large")),
        replace(config.reader, llm=replace(config.reader.llm, endpoint="http://other/v1")),
    ]

    assert len({reading_fingerprint(replace(config, reader=each)) for each in (config.reader, *others)}) == 5
    cheaper = replace(config.reader.llm, timeout=timedelta(seconds=1))
    assert reading_fingerprint(replace(config, reader=replace(config.reader, llm=cheaper))) == reading_fingerprint(
        config
    )


@pytest.mark.parametrize(
    ("monitor", "problem"),
    [
        ("reader: {llm: {model: small}}", "reader.llm.endpoint: is missing"),
        ("reader: {llm: {endpoint: localhost, model: m}}", "reader.llm.endpoint: is not a web address"),
        ("reader: {llm: {endpoint: 'https://me:pw@example.org/v1', model: m}}", "holds more than a base address"),
        ("reader: {llm: {endpoint: 'https://example.org/v1?key=x', model: m}}", "holds more than a base address"),
        ("reader: {llm: {endpoint: 'https://example.org', model: m, below: 2}}", "reader.llm.below: must be at most"),
        ("reader: {llm: {endpoint: 'https://example.org', model: m, budget: {a_day: 1}}}", "unknown key"),
        (
            "reader: {use: RibbonReader}",
            "reader.use: invalid reader 'RibbonReader'; write trained, llm, or package.module:Name",
        ),
        ("reader: {use: llm}", "reader.use: needs an endpoint and a model; write them under llm"),
        (
            "reader: {llm: {endpoint: 'https://example.org', model: m, fallback: llm}}",
            "reader.llm.fallback: a language model cannot stand in for itself",
        ),
        (
            "reader: {llm: {endpoint: 'https://example.org', model: m, fallback: 'no.such:Reader'}}",
            "reader.llm.fallback: 'no.such:Reader' cannot be loaded",
        ),
        ("reader: {use: trained, weights: nowhere}", "nowhere/manifest.json cannot be read"),
        ("reader: {use: 'no.such:Reader'}", "reader.use: 'no.such:Reader' cannot be loaded: No module named 'no'"),
        ("reader: {use: 'tests.readers.plugged:Nobody'}", "has no attribute 'Nobody'"),
        ("reader: {use: 'tests.readers.plugged:NO_READER'}", "is not a class or function"),
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


def test_without_a_model_nothing_of_it_is_loaded(tmp_path: Path) -> None:
    done = run(write(tmp_path, "timezone: UTC\n"), "poll")

    assert {name for name in loaded(done) if name.startswith("monitor.readers")} == {
        "monitor.readers",
        "monitor.readers.checked",
        "monitor.readers.plug",
        "monitor.readers.trained",
        "monitor.readers.trained.manifest",
    }


def test_a_reader_of_ones_own_takes_the_place_of_the_built_in_one(tmp_path: Path) -> None:
    config = write(tmp_path, "reader: {use: '" + RIBBON + "'}")

    done = run(config, "read", "--json", "-", stdin=ARTICLE)

    claims = json.loads(done.stdout.splitlines()[0])["claims"]
    assert [(claim["stage"], claim["date"], claim["evidence"]) for claim in claims] == [
        ("operating", "2026-10-01", TITLE)
    ]
    assert "monitor.readers.asking" not in loaded(done)


def test_a_model_reads_with_any_reader_beside_it_and_its_answers_are_kept(model: Model) -> None:
    model.says(completion(ANSWER))
    config = write(model.folder, llm(model, FALLBACK))

    readings = [run(config, "read", "--json", "-", stdin=ARTICLE) for _ in range(2)]

    for done in readings:
        (claim,) = json.loads(done.stdout.splitlines()[0])["claims"]
        assert (claim["stage"], claim["confidence"], claim["evidence"]) == ("operating", 0.97, TITLE)
    (request,) = model.server.asked(PATH)
    assert request.headers["authorization"] == f"Bearer {KEY}"


def test_a_replay_and_an_evaluation_read_by_it_too(model: Model, tmp_path: Path) -> None:
    model.says(completion(ANSWER))
    config = write(model.folder, llm(model))
    articles, labels = tmp_path / "articles.jsonl", tmp_path / "labels.jsonl"
    articles.write_text(ARTICLE)
    claim = {"project": "plant", "stage": "operating", "state": "reached", "date": None}
    told = {"relevant": ["plant"], "claims": [claim], "facts": []}
    told = {"relevant": ["plant"], "claims": [claim], "facts": []}
    labels.write_text(json.dumps({"id": "1", "labels": told}))

    played = run(config, "replay", "--json", str(articles))
    evaluated = run(config, "evaluate", "--json", str(labels), str(articles))

    assert "operating" in [json.loads(line)["to"] for line in played.stdout.splitlines()[:-1]]
    assert evaluated.returncode == 0, evaluated.stderr
    assert len(model.asked) == 1


def test_a_key_that_the_endpoint_repeats_is_shown_nowhere(model: Model) -> None:
    model.says(Reply(status=401, body=f"no such key: {KEY}".encode(), headers={"X-Key": KEY}))
    config = write(model.folder, llm(model, FALLBACK))

    done = run(config, "read", "--json", "-", stdin=ARTICLE)

    assert done.returncode == 0
    assert "does not accept the api_key" in done.stderr
    assert KEY not in done.stdout + done.stderr
