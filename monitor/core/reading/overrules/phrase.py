"""Phrases of the operator that always or never mean a claim: values."""

from dataclasses import dataclass

from monitor.core.model import Claim, State


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseExample:
    """A sentence, and the claims that the operator's phrases must find in it."""

    text: str
    #: ``stage state`` each.
    claims: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words that always or never mean a claim."""

    language: str
    #: Any of these words; matched whole, as the names of a project are.
    words: tuple[str, ...]
    #: True if the words always mean the claim, False if they never do.
    is_always: bool
    stage: str
    #: Exactly one if the words always mean it.
    states: tuple[State, ...]
    #: The ids of the projects that the phrase applies to. None for all.
    projects: tuple[str, ...] | None = None
    #: They test the phrase and affect no reading.
    examples: tuple[PhraseExample, ...] = ()

    def is_about(self, claim: Claim) -> bool:
        """Whether the words always or never mean this claim."""
        return claim.stage == self.stage and claim.state in self.states and self.holds_of(claim.project)

    def holds_of(self, project: str) -> bool:
        """Whether the phrase applies to this project."""
        return self.projects is None or project in self.projects
