"""Subscriptions at hubs that push what is new, and the hubs that feeds name.

What a feed names is known from the next poll on that brings another document.

Revision: 0012
"""

import sqlalchemy as sa
from alembic import op

from monitor.ledger.columns import CleanText, UTCDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("hub", "topic"):
        op.add_column("feeds", sa.Column(column, CleanText(), nullable=True))
    op.create_table(
        "hub_subscriptions",
        sa.Column("token", sa.String(), primary_key=True),
        *(sa.Column(name, CleanText(), nullable=False) for name in ("public", "feed", "hub", "topic", "secret")),
        sa.Column("is_leaving", sa.Boolean(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=True),
        sa.Column("is_pending", sa.Boolean(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=True),
        sa.Column("next_at", UTCDateTime(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", CleanText(), nullable=False),
        sa.Column("pushes", sa.Integer(), nullable=False),
        sa.Column("pushed_at", UTCDateTime(), nullable=True),
        sa.Column("taken_at", UTCDateTime(), nullable=True),
        sa.Column("seen", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("hub_subscriptions")
    for column in ("topic", "hub"):
        op.drop_column("feeds", column)
