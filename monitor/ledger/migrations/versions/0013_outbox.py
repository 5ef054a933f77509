"""Deliveries wait in order, go out together, and stand in for each other; an attempt names its message.

What was owed before goes by itself, to a first choice.

Revision: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ADDED = ("project", "together", "chain", "rank", "bundle")


def upgrade() -> None:
    for name in ("project", "chain"):
        op.add_column("deliveries", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("deliveries", sa.Column("together", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("deliveries", sa.Column("rank", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("deliveries", sa.Column("bundle", sa.String(), nullable=True))
    op.execute("UPDATE deliveries SET project = (SELECT project FROM changes WHERE changes.id = change)")
    op.execute("UPDATE deliveries SET chain = destination")
    # What was tried may have arrived under the id of its change.
    op.execute("UPDATE deliveries SET bundle = change WHERE attempts > 0 OR acquired_by IS NOT NULL")
    op.add_column("attempts", sa.Column("message", sa.String(), nullable=False, server_default=""))
    op.drop_index("ix_deliveries_state_due_at", table_name="deliveries")
    op.create_index(
        "ix_deliveries_state_destination_due_at", "deliveries", ["state", "destination", "due_at"], unique=False
    )
    op.create_index("ix_deliveries_bundle", "deliveries", ["bundle"], unique=False)


def downgrade() -> None:
    op.execute("UPDATE deliveries SET state = 'dead' WHERE state = 'superseded'")
    op.drop_index("ix_deliveries_bundle", table_name="deliveries")
    op.drop_index("ix_deliveries_state_destination_due_at", table_name="deliveries")
    op.create_index("ix_deliveries_state_due_at", "deliveries", ["state", "due_at"], unique=False)
    op.drop_column("attempts", "message")
    for name in _ADDED:
        op.drop_column("deliveries", name)
