"""Creates readers by their configured names: the trained reader, or ``package.module:Name``.

A language model is not created here: it reads beside one of these (``readers.model``).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Article, Project, Reading
from monitor.errors import WeightsError
from monitor.ports import Reader, ReaderFactory
from monitor.readers.trained.manifest import checked, read_manifest

# Commands that read nothing do not load what reads.
if TYPE_CHECKING:
    from monitor.core.reading.explanation import Explanation
    from monitor.core.reading.layout import Surveyor
    from monitor.core.reading.lexicon import Lexicon
    from monitor.readers.trained.reader import TrainedReader

#: The name of the trained reader.
TRAINED = "trained"
#: The name of a language model, which reads beside one of the others.
MODEL = "llm"
#: The reader by rules, which is no more: an older configuration that names it gets the default.
FORMER = "rules"
#: The reader if the configuration names none.
DEFAULT = TRAINED
#: The folder of the trained reader's weights if the configuration names none.
SHIPPED = Path(__file__).parent / "trained" / "weights"


def reader_factory(name: str, *, weights: Path | None = None, surveyor: "Surveyor | None" = None) -> ReaderFactory:
    """The factory of the reader with this name.

    Args:
        name: the configured name.
        weights: a folder for the trained reader.
        surveyor: one for the projects of the future reader, if available: then no article is laid out twice.

    Raises:
        ValueError: there is no such reader, its module cannot be imported, or its weights cannot be read. The message
            says which.
    """
    if name == TRAINED:
        return _trained(weights or SHIPPED, surveyor)
    module, _, attribute = name.partition(":")
    try:
        found = getattr(import_module(module), attribute)
    except Exception as error:  # a foreign module may fail in any way
        raise ValueError(f"'{name}' cannot be loaded: {error}") from error
    if not callable(found):
        raise ValueError(f"'{name}' is not a class or function that makes a reader")  # noqa: TRY004 - of one kind
    factory: ReaderFactory = found
    return factory


def explainer(
    projects: Sequence[Project],
    lexicons: "Mapping[str, Lexicon]",
    lifecycles: Mapping[str, Lifecycle],
    *,
    weights: Path | None = None,
) -> "Callable[[Article], Explanation]":
    """A function that explains how the trained reader reads, with what the gate on the subject makes of it.

    Raises:
        WeightsError: the weights cannot be read.
    """
    from monitor.core.reading.subject import SubjectGate  # noqa: PLC0415 - see above

    surveyor = survey(projects, lexicons)
    reader, gate = make_trained(weights or SHIPPED, surveyor, lifecycles), SubjectGate(surveyor)

    def explained(article: Article) -> "Explanation":
        how = reader.explain(article)
        return how.checked(gate.applied(article, how.reading))

    return explained


def explanation(reader: Reader, article: Article) -> "Explanation | None":
    """How this reader reads an article. None if it is one that cannot explain itself."""
    made = reader.prepare() if isinstance(reader, DeferredReader) else reader
    return made.explain(article) if isinstance(made, _Explains) else None


@runtime_checkable
class _Explains(Protocol):
    """A reader that can say how it reads, as the trained one."""

    def explain(self, article: Article) -> "Explanation": ...


def survey(projects: Sequence[Project], lexicons: "Mapping[str, Lexicon]") -> "Surveyor":
    """What lays articles out for these projects."""
    from monitor.core.reading.layout import Surveyor  # noqa: PLC0415 - see above
    from monitor.core.reading.projects.matching import Matcher  # noqa: PLC0415 - see above

    return Surveyor(projects, lexicons, Matcher(projects))


def make_trained(folder: Path, surveyor: "Surveyor", lifecycles: Mapping[str, Lifecycle]) -> "TrainedReader":
    """The trained reader with the weights of a folder, loaded.

    Raises:
        WeightsError: the weights cannot be read.
    """
    from monitor.readers.trained.reader import TrainedReader, load_weights  # noqa: PLC0415 - loaded only if used

    return TrainedReader(surveyor, lifecycles, load_weights(folder))


class DeferredReader:
    """A reader that is created on first use. Most commands, and the service outside its workers, never read.

    Implements ``monitor.ports.Reader``.
    """

    def __init__(self, make: Callable[[], Reader]) -> None:
        self._make = make
        self._lock = Lock()

    def read(self, article: Article) -> Reading:
        """Read with the reader, which is created first if necessary."""
        return self.prepare().read(article)

    def prepare(self) -> Reader:
        """Create the reader if it does not exist yet, and return it."""
        with self._lock:
            return self._reader

    @cached_property
    def _reader(self) -> Reader:
        return self._make()


def _trained(folder: Path, surveyor: "Surveyor | None") -> ReaderFactory:
    try:
        manifest = read_manifest(folder)
        if folder != SHIPPED:
            checked(folder, manifest)
    except WeightsError as error:
        raise ValueError(str(error)) from error
    return lambda projects, lexicons, lifecycles: DeferredReader(
        lambda: make_trained(folder, surveyor or survey(projects, lexicons), lifecycles)
    )
