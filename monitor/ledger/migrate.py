"""Brings a database up to this version's tables."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from monitor.errors import SchemaVersionError
from monitor.ledger.engine import describe, reading, writing

#: Any number that nobody else locks; it spells "milestone" no more than any other.
_LOCK = 7_261_944_103


def upgrade(engine: Engine) -> None:
    """Create or upgrade the tables, in one transaction, one process at a time; does nothing where they are up to date.

    Raises:
        SchemaVersionError: a newer version of the monitor has written the database.
        LedgerError: the database refused.
    """
    config = _config()
    scripts = ScriptDirectory.from_config(config)
    head = scripts.get_current_head()
    with reading(engine) as connection:
        if _version(connection) == head:
            return
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        current = _version(connection)
        if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
            raise SchemaVersionError(
                f"{describe(engine)}: written by a newer version of the monitor (schema {current}, this one knows "
                f"{head}); upgrade the monitor, or restore a backup from before"
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "monitor:ledger/migrations")
    config.set_main_option("path_separator", "os")
    return config
