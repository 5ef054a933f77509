"""Readers by the name that the configuration has for them: the rules, the trained one, ``package.module:Name``.

A language model is none of these: it reads beside one of them (``readers.model``).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Article, Project, Reading
from monitor.core.reading.explain import explain
from monitor.core.reading.explanation import Explanation
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.projects.matching import Matcher
from monitor.core.reading.reader import RuleReader
from monitor.errors import WeightsError
from monitor.ports import Reader, ReaderFactory
from monitor.readers.trained.manifest import checked, read_manifest

if TYPE_CHECKING:
    from monitor.readers.trained.reader import TrainedReader

#: What the rules are called.
RULES = "rules"
#: What the trained reader is called.
TRAINED = "trained"
#: What a language model is called, beside which one of the others reads.
MODEL = "llm"
#: Reads where the configuration names none.
DEFAULT = RULES
#: Where its weights are unless the configuration names another folder.
SHIPPED = Path(__file__).parent / "trained" / "weights"


def reader_factory(name: str, *, weights: Path | None = None, matcher: Matcher | None = None) -> ReaderFactory:
    """What makes the reader of this name.

    Args:
        name: as configured.
        weights: a folder for the trained reader.
        matcher: of the projects that it will be made for, where there is one.

    Raises:
        ValueError: there is no such thing, its module cannot be imported, or its weights cannot be read; says which.
    """
    if name == RULES:
        return partial(RuleReader, matcher=matcher)
    if name == TRAINED:
        return _trained(weights or SHIPPED, matcher)
    module, _, attribute = name.partition(":")
    try:
        found = getattr(import_module(module), attribute)
    except Exception as error:  # another's module may fail in any way
        raise ValueError(f"'{name}' cannot be loaded: {error}") from error
    if not callable(found):
        raise ValueError(f"'{name}' is no class and no function that makes a reader")  # noqa: TRY004 - of one kind
    factory: ReaderFactory = found
    return factory


def explainer(
    name: str,
    projects: Sequence[Project],
    lexicons: Mapping[str, Lexicon],
    lifecycles: Mapping[str, Lifecycle],
    *,
    weights: Path | None = None,
) -> Callable[[Article], Explanation]:
    """What shows how the reader of this name reads; the rules where that reader cannot show it.

    Raises:
        WeightsError: the weights cannot be read.
    """
    if name == TRAINED:
        return make_trained(weights or SHIPPED, projects, lexicons, lifecycles).explain
    rules = RuleReader(projects, lexicons, lifecycles)
    return lambda article: explain(article, rules)


def make_trained(
    folder: Path,
    projects: Sequence[Project],
    lexicons: Mapping[str, Lexicon],
    lifecycles: Mapping[str, Lifecycle],
    matcher: Matcher | None = None,
) -> "TrainedReader":
    """The trained reader with the weights of a folder, loaded.

    Raises:
        WeightsError: the weights cannot be read.
    """
    # Who reads nothing loads nothing of it.
    from monitor.readers.trained.reader import TrainedReader  # noqa: PLC0415 - as said
    from monitor.readers.trained.weights import load_weights  # noqa: PLC0415 - as said

    return TrainedReader(projects, lexicons, lifecycles, weights=load_weights(folder), matcher=matcher)


class DeferredReader:
    """A reader that is made when it first reads: most commands, and the service beside its workers, never read.

    Implements ``monitor.ports.Reader``.
    """

    def __init__(self, make: Callable[[], Reader]) -> None:
        self._make = make
        self._lock = Lock()

    def read(self, article: Article) -> Reading:
        """As the reader itself."""
        return self.prepare().read(article)

    def prepare(self) -> Reader:
        """Make the reader, unless it is made."""
        with self._lock:
            return self._reader

    @cached_property
    def _reader(self) -> Reader:
        return self._make()


def _trained(folder: Path, matcher: Matcher | None) -> ReaderFactory:
    try:
        manifest = read_manifest(folder)
        if folder != SHIPPED:
            checked(folder, manifest)
    except WeightsError as error:
        raise ValueError(str(error)) from error
    return lambda projects, lexicons, lifecycles: DeferredReader(
        partial(make_trained, folder, projects, lexicons, lifecycles, matcher)
    )
