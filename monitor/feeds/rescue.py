"""A JSON Feed that cannot be read whole: cut at its brackets and commas, so that each item is read by itself. Pure.

One pass over the signs of the document, without recursion, so that neither depth nor length makes it slow.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# A string, which may never end, or a sign outside of strings.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)
_ITEMS = '"items"'
_COLON = re.compile(r"\s*:\s*")
_OPENING = {"]": "[", "}": "{"}
# No feed comes near it; it bounds the time that the pass takes.
_MAX_TOKENS = 400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescued:
    """What was found in the document."""

    #: What the feed says of itself, as far as it can be read.
    head: Mapping[str, object]
    #: Each finished item as it was written.
    items: Sequence[str]
    #: Whether the document came to its end.
    is_whole: bool


def rescued(text: str) -> Rescued:
    """The parts of a JSON object; nothing where the document is none, or has more signs than any feed."""
    opening = len(text) - len(text.lstrip())
    if not text.startswith("{", opening):
        return Rescued(head={}, items=(), is_whole=False)
    cut = _Cut(text)
    members, is_whole = cut.parts(opening)
    head: dict[str, object] = {}
    for member in members:
        if member.lstrip().startswith(_ITEMS):
            continue
        try:
            head |= read_item(f"{{{member}}}")
        except ValueError:
            continue
    return Rescued(head=head, items=cut.items, is_whole=is_whole)


def read_item(text: str) -> dict[str, object]:
    """The object that is written here; numbers that are none, or longer than any, are left out.

    Raises:
        ValueError: it is no object, or cannot be read.
    """
    try:
        # Characters that should be escaped do no harm: what is read is tidied.
        found = json.loads(text, strict=False, parse_int=_integer, parse_constant=no_number)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"it is no JSON: {error.msg}") from None
    if not isinstance(found, dict):
        raise ValueError("it is no object")  # noqa: TRY004 - it is of a document, not of a program
    return found


def no_number(_: str) -> None:
    """What stands for NaN and Infinity."""


def _integer(digits: str) -> int | None:
    try:
        return int(digits)
    except ValueError:
        return None


class _Cut:
    """A document that is being cut up, from its beginning to its end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._tokens = 0
        self.items: Sequence[str] = ()

    def parts(self, opening: int, *, is_document: bool = True) -> tuple[Sequence[str], bool]:
        """The finished parts of the array or object that opens here, and whether it is closed.

        What is never closed within a part ends with what stands around it, at the latest with the part itself; what
        was never opened is passed over.
        """
        text = self._text
        parts: list[str] = []
        nest = _Nest(text[opening])
        start = self._at = opening + 1
        # The sign that the part begins with, if it is the last one so far: before a colon, a key.
        key = ""
        while self._tokens < _MAX_TOKENS and (token := _TOKEN.search(text, self._at)):
            self._tokens += 1
            sign, before, self._at = token[0], self._at, token.end()
            is_first, is_key, key = before == start, key == _ITEMS, ""
            if nest.is_empty and (sign == "," or nest.is_closed_by(sign)):
                parts.append(text[start : token.start()])
                start = token.end()
                if sign != ",":
                    return _filled(parts), True
            elif sign == "[" and is_document and is_key and _COLON.fullmatch(text, before, token.start()):
                self.items, is_closed = self.parts(token.start(), is_document=False)
                if not is_closed:
                    break
            else:
                nest.take(sign)
                key = sign if is_first else ""
        return _filled(parts), False


def _filled(parts: Sequence[str]) -> Sequence[str]:
    return [part for part in parts if part and not part.isspace()]


class _Nest:
    """The brackets that are open within a part."""

    def __init__(self, around: str) -> None:
        self._around = around
        self._open: list[str] = []
        # How many of each are open, so that none is looked for in vain.
        self._count = Counter[str]()

    @property
    def is_empty(self) -> bool:
        return not self._open

    def is_closed_by(self, sign: str) -> bool:
        return _OPENING.get(sign) == self._around

    def take(self, sign: str) -> None:
        if sign in {"[", "{"}:
            self._open.append(sign)
            self._count[sign] += 1
        elif sign in _OPENING and (self._count[_OPENING[sign]] or self.is_closed_by(sign)):
            closed = ""
            while self._open and closed != _OPENING[sign]:
                closed = self._open.pop()
                self._count[closed] -= 1
