"""``reading.yaml``: the phrases by which the operator overrules the reader."""

from typing import Annotated

from pydantic import Field

from monitor.core.model import State
from monitor.settings.models.base import ABSENT_IS_EMPTY, MOST_WORDS, Strict
from monitor.settings.scalars import Claims, Language, OneClaim, Text, Word


class PhraseExampleSettings(Strict):
    """A sentence that proves the phrase."""

    text: Text = Field(description="The sentence.", examples=["Acme a donné le premier coup de pioche de son usine."])
    claims: list[OneClaim] = Field(
        description="What it says, each as a stage and a state; [] for nothing.", examples=[["construction reached"]]
    )


class PhraseSettings(Strict):
    """Words that always or never mean a claim."""

    language: Language = Field(description="ISO 639 code of the articles that the words are looked for in.")
    words: list[Word] = Field(
        min_length=1,
        max_length=MOST_WORDS,
        description="Any of them; matched whole, whatever their case and accents.",
        examples=[["premier coup de pioche"]],
    )
    always: OneClaim | None = Field(
        default=None, description="The stage or condition, and its state, that a sentence with the words tells."
    )
    never: Claims | None = Field(
        default=None,
        description="The stage or condition that a sentence with the words does not tell; with a state, or in any.",
    )
    projects: list[Text] = Field(
        default=["*"],
        min_length=1,
        description="Project ids, patterns of them (btr-*), or tags (tag:battery); all when absent.",
    )
    examples: list[PhraseExampleSettings] = Field(
        min_length=1,
        max_length=100,
        description="At least one sentence with the words, and what it says; monitor check proves them.",
    )

    @property
    def meant(self) -> tuple[str, tuple[State, ...]]:
        """The stage or condition, and the states, that the words always or never mean."""
        meant = self.always or self.never
        assert meant is not None, "one of them is there"
        return meant


class ReadingFile(Strict):
    """reading.yaml: what the operator knows better than the reader."""

    phrases: Annotated[list[PhraseSettings], ABSENT_IS_EMPTY] = Field(
        default=[], description="In any order.", json_schema_extra={"type": ["array", "null"]}
    )
