"""What an entry said last, so that a publisher's correction is noticed.

Of entries that were seen before it is not known; they are taken for unchanged until they are seen again.

Revision: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("entries", sa.Column("digest", sa.String(), nullable=False, server_default=""))
    op.add_column("entries", sa.Column("rewrites", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("entries", "rewrites")
    op.drop_column("entries", "digest")
