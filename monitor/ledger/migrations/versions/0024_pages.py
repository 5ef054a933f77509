"""For the pages: the deliveries of a project, the news among the changes, and the edition of each kept state.

What was kept is folded again.

Revision: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_deliveries_project", "deliveries", ["project"])
    op.create_index(
        "ix_changes_news",
        "changes",
        ["number"],
        # As queries have it, so that the index is used.
        sqlite_where=sa.text("history IS NOT 1"),
        postgresql_where=sa.text("history IS NOT true"),
    )
    op.execute("DELETE FROM states")
    with op.batch_alter_table("states") as batch:
        batch.add_column(sa.Column("edition", sa.String(), nullable=False))
    op.create_index("ix_states_edition", "states", ["project", "rules", "edition"])


def downgrade() -> None:
    op.drop_index("ix_states_edition", "states")
    with op.batch_alter_table("states") as batch:
        batch.drop_column("edition")
    op.drop_index("ix_changes_news", "changes")
    op.drop_index("ix_deliveries_project", "deliveries")
