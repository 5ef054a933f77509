"""Stores the former contents of the configuration's files."""

import zlib
from collections.abc import Collection, Sequence

from sqlalchemy import Engine, RowMapping, delete, insert, select

from monitor.ledger.engine import reading, writing
from monitor.ledger.tables import FILE_EDITIONS
from monitor.ports import KEPT_EDITIONS, FileEdition


class SQLFileEditions:
    """``ports.FileEditions`` on SQLite or PostgreSQL. The contents are compressed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, edition: FileEdition) -> None:
        is_of_file = FILE_EDITIONS.c.file == edition.file
        values = {
            "at": edition.at,
            "actor": edition.actor,
            "file": edition.file,
            "content": zlib.compress(edition.content),
        }
        newest = select(FILE_EDITIONS.c.id).where(is_of_file).order_by(FILE_EDITIONS.c.id.desc()).limit(KEPT_EDITIONS)
        with writing(self._engine) as connection:
            connection.execute(insert(FILE_EDITIONS), [values])
            kept = connection.scalars(newest).all()
            connection.execute(delete(FILE_EDITIONS).where(is_of_file, FILE_EDITIONS.c.id < min(kept)))

    def files(self) -> Collection[str]:
        with reading(self._engine) as connection:
            return connection.scalars(select(FILE_EDITIONS.c.file).distinct()).all()

    def edition(self, number: int) -> FileEdition | None:
        with reading(self._engine) as connection:
            row = connection.execute(select(FILE_EDITIONS).where(FILE_EDITIONS.c.id == number)).mappings().first()
        return _edition(row) if row is not None else None

    def last(self, file: str, *, before: int | None = None) -> FileEdition | None:
        return next(iter(self.editions(file=file, before=before, limit=1)), None)

    def editions(self, *, file: str | None = None, before: int | None = None, limit: int) -> Sequence[FileEdition]:
        query = select(FILE_EDITIONS).order_by(FILE_EDITIONS.c.id.desc()).limit(limit)
        if file is not None:
            query = query.where(FILE_EDITIONS.c.file == file)
        if before is not None:
            query = query.where(FILE_EDITIONS.c.id < before)
        with reading(self._engine) as connection:
            return [_edition(row) for row in connection.execute(query).mappings()]


def _edition(row: RowMapping) -> FileEdition:
    return FileEdition(**{**row, "content": zlib.decompress(row["content"])})
