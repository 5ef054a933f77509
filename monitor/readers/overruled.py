"""A reader whose results the operator's phrases overrule."""

from monitor.core.model import Article, Reading
from monitor.core.reading.overrules.overrules import Overrules
from monitor.ports import Reader


class OverruledReader:
    """Reads with another reader, then applies the operator's phrases. Safe to share between threads.

    Implements ``monitor.ports.Reader``.
    """

    def __init__(self, reader: Reader, overrules: Overrules) -> None:
        self._reader = reader
        self._overrules = overrules

    def read(self, article: Article) -> Reading:
        """The other reader's reading with the phrases applied."""
        return self._overrules.applied(article, self._reader.read(article))
