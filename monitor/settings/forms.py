"""Forms for projects and subscribers: their fields from the models of the files, and edits of the text of a file.

A value that is not edited stays as it is written, with its comments.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from textwrap import dedent
from typing import Any

from monitor.settings.editing import EditError, scalar, with_items, with_values, without_item, without_values
from monitor.settings.files import PROJECTS, SUBSCRIBERS
from monitor.settings.schema import schema
from monitor.settings.yaml_document import Value, parse_yaml

#: A text after its language. The wide colon is that of Chinese keyboards.
_OF_LANGUAGE = re.compile(r"(?P<language>[a-z]{2,3})\s{0,4}[:：]\s{0,4}(?P<text>\S.*)")


class Section(StrEnum):
    """A list of items that have a form: its key in its file."""

    PROJECTS = "projects"
    SUBSCRIBERS = "subscribers"

    @property
    def file(self) -> str:
        return PROJECTS if self is Section.PROJECTS else SUBSCRIBERS

    @property
    def name_key(self) -> str:
        """The key that names an item."""
        return "id" if self is Section.PROJECTS else "name"


class Kind(StrEnum):
    """How a field is filled in."""

    #: One text. A mapping begins with a brace.
    LINE = "line"
    #: One text, or one in each line after its language.
    TEXTS = "texts"
    #: A list: one item in each line.
    LIST = "list"
    #: One of its options.
    CHOICE = "choice"
    #: Some of its options.
    CHOICES = "choices"
    #: As in the file.
    YAML = "yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One key of an item."""

    key: str
    kind: Kind
    #: What it means, in English, as editors show it.
    description: str
    is_required: bool
    options: tuple[str, ...] = ()
    #: The options that count if the key is absent.
    default: tuple[str, ...] = ()


@cache
def fields_of(section: Section) -> tuple[Field, ...]:
    """The fields of an item, in the order of the model."""
    written = schema()[section.file]
    items = written["properties"][section.value]["items"]
    model = _resolved(items, written)
    required = model.get("required", [])
    return tuple(_field(key, each, written, is_required=key in required) for key, each in model["properties"].items())


def _field(key: str, written: Mapping[str, Any], whole: Mapping[str, Any], *, is_required: bool) -> Field:
    kinds = [_resolved(each, whole) for each in written.get("anyOf", [written]) if each.get("type") != "null"]
    one, is_one = kinds[0], len(kinds) == 1
    item = _resolved(one.get("items", {}), whole)
    options = tuple(one.get("enum", ()) or item.get("enum", ()))
    default = written.get("default")
    if not is_one and any(each.get("type") == "array" for each in kinds):
        kind = Kind.YAML
    elif any(each.get("additionalProperties") == {"type": "string"} for each in kinds):
        kind = Kind.TEXTS
    elif one.get("type") == "array":
        kind = Kind.CHOICES if options else Kind.YAML if item.get("type") == "object" else Kind.LIST
    else:
        kind = Kind.CHOICE if options else Kind.LINE
    return Field(
        key=key,
        kind=kind,
        description=written.get("description", ""),
        is_required=is_required,
        options=options,
        default=tuple(default) if isinstance(default, list) else (default,) if isinstance(default, str) else (),
    )


def _resolved(written: Mapping[str, Any], whole: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = written.get("$ref", "")
    found: Mapping[str, Any] = whole["$defs"][reference.rpartition("/")[2]] if reference else written
    return found


# ---------------------------------------------------------------- what is shown, and what is typed


def items_in(section: Section, text: str) -> list[Mapping[str, Value]]:
    """The items of the list as they are written. Raises EditError if the text cannot be read."""
    document, problems = parse_yaml(section.file, text.encode("utf-8"))
    if not document.readable:
        raise EditError(str(problems[0]))
    found = document.value.get(section.value) if isinstance(document.value, dict) else None
    return [each if isinstance(each, dict) else {} for each in (found if isinstance(found, list) else [])]


def shown(field: Field, value: Value) -> str:
    """What stands in a field for this value. The options of choices are separated by line ends."""
    if value is None:
        return "\n".join(field.default) if field.options else ""
    if field.kind is Kind.YAML:
        return written(value)
    if field.kind is Kind.TEXTS and isinstance(value, dict) and all(isinstance(each, str) for each in value.values()):
        return "\n".join(f"{language}: {text}" for language, text in value.items())
    if isinstance(value, list):
        return "\n".join(map(_in_a_line, value))
    return _in_a_line(value)


def typed(field: Field, text: str) -> Value:
    """The value of a field that was filled in so. None if its key is to be absent. Raises EditError."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if field.kind is Kind.CHOICES:
        return [*lines]
    if not lines:
        return None
    if field.kind is Kind.YAML:
        return _parsed(text)
    if field.kind is Kind.LIST:
        return [_parsed(line) if line.startswith("{") else line for line in lines]
    if field.kind is Kind.TEXTS and not lines[0].startswith("{"):
        return _by_language(lines)
    line = " ".join(lines)
    return _parsed(line) if line.startswith("{") else line


def _by_language(lines: Sequence[str]) -> Value:
    """One text, or the texts by their languages. Raises EditError."""
    found: dict[str, Value] = {}
    for line in lines:
        said = _OF_LANGUAGE.fullmatch(line)
        if said is None:
            if len(lines) == 1:
                return line
            raise EditError(f"'{line}' has no language; write one name in each line, as fr: Usine")
        if said["language"] in found:
            raise EditError(f"names {said['language']} twice")
        found[said["language"]] = said["text"]
    return found


def written(value: Value) -> str:
    """A value as YAML in one line."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{scalar(key)}: {written(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    return "null" if value is None else _scalar(value)


def _scalar(value: str) -> str:
    """A text as YAML. References in it stay references: it is taken from the file as it is written."""
    return scalar(value).replace("$$", "$")


def _in_a_line(value: Value) -> str:
    return value if isinstance(value, str) else written(value)


def _parsed(text: str) -> Value:
    """The value of YAML in one line or several. Raises EditError."""
    document, problems = parse_yaml("", dedent("\n".join(text.splitlines())).encode())
    if problems:
        where = f" in line {problems[0].line}" if "\n" in text.strip() else ""
        raise EditError(f"is not YAML{where}: {problems[0].message.removeprefix('is not YAML: ')}")
    if document.value is None:
        raise EditError("is empty")
    return document.value


# ---------------------------------------------------------------- edits


def edited(section: Section, text: str, index: int | None, values: Mapping[str, Value]) -> str:
    """The text of the file with these values of an item; None takes a key out. Without an index, with a new item.

    Raises:
        EditError: this cannot be done without changing something else; the file must be edited as a text.
    """
    present = {key: written(value) for key, value in values.items() if value is not None}
    if index is None:
        after = with_items(text, section.value, [[f"{key}: {value}" for key, value in present.items()]])
        wanted = [*items_in(section, text), _with({}, values)]
    else:
        after = with_values(text, section.value, index, [*present.items()])
        after = without_values(after, section.value, index, [key for key in values if key not in present])
        wanted = items_in(section, text)
        wanted[index] = _with(wanted[index], values)
    return _checked(section, after, wanted)


def without(section: Section, text: str, index: int) -> str:
    """The text of the file without an item. Raises EditError."""
    wanted = items_in(section, text)
    del wanted[index]
    return _checked(section, without_item(text, section.value, index), wanted)


def _with(item: Mapping[str, Value], values: Mapping[str, Value]) -> dict[str, Value]:
    return {key: value for key, value in {**item, **values}.items() if value is not None}


def _checked(section: Section, text: str, wanted: Sequence[Mapping[str, Value]]) -> str:
    """The text, if it has the wanted items and no others."""
    if [_with(each, {}) for each in items_in(section, text)] != [_with(each, {}) for each in wanted]:
        raise EditError("this form cannot write that without changing something else; edit the text of the file")
    return text


def places_of(section: Section, text: str) -> Iterator[tuple[int, str]]:
    """Each item's position and name, in the order of the file."""
    for index, item in enumerate(items_in(section, text)):
        yield index, _in_a_line(item.get(section.name_key) or "")
