"""What is asked of a language model, and who asks it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from monitor.core.reading.answered.answer import Answer, Dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request about one article, ready to be sent."""

    body: bytes
    #: No fewer than question and answer may cost.
    most_tokens: int
    #: The same for the same text, candidates, instructions and model, whatever the article's address.
    key: str
    #: The same for the same text, whatever is asked of it.
    article: str
    #: What the log says that it is about.
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """Why a question has no answer; free of secrets."""

    reason: str
    #: Whether it will have none later either.
    is_final: bool


class Asker(Protocol):
    """Has questions answered. Safe to share between threads."""

    @property
    def is_paused(self) -> bool:
        """Whether nothing is asked for a while: the endpoint failed, or the day's budget is spent."""
        ...

    def ask(self, question: Question) -> Answer | Unanswered:
        """The answer to a question, unchecked. Blocks while it is under way; raises nothing."""
        ...

    def report(self, question: Question, dropped: Sequence[Dropped]) -> None:
        """Log what did not hold of its answer."""
        ...
