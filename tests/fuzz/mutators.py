"""Valid documents made odd: pieces of them left out, repeated, exchanged and replaced, and bytes broken."""

import re
from collections.abc import Callable, Sequence
from random import Random

_NUMBERS = "0 -1 1e999 -0.0 NaN Infinity ٣ ² ½ 百".split()
_DATES = "0000 0001-01-01 9999-12-31 10000 2024-02-30 9999-12-31T23:59:59-14:00 0001-01-01T00:00+14:00".split()
_LONG = ["9" * 5_000, "0" * 400, "1" + "0" * 30, " " * 2_000, "\n" * 500, "(" * 200, "[" * 2_000, "{" * 200, "<" * 200]
_CHARACTERS = [
    *"\0\x85\ud800\udfff\ufffe\U0010ffff\u2028\u202e\u200b\ufeff\u200dİßﬁئ𝟗㍿ͅ\t\"'\\%@#",
    "\x1b[2J",
    "\u0301" * 60,
]
_ADDRESSES = "%00 ${HOME} ${file:/etc/passwd} ../../../.. http://[ http://a:99999/ // http://\u0660/".split()
_BYTES = [b"", b"\r\n", b"\xff\xfe", b"\xc3", b"\xf5\x80\x80\x80", b"\x1f\x8b\x08", b"PK\x03\x04"]
#: What breaks programs: numbers at the edges, dates at the ends of the calendar, characters that are no text.
ODD: Sequence[bytes] = (
    *_BYTES,
    *(text.encode("utf-8", "surrogatepass") for text in (*_NUMBERS, *_DATES, *_LONG, *_CHARACTERS, *_ADDRESSES)),
)


def mutated(
    seed: bytes,
    random: Random,
    *,
    others: Sequence[bytes],
    joint: re.Pattern[bytes],
    tokens: Sequence[bytes],
    size: int,
) -> bytes:
    """The seed after one or some changes.

    Args:
        seed: a valid document.
        random: decides.
        others: valid documents, of which parts may be taken.
        joint: where the pieces of such a document meet; what it captures is a piece too.
        tokens: what means something in such a document.
        size: no more bytes than that.
    """
    data = seed
    for _ in range(min(1 + int(random.expovariate(0.5)), 12)):
        data = random.choice(_CHANGES)(data, random, others, joint, tokens)[: 2 * size]
    return data[:size]


_Change = Callable[[bytes, Random, Sequence[bytes], "re.Pattern[bytes]", Sequence[bytes]], bytes]


def _of_pieces(change: Callable[[list[bytes], int, Random, Sequence[bytes]], None]) -> _Change:
    """A change of the pieces of a document, at one of them."""

    def apply(
        data: bytes, random: Random, _: Sequence[bytes], joint: re.Pattern[bytes], tokens: Sequence[bytes]
    ) -> bytes:
        pieces = [piece for piece in joint.split(data) if piece]
        if pieces:
            change(pieces, random.randrange(len(pieces)), random, tokens)
        return b"".join(pieces)

    return apply


def _replace(pieces: list[bytes], at: int, random: Random, tokens: Sequence[bytes]) -> None:
    pieces[at] = _token(random, tokens)


def _insert(pieces: list[bytes], at: int, random: Random, tokens: Sequence[bytes]) -> None:
    pieces.insert(at, _token(random, tokens))


def _leave_out(pieces: list[bytes], at: int, random: Random, _: Sequence[bytes]) -> None:
    del pieces[at : at + random.choice((1, 1, 2, 8))]


def _repeat(pieces: list[bytes], at: int, random: Random, _: Sequence[bytes]) -> None:
    pieces[at : at + 1] = pieces[at : at + random.choice((1, 2, 6))] * random.choice((2, 3, 40))


def _exchange(pieces: list[bytes], at: int, random: Random, _: Sequence[bytes]) -> None:
    other = random.randrange(len(pieces))
    pieces[at], pieces[other] = pieces[other], pieces[at]


def _break_byte(data: bytes, random: Random, *_: object) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]


def _cut_off(data: bytes, random: Random, *_: object) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _leave_out_bytes(data: bytes, random: Random, *_: object) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + data[at + random.choice((1, 2, 5, 50)) :]


def _splice(data: bytes, random: Random, others: Sequence[bytes], *_: object) -> bytes:
    other = random.choice(others)
    return data[: random.randrange(len(data) + 1)] + other[random.randrange(len(other) + 1) :]


def _number(
    data: bytes, random: Random, _: Sequence[bytes], joint: re.Pattern[bytes], tokens: Sequence[bytes]
) -> bytes:
    numbers = list(re.finditer(rb"\d+", data))
    if not numbers:
        return data
    number = random.choice(numbers)
    new = random.choice((str(random.randrange(10_000)).encode(), number[0] * 2, number[0][:-1], _token(random, tokens)))
    return data[: number.start()] + new + data[number.end() :]


def _token(random: Random, tokens: Sequence[bytes]) -> bytes:
    return random.choice(tokens) if tokens and random.random() < 0.6 else random.choice(ODD)


_CHANGES: Sequence[_Change] = (
    *map(_of_pieces, (_replace, _replace, _insert, _insert, _leave_out, _leave_out, _repeat, _exchange)),
    *(_break_byte, _cut_off, _leave_out_bytes, _splice, _number),
)
