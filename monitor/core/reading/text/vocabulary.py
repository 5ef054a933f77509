"""The vocabulary files as validated data. Every error names the key at fault, so that an operator can correct it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self


class LexiconError(ValueError):
    """A vocabulary is invalid: ``key`` is the dotted path (``events.agreed[3]``), the message says what is valid."""

    def __init__(self, key: str, message: str) -> None:
        self.key = key
        self.message = message
        super().__init__(f"{key}: {message}")


class VocabularySection:
    """A mapping in a vocabulary file that knows its path. Absent keys read as empty."""

    def __init__(self, data: Mapping[str, Any], path: str = "") -> None:
        self._data = data
        self.path = path

    def __iter__(self) -> Iterator[str]:
        """The keys, in the order of the file."""
        return iter(self._data)

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def at(self, key: str) -> str:
        """The dotted path of a key, for an error message."""
        return f"{self.path}.{key}" if self.path else key

    def section(self, key: str) -> Self:
        """The mapping under a key.

        Raises:
            LexiconError: The value is not a mapping with names as keys.
        """
        value = self._data.get(key)
        if value is None:
            value = {}
        if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
            raise LexiconError(self.at(key), "must be a mapping with names as keys")
        return type(self)(value, self.at(key))

    def text(self, key: str, default: str = "") -> str:
        """The text under a key.

        Raises:
            LexiconError: The value is not a text.
        """
        value = self._data.get(key)
        if value is None:
            return default
        if not isinstance(value, str):
            raise LexiconError(self.at(key), "must be a text (put it in quotes)")
        return value

    def number(self, key: str, default: float) -> float:
        """The number under a key.

        Raises:
            LexiconError: The value is not a number.
        """
        value = self._data.get(key)
        if value is None:
            return default
        try:
            # An operator's file is read with every scalar as text.
            return float(value)
        except (TypeError, ValueError) as error:
            raise LexiconError(self.at(key), "must be a number") from error

    def strings(self, key: str) -> tuple[str, ...]:
        """The list of texts under a key; a single text counts as a list of one.

        Raises:
            LexiconError: The value is not a list, or an item is not a text or is empty.
        """
        value = self._data.get(key)
        if value is None:
            return ()
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, Sequence):
            raise LexiconError(self.at(key), "must be a list of texts")
        for index, item in enumerate(value):
            if not isinstance(item, str) or not item.strip():
                raise LexiconError(f"{self.at(key)}[{index}]", f"{item!r} is not a text (put it in quotes)")
        return tuple(value)

    def only(self, *known: str) -> None:
        """Require that there are no other keys.

        Raises:
            LexiconError: There is another key, most likely a misspelt name.
        """
        for key in self._data:
            if key not in known:
                raise LexiconError(self.at(key), f"unknown; there may be {', '.join(known)}")


def merged(base: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Merge two vocabularies: mappings merge, lists grow, anything else is replaced by the later one.

    A mapping ``{replace: [...]}`` replaces what was there before, so that an operator can also remove words.
    """
    result = dict(base)
    for key, value in more.items():
        before = result.get(key)
        if isinstance(value, Mapping) and set(value) == {"replace"}:
            result[key] = value["replace"]
        elif isinstance(before, Mapping) and isinstance(value, Mapping):
            result[key] = merged(before, value)
        elif isinstance(before, list) and isinstance(value, list):
            result[key] = [*before, *value]
        else:
            result[key] = value
    return result
