"""Weights that know one word: "open" says that a plant operates, and whose who is named is concerned."""

import hashlib
import json
import string
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from monitor.core.model import FactKind, State
from monitor.core.reading.flags import Flag
from monitor.core.reading.trained.scheme import CLAIMS, DISTANCES, KINDS, VERSION, Trait

HIDDEN, KEY = 4, 2
#: Single letters are known, so that what is not known is not one piece with its neighbours.
WORDS = ("<s>", "</s>", "<unk>", "\u2581open", "\u2581500", "\u2581", *string.ascii_letters, *string.digits, ".")
_SCORES = len(CLAIMS) + 2 + len(KINDS) + 2 * KEY


def make_weights(
    folder: Path,
    *,
    calibration: dict[str, float] | None = None,
    version: int = VERSION,
    words: tuple[str, ...] = WORDS,
) -> Path:
    """A folder of weights as training writes it."""
    folder.mkdir(exist_ok=True)
    pieces = [(word, -5.0) for word in words]
    (folder / "pieces.json").write_text(json.dumps(pieces))
    rows = np.zeros((len(WORDS), HIDDEN), np.int8)
    rows[:] = [-127, 0, 127, 0]
    rows[WORDS.index("\u2581open")] = [127, 0, 0, 0]
    rows[WORDS.index("\u2581500")] = [0, 127, 0, 0]
    np.save(folder / "words.npy", rows)
    rest: dict[str, Any] = {
        "scales": np.full(len(WORDS), 1 / 127, np.float32),
        "places": np.zeros((512, HIDDEN), np.float32),
        "norm_weight": np.ones(HIDDEN, np.float32),
        "norm_bias": np.zeros(HIDDEN, np.float32),
        "norm_epsilon": np.float64(1e-12),
        "claim_bias": np.zeros(len(CLAIMS), np.float32),
        "relevance_bias": np.float32(0),
        "claim_query": np.zeros((len(CLAIMS), KEY), np.float32),
        "no_date": np.zeros(KEY, np.float32),
        "no_date_bias": np.full(3, 0.5, np.float32),
        "near": np.zeros(DISTANCES, np.float32),
        "traits": np.array([[float(trait is Trait.SAME_SENTENCE) for trait in Trait]] * 3, np.float32),
    }
    np.savez(folder / "rest.npz", **rest)
    _graph(folder / "lower.onnx", [helper.make_node("Identity", ["embedded"], ["found"])], {"embedded": HIDDEN}, HIDDEN)
    matrix, bias = np.zeros((HIDDEN + len(Flag), _SCORES), np.float32), np.zeros(_SCORES, np.float32)
    bias[: len(CLAIMS)] = -9
    matrix[0, CLAIMS.index(("operating", State.REACHED))] = 8
    matrix[HIDDEN + Flag.WHO, len(CLAIMS)] = 9
    bias[len(CLAIMS)] = -5
    matrix[1, len(CLAIMS) + 2 + KINDS.index(FactKind.JOBS)] = 90
    nodes = [
        helper.make_node("Concat", ["states", "flags"], ["both"], axis=-1),
        helper.make_node("MatMul", ["both", "matrix"], ["product"]),
        helper.make_node("Add", ["product", "bias"], ["found"]),
    ]
    constants = [numpy_helper.from_array(matrix, "matrix"), numpy_helper.from_array(bias, "bias")]
    _graph(folder / "upper.onnx", nodes, {"states": HIDDEN, "flags": len(Flag)}, _SCORES, constants)
    files = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.name != "manifest.json"
    }
    manifest = {"version": version, "files": files, "calibration": calibration or {}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def _graph(path: Path, nodes: list[Any], inputs: dict[str, int], width: int, constants: Any = ()) -> None:
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "n", size]) for name, size in inputs.items()],
        [helper.make_tensor_value_info("found", TensorProto.FLOAT, [1, "n", width])],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(path))
