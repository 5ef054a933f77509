"""What messages are written with: made at an edge, given to the core as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from monitor.core.message.tongue import Catalogue


class Layouts(Protocol):
    """The templates into which what is told is laid."""

    def render(self, template: str, values: Mapping[str, object]) -> str:
        """The text that comes of a template, such as ``change.html``, and these values. Raises nothing.

        In HTML and Markdown every value stands as text, whatever it says.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """The words of every language that messages can be written in, and how they are laid out."""

    #: By ISO 639-1 code; English among them.
    catalogues: Mapping[str, Catalogue]
    layouts: Layouts
