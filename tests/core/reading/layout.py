"""Articles laid out as the reader lays them out, for the tests of what comes after."""

from collections.abc import Mapping
from functools import cache

from monitor.core.model import Article
from monitor.core.reading.document import Document
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.segment import segment
from monitor.settings.lexicons import load_lexicons


@cache
def lexicons() -> Mapping[str, Lexicon]:
    return load_lexicons()


def lay_out(text: str, *, title: str = "", language: str = "en") -> Document:
    article = Article(key="a", url=None, title=title, text=text, published=None, language=language)
    return segment(article, lexicons()[language])
