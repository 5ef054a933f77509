"""Converts markup to plain text: what a reader sees, one line per block. Pure."""

import html
import re
import unicodedata
from collections.abc import Iterable
from html.entities import name2codepoint

from lxml import etree

from monitor.core.model import MAX_TEXT
from monitor.core.plain import single_spaced

# Converts simple HTML, as in nearly all feeds, to the text that a reader sees, without a parser. Pure -----------------
#
# Simple HTML has only customary tags, nested as allowed, and well-known character references. A parser treats these in
# an obvious way. Everything else is left to a parser. ``tests/feeds/test_simple.py`` tests that both agree.


#: Ends a line of the visible text. White space of the source does not end one.
BREAK = "\u2028"

_RUNNING = frozenset(
    {
        "a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "img", "ins", "kbd", "mark", "q", "s", "small",
        "span", "strong", "sub", "sup", "time", "u", "wbr",
    }
)  # fmt: skip
_EMPTY = frozenset({"br", "hr", "img", "wbr"})
_LINES = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption"})
_LISTS = frozenset({"ul", "ol"})
_BOXES = frozenset({"article", "blockquote", "div", "figure", "li", "section"})
_ANYWHERE = _RUNNING | _LINES | _LISTS | _BOXES - {"li"} | {"hr"}
# The allowed children of each element; "" is the text itself. None of them makes a parser close the parent.
_INSIDE = {
    **dict.fromkeys(_RUNNING | _LINES, _RUNNING),
    **dict.fromkeys(_BOXES | {""}, _ANYWHERE),
    **dict.fromkeys(_LISTS, frozenset({"li"})),
}
_EDGES = {name: "" if name in _RUNNING - {"br"} else BREAK for name in {*_INSIDE, *_EMPTY}}
# The maximum depth. Parsers give up at a greater one.
_DEEPEST = 50

_NAMES = "|".join(sorted(_EDGES.keys() - {""}, key=len, reverse=True))
_TAG = re.compile(
    rf"<(/?)({_NAMES})(?:[ \n]+[A-Za-z][A-Za-z0-9:_-]*+(?:=(?:\"[^\"<>]*+\"|'[^'<>]*+'))?+)*+[ \n]*+(/?)>"
)
# A reference by a number that means the same in all character tables, or by a name.
_REFERENCE = re.compile(
    r"&(?:#(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6]|1[6-9]\d|[2-9]\d\d|[1-9]\d{3})|([A-Za-z]{2,8}\d{0,2}));"
)
_KNOWN = frozenset({*name2codepoint, ""})


def visible(markup: str) -> str | None:
    """The visible text, with a ``BREAK`` where a block starts or ends. None if the markup is not simple."""
    pieces = _TAG.split(markup)
    slashes, names, ends = pieces[1::4], pieces[2::4], pieces[3::4]
    texts = "\0".join(pieces[::4])
    if "<" in texts or not _is_nested(slashes, names, ends):
        return None
    pieces[1::4] = pieces[3::4] = [""] * len(names)
    pieces[2::4] = map(_EDGES.__getitem__, names)
    seen = "".join(pieces)
    if "&" not in texts:
        return seen
    references = _REFERENCE.findall(texts)
    return html.unescape(seen) if len(references) == texts.count("&") and _KNOWN.issuperset(references) else None


def _is_nested(slashes: list[str], names: list[str], ends: list[str]) -> bool:
    """Whether these tags are nested as allowed. A tag that is never closed ends with the text."""
    inside = [""]
    for slash, name, end in zip(slashes, names, ends, strict=True):
        if slash:
            if end or inside.pop() != name:
                return False
        elif name not in _INSIDE[inside[-1]]:
            return False
        elif name not in _EMPTY:
            inside.append(name)
            if end or len(inside) > _DEEPEST:
                return False
    return True


# Removes the attributes of tags that have more of them than the tags of any real page ---------------------------------
#
# An HTML parser compares each attribute of a tag with all earlier ones. One tag with 150,000 attributes keeps it busy
# for a minute. Pure.


#: Tags of real pages have a few dozen attributes. If a quote is broken, the words of a sentence count as attributes.
MAX_ATTRIBUTES = 500

# Splits tags as browsers do (https://html.spec.whatwg.org/multipage/parsing.html#tokenization). An unclosed construct
# extends to the end of the text. The quantifiers are possessive: no character is scanned twice.
_SPACE = r" \t\n\f\r"
_VALUE = rf"\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^{_SPACE}>]*+"
_ATTRIBUTE = rf"[^{_SPACE}/>][^{_SPACE}/>=]*+(?:[{_SPACE}]*+=[{_SPACE}]*+(?:{_VALUE}))?+"
_ATTRIBUTES = rf"(?:[{_SPACE}/]++|{_ATTRIBUTE})*+"
_TAG_WITH_ATTRIBUTES = re.compile(
    # Comments and bogus comments. Neither these nor scripts and similar elements contain tags.
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<(?:[!?]|/(?![a-z]))[^>]*+"
    rf"|(?P<raw><(?P<name>iframe|noembed|noframes|script|style|textarea|title|xmp)(?=[{_SPACE}/>]))"
    rf"(?P<of_raw>{_ATTRIBUTES})(?P<content>(?:>.*?(?=</(?P=name)[{_SPACE}/>]|\Z))?)"
    rf"|(?P<tag></?[a-z][^{_SPACE}/>]*+)(?P<of_tag>{_ATTRIBUTES})",
    re.IGNORECASE | re.DOTALL,
)
_ONE = re.compile(_ATTRIBUTE)


def trimmed(markup: str) -> str:
    """The markup. Tags with more than ``MAX_ATTRIBUTES`` attributes lose all their attributes."""
    return _TAG_WITH_ATTRIBUTES.sub(_trimmed, markup) if len(markup) > MAX_ATTRIBUTES * len("a ") else markup


def _trimmed(tag: re.Match[str]) -> str:
    attributes = tag["of_tag"] or tag["of_raw"] or ""
    # An attribute takes at least one letter and one space.
    if len(attributes) <= MAX_ATTRIBUTES * len("a ") or len(_ONE.findall(attributes)) <= MAX_ATTRIBUTES:
        return tag[0]
    return tag["tag"] or f"{tag['raw']}{tag['content']}"


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
_MARKUP = re.compile(
    rf"</?(?:{'|'.join([*_BLOCKS, *_UNSEEN, *_OTHER_TAGS.split()])})(?:\s[^<>]*)?/?>|<!--", re.IGNORECASE
)
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
# The text before and after an element.
_BLOCK_EDGES = {**dict.fromkeys([*_BLOCKS, "br"], BREAK), "td": " ", "th": " "}


def one_line(markup: str) -> str:
    """A headline as plain text on one line."""
    return single_spaced(to_text(markup))[:MAX_TITLE]


def to_text(markup: str) -> str:
    """What a reader sees of this HTML or plain text, without scripts and styles, with each block on its own line.

    In text without tags a blank line ends a paragraph, and a single newline is white space.
    """
    if _MARKUP.search(markup):
        seen = visible(markup)
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
        parts.append(_BLOCK_EDGES.get(element.tag))
        parts.append(element.text if event == "start" else element.tail)
    return "".join(part for part in parts if part)


def _lines(text: str) -> str:
    lines = (single_spaced(tidy(line)) for line in text.split(BREAK) if line and not line.isspace())
    return "\n".join(line for line in lines if line)[:MAX_TEXT]
