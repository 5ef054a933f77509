"""Removes the attributes of tags that have more of them than the tags of any real page.

An HTML parser compares each attribute of a tag with all earlier ones. One tag with 150,000 attributes keeps it busy
for a minute. Pure.
"""

import re

#: Tags of real pages have a few dozen attributes. If a quote is broken, the words of a sentence count as attributes.
MAX_ATTRIBUTES = 500

# Splits tags as browsers do (https://html.spec.whatwg.org/multipage/parsing.html#tokenization). An unclosed construct
# extends to the end of the text. The quantifiers are possessive: no character is scanned twice.
_SPACE = r" \t\n\f\r"
_VALUE = rf"\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^{_SPACE}>]*+"
_ATTRIBUTE = rf"[^{_SPACE}/>][^{_SPACE}/>=]*+(?:[{_SPACE}]*+=[{_SPACE}]*+(?:{_VALUE}))?+"
_ATTRIBUTES = rf"(?:[{_SPACE}/]++|{_ATTRIBUTE})*+"
_TAG = re.compile(
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
    return _TAG.sub(_trimmed, markup) if len(markup) > MAX_ATTRIBUTES * len("a ") else markup


def _trimmed(tag: re.Match[str]) -> str:
    attributes = tag["of_tag"] or tag["of_raw"] or ""
    # An attribute takes at least one letter and one space.
    if len(attributes) <= MAX_ATTRIBUTES * len("a ") or len(_ONE.findall(attributes)) <= MAX_ATTRIBUTES:
        return tag[0]
    return tag["tag"] or f"{tag['raw']}{tag['content']}"
