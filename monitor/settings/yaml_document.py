"""Parses YAML to values whose scalars are all texts, with the line of each key.

The key decides what a text means (a number, a date, a duration), not YAML: the language ``no`` is not false, the
product ``4680`` is not a number, and 2024-03-29 is not a date object. Duplicate keys are errors. Anchors, aliases and
merge keys (``<<``) work.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.tokens import ScalarToken

from monitor.errors import ConfigProblem

# Says where a text stops being YAML: the likeliest mistake, its line, and where its item begins -----------------------
#
# A parser notices a mistake late. An unclosed quotation mark ends at the next one, perhaps in another item, and a list
# without its bracket goes on over the following keys.


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


#: A place in a document: keys and indices from the top.
KeyPath = tuple[str | int, ...]
#: A text, None if nothing was written, or lists and mappings of values.
Value = str | None | list["Value"] | dict[str, "Value"]

#: The most bytes of a file, and the most items of a list (projects, feeds, subscribers) or keys of a mapping.
MAX_BYTES = 4_000_000
MAX_ITEMS = 10_000
# Aliases can make a small file huge or infinite. No configuration comes near these limits.
_MAX_NODES = 300_000
_MAX_DEPTH = 40

_SPLIT = "share it between several monitors, each with a folder of its own"


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A file as written."""

    #: The name of the file as the operator would write it.
    file: str
    value: Value
    #: 1-based line numbers: of the key for a value in a mapping, of the first line for an item of a list.
    lines: Mapping[KeyPath, int]
    #: False if the file is not YAML. Its value is then meaningless.
    readable: bool = True

    def line(self, path: KeyPath) -> int:
        """The line of this place, or of the nearest written place above it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: KeyPath, message: str) -> ConfigProblem:
        """A problem at this place. The index of a single item that was written without its list is left out."""
        found: KeyPath = ()
        for part in path:
            if isinstance(part, str) or (*found, part) in self.lines:
                found = (*found, part)
        return ConfigProblem(file=self.file, line=self.line(found), key=dotted(found), message=message)


def dotted(path: KeyPath) -> str:
    """The path in the usual notation: ``projects[2].who``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def parse_yaml(file: str, data: bytes) -> tuple[YamlDocument, list[ConfigProblem]]:
    """Parse a document, and return it with its problems. An empty document has the value None. Never raises."""
    build = _Build(file)
    try:
        root = _root(_text(data))
        value = build.value(root, (), depth=0) if root is not None else None
    except _UnreadableError as error:
        problem = ConfigProblem(file=file, line=error.line, key=error.key, message=str(error))
        return YamlDocument(file, None, {}, readable=False), [problem]
    return YamlDocument(file, value, build.lines), build.problems


class _UnreadableError(Exception):
    """The file cannot be read, or not within the limits."""

    def __init__(self, message: str, line: int | None, key: str = "") -> None:
        self.line = line
        self.key = key
        super().__init__(message)


def _text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise _UnreadableError(f"is larger than {MAX_BYTES // 1_000_000} MB, and that is the most; {_SPLIT}", None)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _UnreadableError("is not UTF-8; save the file in that encoding", line) from error


def _root(text: str) -> Node | None:
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _Composer
    yaml.composer.warn_double_anchors = False
    try:
        root: Node | None = yaml.compose(text)
    except MarkedYAMLError as error:
        line, message = explain(text, error)
        raise _UnreadableError(message, line) from error
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        message = f"holds a character that YAML does not allow (U+{ord(text[error.position]):04X})"
        raise _UnreadableError(message, line) from error
    except (ValueError, OverflowError) as error:
        # ruamel.yaml does not check the code point in an escape such as \U99999999.
        raise _UnreadableError("is not YAML: an escape (\\U…) in it is not a character", 1) from error
    except RecursionError as error:
        raise _UnreadableError("is nested too deeply", 1) from error
    return root


class _Composer(Composer):
    """Composes nodes, and gives up as soon as there are too many: a file of hostile size costs seconds, not minutes."""

    _composed = 0
    #: The key at the top of the file under which nodes are composed.
    _section = ""

    def compose_node(self, parent: Node | None, index: object) -> Node:
        self._composed += 1
        if isinstance(index, ScalarNode) and self.depth == 1:
            self._section = str(index.value)
        if parent is not None and isinstance(index, int) and index >= MAX_ITEMS:
            message = f"has a list of more than {MAX_ITEMS:,} items, and that is the most; {_SPLIT}"
            raise _UnreadableError(message, _line(parent), self._section)
        if isinstance(parent, MappingNode) and len(parent.value) >= MAX_ITEMS:
            message = f"has a mapping of more than {MAX_ITEMS:,} keys, and that is the most"
            raise _UnreadableError(message, _line(parent), self._section)
        if self._composed > _MAX_NODES:
            raise _UnreadableError(f"has more than {_MAX_NODES:,} values, and that is the most; {_SPLIT}", None)
        node: Node = super().compose_node(parent, index)
        return node


class _Build:
    """Builds values in one walk over the composed nodes."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[KeyPath, int] = {}
        self.problems: list[ConfigProblem] = []
        self._nodes = 0

    def value(self, node: Node, path: KeyPath, *, depth: int) -> Value:
        self._nodes += 1
        if depth > _MAX_DEPTH:
            raise _UnreadableError(f"is nested more than {_MAX_DEPTH} deep", _line(node), dotted(path[:1]))
        if self._nodes > _MAX_NODES:
            message = f"repeats itself by aliases to more than {_MAX_NODES:,} values"
            raise _UnreadableError(message, _line(node), dotted(path[:1]))
        self.lines.setdefault(path, node.start_mark.line + 1)
        if not str(node.tag).startswith("tag:yaml.org,2002:"):
            self._refuse(node, path, f"has the tag {node.tag}; tags are not used here")
        if isinstance(node, MappingNode):
            return self._mapping(node, path, depth=depth)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*path, index), depth=depth + 1) for index, item in enumerate(node.value)]
        return None if _is_null(node) else str(node.value)

    def _mapping(self, node: MappingNode, path: KeyPath, *, depth: int) -> Value:
        result: dict[str, Value] = {}
        previous = ""
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self._refuse(key_node, path, "has a list or mapping as a key; keys are words")
                continue
            key = str(key_node.value)
            if node.flow_style and _is_continuation(key_node, value_node) and isinstance(result.get(previous), str):
                # {en: BTR plant, Tanger Tech, fr: …}: YAML reads the text after the comma as a key without a value.
                # Nobody means that.
                result[previous] = f"{result[previous]}, {key}"
            elif _is_merge(key_node):
                continue
            elif key in result:
                first = self.lines[(*path, key)]
                self._refuse(key_node, (*path, key), f"is given twice, in line {first} already; keep one")
            else:
                self.lines.setdefault((*path, key), key_node.start_mark.line + 1)
                result[key] = self.value(value_node, (*path, key), depth=depth + 1)
                previous = key
        for merged in _merged(node):
            base = self.value(merged, path, depth=depth + 1)
            if isinstance(base, dict):
                result = base | result
            else:
                self._refuse(merged, (*path, "<<"), "must name a mapping: <<: *anchor")
        return result

    def _refuse(self, node: Node, path: KeyPath, message: str) -> None:
        line = node.start_mark.line + 1
        self.problems.append(ConfigProblem(file=self.file, line=line, key=dotted(path), message=message))


def _line(node: Node) -> int:
    line: int = node.start_mark.line
    return line + 1


def _is_null(node: Node) -> bool:
    return node.tag == "tag:yaml.org,2002:null"


def _is_continuation(key: ScalarNode, value: Node) -> bool:
    """Whether the pair is a plain text without a colon."""
    return isinstance(value, ScalarNode) and value.value == "" and _is_null(value) and key.style is None


def _is_merge(key: ScalarNode) -> bool:
    return key.value == "<<" and key.style is None


def _merged(node: MappingNode) -> Iterator[Node]:
    """The values of the mapping's merge keys, the strongest first."""
    for key, value in node.value:
        if isinstance(key, ScalarNode) and _is_merge(key):
            yield from value.value if isinstance(value, SequenceNode) else [value]
