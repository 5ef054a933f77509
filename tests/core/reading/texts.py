"""Short articles, and the shipped vocabularies to read them by."""

from collections.abc import Mapping
from functools import cache

from monitor.core.model import Article
from monitor.core.periods import Period
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.segment import segment
from monitor.core.reading.text.document import Document
from monitor.settings.lexicons import load_lexicons


@cache
def lexicons() -> Mapping[str, Lexicon]:
    return load_lexicons()


def make_text(text: str, *, title: str = "", language: str | None = "en", published: str | None = None) -> Article:
    return Article(
        key="a",
        url=None,
        title=title,
        text=text,
        published=Period.parse(published) if published else None,
        language=language,
    )


def lay_out(text: str, *, title: str = "", language: str = "en", published: str | None = None) -> Document:
    return segment(make_text(text, title=title, language=language, published=published), lexicons()[language])
