"""Runs the encoder: pieces of an article to scores, one window at a time, in one thread.

Values are quantised depending on the other content of a window. So windows are never batched: the scores of an article
do not depend on what is read beside it.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import onnxruntime

from monitor.core.reading.trained.scores import Array
from monitor.core.reading.trained.windows import Window
from monitor.readers.trained.weights import Weights


class Encoder:
    """Runs the encoder. Create one per set of weights. Safe to share between threads."""

    def __init__(self, weights: Weights) -> None:
        self._tokenizer = weights.tokenizer
        self._ends = weights.ends
        self._weights = weights
        self._lower, self._upper = _session(weights.lower), _session(weights.upper)

    def tokenize(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """The ids of the pieces of a text, and their positions in it."""
        return self._tokenizer.tokenize(text)

    def state(self, ids: Sequence[int], window: Window) -> Array:
        """The output of the lower layers for a window. It is the same for all candidates."""
        numbers = [self._ends[0], *(ids[n] for n in window.pieces), self._ends[1]]
        weights = self._weights
        words = weights.words[numbers].astype(np.float32) * weights.scales[numbers][:, None]
        x = words + weights.places[: len(numbers)]
        scale, shift, epsilon = weights.norm
        centred = x - x.mean(1, keepdims=True)
        x = centred / np.sqrt((centred**2).mean(1, keepdims=True) + epsilon) * scale + shift
        (state,) = self._lower.run(None, {"embedded": x[None].astype(np.float32)})
        found: Array = state
        return found

    def scores(self, state: Array, flags: npt.NDArray[np.float32], window: Window) -> Array:
        """The scores of each piece that counts in a window, for the candidate with these flags."""
        marked = np.zeros((1, state.shape[1], flags.shape[1]), np.float32)
        marked[0, 1:-1] = flags[np.fromiter(window.pieces, np.int64)]
        (scores,) = self._upper.run(None, {"states": state, "flags": marked})
        first = 1 + window.skipped
        found: Array = scores[0, first : first + window.counted]
        return found


def _session(model: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.use_deterministic_compute = True
    # Return the memory of a long article to the system.
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
