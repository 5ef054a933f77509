"""Finds the words that a model quotes in an article."""

from collections.abc import Iterator

from monitor.core.reading.text.document import Document, Span
from monitor.core.reading.text.text import Text

#: The most places at which a quote is looked up: the first ones.
_MOST_PLACES = 16
#: Characters that models write for one another. Folding already unifies other quotation marks and hyphens.
_ALIKE = str.maketrans({**dict.fromkeys("“”„‟«»″", '"'), **dict.fromkeys("–—―", "-"), **dict.fromkeys("\t\r\n", " ")})


class Quotes:
    """Finds quotes in one article. Letter case and the shapes of quotation marks, dashes and spaces may differ."""

    def __init__(self, document: Document) -> None:
        self._text = document.text.lower.translate(_ALIKE)

    def find(self, quote: str) -> Iterator[Span]:
        """The places of a quote in the folded text, in order. Nothing for a quote without a letter or digit."""
        wanted = Text.of(quote.strip()).lower.translate(_ALIKE)
        if not any(char.isalnum() for char in wanted):
            return
        at = -1
        for _ in range(_MOST_PLACES):
            at = self._text.find(wanted, at + 1)
            if at < 0:
                return
            yield Span(at, at + len(wanted))
