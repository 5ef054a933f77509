"""Matches CSS selectors on hostile pages in one walk over the page, whatever it contains. Pure.

Most libraries translate selectors to XPath. A selector with two descendant steps may then take minutes on a page made
for it. This module supports what depends only on an element and its ancestors: elements, classes, ids, attributes,
``:not()``, descendants, children and lists of these.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias

import cssselect.parser as css
from lxml import etree

Element: TypeAlias = etree._Element  # noqa: SLF001 - the library gives its class no other name
Is = Callable[[Element], bool]
#: The steps of a selector: whether the element must be a child of the previous step's, and the test of the element.
_Steps = tuple[tuple[bool, Is], ...]

_ATTRIBUTE: Mapping[str, Callable[[str, str], bool]] = {
    "=": str.__eq__,
    "^=": lambda said, wanted: bool(wanted) and said.startswith(wanted),
    "$=": lambda said, wanted: bool(wanted) and said.endswith(wanted),
    "*=": lambda said, wanted: bool(wanted) and wanted in said,
    "~=": lambda said, wanted: wanted in said.split(),
    "|=": lambda said, wanted: said == wanted or said.startswith(f"{wanted}-"),
}
_KNOWN = "write elements, .classes, #ids, [attributes], :not(), 'a b' and 'a > b'"


class Selector:
    """A parsed selector that can be applied to any number of pages."""

    def __init__(self, text: str) -> None:
        """Parse the selector.

        Raises:
            ValueError: it is not a selector, or uses an unsupported feature. The message says which.
        """
        try:
            parsed = css.parse(text)
        except css.SelectorError as error:
            raise ValueError(f"is not a CSS selector: {error}") from error
        if any(each.pseudo_element for each in parsed):
            raise ValueError(f"holds a pseudo-element, which no page has; {_KNOWN}")
        self._steps = tuple(_steps(each.parsed_tree) for each in parsed)

    def find(self, root: Element, *, nested: bool = True) -> Iterator[Element]:
        """The elements below the root that match, in document order. All steps match below the root.

        Args:
            root: the element to search.
            nested: whether to return matches inside other matches.
        """
        # For each selector of the list, as bits: the steps matched by any ancestor, and those matched by the parent.
        nothing = (0,) * len(self._steps)
        walk: list[tuple[Element, tuple[int, ...], tuple[int, ...]]] = [
            (child, nothing, nothing) for child in root.iterchildren("*", reversed=True)
        ]
        while walk:
            element, around, parent = walk.pop()
            own = tuple(
                _reached(element, steps, above, just_above)
                for steps, above, just_above in zip(self._steps, around, parent, strict=True)
            )
            if any(bits >> (len(steps) - 1) & 1 for bits, steps in zip(own, self._steps, strict=True)):
                yield element
                if not nested:
                    continue
            below = tuple(above | bits for above, bits in zip(around, own, strict=True))
            walk += [(child, below, own) for child in element.iterchildren("*", reversed=True)]


@lru_cache(maxsize=1_000)
def selector(text: str) -> Selector:
    """The parsed selector, cached. Raises ValueError as ``Selector`` does."""
    return Selector(text)


def _reached(element: Element, steps: _Steps, around: int, parent: int) -> int:
    """The steps that match at this element, as bits."""
    bits = 0
    for number, (is_child, is_it) in enumerate(steps):
        before = parent if is_child else around
        if (number == 0 or before >> (number - 1) & 1) and is_it(element):
            bits |= 1 << number
    return bits


def _steps(tree: css.Tree) -> _Steps:
    if isinstance(tree, css.CombinedSelector):
        if tree.combinator not in {" ", ">"}:
            raise ValueError(f"holds '{tree.combinator}', which is not known here; {_KNOWN}")
        return (*_steps(tree.selector), (tree.combinator == ">", _test(tree.subselector)))
    return ((False, _test(tree)),)


def _test(tree: css.Tree) -> Is:  # noqa: PLR0911 - one case for each kind of selector
    """The test of a single element."""
    match tree:
        case css.Element(element=None):
            return lambda _: True
        case css.Element(element=str(tag)):
            tag = tag.lower()
            return lambda element: element.tag == tag
        case css.Class(class_name=name):
            first = _test(tree.selector)
            return lambda element: first(element) and name in element.get("class", "").split()
        case css.Hash(id=name):
            first = _test(tree.selector)
            return lambda element: first(element) and element.get("id") == name
        case css.Attrib(operator="exists"):
            first, name = _test(tree.selector), tree.attrib.lower()
            return lambda element: first(element) and element.get(name) is not None
        case css.Attrib(operator=operator) if operator in _ATTRIBUTE and tree.value is not None:
            first, name, wanted = _test(tree.selector), tree.attrib.lower(), str(tree.value.value or "")
            compare = _ATTRIBUTE[operator]
            return lambda element: first(element) and compare(element.get(name, ""), wanted)
        case css.Negation():
            first, other = _test(tree.selector), _test(tree.subselector)
            return lambda element: first(element) and not other(element)
        case _:
            raise ValueError(f"holds what is not known here; {_KNOWN}")
