"""The encoder at run time: pieces of an article to scores. One window at a time, in one thread.

Numbers inside are rounded by what a window holds, so windows are never put together: an article gives the same scores
whatever is read beside it.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import onnxruntime

from monitor.core.reading.trained.scores import Array
from monitor.core.reading.trained.windows import Window
from monitor.readers.trained.weights import Weights


class Encoder:
    """Build it once for the weights; safe to share between threads."""

    def __init__(self, weights: Weights) -> None:
        self._tokenizer = weights.tokenizer
        self._ends = weights.ends
        self._weights = weights
        self._lower, self._upper = _session(weights.lower), _session(weights.upper)

    def tokenize(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """The numbers of the pieces of a text, and where they stand in it."""
        return self._tokenizer.tokenize(text)

    def state(self, ids: Sequence[int], window: Window) -> Array:
        """What the lower layers give for a window; the same for all candidates."""
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
        """The scores of each piece that counts in a window, for one candidate, whose flags these are."""
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
    # Memory that a long article took is given back.
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
