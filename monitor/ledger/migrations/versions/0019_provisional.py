"""An index of the readings that are to be made again, which are few. On the way back it is dropped.

Revision: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    some = sa.text("reader >= 'provisional'")
    op.create_index(
        "ix_readings_provisional", "readings", ["article"], unique=False, sqlite_where=some, postgresql_where=some
    )


def downgrade() -> None:
    op.drop_index("ix_readings_provisional", table_name="readings")
