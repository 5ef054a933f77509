"""The states that the frozen lower layers give, kept on disk as fp16: an article goes through them once."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from training.encoder import Lower
from training.pairs import Pack

States = list[npt.NDArray[np.float16]]


class Cache:
    """One growing file of states, and where in it each article's windows stand."""

    def __init__(self, folder: Path, lower: Lower, ends: tuple[int, int]) -> None:
        """``folder`` belongs to these weights, layers and vocabulary; ``ends`` are the pieces around a window."""
        folder.mkdir(parents=True, exist_ok=True)
        self._lower, self._ends = lower.eval(), ends
        self._file = folder / "states.f16"
        self._index = folder / "index.tsv"
        self._hidden = lower.embedding.words.shape[1]
        self._places: dict[str, tuple[int, int]] = {}
        if self._index.exists():
            for line in self._index.read_text(encoding="utf-8").splitlines():
                key, place, count = line.rsplit("\t", 2)
                self._places[key] = int(place), int(count)

    def states(self, pack: Pack) -> States:
        """For each window of an article the states of its pieces, those around them included."""
        name = f"{pack.writer}/{pack.key}/{len(pack.ids)}/{int(pack.ids.sum())}"
        if name not in self._places:
            self._append(name, [self._made(pack, window.pieces) for window in pack.windows])
        place, count = self._places[name]
        flat = np.fromfile(self._file, np.float16, count * self._hidden, offset=place * self._hidden * 2)
        parts = np.cumsum([len(window.pieces) + 2 for window in pack.windows])[:-1]
        return np.split(flat.reshape(count, self._hidden), parts)

    @torch.no_grad()
    def _made(self, pack: Pack, pieces: object) -> npt.NDArray[np.float16]:
        ids = [self._ends[0], *pack.ids[np.array(pieces)].tolist(), self._ends[1]]
        found: npt.NDArray[np.float16] = self._lower(torch.tensor([ids]))[0].numpy().astype(np.float16)
        return found

    def _append(self, name: str, states: States) -> None:
        flat = np.concatenate(states)
        place = max((place + count for place, count in self._places.values()), default=0)
        with self._file.open("r+b" if self._file.exists() else "wb") as file:
            # What was not listed was not written whole.
            file.truncate(place * self._hidden * 2)
            file.seek(0, 2)
            flat.tofile(file)
        with self._index.open("a", encoding="utf-8") as file:
            file.write(f"{name}\t{place}\t{len(flat)}\n")
        self._places[name] = place, len(flat)
