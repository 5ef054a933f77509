"""The schema of the first release.

Revision: 0028
"""

import sqlalchemy as sa
from alembic import op

from monitor.ledger.tables import CleanText, PeriodText, UTCDateTime

revision = "0028"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "accounts",
    "ailments",
    "audit",
    "changes",
    "choices",
    "departures",
    "feeds",
    "file_editions",
    "hostile_documents",
    "hub_subscriptions",
    "sign_ups",
    "states",
    "articles",
    "deliveries",
    "entries",
    "sessions",
    "tokens",
    "attempts",
    "readings",
    "reviews",
    "sketches",
    "claims",
    "concerns",
    "facts",
)


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "ailments",
        sa.Column("trouble", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("detail", CleanText(), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("found_at", UTCDateTime(), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("trouble", "subject"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor", CleanText(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("target", CleanText(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "changes",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=True),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("effective", PeriodText(), nullable=True),
        sa.Column("confidence", sa.String(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("by", CleanText(), nullable=True),
        sa.Column("phase", sa.String(), nullable=True),
        sa.Column("proof", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("history", sa.Boolean(), nullable=True),
        sa.Column("told_at", UTCDateTime(), nullable=True),
        sa.Column("retracts", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("ix_changes_news", "changes", ["number"], unique=False, sqlite_where=sa.text("history IS NOT 1"))
    op.create_index(op.f("ix_changes_project"), "changes", ["project"], unique=False)
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
        "departures",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("subscriber", sa.String(), nullable=False),
        sa.Column("destination", sa.String(), nullable=False),
        sa.Column("left_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("token"),
        sa.UniqueConstraint("subscriber", "destination", name="uq_departures_subscriber_destination"),
    )
    op.create_table(
        "feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("etag", CleanText(), nullable=True),
        sa.Column("last_modified", CleanText(), nullable=True),
        sa.Column("body_hash", sa.String(), nullable=False),
        sa.Column("imported_at", UTCDateTime(), nullable=True),
        sa.Column("polled_at", UTCDateTime(), nullable=True),
        sa.Column("next_poll_at", UTCDateTime(), nullable=True),
        sa.Column("reasons", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_error", CleanText(), nullable=False),
        sa.Column("last_status", sa.String(), nullable=False),
        sa.Column("shown", sa.LargeBinary(), nullable=True),
        sa.Column("habit", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("moved_to", CleanText(), nullable=True),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("latency", sa.Float(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("last_entries", sa.Integer(), nullable=True),
        sa.Column("last_new", sa.Integer(), nullable=True),
        sa.Column("hub", CleanText(), nullable=True),
        sa.Column("topic", CleanText(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("url"),
    )
    op.create_table(
        "file_editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor", CleanText(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_file_editions_file_id", "file_editions", ["file", "id"], unique=False)
    op.create_table(
        "hostile_documents",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "hub_subscriptions",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("public", CleanText(), nullable=False),
        sa.Column("feed", CleanText(), nullable=False),
        sa.Column("hub", CleanText(), nullable=False),
        sa.Column("topic", CleanText(), nullable=False),
        sa.Column("secret", CleanText(), nullable=False),
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
        sa.PrimaryKeyConstraint("token"),
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
    op.create_index(op.f("ix_sign_ups_address"), "sign_ups", ["address"], unique=False)
    op.create_table(
        "states",
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("rules", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("project"),
    )
    op.create_index("ix_states_edition", "states", ["project", "rules", "edition"], unique=False)
    op.create_table(
        "articles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("url", CleanText(), nullable=True),
        sa.Column("title", CleanText(), nullable=False),
        sa.Column("text", CleanText(), nullable=False),
        sa.Column("published", PeriodText(), nullable=True),
        sa.Column("language", CleanText(), nullable=True),
        sa.Column("outlet", CleanText(), nullable=False),
        sa.Column("trust", sa.Float(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.Column("feed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["feed"],
            ["feeds.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_articles_dropped_seen_at", "articles", ["dropped", "seen_at"], unique=False)
    op.create_index(op.f("ix_articles_story"), "articles", ["story"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change", sa.String(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("subscriber", sa.String(), nullable=False),
        sa.Column("destination", sa.String(), nullable=False),
        sa.Column("together", sa.Boolean(), nullable=False),
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("acquired_by", sa.String(), nullable=True),
        sa.Column("acquired_until", UTCDateTime(), nullable=True),
        sa.Column("bundle", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("last_outcome", CleanText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change"],
            ["changes.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("change", "destination", name="uq_deliveries_change_destination"),
    )
    op.create_index("ix_deliveries_bundle", "deliveries", ["bundle"], unique=False)
    op.create_index("ix_deliveries_project", "deliveries", ["project"], unique=False)
    op.create_index(
        "ix_deliveries_state_destination_due_at", "deliveries", ["state", "destination", "due_at"], unique=False
    )
    op.create_table(
        "entries",
        sa.Column("feed", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("rewrites", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["feed"],
            ["feeds.id"],
        ),
        sa.PrimaryKeyConstraint("feed", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("agent", CleanText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"],
            ["accounts.name"],
        ),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index(op.f("ix_sessions_account"), "sessions", ["account"], unique=False)
    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=True),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account"],
            ["accounts.name"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
    )
    op.create_index(op.f("ix_tokens_account"), "tokens", ["account"], unique=False)
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("outcome", CleanText(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery"],
            ["deliveries.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_attempts_delivery"), "attempts", ["delivery"], unique=False)
    op.create_table(
        "readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("retired_at", UTCDateTime(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"],
            ["articles.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_readings_article"), "readings", ["article"], unique=False)
    op.create_index(
        "ix_readings_provisional",
        "readings",
        ["article"],
        unique=False,
        sqlite_where=sa.text("reader >= 'provisional'"),
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("date", PeriodText(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("phase", sa.String(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("evidence", CleanText(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("to_project", sa.String(), nullable=True),
        sa.Column("to_stage", sa.String(), nullable=True),
        sa.Column("to_state", sa.String(), nullable=True),
        sa.Column("to_date", PeriodText(), nullable=True),
        sa.Column("to_value", sa.Float(), nullable=True),
        sa.Column("to_unit", sa.String(), nullable=True),
        sa.Column("to_phase", sa.String(), nullable=True),
        sa.Column("author", CleanText(), nullable=False),
        sa.Column("reason", CleanText(), nullable=False),
        sa.Column("because", sa.String(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.Column("undone_by", CleanText(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article"],
            ["articles.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_reviews_article"), "reviews", ["article"], unique=False)
    op.create_index(op.f("ix_reviews_project"), "reviews", ["project"], unique=False)
    op.create_index(op.f("ix_reviews_to_project"), "reviews", ["to_project"], unique=False)
    op.create_table(
        "sketches",
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.Column("article", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"],
            ["articles.id"],
        ),
        sa.PrimaryKeyConstraint("project", "published_at", "article"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_sketches_article"), "sketches", ["article"], unique=False)
    op.create_table(
        "claims",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("date", PeriodText(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("evidence", CleanText(), nullable=False),
        sa.Column("phase", sa.String(), nullable=True),
        sa.Column("objection", CleanText(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reading"],
            ["readings.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_claims_project_reading", "claims", ["project", "reading"], unique=False)
    op.create_index(op.f("ix_claims_reading"), "claims", ["reading"], unique=False)
    op.create_table(
        "concerns",
        sa.Column("reading", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reading"],
            ["readings.id"],
        ),
        sa.PrimaryKeyConstraint("reading", "project"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_concerns_project"), "concerns", ["project"], unique=False)
    op.create_table(
        "facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("evidence", CleanText(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("phase", sa.String(), nullable=True),
        sa.Column("objection", CleanText(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reading"],
            ["readings.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_facts_project_reading", "facts", ["project", "reading"], unique=False)
    op.create_index(op.f("ix_facts_reading"), "facts", ["reading"], unique=False)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
