"""When each change was told, which is when history was published.

Revision: 0027
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from monitor.ledger.columns import UTCDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

#: The place of the day of publication among the stored values of a proof.
_PUBLISHED = 4


def upgrade() -> None:
    op.add_column("changes", sa.Column("told_at", UTCDateTime(), nullable=True))
    changes = sa.table(
        "changes",
        sa.column("number", sa.Integer()),
        sa.column("type", sa.String()),
        sa.column("at", UTCDateTime()),
        sa.column("told_at", UTCDateTime()),
        sa.column("history", sa.Boolean()),
        sa.column("proof", sa.JSON()),
    )
    connection = op.get_bind()
    connection.execute(sa.update(changes).values(told_at=changes.c.at))
    told = sa.select(changes.c.number, changes.c.proof).where(
        changes.c.history.is_(sa.true()), changes.c.type.not_in(["overdue", "quiet"])
    )
    for number, proof in connection.execute(told).all():
        days = [each[_PUBLISHED] for each in proof or () if len(each) > _PUBLISHED and each[_PUBLISHED]]
        if days:
            told_at = max(map(datetime.fromisoformat, days))
            connection.execute(sa.update(changes).where(changes.c.number == number).values(told_at=told_at))


def downgrade() -> None:
    op.drop_column("changes", "told_at")
