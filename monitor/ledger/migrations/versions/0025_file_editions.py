"""The former contents of the configuration's files.

Revision: 0025
"""

import sqlalchemy as sa
from alembic import op

from monitor.ledger.columns import CleanText, UTCDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor", CleanText(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_file_editions_file_id", "file_editions", ["file", "id"])


def downgrade() -> None:
    op.drop_table("file_editions")
