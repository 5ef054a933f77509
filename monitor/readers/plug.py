"""Readers by the name that the configuration has for them: the rules, the trained one, ``package.module:Name``.

A language model is none of these: it reads beside one of them (``readers.model``).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Article, Project
from monitor.core.reading.explain import explain
from monitor.core.reading.explanation import Explanation
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.projects.matching import Matcher
from monitor.core.reading.reader import RuleReader
from monitor.errors import WeightsError
from monitor.ports import ReaderFactory

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
#: The file in a folder of weights that says what all others must be.
MANIFEST = "manifest.json"
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
    name: str | None,
    projects: Sequence[Project],
    lexicons: Mapping[str, Lexicon],
    lifecycles: Mapping[str, Lifecycle],
    *,
    weights: Path | None = None,
) -> Callable[[Article], Explanation]:
    """What shows how the reader of this name reads; the rules where that reader cannot show it.

    Raises:
        ValueError: as ``reader_factory``.
    """
    if name == TRAINED:
        reader = _trained(weights or SHIPPED, None)(projects, lexicons, lifecycles)
        return reader.explain
    rules = RuleReader(projects, lexicons, lifecycles)
    return lambda article: explain(article, rules)


def _trained(folder: Path, matcher: Matcher | None) -> "Callable[..., TrainedReader]":
    # Who reads by rules loads nothing of it.
    from monitor.readers.trained.reader import TrainedReader  # noqa: PLC0415 - as said
    from monitor.readers.trained.weights import load_weights  # noqa: PLC0415 - as said

    try:
        return partial(TrainedReader, weights=load_weights(folder), matcher=matcher)
    except WeightsError as error:
        raise ValueError(str(error)) from error
