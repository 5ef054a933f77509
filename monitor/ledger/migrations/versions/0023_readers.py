"""What readers chose by themselves, and who subscribed alone. On the way back both are forgotten.

Revision: 0023
"""

import sqlalchemy as sa
from alembic import op

from monitor.ledger.columns import UTCDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "choices",
        sa.Column("subscriber", sa.String(), nullable=False),
        sa.Column("destination", sa.String(), nullable=False),
        sa.Column("paused_until", UTCDateTime(), nullable=True),
        sa.Column("without", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("subscriber", "destination"),
    )
    op.create_table(
        "sign_ups",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("projects", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("requested_at", UTCDateTime(), nullable=False),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_sign_ups_address", "sign_ups", ["address"])


def downgrade() -> None:
    op.drop_table("sign_ups")
    op.drop_table("choices")
