"""The catalogues and templates of messages. An outer package makes them and passes them to the core as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from monitor.core.message.tongue import Catalogue


class Layouts(Protocol):
    """The templates of messages."""

    def render(self, template: str, values: Mapping[str, object]) -> str:
        """The text of a template, such as ``change.html``, filled with these values. Raises nothing.

        In HTML and Markdown every value appears as text, whatever it contains.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """The catalogues of every language that messages can be written in, and the templates."""

    #: By ISO 639-1 code. English is among them.
    catalogues: Mapping[str, Catalogue]
    layouts: Layouts
