"""What a feed showed last, when it publishes, and where it has moved to.

Nothing of it is known of feeds that were polled before; they are read whole once more. The way back forgets it.

Revision: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feeds", sa.Column("shown", sa.LargeBinary(), nullable=True))
    op.add_column("feeds", sa.Column("habit", sa.JSON(), nullable=True))
    op.add_column("feeds", sa.Column("moved_to", sa.String(), nullable=True))
    op.add_column("feeds", sa.Column("moves", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    for column in ("moves", "moved_to", "habit", "shown"):
        op.drop_column("feeds", column)
