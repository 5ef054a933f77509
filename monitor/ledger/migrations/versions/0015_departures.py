"""Readers who want no more. On the way back they are forgotten: who has left is told again.

Revision: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "departures",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("subscriber", sa.String(), nullable=False),
        sa.Column("destination", sa.String(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("token"),
        sa.UniqueConstraint("subscriber", "destination", name="uq_departures_subscriber_destination"),
    )


def downgrade() -> None:
    op.drop_table("departures")
