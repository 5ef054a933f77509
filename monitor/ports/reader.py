"""The Protocol of readers of articles."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Article, Project, Reading

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
