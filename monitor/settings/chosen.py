"""Edits of the reader in ``monitor.yaml``, as texts of the file."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from monitor.errors import ConfigError, Problem
from monitor.settings.editing import EditError, scalar, with_setting, without_setting
from monitor.settings.files import MONITOR
from monitor.settings.writing import read_text
from monitor.settings.yaml_document import parse_yaml

Texts = Mapping[str, str]
#: Where a key is, outside of the file.
_REFERENCE = re.compile(r"\$\{(?:[A-Za-z_][A-Za-z0-9_]*|file:[^{}]+)\}")


def is_reference(api_key: str) -> bool:
    """Whether this is ``${NAME}`` or ``${file:PATH}``, and so not the key itself."""
    return _REFERENCE.fullmatch(api_key) is not None


def described_model(folder: Path) -> tuple[str, str] | None:
    """The endpoint and the name of the language model that is described, whether it reads or not. As written."""
    document = parse_yaml(MONITOR, read_text(folder / MONITOR).encode())[0].value
    reader = document.get("reader") if isinstance(document, dict) else None
    model = reader.get("llm") if isinstance(reader, dict) else None
    if not isinstance(model, dict):
        return None
    endpoint, name = model.get("endpoint"), model.get("model")
    return (endpoint, name) if isinstance(endpoint, str) and isinstance(name, str) else None


def with_reader(folder: Path, name: str) -> Texts:
    """The file with the reader of this name. Raises ConfigError."""
    return _edited(folder, lambda text: with_setting(text, ("reader", "use"), name))


def with_model(folder: Path, endpoint: str, model: str, api_key: str) -> Texts:
    """The file with this language model as the reader.

    What else is described of a language model stays, its key only if the endpoint is the same: no other may learn it.

    Raises:
        ConfigError: it cannot be written so.
    """
    described = described_model(folder)
    is_elsewhere = described is not None and described[0] != endpoint

    def edit(text: str) -> str:
        text = with_setting(text, ("reader", "use"), "llm")
        text = with_setting(text, ("reader", "llm", "endpoint"), scalar(endpoint))
        text = with_setting(text, ("reader", "llm", "model"), scalar(model))
        if api_key:
            return with_setting(text, ("reader", "llm", "api_key"), json.dumps(api_key, ensure_ascii=False))
        return without_setting(text, ("reader", "llm", "api_key")) if is_elsewhere else text

    return _edited(folder, edit)


def _edited(folder: Path, edit: Callable[[str], str]) -> Texts:
    try:
        return {MONITOR: edit(read_text(folder / MONITOR))}
    except EditError as error:
        raise ConfigError([Problem(file=str(folder / MONITOR), line=None, key="reader", message=str(error))]) from error
