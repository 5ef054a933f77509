"""The audit log: who changed what, and when.

Revision: 0021
"""

import sqlalchemy as sa
from alembic import op

from monitor.ledger.columns import CleanText, UTCDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor", CleanText(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("target", CleanText(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    op.drop_table("audit")
