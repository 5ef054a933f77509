"""Decodes bytes to text, even if their declared charset is wrong. Pure.

The order of trust: a byte order mark; valid UTF-8, since other encodings do not look like it by chance; a declared
charset, unless software commonly declares it by default; a guess from the bytes themselves.
"""

import codecs
import re
from collections.abc import Iterator

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # a UTF-16 mark is a prefix of this one, so this one comes first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The first characters of any markup, for UTF-16 without a mark.
_UNMARKED = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))

_HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"<\?xml[^<>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
_HTML_CHARSET = re.compile(rb"<meta[^<>]{1,200}?charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
# Browsers look for a charset in this many bytes.
_HEAD = 1024

# Python's codecs for text in a page. Other codecs decompress, escape or do worse.
_TEXT_CODEC = re.compile(
    r"utf-8|utf-16(-[lb]e)?|utf-32(-[lb]e)?|ascii|iso8859-\d+|cp125\d|cp874|cp932|cp949|tis-620|koi8-[ru]|mac-\w+"
    r"|gb2312|gbk|gb18030|big5\w*|shift_jis\w*|euc_\w+|iso2022_\w+|hz",
)
# As browsers do: a declared charset is read as its superset.
_LARGER = {"ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "iso8859-9": "cp1254"}
# These codecs switch character sets in seven bits, so their text looks like ASCII.
_STATEFUL = re.compile(r"iso2022_\w+|hz")
# Servers and templates declare these whatever the encoding is.
_DEFAULTS = frozenset({"utf-8", "cp1252", "iso8859-15"})

# Two or more: a single one occurs by chance, as in "Espa馻" for "España".
_HAN_WORDS = re.compile(r"[\u4e00-\u9fff]{2,}")
_ARABIC_WORDS = re.compile(r"[\u0621-\u064a]{2,}")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_REPLACEMENT = "\ufffd"


def decode(body: bytes, content_type: str) -> str:
    """The text of a document. Never fails: bytes that cannot be decoded become U+FFFD.

    Args:
        body: an XML, HTML or JSON document.
        content_type: the Content-Type header, or "".
    """
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    for letters, codec in _UNMARKED:
        if body.startswith(letters):
            return body.decode(codec, "replace")
    declared = list(_declared(body, content_type))
    if body.isascii():
        stateful = next((codec for codec in declared if _STATEFUL.fullmatch(codec)), "ascii")
        return body.decode(stateful, "replace")
    text = _as_utf8(body)
    if text is not None:
        return text
    for codec in declared:
        if codec not in _DEFAULTS:
            text = body.decode(codec, "replace")
            if _is_clean(text):
                return text
    return _guess(body, latin=next((codec for codec in declared if codec == "iso8859-15"), "cp1252"))


def _declared(body: bytes, content_type: str) -> Iterator[str]:
    """The codecs that the header and then the document declare."""
    head = body[:_HEAD]
    header = _HTTP_CHARSET.search(content_type)
    inside = _XML_CHARSET.search(head) or _HTML_CHARSET.search(head)
    names = [found for found in (header and header[1], inside and inside[1].decode("ascii", "replace")) if found]
    for name in names:
        try:
            codec = codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
        if _TEXT_CODEC.fullmatch(codec):
            yield _LARGER.get(codec, codec)


def _as_utf8(body: bytes) -> str | None:
    """The text if the bytes are UTF-8, even if a few of them are broken or cut off. Otherwise None."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        text = body.decode(errors="replace")
    broken = text.count(_REPLACEMENT)
    whole = len(_NOT_ASCII.findall(text)) - broken
    return text if broken * 10 <= whole else None


def _is_clean(text: str) -> bool:
    """Whether nearly all bytes were decoded."""
    return text.count(_REPLACEMENT) * 20 <= len(_NOT_ASCII.findall(text))


def _guess(body: bytes, *, latin: str) -> str:
    """The text in Chinese or Arabic if its words show it, else in a western encoding."""
    chinese = body.decode("gb18030", "replace")
    if _is_clean(chinese) and _share(sum(map(len, _HAN_WORDS.findall(chinese))), chinese):
        return chinese
    arabic = body.decode("cp1256", "replace")
    if _share(sum(map(len, _ARABIC_WORDS.findall(arabic))), arabic):
        return arabic
    return body.decode(latin, "replace")


def _share(signs: int, text: str) -> bool:
    """Whether more than two thirds of the non-ASCII characters are such signs."""
    return signs * 3 > len(_NOT_ASCII.findall(text)) * 2
