"""Run by Alembic, on the connection and in the transaction of ``migrate.upgrade``."""

from alembic import context
from sqlmodel import SQLModel

import monitor.ledger.tables  # noqa: F401 - fills the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    # SQLite cannot alter a table in place, so Alembic rewrites it.
    render_as_batch=True,
)
context.run_migrations()
