"""Texts of articles may be dropped. Taken back, it is not known any more of which they were.

Revision: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("articles", sa.Column("dropped", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_articles_dropped_seen_at", "articles", ["dropped", "seen_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_articles_dropped_seen_at", table_name="articles")
    op.drop_column("articles", "dropped")
