"""Where the words that a model quotes stand in an article."""

from collections.abc import Iterator

from monitor.core.reading.text.document import Document, Span
from monitor.core.reading.text.text import Text

#: A quote that stands in more places is looked at in the first of them.
_MOST_PLACES = 16
#: Signs that models write for one another; folding makes the other quotation marks and hyphens one already.
_ALIKE = str.maketrans({**dict.fromkeys("“”„‟«»″", '"'), **dict.fromkeys("–—―", "-"), **dict.fromkeys("\t\r\n", " ")})


class Quotes:
    """Finds quotes in one article; letter case and the shapes of quotation marks, dashes and spaces may differ."""

    def __init__(self, document: Document) -> None:
        self._text = document.text.lower.translate(_ALIKE)

    def find(self, quote: str) -> Iterator[Span]:
        """The places of a quote in the folded text, in their order; none for one without a letter or digit."""
        wanted = Text.of(quote.strip()).lower.translate(_ALIKE)
        if not any(char.isalnum() for char in wanted):
            return
        at = -1
        for _ in range(_MOST_PLACES):
            at = self._text.find(wanted, at + 1)
            if at < 0:
                return
            yield Span(at, at + len(wanted))
