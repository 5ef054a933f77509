"""Converts simple HTML, as in nearly all feeds, to the text that a reader sees, without a parser. Pure.

Simple HTML has only customary tags, nested as allowed, and well-known character references. A parser treats these in
an obvious way. Everything else is left to a parser. ``tests/feeds/test_simple.py`` tests that both agree.
"""

import html
import re
from html.entities import name2codepoint

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
