"""Does slow first-time work in advance, so that few articles wait for a vocabulary to compile."""

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
# Patterns are compiled at their first search. The examples of a vocabulary use most of them, and these figures the
# rest.
_EXAMPLES = 40
_FIGURES = "Nemo: 2026, 5 MW, 5 GWh, 5 %, 5 ha, $5 million."


def steps(lexicons: Mapping[str, Lexicon]) -> Iterator[Callable[[], object]]:
    """Yield steps of up to some seconds of one-time work, the soonest needed first.

    No step stores anything or uses the network. They read a made-up article on a made-up project with the built-in
    reader.
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
    """Exclude long-lived objects from garbage collection, which would stop everything for 0.2 s each time.

    The objects of the former configuration are collected first.
    """
    gc.unfreeze()
    keep_apart()


def keep_apart() -> None:
    """Collect garbage once, then exclude all remaining objects from garbage collection.

    Objects that were excluded before are not scanned: a scan would copy their memory.
    """
    gc.collect()
    gc.freeze()
