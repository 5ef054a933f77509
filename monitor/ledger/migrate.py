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
    scripts = ScriptDirectory.from_config(_config())
    with reading(engine) as connection:
        if _is_current(connection, scripts):
            return
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        # Another process may have done it while this one waited.
        if not _is_current(connection, scripts):
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _is_current(connection: Connection, scripts: ScriptDirectory) -> bool:
    version, head = MigrationContext.configure(connection).get_current_revision(), scripts.get_current_head()
    if version is not None and version not in {script.revision for script in scripts.walk_revisions()}:
        raise SchemaVersionError(
            f"{describe(connection.engine)}: written by a newer version of the monitor (schema {version}, this one "
            f"knows up to {head}); upgrade the monitor, or restore a backup from before"
        )
    return version == head


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "monitor:ledger/migrations")
    config.set_main_option("path_separator", "os")
    return config
