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

    def states(self, ids: Sequence[int], cut: Sequence[Window]) -> list[Array]:
        """What the lower layers give for each window; the same for all candidates."""
        return [self._state([self._ends[0], *(ids[n] for n in window.pieces), self._ends[1]]) for window in cut]

    def scores(self, states: Sequence[Array], flags: npt.NDArray[np.float32], cut: Sequence[Window]) -> Array:
        """The scores of each piece for one candidate, whose flags these are."""
        found = []
        for state, window in zip(states, cut, strict=True):
            marked = np.zeros((1, state.shape[1], flags.shape[1]), np.float32)
            marked[0, 1:-1] = flags[np.fromiter(window.pieces, np.int64)]
            (scores,) = self._upper.run(None, {"states": state, "flags": marked})
            first = 1 + window.skipped
            found.append(scores[0, first : first + window.counted])
        joined: Array = np.concatenate(found)
        return joined

    def _state(self, ids: Sequence[int]) -> Array:
        weights = self._weights
        x = weights.words[ids].astype(np.float32) * weights.scales[ids][:, None] + weights.places[: len(ids)]
        scale, shift, epsilon = weights.norm
        centred = x - x.mean(1, keepdims=True)
        x = centred / np.sqrt((centred**2).mean(1, keepdims=True) + epsilon) * scale + shift
        (state,) = self._lower.run(None, {"embedded": x[None].astype(np.float32)})
        found: Array = state
        return found


def _session(model: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.use_deterministic_compute = True
    # Memory that a long article took is given back.
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
