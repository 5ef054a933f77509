"""What is known of each project for programs too. What was kept is folded again, on the way back as well.

Revision: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM states")
    with op.batch_alter_table("states") as batch:
        batch.add_column(sa.Column("fields", sa.Text(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("states") as batch:
        batch.drop_column("fields")
