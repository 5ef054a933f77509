"""Inserts in batches, on both databases."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects import postgresql, sqlite

from monitor.ledger.rows import Values


def insert(connection: Connection, into: Table, values: Sequence[Values]) -> None:
    if values:
        connection.execute(plain_insert(into), values)


def insert_absent(connection: Connection, into: Table, values: Sequence[Values]) -> None:
    """Insert what is not there yet."""
    if values:
        connection.execute(or_else(connection, into).on_conflict_do_nothing(), values)


def insert_or_replace(connection: Connection, into: Table, values: Sequence[Values]) -> None:
    """Insert these rows, and put them in the place of those that have the same key."""
    if values:
        statement = or_else(connection, into)
        keys = [column.name for column in into.primary_key]
        others = {column.name: statement.excluded[column.name] for column in into.c if column.name not in keys}
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=others), values)


def or_else(connection: Connection, into: Table) -> Any:  # noqa: ANN401 - the dialects' inserts share no type
    """An insert that may say what to do on a conflict."""
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(into)
