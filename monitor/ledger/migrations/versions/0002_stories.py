"""Copies of one story are known by their sketches.

Revision: 0002
"""

from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from monitor.core.stories.sketches import sketch
from monitor.ledger.columns import CleanText, UTCDateTime
from monitor.ledger.stories import Joining, join

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: So many articles are held at a time.
_BATCH = 500

_ARTICLES = sa.table(
    "articles",
    sa.column("id", sa.Integer),
    sa.column("key", sa.String),
    sa.column("title", CleanText),
    sa.column("text", CleanText),
    sa.column("published_at", UTCDateTime),
    sa.column("story", sa.String),
)
_CONCERNS = sa.table("concerns", sa.column("article", sa.Integer), sa.column("project", sa.String))


def upgrade() -> None:
    op.create_table(
        "sketches",
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.Column("article", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["articles.id"]),
        sa.PrimaryKeyConstraint("project", "published_at", "article"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_sketches_article"), "sketches", ["article"], unique=False)
    op.create_index(op.f("ix_articles_story"), "articles", ["story"], unique=False)
    _find_stories(op.get_bind())


def _find_stories(connection: sa.Connection) -> None:
    """Join what was recorded already, as it would have been joined when it came."""
    concerned = sa.select(_CONCERNS.c.article).distinct().order_by(_CONCERNS.c.article)
    numbers = list(connection.scalars(concerned))
    for start in range(0, len(numbers), _BATCH):
        batch = numbers[start : start + _BATCH]
        rows = connection.execute(
            sa.select(_ARTICLES, _CONCERNS.c.project)
            .join(_CONCERNS, _CONCERNS.c.article == _ARTICLES.c.id)
            .where(_ARTICLES.c.id.in_(batch))
            .order_by(_ARTICLES.c.id)
        ).all()
        join(connection, [_joining(list(concerns)) for _, concerns in groupby(rows, key=lambda row: row.id)])


def _joining(concerns: list[sa.Row[Any]]) -> Joining:
    article = concerns[0]
    return Joining(
        article=article.id,
        published_at=article.published_at,
        sketch=sketch(article.title, article.text),
        projects=frozenset(row.project for row in concerns),
    )


def downgrade() -> None:
    """Nothing is lost: upgrading again finds the same stories, where the texts are still there."""
    op.execute(_ARTICLES.update().values(story=_ARTICLES.c.key))
    op.drop_index(op.f("ix_articles_story"), table_name="articles")
    op.drop_index(op.f("ix_sketches_article"), table_name="sketches")
    op.drop_table("sketches")
