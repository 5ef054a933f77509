"""The weights of the trained reader: a folder with a manifest that says what each file must be.

::

    manifest.json    version of the scheme, SHA-256 of each file, calibration
    pieces.json      the vocabulary: each piece with how common it is
    words.npy        one row of int8 for each piece
    rest.npz         scales of these rows, places, layer norm, pooling
    lower.onnx       what an article goes through once
    upper.onnx       what it goes through for each candidate
"""

import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from monitor.core.reading.trained.scheme import VERSION
from monitor.core.reading.trained.scores import Calibration, Pooling
from monitor.core.reading.trained.tokenizer import Tokenizer
from monitor.errors import WeightsError
from monitor.readers.plug import MANIFEST

FILES = ("pieces.json", "words.npy", "rest.npz", "lower.onnx", "upper.onnx")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weights:
    """All that was learnt."""

    #: Of all files; stands in the fingerprint of each reading.
    sha256: str
    tokenizer: Tokenizer
    #: The numbers of the pieces around a window.
    ends: tuple[int, int]
    lower: bytes
    upper: bytes
    words: npt.NDArray[np.int8]
    scales: npt.NDArray[np.float32]
    places: npt.NDArray[np.float32]
    norm: tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], float]
    pooling: Pooling
    calibration: Calibration


def load_weights(folder: Path) -> Weights:
    """Read and check a folder of weights.

    Raises:
        WeightsError: a file is missing, is not what the manifest says, or is for another version.
    """
    content = _checked(folder, manifest := _manifest(folder))
    try:
        pieces = [(str(piece), float(score)) for piece, score in json.loads(content["pieces.json"])]
        first, last, unknown = ([piece for piece, _ in pieces].index(name) for name in ("<s>", "</s>", "<unk>"))
        rest = np.load(io.BytesIO(content["rest.npz"]), allow_pickle=False)
        return Weights(
            sha256=digest(manifest["files"]),
            tokenizer=Tokenizer(pieces, unknown=unknown),
            ends=(first, last),
            lower=content["lower.onnx"],
            upper=content["upper.onnx"],
            words=np.load(io.BytesIO(content["words.npy"]), allow_pickle=False),
            scales=rest["scales"],
            places=rest["places"],
            norm=(rest["norm_weight"], rest["norm_bias"], float(rest["norm_epsilon"])),
            pooling=Pooling.from_mapping(rest),
            calibration=Calibration(**manifest["calibration"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise WeightsError(f"{folder}: the weights cannot be read: {error}; install them anew") from error


def digest(files: dict[str, str]) -> str:
    """One SHA-256 for all files, from that of each."""
    return hashlib.sha256("".join(f"{name} {files[name]}\n" for name in sorted(files)).encode()).hexdigest()


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        version, files = manifest["version"], manifest["files"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"{path} cannot be read: {error}; install the weights anew") from error
    if version != VERSION:
        raise WeightsError(f"{path} is of version {version}, and this program reads {VERSION}: update the older one")
    if missing := set(FILES) - set(files):
        raise WeightsError(f"{path} does not name {', '.join(sorted(missing))}; install the weights anew")
    return manifest


def _checked(folder: Path, manifest: dict[str, Any]) -> dict[str, bytes]:
    content = {}
    for name in FILES:
        try:
            content[name] = (folder / name).read_bytes()
        except OSError as error:
            raise WeightsError(f"{folder / name} cannot be read: {error}; install the weights anew") from error
        found = hashlib.sha256(content[name]).hexdigest()
        if found != manifest["files"][name]:
            raise WeightsError(
                f"{folder / name} is not what {MANIFEST} says: SHA-256 {found}; install the weights anew"
            )
    return content
