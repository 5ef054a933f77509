"""Changes one value in the text of a YAML file. Comments and the rest stay as the operator wrote them."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

# Where the values of a YAML file stand in its text, so that one can be changed and the rest stays as it is ------------


@dataclass(slots=True, kw_only=True)
class ValuePlace:
    """A value in a text, from its anchor on."""

    start: int
    end: int
    #: Written in brackets or braces.
    is_flow: bool = False
    #: Nothing is written. Then it starts and ends behind its key.
    is_null: bool = False
    #: The anchor that names it, or the one that an alias refers to.
    anchor: str | None = None
    is_alias: bool = False
    #: The items of a list.
    items: list["ValuePlace"] = field(default_factory=list)
    #: The values of a mapping, and the places of their keys.
    values: dict[str, "ValuePlace"] = field(default_factory=dict)
    keys: dict[str, "ValuePlace"] = field(default_factory=dict)

    def all(self) -> Iterator["ValuePlace"]:
        """This value and all within it."""
        yield self
        for inner in (*self.items, *self.values.values()):
            yield from inner.all()


def places(text: str) -> ValuePlace | None:
    """The value of a document. None if there is none. The document must be valid."""
    events = (event for event in YAML(typ="safe", pure=True).parse(text) if isinstance(event, NodeEvent | _End))
    first = next(events, None)
    return _place(text, first, events) if isinstance(first, NodeEvent) else None


_End = CollectionEndEvent


def _place(text: str, event: NodeEvent, events: Iterator[Event]) -> ValuePlace:
    place = ValuePlace(
        start=event.start_mark.index,
        end=event.end_mark.index,
        is_flow=bool(getattr(event, "flow_style", False)),
        is_null=isinstance(event, ScalarEvent) and event.start_mark.index == event.end_mark.index,
        anchor=event.anchor,
        is_alias=isinstance(event, AliasEvent),
    )
    if isinstance(event, SequenceStartEvent):
        while isinstance(inner := next(events), NodeEvent):
            place.items.append(_place(text, inner, events))
        place.end = _end(place, inner, place.items)
    elif isinstance(event, MappingStartEvent):
        while isinstance(inner := next(events), NodeEvent):
            key = _place(text, inner, events)
            name = text[key.start : key.end].strip("\"'")
            value = next(events)
            assert isinstance(value, NodeEvent)
            place.keys[name] = key
            place.values[name] = _value(text, key, _place(text, value, events))
        place.end = _end(place, inner, list(place.values.values()))
    return place


def _value(text: str, key: ValuePlace, value: ValuePlace) -> ValuePlace:
    if value.is_null:
        value.start = value.end = text.index(":", key.end) + 1
    return value


def _end(place: ValuePlace, end: Event, inner: list[ValuePlace]) -> int:
    """Where a collection ends. The parser ends one without brackets only at what follows it."""
    if place.is_flow or not inner:
        return int(end.end_mark.index)
    return max(each.end for each in inner)


#: Texts that need no quotes, anywhere. Editors read the others as something else than a text.
_PLAIN = re.compile(r"(?=.*[^\W\d_])\w(?:[\w .'’/()+&-]*[\w.)+])?")
#: What may be an alias. In a comment or a text it costs an error that names it.
_ALIAS = re.compile(r"\*([^\s,\[\]{}]+)")
_NO_TEXT = frozenset({"null", "true", "false", "yes", "no", "on", "off"})


class EditError(ValueError):
    """The text cannot be changed in this way. The message says why, and what to do."""


def scalar(text: str) -> str:
    """A text as YAML. A dollar sign is doubled, since it would start a reference."""
    if _PLAIN.fullmatch(text) and text.lower() not in _NO_TEXT:
        return text
    quoted = (
        f"'{text}'" if '"' in text and "'" not in text and text.isprintable() else json.dumps(text, ensure_ascii=False)
    )
    return quoted.replace("$", "$$")


def flow_list(texts: Iterable[str]) -> str:
    """Write texts as a YAML list: ``[one, another]``."""
    return f"[{', '.join(map(scalar, texts))}]"


def with_items(text: str, key: str, items: Sequence[Sequence[str]]) -> str:
    """The text with items at the end of the list under this key.

    Args:
        text: a valid document.
        key: the key at the top of the document. It is added if it is missing.
        items: each the lines of a mapping.

    Raises:
        EditError: the list is written in brackets.
    """
    root = places(text)
    listed = root.values.get(key) if root is not None else None
    if root is None or listed is None:
        return _joined(text, [f"{key}:", *_lines(items, "  ")])
    if listed.is_flow and listed.items:
        raise EditError("nothing can be added at its end; write each item on a line of its own")
    if listed.is_flow:
        text = text[: listed.start].rstrip(" ") + text[listed.end :]
        listed.end = root.keys[key].end
    indent = _before_dash(text, listed.items[0]) if listed.items else "  "
    gap = [""] if _is_apart(text, listed.items) else []
    is_last = all(other.start <= root.keys[key].start for other in root.keys.values())
    at = len(text) if is_last else _line_end(text, listed.end)
    return _joined(text[:at], [*gap, *_lines(items, indent)]) + text[at:].removeprefix("\n")


def with_values(text: str, key: str, index: int, values: Sequence[tuple[str, str]]) -> str:
    """The text with these values in an item of the list under this key.

    Args:
        text: a valid document.
        key: the key of the list at the top of the document.
        index: of the item, a mapping.
        values: the keys with their values, as YAML in one line.

    Raises:
        EditError: a value is shared with another item.
    """
    for name, value in values:
        text = _with_value(text, _item(text, key, index), name, value)
    return text


def without_values(text: str, key: str, index: int, names: Sequence[str]) -> str:
    """The text without these keys in an item of the list under this key. A key that is not there is none to remove.

    Raises:
        EditError: a value is shared with another item, or nothing would be left.
    """
    for name in names:
        item = _item(text, key, index)
        if name in item.values:
            text = _without_value(text, item, name)
    return text


def with_setting(text: str, path: Sequence[str], value: str) -> str:
    """The text with a value under a path of keys, from the top of the document. What is missing on the way is added.

    Args:
        text: a valid document.
        path: the keys.
        value: as YAML in one line.

    Raises:
        EditError: what stands on the way is shared with something else, or is no mapping.
    """
    item = places(text)
    if item is None or path[0] not in item.keys:
        *outer, last = path
        lines = [f"{'  ' * depth}{key}:" for depth, key in enumerate(outer)]
        return _joined(text, [*lines, f"{'  ' * len(outer)}{last}: {value}"])
    for depth, name in enumerate(path[:-1], start=1):
        inner = item.values.get(name)
        if inner is None or inner.is_null or text[inner.start : inner.end] == "{}":
            rest = path[depth:]
            return _with_value(text, item, name, "".join(f"{{{key}: " for key in rest) + value + "}" * len(rest))
        if not inner.keys:
            raise EditError(f"{name} is shared with something else; change it in the file")
        item = inner
    return _with_value(text, item, path[-1], value)


def without_setting(text: str, path: Sequence[str]) -> str:
    """The text without a value under a path of keys. If there is none, nothing changes. Raises EditError as above."""
    item = places(text)
    for name in path[:-1]:
        item = item.values.get(name) if item is not None else None
    return _without_value(text, item, path[-1]) if item is not None and path[-1] in item.values else text


def without_item(text: str, key: str, index: int) -> str:
    """The text without an item of the list under this key, and without the comments directly above and inside it.

    Raises:
        EditError: the list is written in brackets, or other items share a value of this one.
    """
    item = _item(text, key, index)
    start = text.rfind("\n", 0, item.start) + 1
    if not text[start : item.start].strip().startswith("-"):
        raise EditError("shares its line with another; write each item on a line of its own")
    end = _line_end(text, item.end) + 1
    dash, column = text[start : item.start].index("-"), item.start - start
    while _is_above(text[(line := text.rfind("\n", 0, start - 1) + 1) : start], dash, column):
        start = line
    while _is_within(text[end : (line := _line_end(text, end) + 1)], dash, column):
        end = line
    if text[:start].endswith("\n\n"):
        start -= 1  # the empty line that set it apart
    rest = text[:start] + text[end:]
    taken = {place.anchor for place in item.all() if place.anchor and not place.is_alias}
    for name in sorted(taken):
        if _is_used(name, rest):
            raise EditError(f"holds a value that others share by *{name}; write &{name} at one of these first")
    return rest


def _with_value(text: str, item: ValuePlace, name: str, value: str) -> str:
    old = item.values.get(name)
    if old is None:
        return _with_key(text, item, f"{name}: {value}")
    if old.anchor and not old.is_alias and _is_used(old.anchor, text):
        raise EditError(f"{name} is shared with others by &{old.anchor}; change it in the file")
    behind = text.index(":", item.keys[name].end) + 1
    if old.is_null or "\n" in text[behind : old.start]:
        # A value on lines of its own: a comment beside the key stays.
        return f"{text[:behind]} {value}{text[behind : _line_end(text, behind)]}{text[old.end :]}"
    return text[: old.start] + value + text[old.end :]


def _without_value(text: str, item: ValuePlace, name: str) -> str:
    old, start = item.values[name], item.keys[name].start
    for place in old.all():
        if place.anchor and not place.is_alias and _is_used(place.anchor, text[: old.start] + text[old.end :]):
            raise EditError(f"{name} is shared with others by &{place.anchor}; change it in the file")
    starts = sorted(key.start for key in item.keys.values())
    if len(starts) == 1:
        raise EditError(f"nothing would be left without {name}; remove the whole")
    at = starts.index(start)
    if at == 0:
        return text[:start] + text[starts[1] :]
    if item.is_flow:
        before = max(value.end for value in item.values.values() if value.end <= start)
        return text[:before] + text[old.end :]
    return text[: text.rfind("\n", 0, start) + 1] + text[_line_end(text, old.end) :].removeprefix("\n")


def _with_key(text: str, item: ValuePlace, line: str) -> str:
    if item.is_flow:
        end = len(text[: item.end - 1].rstrip(" \n,"))
        return f"{text[:end]}, {line}{text[end:]}"
    first = min(key.start for key in item.keys.values())
    column = first - text.rfind("\n", 0, first) - 1
    at = _line_end(text, item.end)
    return f"{text[:at]}\n{' ' * column}{line}{text[at:]}"


def _is_used(anchor: str, text: str) -> bool:
    """Whether an alias in the text refers to this anchor."""
    return any(alias[1] == anchor for alias in _ALIAS.finditer(text))


def _item(text: str, key: str, index: int) -> ValuePlace:
    root = places(text)
    assert root is not None
    return root.values[key].items[index]


def _is_above(line: str, dash: int, column: int) -> bool:
    """Whether the line is a comment of the item that stands directly below it."""
    return line.find("#") == dash and not line[:dash].strip() and not _is_within(line, dash, column)


def _is_within(line: str, dash: int, column: int) -> bool:
    """Whether the line is a comment of the item that stands directly above it, such as a key that is commented out.

    Args:
        line: any line.
        dash: the column of the item's dash.
        column: the column of the item's keys.
    """
    before, sign, told = line.partition("#")
    is_deeper = len(before) > dash or len(line) - len(told.lstrip()) > column
    return bool(sign) and not before.strip() and is_deeper


def _is_apart(text: str, items: Sequence[ValuePlace]) -> bool:
    """Whether an empty line stands between the last items."""
    return len(items) > 1 and "\n\n" in text[items[-2].end : items[-1].start]


def _before_dash(text: str, item: ValuePlace) -> str:
    """The text before the dash of an item."""
    return text[text.rfind("\n", 0, item.start) + 1 : item.start].partition("-")[0]


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _lines(items: Sequence[Sequence[str]], indent: str) -> list[str]:
    return [f"{indent}{'- ' if number == 0 else '  '}{line}" for item in items for number, line in enumerate(item)]


def _joined(before: str, lines: Sequence[str]) -> str:
    return "\n".join([*([before.removesuffix("\n")] if before else []), *lines]) + "\n"
