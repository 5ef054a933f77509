"""The trained reader: reads claims and facts from the encoder's scores for each candidate project."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Article, Reading
from monitor.core.reading.explanation import DropReason, Explanation
from monitor.core.reading.flags import OWN
from monitor.core.reading.layout import Surveyor
from monitor.core.reading.trained.decoding import DecodedCandidate, Decoder
from monitor.core.reading.trained.explain import explain, unread
from monitor.core.reading.trained.pieces import Pieces, Tokenizer, Window, chosen, windows
from monitor.core.reading.trained.scores import Array, Calibration, Pooling, Scored, Scores, whole
from monitor.errors import WeightsError
from monitor.readers.trained.manifest import checked, digest, read_manifest

# The weights of the trained reader, in memory -------------------------------------------------------------------------


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


# Runs the encoder: pieces of an article to scores, one window at a time, in one thread --------------------------------
#
# Values are quantised depending on the other content of a window. So windows are never batched: the scores of an
# article do not depend on what is read beside it.


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


class TrainedReader:
    """Reads with learned weights. Create one per configuration. Safe to share between threads.

    Implements ``monitor.ports.Reader``. Grammar finds names, dates and amounts, the vocabulary phrases and cues; the
    weights decide what they tell together.
    An article in a language without a lexicon is not read: its reading is empty.
    """

    def __init__(
        self,
        surveyor: Surveyor,
        lifecycles: Mapping[str, Lifecycle],
        weights: Weights,
    ) -> None:
        """Prepare to read about the projects of a surveyor.

        Args:
            surveyor: lays the articles out.
            lifecycles: by name, at least those of the projects.
            weights: the learned weights.
        """
        self._lifecycles = {id_: lifecycles[project.lifecycle] for id_, project in surveyor.projects.items()}
        self._surveyor = surveyor
        self._encoder = Encoder(weights)
        self._decoder = Decoder(weights.pooling, weights.calibration)

    def read(self, article: Article) -> Reading:
        """Everything that the article says about the projects, in the order of the configuration."""
        found = [one for one in self.weigh(article) if one.is_relevant]
        return Reading(
            language=article.language,
            projects=tuple(one.project for one in found),
            claims=tuple(
                replace(claim, stage=stage)
                for one in found
                for claim in one.claims
                if (stage := self._called(claim.project, claim.stage))
            ),
            facts=tuple(fact for one in found for fact in one.facts),
        )

    def read_all(self, articles: Iterable[Article]) -> list[Reading]:
        """The readings of these articles."""
        return [self.read(article) for article in articles]

    def weigh(self, article: Article) -> list[DecodedCandidate]:
        """What the article says about each candidate, including those that it turns out not to concern."""
        return [self._decoder.decode(scored) for scored in self.score(article)]

    def explain(self, article: Article) -> Explanation:
        """How the article is read: what was found where, what it became, and with what confidence."""
        if article.language not in self._surveyor.lexicons:
            return unread(article, DropReason.NO_LEXICON)
        return explain(article, list(self.score(article)), self._decoder, self._called)

    def score(self, article: Article) -> Iterator[Scored]:
        """The encoder's scores of the article for each candidate."""
        layout = self._surveyor.lay_out(article)
        if layout is None or not layout.candidates:
            return
        ids, offsets = self._encoder.tokenize(layout.document.text.original)
        pieces = Pieces(layout, offsets)
        cut = windows(len(ids), headline=pieces.headline)
        state = cache(lambda number: self._encoder.state(ids, cut[number]))
        for project in layout.candidates:
            flags = pieces.flags(project)
            read = {
                number: self._encoder.scores(state(number), flags, cut[number])
                for number in chosen(cut, flags[:, OWN].any(1), candidates=len(layout.candidates))
            }
            joined = whole(read, [window.counted for window in cut])
            yield Scored(project, layout, pieces, Scores.of(joined))

    def _called(self, project: str, stage: str) -> str | None:
        return self._lifecycles[project].called(stage)
