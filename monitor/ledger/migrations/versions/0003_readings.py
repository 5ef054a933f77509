"""Readings as editions: an article may be read anew, and what was known before stays on record.

Every article so far has been read once, and its reading takes its number. The way back is open for as long as that is
so: the first schema has no place for a second reading.

Revision: 0003
"""

import sqlalchemy as sa
from alembic import op

from monitor.errors import SchemaVersionError
from monitor.ledger.columns import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: SQLite gives foreign keys no name; these are the ones that PostgreSQL gives them.
_NAMING = {"fk": "%(table_name)s_%(column_0_name)s_fkey"}
#: Each with what SQLite must be told of it again when it writes it anew.
_TABLES: dict[str, dict[str, bool]] = {"concerns": {"sqlite_with_rowid": False}, "claims": {}, "facts": {}}
_WITH_PHASE = ("claims", "facts", "changes")


def upgrade() -> None:
    op.create_table(
        "readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("retired_at", UTCDateTime(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_readings_article"), "readings", ["article"], unique=False)
    op.execute(
        "INSERT INTO readings (id, article, seen_at, reason, reader) SELECT id, id, seen_at, 'poll', '' FROM articles"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval('readings_id_seq', id) FROM articles ORDER BY id DESC LIMIT 1")
    _loosen("article", "reading")
    for table in _WITH_PHASE:
        op.add_column(table, sa.Column("phase", sa.String(), nullable=True))
    _tie("reading", "readings")


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM readings WHERE retired_at IS NOT NULL")):
        raise SchemaVersionError("articles have been read anew: the first schema cannot hold what they said before")
    _loosen("reading", "article")
    for table in _TABLES:
        # By way of negative numbers, so that no row takes the number of one that has not moved yet.
        op.execute(f"UPDATE {table} SET article = -(SELECT readings.article FROM readings WHERE id = {table}.article)")  # noqa: S608 - names of ours
        op.execute(f"UPDATE {table} SET article = -article")  # noqa: S608 - names of ours
    for table in _WITH_PHASE:
        op.drop_column(table, "phase")
    _tie("article", "articles")
    op.drop_index(op.f("ix_readings_article"), table_name="readings")
    op.drop_table("readings")


def _loosen(old: str, new: str) -> None:
    """What was read points to nothing any more, under a new name."""
    for table, options in _TABLES.items():
        for index in _indexes(table, old):
            op.drop_index(index, table_name=table)
        with op.batch_alter_table(table, naming_convention=_NAMING, table_kwargs=options) as batch:
            batch.drop_constraint(f"{table}_{old}_fkey", type_="foreignkey")
            batch.alter_column(old, new_column_name=new)


def _tie(column: str, referred: str) -> None:
    """What was read points to what it was read in."""
    for table, options in _TABLES.items():
        with op.batch_alter_table(table, naming_convention=_NAMING, table_kwargs=options) as batch:
            batch.create_foreign_key(f"{table}_{column}_fkey", referred, [column], ["id"])
        for index, columns in _indexes(table, column).items():
            op.create_index(index, table, columns, unique=False)


def _indexes(table: str, column: str) -> dict[str, list[str]]:
    if table == "concerns":
        return {}
    return {f"ix_{table}_{column}": [column], f"ix_{table}_project_{column}": ["project", column]}
