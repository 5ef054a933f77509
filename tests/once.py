"""What many tests need and what is the same each time: made once for all tests of a process."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect

from monitor.core.reading.lexicon import Lexicon
from monitor.ledger import engine

#: Compiles a vocabulary, each time anew.
COMPILING = Lexicon.from_mapping


def compile_once(patch: pytest.MonkeyPatch) -> None:
    """Compile each vocabulary once."""
    compiled: dict[str, Lexicon] = {}

    def from_mapping(mapping: Mapping[str, Any], common: Mapping[str, Any]) -> Lexicon:
        words = json.dumps([mapping, common])
        if words not in compiled:
            compiled[words] = COMPILING(mapping, common)
        return compiled[words]

    patch.setattr(Lexicon, "from_mapping", from_mapping)


def migrate_once(patch: pytest.MonkeyPatch) -> None:
    """Migrate one empty SQLite database, and make the same tables in the others."""
    migrating = command.upgrade
    made: list[str] = []

    def upgrade(config: Config, revision: str) -> None:
        connection: Connection = config.attributes["connection"]
        is_new = (
            revision == "head" and connection.dialect.name == "sqlite" and not inspect(connection).get_table_names()
        )
        if is_new and made:
            for statement in made:
                connection.exec_driver_sql(statement)
            return
        migrating(config, revision)
        if is_new:
            database = connection.connection.driver_connection
            assert isinstance(database, sqlite3.Connection)
            # Between the beginning and the end of a transaction.
            made.extend(list(database.iterdump())[1:-1])

    patch.setattr(command, "upgrade", upgrade)


def forget_the_disk(patch: pytest.MonkeyPatch) -> None:
    """Let SQLite wait for no disk: nobody pulls the plug."""
    preparing = engine._prepare_sqlite

    def prepare(connection: sqlite3.Connection, record: object) -> None:
        preparing(connection, record)
        connection.execute("PRAGMA synchronous=OFF")

    patch.setattr(engine, "_prepare_sqlite", prepare)
