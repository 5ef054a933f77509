"""Says where a text stops being YAML: the likeliest mistake, its line, and where its item begins.

A parser notices a mistake late. An unclosed quotation mark ends at the next one, perhaps in another item, and a list
without its bracket goes on over the following keys.
"""

import re

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.tokens import ScalarToken

_ITEM = re.compile(r"\s*+-(\s|$)")
_KEY = re.compile(r"\s*+(- )?['\"]?[\w.-]++['\"]?:(\s|$)")
_TOP = re.compile(r"[^\s#]")
_DASH_WITHOUT_SPACE = re.compile(r"\s*+-[^\s-]")
_QUOTED = re.compile(r"[^'\"]*+['\"]")

_QUOTE = "a quotation mark is not closed"
_AGAIN = "a second ': ' behind one key; put the text in quotes, or a comma before the next key"
_INDENT = "the line is not indented like the lines around it"
_BEGINS = "a text must not begin with {}; put it in quotes"
#: What the parser says → what it usually means, in the line where the parser noticed it.
_MEANINGS = (
    (re.compile(r"found character '\\t'"), "a tab stands where YAML wants spaces"),
    (re.compile(r"found character (.{1,8}) that cannot start any token"), _BEGINS),
    (re.compile(r"expected alphabetic or numeric character"), _BEGINS),
    (
        re.compile(r"found unknown escape character"),
        "a backslash stands between double quotation marks; write single ones",
    ),
    (re.compile(r"but found another document"), "a second document begins ('---'); one file holds one document"),
    (re.compile(r"expected the node content, but found ('[\]},]')"), "a value is missing before {}"),
    (re.compile(r"expected <block end>, but found ('[\]}]')"), "{} closes a bracket that is not open"),
    (re.compile(r"expected <block end>"), _INDENT),
)


def explain(text: str, error: MarkedYAMLError) -> tuple[int, str]:
    """The line of the likeliest mistake, and what it is."""
    noticed = error.problem_mark.line if error.problem_mark else 0
    lines = text.splitlines()
    line, what = _likeliest(text, [*lines, ""], error, noticed)
    begin = _item(lines[: line + 1])
    where = f" (in the item that begins in line {begin + 1})" if begin is not None and begin < line else ""
    return line + 1, f"is not YAML: {what}{where}"


def _item(lines: list[str]) -> int | None:
    """The line in which the list item begins that the last of these lines belongs to. None if it is in no item."""
    for line in range(len(lines) - 1, -1, -1):
        if _ITEM.match(lines[line]):
            return line
        if _TOP.match(lines[line]):
            return None
    return None


def _likeliest(text: str, lines: list[str], error: MarkedYAMLError, noticed: int) -> tuple[int, str]:
    """The line, counted from 0, and the mistake."""
    problem, context = str(error.problem or error.context or "cannot be understood"), str(error.context or "")
    begun = error.context_mark.line if error.context_mark else noticed
    if problem == "found unexpected end of stream":
        return begun, _QUOTE
    if (opened := _opened(text, noticed)) is not None:
        return opened, _QUOTE
    if problem.startswith("could not find expected ':'"):
        return begun, "a key has no ': ' behind it"
    if problem == "mapping values are not allowed here":
        return _colon(lines, noticed)
    if "flow" in context and problem.startswith("expected ','"):
        before = lines[noticed][: error.problem_mark.column] if error.problem_mark else ""
        return _in_brackets(problem, lines, begun, noticed, before)
    return noticed, _meaning(problem, context, lines[noticed])


def _opened(text: str, noticed: int) -> int | None:
    """The line in which a quoted text begins that ends in a later line, where the mistake was noticed. None if none."""
    try:
        for token in YAML(typ="safe", pure=True).scan(text):
            if isinstance(token, ScalarToken) and token.style in {"'", '"'}:
                begin, end = token.start_mark.line, token.end_mark.line
                if begin < end == noticed:
                    return int(begin)
            if token.start_mark.line > noticed:
                break
    except MarkedYAMLError:
        pass
    return None


def _colon(lines: list[str], noticed: int) -> tuple[int, str]:
    if lines[noticed].count(": ") + lines[noticed].rstrip().endswith(":") > 1:
        return noticed, "a second ': ' in one line; put the text in quotes"
    if noticed and _DASH_WITHOUT_SPACE.match(lines[noticed - 1]):
        return noticed - 1, "a space is missing behind '-'"
    return noticed, _INDENT


def _in_brackets(problem: str, lines: list[str], begun: int, noticed: int, before: str) -> tuple[int, str]:
    """Like ``_likeliest``, inside brackets. ``before`` is the part of the line before the noticed mistake."""
    if problem.endswith("but got ':'") and ": " in before:
        return noticed, _AGAIN
    if "${" in lines[noticed]:
        return noticed, 'inside [ ] or { } put ${…} in quotes: "${NAME}"'
    closing = problem.removeprefix("expected ',' or ").partition(",")[0]
    if "<stream end>" in problem or (noticed > begun and _KEY.match(lines[noticed])):
        return begun, f"a bracket is not closed; {closing} is missing"
    return noticed, f"a comma or {closing} is missing"


def _meaning(problem: str, context: str, shown: str) -> str:
    if problem.endswith("but found '<scalar>'") and _QUOTED.match(shown):
        return "text stands behind a closing quotation mark; between single ones, write an apostrophe twice"
    for pattern, meaning in _MEANINGS:
        if found := pattern.match(problem):
            sign = "'*'" if "alias" in context else "'&'"
            return meaning.format(*found.groups() or (sign,))
    return problem
