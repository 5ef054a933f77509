"""Upgrades a database to the tables of this version."""

from importlib import resources
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from monitor.errors import SchemaVersionError
from monitor.ledger.engine import describe, reading, writing

if TYPE_CHECKING:
    from alembic.config import Config

#: An arbitrary number that no other lock uses.
_LOCK = 7_261_944_103


def upgrade(engine: Engine) -> None:
    """Create or upgrade the tables, in one transaction, one process at a time. Does nothing if they are up to date.

    Raises:
        SchemaVersionError: a newer version of the monitor has written the database.
        LedgerError: the database refused.
    """
    with reading(engine) as connection:
        if _version(connection) == head():
            return
    # Loads 9 MB that a running service does not need.
    from alembic import command  # noqa: PLC0415 - slow to load, and seldom needed

    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        # Another process may have upgraded while this one waited.
        version = _version(connection)
        if version is not None and version not in _versions():
            raise SchemaVersionError(
                f"{describe(engine)}: written by a newer version of the monitor (schema {version}, this one "
                f"knows up to {head()}); upgrade the monitor, or restore a backup from before"
            )
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def head() -> str:
    """The version of the newest migration."""
    return max(_versions())


def _versions() -> frozenset[str]:
    """The versions of all migrations. Each migration's file name begins with its version."""
    files = resources.files("monitor.ledger.migrations.versions").iterdir()
    return frozenset(file.name.partition("_")[0] for file in files if file.name[:1].isdigit())


def _version(connection: Connection) -> str | None:
    """The version of the tables. None if there are none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def _config() -> "Config":
    """The configuration that Alembic's command line reads from a file."""
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", "monitor:ledger/migrations")
    config.set_main_option("path_separator", "os")
    return config
