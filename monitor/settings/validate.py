"""Validates a document with its model: returns valid parts, and a problem in plain words for each error."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from monitor.errors import ConfigProblem
from monitor.settings.models import PARTLY
from monitor.settings.scalars import suggest
from monitor.settings.yaml_document import KeyPath, YamlDocument

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Placed(Generic[M]):
    """A valid item of a file's list, with its place."""

    path: KeyPath
    model: M
    #: The keys that are wrong. Their values are empty, or the defaults.
    wrong: frozenset[str] = frozenset()


def validate(document: YamlDocument, model: type[M], problems: list[ConfigProblem]) -> M | None:
    """The whole file. None if it has errors, which are added to the problems. An empty file has the defaults."""
    if not document.readable:
        return None
    value = {} if document.value is None else document.value
    try:
        return model.model_validate(value)
    except ValidationError as error:
        problems += [_problem(document, model, details) for details in error.errors(include_url=False)]
        return None


def validate_items(
    document: YamlDocument, file_model: type[BaseModel], key: str, item_model: type[M], problems: list[ConfigProblem]
) -> tuple[Placed[M], ...]:
    """The items of a file that is one list. The valid part of a wrong item is returned too, to be checked further."""
    whole = validate(document, file_model, problems)
    if whole is not None:
        items: Sequence[M] = getattr(whole, key)
        return tuple(Placed((key, index), item) for index, item in enumerate(items))
    written = document.value.get(key) if isinstance(document.value, dict) else None
    placed = []
    for index, item in enumerate(written if isinstance(written, list) else []):
        with suppress(ValidationError):  # reported already
            placed.append(_partly((key, index), item, item_model))
    return tuple(placed)


def _partly(path: KeyPath, item: object, model: type[M]) -> Placed[M]:
    try:
        return Placed(path, model.model_validate(item))
    except ValidationError as error:
        wrong = frozenset(str(details["loc"][0]) for details in error.errors(include_url=False) if details["loc"])
        return Placed(path, model.model_validate(item, context=PARTLY), wrong)


def _problem(document: YamlDocument, model: type[BaseModel], details: ErrorDetails) -> ConfigProblem:
    # pydantic adds parts of its own: that the error concerns a key, and the name of an alternative.
    path = tuple(part for part in details["loc"] if not str(part).startswith("["))
    return document.problem(path, _message(model, path, details))


def _message(model: type[BaseModel], path: KeyPath, details: ErrorDetails) -> str:
    kind = details["type"]
    if details["input"] is None and kind.endswith("_type"):
        return "is empty; write a value, or leave the key out"
    message = _MESSAGES[kind].format(**details.get("ctx", {})) if kind in _MESSAGES else details["msg"]
    match kind:
        case "model_type":
            return f"{message}; the keys here are {', '.join(_fields(model, path))}"
        case "extra_forbidden":
            known = _fields(model, path[:-1])
            return f"{message}{suggest(str(path[-1]), known)}; the keys here are {', '.join(known)}"
        case "missing":
            meaning = _fields(model, path[:-1]).get(str(path[-1]))
            return f"{message}: {meaning}" if meaning else message
        case "enum":
            options = re.findall(r"'([^']+)'", details["ctx"]["expected"])
            return f"{message} {', '.join(options)}{suggest(str(details['input']), options)}"
        case _:
            return message


_MESSAGES: Mapping[str, str] = {
    "extra_forbidden": "unknown key",
    "missing": "is missing",
    "model_type": "must be a mapping of keys to values",
    "dict_type": "must be a mapping: {{key: value}}",
    "list_type": "must be a list: [one, another]",
    "string_type": "must be a single text",
    "string_too_short": "is empty",
    "string_pattern_mismatch": "holds a line break or another control character",
    "string_unicode": "holds a character that is not valid Unicode",
    "string_too_long": "is too long; at most {max_length} characters",
    "too_short": "must have at least {min_length} item",
    "too_long": "has more than {max_length} items, and that is the most",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "finite_number": "must be a number",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "enum": "must be one of",
    "value_error": "{error}",
}


def _fields(model: type[BaseModel], path: KeyPath) -> dict[str, str]:
    """Key → description for the mapping at this path, with the keys as written in the files."""
    found: type[BaseModel] | None = model
    for part in path:
        if isinstance(part, str) and found is not None:
            field = next((field for name, field in found.model_fields.items() if part == (field.alias or name)), None)
            found = _model_in(field.annotation) if field is not None else None
    return {field.alias or name: field.description or "" for name, field in found.model_fields.items()} if found else {}


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - any type annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for inner in get_args(annotation) if (model := _model_in(inner)) is not None), None)
