"""What is slow the first time, done before it is needed: no news waits until a vocabulary is compiled."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Article, Project
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.reader import RuleReader
from monitor.feeds.language import load_model
from monitor.feeds.page import extract_article

_PAGE = b"<html><title>Words</title><body><article><p>%s</p></article></body></html>" % (b"Words of no news. " * 50)
_PROJECT = Project(id="none", name={"": "None"}, who=("Nemo",))


def steps(lexicons: Mapping[str, Lexicon]) -> Iterator[Callable[[], object]]:
    """Each up to some seconds of work that is not to be done again, the soonest needed first.

    None keeps anything, and none asks anybody: what is read is one line on a project that is made up, by the built-in
    reader.
    """
    yield load_model
    yield partial(extract_article, _PAGE, "https://example.org/", "text/html")
    reader = RuleReader([_PROJECT], lexicons, {INDUSTRIAL.name: INDUSTRIAL})
    for language in lexicons:
        article = Article(key="", url=None, title="Nemo", text="Nemo: 2026.", published=None, language=language)
        yield partial(reader.read, article)
