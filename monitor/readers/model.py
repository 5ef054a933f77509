"""The language model reader in one process: it asks about the whole article, and combines it with another reader.

The service does the same in three steps, since its workers have no network (``workers.documents``).
"""

from monitor.core.model import Article, Reading
from monitor.ports import Asker, Reader, Unanswered
from monitor.readers.examiner import Examiner


class ModelReader:
    """Asks and reads in one process. Blocks during a question. Safe to share between threads.

    Implements ``monitor.ports.Reader``. Without an answer, the other reader's reading is returned.
    """

    def __init__(self, other: Reader, examiner: Examiner, asker: Asker) -> None:
        self._other = other
        self._examiner = examiner
        self._asker = asker

    def read(self, article: Article) -> Reading:
        """Everything that the article says about the projects, in the order of the configuration."""
        reading = self._other.read(article)
        question = self._examiner.question(article)
        if question is None or isinstance(answer := self._asker.ask(question), Unanswered):
            return reading
        reading, dropped = self._examiner.conclude(article, answer, reading)
        self._asker.report(question, dropped)
        return reading
