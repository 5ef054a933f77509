"""Corrections: the change that a change takes back, and what an operator says was wrong.

Revision: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("changes", sa.Column("retracts", sa.JSON(), nullable=True))
    op.add_column("reviews", sa.Column("because", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("changes", "retracts")
    op.drop_column("reviews", "because")
