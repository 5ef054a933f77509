"""The reader is chosen in monitor.yaml, and the rest of the file stays as it was written."""

from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.settings.edits import described_model, is_reference, with_model, with_reader
from monitor.settings.files import MONITOR

URL = "https://llm.example.org/v1"
MODEL = f'llm: {{endpoint: "{URL}", model: large}}'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("", f"reader:\n  use: llm\n  {MODEL}\n", id="nothing"),
        pytest.param("# mine\n", f"# mine\nreader:\n  use: llm\n  {MODEL}\n", id="a comment"),
        pytest.param("web: {port: 0}\n", f"web: {{port: 0}}\nreader:\n  use: llm\n  {MODEL}\n", id="another key"),
        pytest.param("reader:\nweb: {}\n", f"reader: {{use: llm, {MODEL}}}\nweb: {{}}\n", id="nothing under it"),
        pytest.param("reader: {}\n", f"reader: {{use: llm, {MODEL}}}\n", id="an empty mapping"),
        pytest.param("reader: {use: rules} # quick\n", f"reader: {{use: llm, {MODEL}}} # quick\n", id="another reader"),
        pytest.param(
            "reader:\n  weights: w # mine\nweb: {}\n",
            f"reader:\n  weights: w # mine\n  use: llm\n  {MODEL}\nweb: {{}}\n",
            id="other keys",
        ),
        pytest.param(
            f"reader:\n  llm:\n    endpoint: {URL} # there\n    api_key: ${{KEY}}\n    model: small\n    below: 1\n",
            f'reader:\n  llm:\n    endpoint: "{URL}" # there\n    api_key: ${{KEY}}\n    model: large\n    below: 1\n'
            "  use: llm\n",
            id="the same endpoint keeps its key",
        ),
        pytest.param(
            "reader:\n  use: trained\n  llm:\n    endpoint: http://x/v1\n    api_key: ${KEY}\n    model: small\n",
            f'reader:\n  use: llm\n  llm:\n    endpoint: "{URL}"\n    model: large\n',
            id="another endpoint gets no key",
        ),
    ],
)
def test_a_model_is_written_and_the_rest_stays(tmp_path: Path, before: str, after: str) -> None:
    (tmp_path / MONITOR).write_text(before)

    assert with_model(tmp_path, URL, "large", "") == {MONITOR: after}


def test_a_reference_to_a_key_is_written_as_it_is(tmp_path: Path) -> None:
    (text,) = with_model(tmp_path, URL, "$large", "${KEY}").values()

    assert text == (f'reader:\n  use: llm\n  llm: {{endpoint: "{URL}", model: "$$large", api_key: "${{KEY}}"}}\n')


def test_the_trained_reader_takes_over_and_the_model_stays_described(tmp_path: Path) -> None:
    (tmp_path / MONITOR).write_text(f"reader:\n  use: llm # now\n  {MODEL}\n")

    assert with_reader(tmp_path, "trained") == {MONITOR: f"reader:\n  use: trained # now\n  {MODEL}\n"}
    assert described_model(tmp_path) == (URL, "large")


@pytest.mark.parametrize(
    "text", ["", "reader: {use: rules}\n", "reader: {llm: {model: m}}\n", "reader: [1]\n", "- 1\n"]
)
def test_without_a_whole_description_no_model_is_described(tmp_path: Path, text: str) -> None:
    (tmp_path / MONITOR).write_text(text)

    assert described_model(tmp_path) is None


def test_what_is_shared_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / MONITOR).write_text("web: &a {port: 0}\nreader: *a\n")

    with pytest.raises(ConfigError, match="reader is shared with something else; change it in the file"):
        with_reader(tmp_path, "trained")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("${KEY}", True), ("${file:/run/secrets/key}", True), ("key", False), ("$KEY", False), ("a${KEY}", False)],
)
def test_a_reference_is_told_from_a_key(text: str, expected: bool) -> None:
    assert is_reference(text) is expected
