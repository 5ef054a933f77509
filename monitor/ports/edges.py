"""The edges besides the ledger: fetching, reading, asking a language model, sending."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Article, Project, Reading
from monitor.core.news import Message
from monitor.core.reading.answered.answer import Answer, Dropped

# Fetching: the Protocol for requests to any address, and their results ------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """The validators of a server's answer (RFC 9110 section 8.8). Opaque, sent back byte for byte."""

    etag: str | None = None
    last_modified: str | None = None


NO_VALIDATORS = Validators()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A complete document. Transfer and content codings are decoded, the charset is not."""

    #: The address that answered, after redirects.
    url: str
    body: bytes
    #: The Content-Type header as sent, or "".
    content_type: str
    validators: Validators
    #: The address for the next request. Set only if every redirect on the way was permanent (301, 308).
    moved_to: str | None = None
    #: Seconds for which the answer stays fresh according to the server. None if the server does not say.
    max_age: float | None = None
    #: Seconds from the request to the last byte, including redirects. None if no request was made.
    latency: float | None = field(default=None, compare=False)
    #: The hub that pushes the document and its topic, as the Link headers name them (core.polling.websub).
    hub: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server answered 304: nothing has changed."""

    #: These mean the same as in ``Fetched``.
    moved_to: str | None = None
    max_age: float | None = None
    latency: float | None = field(default=None, compare=False)


class Fetcher(Protocol):
    """The only way to any address."""

    async def fetch(
        self, url: str, *, validators: Validators = NO_VALIDATORS, is_page: bool = False
    ) -> Fetched | NotModified:
        """Fetch a document.

        Time, size and redirects are bounded. Every address on the way is checked before the connection is made. A page
        is fetched only if its site allows it, and as slowly as the site asks.

        Raises:
            FetchError: the fetch failed; the error says whether this is temporary. ``ForbiddenAddressError`` if the
                guard refused, ``DisallowedError`` if the site did.
        """
        ...

    async def reaches(self, url: str) -> bool:
        """Whether a connection to the host of an address can be made now. Nothing is sent over it."""
        ...


# The Protocol of readers of articles ----------------------------------------------------------------------------------


# Whoever only knows of readers does not load the vocabulary.
if TYPE_CHECKING:
    from monitor.core.reading.lexicon import Lexicon


class Reader(Protocol):
    """Reads articles. The built-in one is ``monitor.core.reading.reader.RuleReader``; ``reader.use`` names another."""

    def read(self, article: Article) -> Reading:
        """Return everything that the article says about the projects.

        Raises nothing on any text. It may block: it is called in several threads at a time, never in the thread of an
        event loop. The same article gives the same reading in every process; a reader that asks an outside service
        stores the answers. Claims and facts are of projects that the reading names. Their stages are those of the
        project's lifecycle, or conditions. Their evidence is quoted from the article as published.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOutcome:
    """The result of reading an article."""

    reading: Reading
    #: Whether another reader stood in for a language model that could not be asked. The article is to be read again.
    is_provisional: bool = False


#: (projects, vocabulary by language, lifecycles by name) → reader. Called at start and after every edit.
ReaderFactory = Callable[[Sequence[Project], "Mapping[str, Lexicon]", Mapping[str, Lifecycle]], Reader]


# Sending: the Protocol for one message to one destination, and the result of an attempt -------------------------------


class Outcome(StrEnum):
    """How an attempt ended."""

    SENT = "sent"
    #: The destination refused or was unreachable. A later attempt may succeed.
    FAILED = "failed"
    #: It timed out or partly succeeded: the receiver may have the message.
    UNKNOWN = "unknown"
    #: The destination is unusable as written. Another attempt would not help.
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendResult:
    outcome: Outcome
    #: The answer of the service, without secrets.
    detail: str = ""
    #: The seconds that the service asked to wait, if it did.
    retry_after: float | None = None


class Sender(Protocol):
    """Sends one message to one destination."""

    def send(self, url: str, message: Message) -> SendResult:
        """Send the message. Never raises for what a destination does. Blocks at most for the sender's time limit."""
        ...


# Questions to a language model, and the Protocol of what asks them ----------------------------------------------------


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
