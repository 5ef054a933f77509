"""Inserts in batches, on both databases."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects import sqlite

from monitor.ledger.rows import Values


def insert(connection: Connection, into: Table, values: Sequence[Values]) -> None:
    if values:
        connection.execute(plain_insert(into), values)


def insert_absent(connection: Connection, into: Table, values: Sequence[Values]) -> None:
    """Insert the rows that do not exist yet."""
    if values:
        connection.execute(or_else(connection.dialect.name, into).on_conflict_do_nothing(), values)


def insert_or_replace(connection: Connection, into: Table, values: Sequence[Values], key: str | None = None) -> None:
    """Insert these rows. A row with the same key is replaced.

    Args:
        connection: the connection, in a transaction.
        into: the table.
        values: the rows.
        key: the column that is the key. None for the primary key.
    """
    if values:
        connection.execute(_upsert(connection.dialect.name, into, key), values)


@cache
def _upsert(dialect: str, into: Table, key: str | None) -> Any:  # noqa: ANN401 - as below
    """Cached: compiling such a statement takes longer than running it."""
    statement = or_else(dialect, into)
    primary = [column.name for column in into.primary_key]
    keys = primary if key is None else [key]
    others = {column.name: statement.excluded[column.name] for column in into.c if column.name not in {*keys, *primary}}
    return statement.on_conflict_do_update(index_elements=keys, set_=others)


def or_else(dialect: str, into: Table) -> Any:  # noqa: ANN401 - the dialects' inserts share no type
    """An insert that supports a conflict clause."""
    if dialect == "sqlite":
        return sqlite.insert(into)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - slow to load, and most monitors use SQLite

    return postgresql.insert(into)
