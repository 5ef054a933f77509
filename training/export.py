"""Write the weights that the program reads: ``python -m training.export --help``.

Matrices become int8 (dynamic quantisation of what goes through them, weights in seven bits so that no processor's sums
overflow); the rows of the vocabulary become int8 with a scale each. The manifest has the SHA-256 of every file.
"""

import hashlib
import json
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from monitor.core.reading.flags import Flag
from monitor.core.reading.trained.scheme import VERSION
from monitor.core.reading.trained.scores import Calibration
from monitor.readers.trained.manifest import FILES, MANIFEST
from training.encoder import Lower
from training.train import Workshop, load_model, open_workshop, parser, plan_from


class _Layers(nn.Module):
    """The lower layers, behind the embedding."""

    def __init__(self, lower: Lower) -> None:
        super().__init__()
        self.layers = lower.layers

    def forward(self, embedded: Tensor) -> Tensor:
        for layer in self.layers:
            embedded = layer(embedded)
        return embedded


def export(workshop: Workshop, folder: Path, calibration: Calibration, *, is_rounded: bool = True) -> None:
    """All files; ``is_rounded`` is off only to see what rounding costs."""
    folder.mkdir(parents=True, exist_ok=True)
    embedding, pooling = workshop.lower.embedding, workshop.model.pooling
    words = embedding.words.detach().numpy()
    scales = np.maximum(np.abs(words).max(1), 1e-8) / 127
    np.save(folder / "words.npy", np.round(words / scales[:, None]).astype(np.int8))
    rest: dict[str, Any] = {
        "scales": scales.astype(np.float32),
        "places": embedding.places.detach().numpy(),
        "norm_weight": embedding.norm.weight.detach().numpy(),
        "norm_bias": embedding.norm.bias.detach().numpy(),
        "norm_epsilon": np.float64(embedding.norm.eps),
        **{name: value.detach().numpy() for name, value in pooling.named_parameters()},
    }
    np.savez(folder / "rest.npz", **rest)
    (folder / "pieces.json").write_text(json.dumps(workshop.pieces, ensure_ascii=False), encoding="utf-8")
    states = torch.zeros(1, 7, words.shape[1])
    _graph(_Layers(workshop.lower), (states,), ["embedded"], folder / "lower.onnx", is_rounded=is_rounded)
    flags = torch.zeros(1, 7, len(Flag))
    _graph(workshop.model.upper, (states, flags), ["states", "flags"], folder / "upper.onnx", is_rounded=is_rounded)
    write_manifest(folder, calibration)


def write_manifest(folder: Path, calibration: Calibration) -> None:
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}
    manifest = {"version": VERSION, "files": files, "calibration": asdict(calibration)}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _graph(module: nn.Module, inputs: tuple[Tensor, ...], names: list[str], path: Path, *, is_rounded: bool) -> None:
    whole = path.with_suffix(".f32.onnx")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module.eval(),
            inputs,
            str(whole),
            input_names=names,
            output_names=["found"],
            dynamic_axes={name: {1: "pieces"} for name in (*names, "found")},
            opset_version=17,
            dynamo=False,
        )
    if is_rounded:
        quantize_dynamic(whole, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
        whole.unlink()
    else:
        whole.replace(path)
    onnx.checker.check_model(str(path))


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--out", type=Path, required=True, help="folder for the weights")
    options.add_argument("--calibration", type=Path, help="what training.evaluate --tune wrote")
    options.add_argument("--float", action="store_true", help="leave matrices as they are, to see what rounding costs")
    given = options.parse_args()
    workshop = open_workshop(plan_from(given))
    load_model(workshop)
    known = json.loads(given.calibration.read_text(encoding="utf-8")) if given.calibration else {}
    export(workshop, given.out, Calibration(**known), is_rounded=not given.float)
    print(f"{given.out}: {sum(file.stat().st_size for file in given.out.iterdir()) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
