"""A reader with the phrases of an operator above it."""

from monitor.core.model import Article, Reading
from monitor.core.reading.overrules.overrules import Overrules
from monitor.ports import Reader


class OverruledReader:
    """Reads as another reader does, but for what the operator knows better. Safe to share between threads.

    Implements ``monitor.ports.Reader``.
    """

    def __init__(self, reader: Reader, overrules: Overrules) -> None:
        self._reader = reader
        self._overrules = overrules

    def read(self, article: Article) -> Reading:
        """The other reader's reading, overruled."""
        return self._overrules.applied(article, self._reader.read(article))
