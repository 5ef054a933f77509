"""What operators decide of claims.

The way back forgets their decisions.

Revision: 0006
"""

import sqlalchemy as sa
from alembic import op

from monitor.ledger.columns import CleanText, PeriodText, UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("date", PeriodText(), nullable=True),
        sa.Column("phase", sa.String(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("evidence", CleanText(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("to_project", sa.String(), nullable=True),
        sa.Column("to_stage", sa.String(), nullable=True),
        sa.Column("to_state", sa.String(), nullable=True),
        sa.Column("to_date", PeriodText(), nullable=True),
        sa.Column("to_phase", sa.String(), nullable=True),
        sa.Column("author", CleanText(), nullable=False),
        sa.Column("reason", CleanText(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.Column("undone_by", CleanText(), nullable=True),
        sa.ForeignKeyConstraint(["article"], ["articles.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_reviews_article"), "reviews", ["article"], unique=False)
    op.create_index(op.f("ix_reviews_project"), "reviews", ["project"], unique=False)
    op.create_index(op.f("ix_reviews_to_project"), "reviews", ["to_project"], unique=False)
    op.add_column("changes", sa.Column("by", CleanText(), nullable=True))


def downgrade() -> None:
    op.drop_column("changes", "by")
    op.drop_table("reviews")
