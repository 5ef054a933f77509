"""A language model's answer as values, before anything in it is checked; and what the check drops."""

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
    """Everything that the model says about one article."""

    #: The projects that the article concerns.
    projects: tuple[str, ...]
    claims: tuple[SaidClaim, ...]
    facts: tuple[SaidFact, ...]
    #: The number of claims and facts that do not have the requested form.
    malformed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A part of an answer that does not hold, and why. Contains no text of the answer."""

    #: ``project``, ``claim``, ``date`` or ``fact``.
    what: str
    reason: str
    #: A project that was asked about. None if the answer names another.
    project: str | None = None
    #: The stage of a claim or the kind of a fact. None if it is not one that was asked for.
    of: str | None = None

    @property
    def said(self) -> Mapping[str, str]:
        """The fields that have a value, by name, for a log."""
        about = {"what": self.what, "project": self.project, "of": self.of, "reason": self.reason}
        return {name: value for name, value in about.items() if value is not None}
