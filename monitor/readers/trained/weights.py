"""The weights of the trained reader, in memory."""

import io
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from monitor.core.reading.trained.scores import Calibration, Pooling
from monitor.core.reading.trained.tokenizer import Tokenizer
from monitor.errors import WeightsError
from monitor.readers.trained.manifest import checked, digest, read_manifest


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weights:
    """Everything that was learned."""

    #: The hash of all files. It is part of the fingerprint of each reading.
    sha256: str
    tokenizer: Tokenizer
    #: The ids of the pieces before and after a window.
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
        WeightsError: a file is missing, does not match the manifest, or is for another version.
    """
    content = checked(folder, manifest := read_manifest(folder))
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
