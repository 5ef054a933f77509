"""Why a feed is asked when it is, and what its last answer was like. Known from its next poll on.

Revision: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feeds", sa.Column("reasons", sa.JSON(), nullable=True))
    op.add_column("feeds", sa.Column("latency", sa.Float(), nullable=True))
    for column in ("size", "last_entries", "last_new"):
        op.add_column("feeds", sa.Column(column, sa.Integer(), nullable=True))


def downgrade() -> None:
    for column in ("last_new", "last_entries", "size", "latency", "reasons"):
        op.drop_column("feeds", column)
