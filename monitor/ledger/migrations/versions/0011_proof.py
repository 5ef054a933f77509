"""Which sentence of a change stands where, and in whose outlet. Known of changes that are raised from now on.

Revision: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("changes", sa.Column("proof", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("changes", "proof")
