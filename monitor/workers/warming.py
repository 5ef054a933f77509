"""What is slow the first time, done while a worker has nothing else to do: few news wait for a vocabulary."""

import gc
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Article, Project, Reading
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.reader import RuleReader
from monitor.feeds.language import load_model
from monitor.feeds.page import extract_article

_PAGE = b"<html><title>Words</title><body><article><p>%s</p></article></body></html>" % (b"Words of no news. " * 50)
_PROJECT = Project(id="none", name={"": "None"}, who=("Nemo",))
# What phrases are looked for with is compiled when it is first looked for: examples of a vocabulary ask for much of it,
# and figures for the rest.
_EXAMPLES = 40
_FIGURES = "Nemo: 2026, 5 MW, 5 GWh, 5 %, 5 ha, $5 million."


def steps(lexicons: Mapping[str, Lexicon]) -> Iterator[Callable[[], object]]:
    """Each up to some seconds of work that is not to be done again, the soonest needed first.

    None keeps anything, and none asks anybody: what is read is a made-up article on a project that is made up, by the
    built-in reader.
    """
    yield load_model
    yield partial(extract_article, _PAGE, "https://example.org/", "text/html")
    reader = RuleReader([_PROJECT], lexicons, {INDUSTRIAL.name: INDUSTRIAL})
    for language in lexicons:
        yield partial(_read, language, lexicons, reader)
    yield keep_apart


def _read(language: str, lexicons: Mapping[str, Lexicon], reader: RuleReader) -> Reading:
    examples = (f"Nemo: {example.text}" for example in lexicons[language].examples[:_EXAMPLES])
    text = "\n".join((_FIGURES, *examples))
    lexicons[language].facts.prepare()
    return reader.read(Article(key="", url=None, title="Nemo", text=text, published=None, language=language))


def set_apart() -> None:
    """Look for garbage no more in what lasts as long as the configuration: all stands still meanwhile, 0.2 s each time.

    What the former configuration left goes first.
    """
    gc.unfreeze()
    keep_apart()


def keep_apart() -> None:
    """Look for garbage no more in what there is, and not at all in what was set apart: looking would copy it."""
    gc.collect()
    gc.freeze()
