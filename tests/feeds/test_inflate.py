"""Bodies in pieces and packings."""

import gzip
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.inflate import BodyError, Inflater, TooLargeError

LIMIT = 10_000


def inflate(coding: str, packed: bytes, *, piece: int = 1 << 16, limit: int = LIMIT) -> bytes:
    inflater = Inflater(coding, limit=limit)
    for start in range(0, len(packed), piece):
        inflater.feed(packed[start : start + piece])
    return inflater.finish()


@given(st.binary(max_size=2000), st.integers(1, 50), st.sampled_from(["", "gzip", "deflate", "raw"]))
def test_any_body_comes_back_however_it_is_packed_and_cut(body: bytes, piece: int, packing: str) -> None:
    packed = {
        "": body,
        "gzip": gzip.compress(body),
        "deflate": zlib.compress(body),
        "raw": zlib.compress(body, wbits=-15),
    }
    coding = {"raw": "deflate"}.get(packing, packing)

    assert inflate(coding, packed[packing], piece=piece) == body


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate", "identity"]))
def test_any_bytes_are_a_body_or_a_body_error(noise: bytes, coding: str) -> None:
    with suppress(BodyError):
        inflate(coding, noise, piece=7)


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_the_limit_holds_for_the_body_as_unpacked(size: int, limit: int) -> None:
    packed = gzip.compress(bytes(size))
    if size <= limit and len(packed) <= limit:
        assert inflate("gzip", packed, limit=limit) == bytes(size)
        return
    with pytest.raises(TooLargeError):
        inflate("gzip", packed, limit=limit)


def test_a_bomb_is_defused_before_it_grows() -> None:
    inflater = Inflater("gzip", limit=LIMIT)
    with pytest.raises(TooLargeError):
        inflater.feed(gzip.compress(bytes(5_000_000)))

    assert sum(map(len, inflater._parts)) <= LIMIT


def test_padding_behind_the_last_member_is_ignored() -> None:
    assert inflate("gzip", gzip.compress(b"body") + bytes(100)) == b"body"
    assert inflate("gzip", gzip.compress(b"body") + b"\x1f") == b"body"
    assert inflate("deflate", zlib.compress(b"body") + b"rest") == b"body"


def test_thousands_of_members_are_refused() -> None:
    with pytest.raises(BodyError, match="more than 1000 pieces"):
        inflate("gzip", gzip.compress(b"") * 2000, limit=100_000)


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, gzip", "gzip,deflate", "aes128gcm", "x"])
def test_other_and_nested_codings_are_refused(coding: str) -> None:
    with pytest.raises(BodyError, match="only gzip and deflate were asked for"):
        Inflater(coding, limit=LIMIT)
