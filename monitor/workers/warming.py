"""Does slow first-time work in advance, so that few articles wait for a vocabulary to compile."""

import gc
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from monitor.core.model import Article, Project
from monitor.core.reading.layout import Layout, Surveyor
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.projects.matching import Matcher
from monitor.feeds.language import load_model
from monitor.feeds.page import extract_article

_PAGE = b"<html><title>Words</title><body><article><p>%s</p></article></body></html>" % (b"Words of no news. " * 50)
_PROJECT = Project(id="none", name={"": "None"}, who=("Nemo",))
# Patterns are compiled at their first search.
_TEXT = "Nemo: 2026, 5 MW, 5 GWh, 5 %, 5 ha, $5 million."


def steps(lexicons: Mapping[str, Lexicon]) -> Iterator[Callable[[], object]]:
    """Yield steps of up to some seconds of one-time work, the soonest needed first.

    No step stores anything or uses the network. They lay out a made-up article on a made-up project.
    """
    yield load_model
    yield partial(extract_article, _PAGE, "https://example.org/", "text/html")
    surveyor = Surveyor([_PROJECT], lexicons, Matcher([_PROJECT]))
    for language in lexicons:
        yield partial(_lay_out, language, lexicons, surveyor)
    yield keep_apart


def _lay_out(language: str, lexicons: Mapping[str, Lexicon], surveyor: Surveyor) -> Layout | None:
    lexicons[language].amounts.prepare()
    return surveyor.lay_out(Article(key="", url=None, title="Nemo", text=_TEXT, published=None, language=language))


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
