"""Decompresses bodies piece by piece, so that none grows beyond its limit. Pure."""

import zlib

#: The Accept-Encoding header: the content codings that this module decodes.
ACCEPTED = "gzip, deflate"

_CODINGS = {"": "", "identity": "", "gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}
_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
GZIP_MAGIC = b"\x1f\x8b"
# A body of many tiny gzip members takes much time for little content. Usual bodies have a member per 64 kB or so.
_MAX_MEMBERS = 1000


class BodyError(ValueError):
    """The body is too large, broken or in a content coding that was not requested. The message says which."""


class TooLargeError(BodyError):
    """The body exceeds its limit."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the document is larger than {limit:,} bytes")


class Inflater:
    """Takes a body in pieces and returns it decoded, or refuses it."""

    def __init__(self, coding: str, *, limit: int) -> None:
        """Prepare for a body.

        Args:
            coding: the Content-Encoding header, or "".
            limit: the maximum size of the body in bytes, both before and after decoding.

        Raises:
            BodyError: the coding is unknown or nested.
        """
        known = _CODINGS.get(coding.strip().lower())
        if known is None:
            raise BodyError(f"the body is packed as {coding[:60]!r}; only gzip and deflate were asked for")
        self._coding = known
        self._limit = limit
        self._received = 0
        self._parts: list[bytes] = []
        self._size = 0
        self._members = 0
        self._head = b""
        self._stream: zlib._Decompress | None = None

    def feed(self, data: bytes) -> None:
        """Take the next piece.

        Raises:
            BodyError: the body is too large or broken.
        """
        self._received += len(data)
        if self._received > self._limit:
            raise TooLargeError(self._limit)
        if not self._coding:
            self._keep(data)
            return
        try:
            self._inflate(data)
        except zlib.error as error:
            raise BodyError(f"the body is not the {self._coding} that it says it is") from error

    def finish(self) -> bytes:
        """The decoded body.

        Raises:
            BodyError: the compressed body is incomplete.
        """
        if self._coding and self._received and (self._stream is None or not self._stream.eof):
            raise BodyError("the body breaks off")
        return b"".join(self._parts)

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > self._limit:
            raise TooLargeError(self._limit)
        self._parts.append(data)

    def _inflate(self, data: bytes) -> None:
        while data:
            if self._stream is None or self._stream.eof:
                # Two bytes tell the formats apart, and another member from padding.
                self._head += data
                if len(self._head) < len(GZIP_MAGIC):
                    return
                data, self._head = self._head, b""
                if not self._open(data):
                    return
            assert self._stream is not None
            self._keep(self._stream.decompress(data, self._limit - self._size + 1))
            data = self._stream.unused_data

    def _open(self, data: bytes) -> bool:
        """Start a stream. False if the data after the last stream is padding, which is ignored."""
        if self._stream is None:
            self._stream = zlib.decompressobj(_GZIP if self._coding == "gzip" else _deflate_format(data))
            return True
        if self._coding != "gzip" or not data.startswith(GZIP_MAGIC):
            return False
        self._members += 1
        if self._members > _MAX_MEMBERS:
            raise BodyError(f"the body is cut into more than {_MAX_MEMBERS} pieces")
        self._stream = zlib.decompressobj(_GZIP)
        return True


def _deflate_format(data: bytes) -> int:
    """The window bits for "deflate". RFC 9110 defines it as the zlib format; some servers send a raw stream."""
    has_zlib_header = data[0] & 0x0F == zlib.DEFLATED and int.from_bytes(data[:2]) % 31 == 0
    return _ZLIB if has_zlib_header else _RAW


def unpacked(body: bytes, *, limit: int) -> bytes:
    """The content of a document that is itself a gzip file, such as ``sitemap.xml.gz``. Others are unchanged.

    Raises:
        BodyError: the file is broken, cut off or larger than the limit.
    """
    if not body.startswith(GZIP_MAGIC):
        return body
    inflater = Inflater("gzip", limit=limit)
    inflater.feed(body)
    return inflater.finish()
