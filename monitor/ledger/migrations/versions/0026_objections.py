"""Why a claim or fact is most likely not told of its project.

Revision: 0026
"""

import sqlalchemy as sa
from alembic import op

from monitor.ledger.columns import CleanText

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("claims", "facts"):
        op.add_column(table, sa.Column("objection", CleanText(), nullable=True))


def downgrade() -> None:
    for table in ("claims", "facts"):
        op.drop_column(table, "objection")
