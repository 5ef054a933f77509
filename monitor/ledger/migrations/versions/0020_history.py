"""Which changes are history and alerted nobody. Not known of changes that were raised before.

Revision: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("changes", sa.Column("history", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("changes", "history")
