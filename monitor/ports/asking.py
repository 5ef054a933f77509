"""Questions to a language model, and the Protocol of what asks them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from monitor.core.reading.answered.answer import Answer, Dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request about one article, ready to be sent."""

    body: bytes
    #: An upper bound on the tokens of question and answer together.
    most_tokens: int
    #: Identifies the question. Equal for the same text, candidates, instructions and model, whatever the article's
    #: address.
    key: str
    #: Identifies the text. Equal for the same text, whatever the question about it.
    article: str
    #: Names the article in the log.
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """The reason why a question has no answer, without secrets."""

    reason: str
    #: Whether asking again later would fail too.
    is_final: bool


class Asker(Protocol):
    """Asks a language model. Safe to share between threads."""

    @property
    def is_paused(self) -> bool:
        """Whether nothing is asked for a while, because the endpoint failed or the day's budget is spent."""
        ...

    def ask(self, question: Question) -> Answer | Unanswered:
        """Return the unchecked answer to a question. Blocks until the answer is there. Raises nothing."""
        ...

    def report(self, question: Question, dropped: Sequence[Dropped]) -> None:
        """Log the parts of the answer that failed the check."""
        ...
