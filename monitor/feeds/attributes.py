"""HTML without the attributes of tags that carry more of them than any page's, for parsers that take long over them.

A parser compares each attribute of a tag with all before it: one tag of 150,000 keeps it busy for a minute. Pure.
"""

import re

#: The tags of real pages carry some dozens; one with a broken quote takes the words of a sentence for attributes.
MAX_ATTRIBUTES = 500

# As browsers part them (https://html.spec.whatwg.org/multipage/parsing.html#tokenization). What is never closed goes on
# to the end of the text, and nothing is given back, so that each character is looked at once.
_SPACE = r" \t\n\f\r"
_VALUE = rf"\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^{_SPACE}>]*+"
_ATTRIBUTE = rf"[^{_SPACE}/>][^{_SPACE}/>=]*+(?:[{_SPACE}]*+=[{_SPACE}]*+(?:{_VALUE}))?+"
_ATTRIBUTES = rf"(?:[{_SPACE}/]++|{_ATTRIBUTE})*+"
_TAG = re.compile(
    # Comments, and what is taken for one; there is no tag inside them, nor inside scripts and the like.
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<(?:[!?]|/(?![a-z]))[^>]*+"
    rf"|(?P<raw><(?P<name>iframe|noembed|noframes|script|style|textarea|title|xmp)(?=[{_SPACE}/>]))"
    rf"(?P<of_raw>{_ATTRIBUTES})(?P<content>(?:>.*?(?=</(?P=name)[{_SPACE}/>]|\Z))?)"
    rf"|(?P<tag></?[a-z][^{_SPACE}/>]*+)(?P<of_tag>{_ATTRIBUTES})",
    re.IGNORECASE | re.DOTALL,
)
_ONE = re.compile(_ATTRIBUTE)


def trimmed(markup: str) -> str:
    """The markup; tags with more than ``MAX_ATTRIBUTES`` attributes have lost them all."""
    return _TAG.sub(_trimmed, markup) if len(markup) > MAX_ATTRIBUTES * len("a ") else markup


def _trimmed(tag: re.Match[str]) -> str:
    attributes = tag["of_tag"] or tag["of_raw"] or ""
    # One letter and one space are the least that an attribute takes.
    if len(attributes) <= MAX_ATTRIBUTES * len("a ") or len(_ONE.findall(attributes)) <= MAX_ATTRIBUTES:
        return tag[0]
    return tag["tag"] or f"{tag['raw']}{tag['content']}"
