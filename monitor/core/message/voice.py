"""What messages are written with: made at an edge, given to the core as a value."""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.core.wording.words import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """The words of every language that messages can be written in."""

    wordings: Mapping[str, Wording]
