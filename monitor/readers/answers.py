"""A cache of answers and a record of their cost: an SQLite file beside the database.

It is not part of the ledger. It may be deleted while nothing runs; the same questions are then asked and paid again.
It also keeps the budget, so that neither a restart nor a second process spends the day's budget twice.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path

from monitor.errors import LedgerError

_TABLES = """
CREATE TABLE IF NOT EXISTS answer (question TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS request (
  id INTEGER PRIMARY KEY, day TEXT NOT NULL, article TEXT NOT NULL, tokens INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS miss (question TEXT PRIMARY KEY, times INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS request_day ON request (day, tokens);
CREATE INDEX IF NOT EXISTS request_article ON request (article, tokens);
"""


class Spent(StrEnum):
    """The budget that is exhausted."""

    DAY = "the budget of the day is spent"
    ARTICLE = "the budget of the article is spent"


class Answers:
    """The file. Safe to share between threads and processes. Every method raises LedgerError if it is unusable."""

    def __init__(
        self,
        file: Path,
        *,
        requests_per_day: int,
        tokens_per_day: int,
        requests_per_article: int,
        tokens_per_article: int,
    ) -> None:
        """Prepare. The file is created on first use."""
        self._file = file
        self._per_day = (requests_per_day, tokens_per_day)
        self._per_article = (requests_per_article, tokens_per_article)

    def recall(self, question: str) -> str | None:
        """The kept answer to a question. None if there is none."""
        with self._opened() as file:
            row = file.execute("SELECT content FROM answer WHERE question = ?", (question,)).fetchone()
            return str(row[0]) if row is not None else None

    def keep(self, question: str, content: str) -> None:
        """Keep an answer for ever."""
        with self._opened() as file:
            file.execute("INSERT OR REPLACE INTO answer VALUES (?, ?)", (question, content))

    def reserve(self, article: str, *, day: date, tokens: int) -> int | Spent:
        """Reserve a request with its maximum of tokens in the budget, before it is sent.

        Args:
            article: the article that the request is about. Its budget is never renewed.
            day: the day of the request, in UTC.
            tokens: the maximum cost.

        Returns:
            The number of the request, or the budget that is exhausted.
        """
        with self._opened() as file:
            # Lock first: otherwise two processes could both see the last free request.
            file.execute("BEGIN IMMEDIATE")
            for what, column, value, (requests, limit) in (
                (Spent.DAY, "day", day.isoformat(), self._per_day),
                (Spent.ARTICLE, "article", article, self._per_article),
            ):
                query = f"SELECT count(*), coalesce(sum(tokens), 0) FROM request WHERE {column} = ?"  # noqa: S608 - ours
                made, used = file.execute(query, (value,)).fetchone()
                if made >= requests or used + tokens > limit:
                    file.execute("ROLLBACK")
                    return what
            query = "INSERT INTO request (day, article, tokens) VALUES (?, ?, ?)"
            number = file.execute(query, (day.isoformat(), article, tokens)).lastrowid
            file.execute("COMMIT")
            assert number is not None
            return number

    def charge(self, request: int, tokens: int) -> None:
        """Record the actual cost of a request."""
        with self._opened() as file:
            file.execute("UPDATE request SET tokens = ? WHERE id = ?", (tokens, request))

    def release(self, request: int, *, is_free: bool) -> None:
        """Record that a request had no answer. It still counts for its day, but not for its article.

        Args:
            request: the number of the request.
            is_free: whether it certainly cost no tokens.
        """
        cost = ", tokens = 0" if is_free else ""
        with self._opened() as file:
            file.execute(f"UPDATE request SET article = ''{cost} WHERE id = ?", (request,))  # noqa: S608 - ours

    def misses(self, question: str) -> int:
        """How often the answer to a question was unusable."""
        with self._opened() as file:
            row = file.execute("SELECT times FROM miss WHERE question = ?", (question,)).fetchone()
            return int(row[0]) if row is not None else 0

    def miss(self, question: str) -> None:
        """Count another unusable answer."""
        with self._opened() as file:
            counted = "ON CONFLICT (question) DO UPDATE SET times = times + 1"
            file.execute(f"INSERT INTO miss VALUES (?, 1) {counted}", (question,))  # noqa: S608 - ours

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._file, timeout=10, isolation_level=None)) as file:
                file.executescript(_TABLES)
                yield file
        except (sqlite3.Error, OSError) as error:
            raise LedgerError(f"the file of answers {self._file} cannot be used: {error}") from error
