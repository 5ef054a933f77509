"""Decisions on facts. On the way back they are forgotten: the schema before knows none.

Revision: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_NEW = {"kind": sa.String, "value": sa.Float, "unit": sa.String, "to_value": sa.Float, "to_unit": sa.String}


def upgrade() -> None:
    with op.batch_alter_table("reviews") as batch:
        for name, kind in _NEW.items():
            batch.add_column(sa.Column(name, kind(), nullable=True))
        for name in ("stage", "state"):
            batch.alter_column(name, existing_type=sa.String(), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM reviews WHERE kind IS NOT NULL")
    with op.batch_alter_table("reviews") as batch:
        for name in ("stage", "state"):
            batch.alter_column(name, existing_type=sa.String(), nullable=False)
        for name in _NEW:
            batch.drop_column(name)
