"""Weights are taken as they were written, or not at all."""

import json
from pathlib import Path

import pytest

from monitor.core.reading.trained.scheme import VERSION
from monitor.errors import WeightsError
from monitor.readers.trained.manifest import FILES
from monitor.readers.trained.reader import load_weights
from tests.readers.trained.tiny import make_weights


def problem(folder: Path) -> str:
    with pytest.raises(WeightsError) as caught:
        load_weights(folder)
    return str(caught.value)


def test_the_same_weights_have_the_same_hash(tmp_path: Path) -> None:
    one, other = (load_weights(make_weights(tmp_path / name)).sha256 for name in ("a", "b"))

    assert one == other
    assert len(one) == 64


@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_refused_by_its_name(tmp_path: Path, name: str) -> None:
    path = make_weights(tmp_path / "w") / name
    path.write_bytes(path.read_bytes() + b" ")

    assert f"{path} is not what manifest.json says" in problem(tmp_path / "w")


@pytest.mark.parametrize("name", [*FILES, "manifest.json"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    path = make_weights(tmp_path / "w") / name
    path.unlink()

    assert f"{path} cannot be read" in problem(tmp_path / "w")


def test_weights_of_another_version_are_refused(tmp_path: Path) -> None:
    folder = make_weights(tmp_path / "w", version=VERSION + 1)

    assert f"is of version {VERSION + 1}, and this program reads {VERSION}" in problem(folder)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"version": 1}'])
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, content: str) -> None:
    folder = make_weights(tmp_path / "w")
    (folder / "manifest.json").write_text(content)

    assert "manifest.json cannot be read" in problem(folder)


def test_a_manifest_that_leaves_a_file_out_is_refused(tmp_path: Path) -> None:
    folder = make_weights(tmp_path / "w")
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["files"]["upper.onnx"]
    (folder / "manifest.json").write_text(json.dumps(manifest))

    assert "does not name upper.onnx" in problem(folder)


def test_a_calibration_that_is_not_known_is_refused(tmp_path: Path) -> None:
    folder = make_weights(tmp_path / "w", calibration={"mood": 1.0})

    assert "the weights cannot be read" in problem(folder)


def test_a_vocabulary_without_ends_is_refused(tmp_path: Path) -> None:
    folder = make_weights(tmp_path / "w", words=("<s>", "<unk>", "\u2581open", "\u2581500"))

    assert "the weights cannot be read: '</s>' is not in list" in problem(folder)
