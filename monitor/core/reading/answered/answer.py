"""An answer of a language model as values; nothing in it is believed yet. And what does not hold of it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidClaim:
    """A claim as the model says it."""

    project: str
    stage: str
    state: str
    date: str | None
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidFact:
    """A fact as the model says it."""

    project: str
    kind: str
    value: float
    unit: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """All that the model says of one article."""

    #: The projects that the article concerns.
    projects: tuple[str, ...]
    claims: tuple[SaidClaim, ...]
    facts: tuple[SaidFact, ...]
    #: Claims and facts that do not have the form that was asked for.
    malformed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """What does not hold in an answer, and why; says nothing in the answer's own words."""

    #: ``project``, ``claim``, ``date`` or ``fact``.
    what: str
    reason: str
    #: One of those that were asked about; None where the answer names another.
    project: str | None = None
    #: Of a claim its stage, of a fact its kind; None where the answer names another than was asked for.
    of: str | None = None

    @property
    def said(self) -> Mapping[str, str]:
        """The same by name, for a log."""
        about = {"what": self.what, "project": self.project, "of": self.of, "reason": self.reason}
        return {name: value for name, value in about.items() if value is not None}
