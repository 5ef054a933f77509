"""What reads articles."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Article, Project, Reading
from monitor.core.reading.lexicon import Lexicon


class Reader(Protocol):
    """Reads articles. The built-in one is ``monitor.core.reading.reader.RuleReader``; ``reader.use`` names another."""

    def read(self, article: Article) -> Reading:
        """All that the article says of the projects.

        Raises nothing on any text. Called in threads, several at a time, and never in that of an event loop, so it may
        block. The same article gives the same reading, in every process: a reader that asks something outside keeps the
        answers. Claims and facts are of projects that the reading names, in stages of their lifecycles or conditions,
        and their evidence is words of the article as published.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOutcome:
    """What came of reading an article."""

    reading: Reading
    #: Whether another reader stood in for a language model that could not be asked: it is to be read again.
    is_provisional: bool = False


#: (projects, vocabulary by language, lifecycles by name) → reader; called at start and after every edit.
ReaderFactory = Callable[[Sequence[Project], Mapping[str, Lexicon], Mapping[str, Lifecycle]], Reader]
