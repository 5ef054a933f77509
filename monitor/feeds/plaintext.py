"""Converts markup to plain text: what a reader sees, one line per block. Pure."""

import html
import re
import unicodedata
from collections.abc import Iterable

from lxml import etree

from monitor.core.model import MAX_TEXT
from monitor.core.plain import single_spaced
from monitor.feeds import simple
from monitor.feeds.attributes import trimmed
from monitor.feeds.simple import BREAK

#: The maximum length of a headline.
MAX_TITLE = 1_000

# Control characters, halves of surrogate pairs, marks that change the text direction, non-characters. No text needs
# them, databases reject them, and terminals obey them.
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")

_BLOCK_TAGS = (
    "address article aside blockquote center dd details dialog div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody thead tfoot tr ul"
)
_UNSEEN_TAGS = (
    "applet audio button canvas embed head iframe map math noembed noframes noscript object script select style svg "
    "template textarea title video"
)
_OTHER_TAGS = (
    "html body td th a abbr acronym b big br cite code del em font i img ins kbd mark q s small span strike strong "
    "sub sup tt u wbr"
)
_BLOCKS = _BLOCK_TAGS.split()
_UNSEEN = _UNSEEN_TAGS.split()
# Only an HTML tag makes a text HTML, since people also write "x <y and z> w".
_TAG = re.compile(rf"</?(?:{'|'.join([*_BLOCKS, *_UNSEEN, *_OTHER_TAGS.split()])})(?:\s[^<>]*)?/?>|<!--", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
# The text before and after an element.
_EDGES = {**dict.fromkeys([*_BLOCKS, "br"], BREAK), "td": " ", "th": " "}


def one_line(markup: str) -> str:
    """A headline as plain text on one line."""
    return single_spaced(to_text(markup))[:MAX_TITLE]


def to_text(markup: str) -> str:
    """What a reader sees of this HTML or plain text, without scripts and styles, with each block on its own line.

    In text without tags a blank line ends a paragraph, and a single newline is white space.
    """
    if _TAG.search(markup):
        seen = simple.visible(markup)
        return _lines(_visible(markup) if seen is None else seen)
    return _lines(_BLANK_LINE.sub(BREAK, html.unescape(markup)))


def longest_text(markups: Iterable[str]) -> str:
    """The longest text of these markups. "" if there is none."""
    longest = ""
    for markup in markups:
        # A text is never longer than its markup in NFC. A summary beside a whole article need not be converted.
        if len(unicodedata.normalize("NFC", markup)) > len(longest):
            longest = max(longest, to_text(markup), key=len)
    return longest


def tidy(text: str) -> str:
    """The text in NFC, without the characters that no text needs."""
    # Printable text contains no unwanted characters, and isprintable() is much faster.
    return unicodedata.normalize("NFC", text if text.isprintable() else _UNWANTED.sub("", text))


def _visible(markup: str) -> str:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(trimmed(_UNWANTED.sub("", markup)).encode(), parser)
    if root is None:
        return ""
    etree.strip_elements(root, *_UNSEEN, with_tail=False)
    parts: list[str | None] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        parts.append(_EDGES.get(element.tag))
        parts.append(element.text if event == "start" else element.tail)
    return "".join(part for part in parts if part)


def _lines(text: str) -> str:
    lines = (single_spaced(tidy(line)) for line in text.split(BREAK) if line and not line.isspace())
    return "\n".join(line for line in lines if line)[:MAX_TEXT]
