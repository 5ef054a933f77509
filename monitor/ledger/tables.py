"""The tables. Not imported outside ``ledger/``: SQLModel's table classes do not validate, core values do.

The core values and ports describe the meaning of the columns. Comments here describe only what is specific to the
tables.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel
from sqlmodel.main import SQLModelConfig  # type: ignore[attr-defined]  # it has no public name

from monitor.core.periods import Period

# Column types that behave alike on both databases ---------------------------------------------------------------------


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Takes timezone-aware values and returns them in UTC.

    SQLite keeps the wall time and drops the offset: 12:00+09:00 would come back as a naive 12:00, nine hours off.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone: the ledger keeps instants")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - what TypeDecorator asks for
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PeriodText(TypeDecorator[Period]):
    """A period as its text, ``2026-Q3``."""

    impl = String(10)
    cache_ok = True

    def process_bind_param(self, value: Period | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - what TypeDecorator asks for
        return None if value is None else str(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Period | None:  # noqa: ANN401, ARG002 - what TypeDecorator asks for
        return None if value is None else _parse(value)


#: Cached: the same few dates stand in most rows.
_parse = lru_cache(maxsize=4096)(Period.parse)


class CleanText(TypeDecorator[str]):
    """Text without characters that a database cannot store.

    PostgreSQL refuses NUL, and neither database takes half of a surrogate pair.
    """

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - what TypeDecorator asks for
        if value is None or (value.isascii() and "\0" not in value):
            return value
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")


def _instant(*, nullable: bool = False, index: bool = False) -> Any:  # noqa: ANN401 - what Field returns
    return Field(sa_column=Column(UTCDateTime, nullable=nullable, index=index))


def _period() -> Any:  # noqa: ANN401 - what Field returns
    return Field(default=None, sa_column=Column(PeriodText, nullable=True))


def _text(*, nullable: bool = False) -> Any:  # noqa: ANN401 - what Field returns
    return Field(sa_column=Column(CleanText, nullable=nullable))


class _Row(SQLModel):
    # No row is ever validated, and to build the validators takes long.
    model_config = SQLModelConfig(defer_build=True)


class FeedRow(_Row, table=True):
    __tablename__: ClassVar[str] = "feeds"

    id: int | None = Field(default=None, primary_key=True)
    url: str = Field(unique=True)
    etag: str | None = _text(nullable=True)
    last_modified: str | None = _text(nullable=True)
    body_hash: str
    imported_at: datetime | None = _instant(nullable=True)
    polled_at: datetime | None = _instant(nullable=True)
    next_poll_at: datetime | None = _instant(nullable=True)
    reasons: list[Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    failures: int
    last_error: str = _text()
    last_status: str
    #: The concatenated digests of ``FeedRecord.shown``.
    shown: bytes | None
    habit: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    moved_to: str | None = _text(nullable=True)
    moves: int
    latency: float | None
    size: int | None
    last_entries: int | None
    last_new: int | None
    hub: str | None = _text(nullable=True)
    topic: str | None = _text(nullable=True)


class EntryRow(_Row, table=True):
    """An entry that a feed has brought. Outlives the text of the article, so that nothing is ever new twice."""

    __tablename__: ClassVar[str] = "entries"
    # By far the largest table. So the feed is stored as a number, and on SQLite the table is only its index.
    __table_args__: ClassVar[dict[str, bool]] = {"sqlite_with_rowid": False}

    feed: int = Field(primary_key=True, foreign_key="feeds.id", sa_column_kwargs={"autoincrement": False})
    key: str = Field(primary_key=True)
    digest: str
    rewrites: int


class ArticleRow(_Row, table=True):
    """An article and its source. Title and text are those of the latest edition."""

    __tablename__: ClassVar[str] = "articles"
    __table_args__ = (Index("ix_articles_dropped_seen_at", "dropped", "seen_at"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    url: str | None = _text(nullable=True)
    title: str = _text()
    text: str = _text()
    published: Period | None = _period()
    language: str | None = _text(nullable=True)
    outlet: str = _text()
    trust: float
    published_at: datetime = _instant()
    #: When it was first seen. Its readings tell since when their content is known.
    seen_at: datetime = _instant()
    #: The key of the earliest article of the story. Its own key if it stands alone.
    story: str = Field(index=True)
    #: Whether its text was dropped, so that it cannot be read again.
    dropped: bool
    #: The feed in which it was first found.
    feed: int = Field(foreign_key="feeds.id")


#: The condition for provisional readings. A literal, so that the partial index is used.
PROVISIONAL = text("reader >= 'provisional'")


class ReadingRow(_Row, table=True):
    """One reading of an article. The one that is not retired counts. The others are former editions."""

    __tablename__: ClassVar[str] = "readings"
    __table_args__ = (
        # The provisional readings (``ports.Provisional``). Fingerprints sort before their prefix. On PostgreSQL the
        # migration makes the index partial: to say so here would load that dialect in every command.
        Index("ix_readings_provisional", "article", sqlite_where=PROVISIONAL),
    )

    id: int | None = Field(default=None, primary_key=True)
    article: int = Field(foreign_key="articles.id", index=True)
    #: When its content became known.
    seen_at: datetime = _instant()
    #: When another reading replaced it.
    retired_at: datetime | None = _instant(nullable=True)
    reason: str
    #: The fingerprint of the reader. "" if it is not known.
    reader: str


class ConcernRow(_Row, table=True):
    """A project that an article concerns according to one of its readings."""

    __tablename__: ClassVar[str] = "concerns"
    __table_args__: ClassVar[dict[str, bool]] = {"sqlite_with_rowid": False}

    reading: int = Field(primary_key=True, foreign_key="readings.id", sa_column_kwargs={"autoincrement": False})
    project: str = Field(primary_key=True, index=True)
    #: Its place among the reading's projects.
    position: int


class SketchRow(_Row, table=True):
    """The sketch by which copies of an article are found. Outlives its text."""

    __tablename__: ClassVar[str] = "sketches"
    # In the order of its queries: the articles on a project that were published within some days.
    __table_args__: ClassVar[dict[str, bool]] = {"sqlite_with_rowid": False}

    project: str = Field(primary_key=True)
    published_at: datetime = Field(sa_column=Column(UTCDateTime, primary_key=True))
    article: int = Field(
        primary_key=True, foreign_key="articles.id", index=True, sa_column_kwargs={"autoincrement": False}
    )
    sketch: bytes


class ClaimRow(_Row, table=True):
    __tablename__: ClassVar[str] = "claims"
    __table_args__ = (Index("ix_claims_project_reading", "project", "reading"),)

    id: int | None = Field(default=None, primary_key=True)
    reading: int = Field(foreign_key="readings.id", index=True)
    project: str
    stage: str
    state: str
    date: Period | None = _period()
    confidence: float
    evidence: str = _text()
    phase: str | None
    #: Why it is most likely not told of its project: the kind, a colon, the other company.
    objection: str | None = _text(nullable=True)


class FactRow(_Row, table=True):
    __tablename__: ClassVar[str] = "facts"
    __table_args__ = (Index("ix_facts_project_reading", "project", "reading"),)

    id: int | None = Field(default=None, primary_key=True)
    reading: int = Field(foreign_key="readings.id", index=True)
    project: str
    kind: str
    value: float
    unit: str
    evidence: str = _text()
    confidence: float
    phase: str | None
    #: Why it is most likely not told of its project: the kind, a colon, the other company.
    objection: str | None = _text(nullable=True)


class ReviewRow(_Row, table=True):
    """An operator's decision on a claim or fact, as it was read then.

    Columns of the correct content begin with ``to_``.
    """

    __tablename__: ClassVar[str] = "reviews"

    id: int | None = Field(default=None, primary_key=True)
    article: int = Field(foreign_key="articles.id", index=True)
    project: str = Field(index=True)
    #: Set for a claim.
    stage: str | None
    state: str | None
    date: Period | None = _period()
    #: Set for a fact.
    kind: str | None
    value: float | None
    unit: str | None
    phase: str | None
    confidence: float
    evidence: str = _text()
    verdict: str
    to_project: str | None = Field(index=True)
    to_stage: str | None
    to_state: str | None
    to_date: Period | None = _period()
    to_value: float | None
    to_unit: str | None
    to_phase: str | None
    author: str = _text()
    reason: str = _text()
    because: str | None = None
    at: datetime = _instant()
    undone_at: datetime | None = _instant(nullable=True)
    undone_by: str | None = _text(nullable=True)


class ChangeRow(_Row, table=True):
    __tablename__: ClassVar[str] = "changes"
    __table_args__ = (
        # The news. The condition is that of the queries, so that the index is used. PostgreSQL has it too, by the
        # migration: to name it here loads what SQLite does not need.
        Index("ix_changes_news", "number", sqlite_where=text("history IS NOT 1")),
    )

    #: The order in which changes became known.
    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    type: str
    project: str = Field(index=True)
    stage: str | None
    #: Text or number, as in ``Change.from_`` and ``Change.to``.
    before: str | float | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    after: str | float | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    at: datetime = _instant()
    effective: Period | None = _period()
    confidence: str
    sources: list[str] = Field(sa_column=Column(JSON, nullable=False))
    evidence: list[str] = Field(sa_column=Column(JSON, nullable=False))
    kind: str | None
    unit: str | None
    by: str | None = _text(nullable=True)
    phase: str | None
    #: The fields of each (``ledger.rows``). NULL for changes that were raised before this column existed.
    proof: list[list[Any]] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    #: NULL for changes that were raised before this column existed.
    history: bool | None = None
    #: As ``Change.told_at``.
    told_at: datetime | None = _instant(nullable=True)
    #: The fields of a ``Retraction``, in their order.
    retracts: list[Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))


class HubSubscriptionRow(_Row, table=True):
    """A subscription at a hub. Stores the feed by its address, as it may have left the configuration."""

    __tablename__: ClassVar[str] = "hub_subscriptions"

    token: str = Field(primary_key=True)
    public: str = _text()
    feed: str = _text()
    hub: str = _text()
    topic: str = _text()
    secret: str = _text()
    is_leaving: bool
    asked_at: datetime | None = _instant(nullable=True)
    is_pending: bool
    until: datetime | None = _instant(nullable=True)
    next_at: datetime = _instant()
    failures: int
    error: str = _text()
    pushes: int
    pushed_at: datetime | None = _instant(nullable=True)
    taken_at: datetime | None = _instant(nullable=True)
    seen: bytes


class StateRow(_Row, table=True):
    """The state of a project as a list shows it. Exists only while it agrees with the reports."""

    __tablename__: ClassVar[str] = "states"
    # The whole of a query for the editions of all projects.
    __table_args__ = (Index("ix_states_edition", "project", "rules", "edition"),)

    project: str = Field(primary_key=True)
    #: The fingerprint of the rules by which it was folded.
    rules: str
    #: The hash of the state in brief. Equal states have equal editions.
    edition: str
    #: The state in brief.
    state: str = Field(sa_column=Column(Text, nullable=False))
    #: For programs. The last column, so that queries for the brief form need not read past it.
    fields: str = Field(sa_column=Column(Text, nullable=False))


class DeliveryRow(_Row, table=True):
    """A row of the outbox."""

    __tablename__: ClassVar[str] = "deliveries"
    __table_args__ = (
        UniqueConstraint("change", "destination", name="uq_deliveries_change_destination"),
        # In the order of its queries: whose turn it is, then what is pending there.
        Index("ix_deliveries_state_destination_due_at", "state", "destination", "due_at"),
        Index("ix_deliveries_bundle", "bundle"),
        Index("ix_deliveries_project", "project"),
    )

    id: int | None = Field(default=None, primary_key=True)
    change: str = Field(foreign_key="changes.id")
    #: The project of the change.
    project: str
    subscriber: str
    destination: str
    #: As in ``Outgoing``.
    together: bool
    chain: str
    rank: int
    state: str
    due_at: datetime = _instant()
    #: The worker that is sending it now, and the end of its lease.
    acquired_by: str | None
    acquired_until: datetime | None = _instant(nullable=True)
    #: The message that it goes out in. Kept while that message may have arrived, and after the delivery was sent.
    bundle: str | None
    attempts: int
    sent_at: datetime | None = _instant(nullable=True)
    last_outcome: str = _text()


class AttemptRow(_Row, table=True):
    """One attempt at one delivery."""

    __tablename__: ClassVar[str] = "attempts"

    id: int | None = Field(default=None, primary_key=True)
    delivery: int = Field(foreign_key="deliveries.id", index=True)
    at: datetime = _instant()
    outcome: str = _text()
    #: The id of the message. "" if it is not known.
    message: str


class DepartureRow(_Row, table=True):
    """The token by which a subscriber's address can be unsubscribed, and when it was."""

    __tablename__: ClassVar[str] = "departures"
    __table_args__ = (UniqueConstraint("subscriber", "destination", name="uq_departures_subscriber_destination"),)

    token: str = Field(primary_key=True)
    subscriber: str
    destination: str
    left_at: datetime | None = _instant(nullable=True)


class AilmentRow(_Row, table=True):
    """A problem of the monitor itself."""

    __tablename__: ClassVar[str] = "ailments"

    trouble: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    detail: str = _text()
    since: datetime = _instant()
    found_at: datetime = _instant()
    told_at: datetime | None = _instant(nullable=True)


class HostileDocumentRow(_Row, table=True):
    """A document that broke the process that read it."""

    __tablename__: ClassVar[str] = "hostile_documents"

    digest: str = Field(primary_key=True)
    url: str
    reason: str
    at: datetime = _instant()


# ---------------------------------------------------------------- as Core tables


def _core(row: type) -> Table:
    """The table behind an SQLModel class. Batches bypass the ORM, which costs ten times as much."""
    return row.__table__  # type: ignore[attr-defined, no-any-return]  # SQLModel sets it, its types do not say so


FEEDS, ENTRIES, ARTICLES, READINGS = _core(FeedRow), _core(EntryRow), _core(ArticleRow), _core(ReadingRow)
CONCERNS, CLAIMS, FACTS, CHANGES = _core(ConcernRow), _core(ClaimRow), _core(FactRow), _core(ChangeRow)
SKETCHES, REVIEWS, STATES = _core(SketchRow), _core(ReviewRow), _core(StateRow)
HUB_SUBSCRIPTIONS = _core(HubSubscriptionRow)
DELIVERIES, ATTEMPTS = _core(DeliveryRow), _core(AttemptRow)
AILMENTS, DEPARTURES = _core(AilmentRow), _core(DepartureRow)
HOSTILE_DOCUMENTS = _core(HostileDocumentRow)


# The tables of accounts, sessions and tokens. ``tables`` has them too, beside all others ------------------------------


ACCOUNTS = Table(
    "accounts",
    SQLModel.metadata,
    Column("name", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("password", String),
    Column("created_at", UTCDateTime, nullable=False),
    Column("is_disabled", Boolean, nullable=False),
)
SESSIONS = Table(
    "sessions",
    SQLModel.metadata,
    Column("digest", String, primary_key=True),
    Column("account", String, ForeignKey("accounts.name"), nullable=False, index=True),
    Column("opened_at", UTCDateTime, nullable=False),
    Column("seen_at", UTCDateTime, nullable=False),
    Column("agent", CleanText, nullable=False),
)
TOKENS = Table(
    "tokens",
    SQLModel.metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String, nullable=False, unique=True),
    Column("account", String, ForeignKey("accounts.name"), nullable=False, index=True),
    Column("scope", String, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime),
    Column("used_at", UTCDateTime),
)


# The tables of edits: who did what, and the former contents of files. ``tables`` has them too, beside all others ------


AUDIT = Table(
    "audit",
    SQLModel.metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UTCDateTime, nullable=False),
    Column("actor", CleanText, nullable=False),
    Column("action", String, nullable=False),
    Column("target", CleanText, nullable=False),
    Column("detail", JSON, nullable=False),
)
FILE_EDITIONS = Table(
    "file_editions",
    SQLModel.metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UTCDateTime, nullable=False),
    Column("actor", CleanText, nullable=False),
    Column("file", String, nullable=False),
    # Compressed.
    Column("content", LargeBinary, nullable=False),
    Index("ix_file_editions_file_id", "file", "id"),
)


# The tables of what readers choose and ask for alone. ``tables`` has them too, beside all others ----------------------


#: By destination of a subscriber.
CHOICES = Table(
    "choices",
    SQLModel.metadata,
    Column("subscriber", String, primary_key=True),
    Column("destination", String, primary_key=True),
    Column("paused_until", UTCDateTime),
    Column("without", JSON, nullable=False),
    Column("language", String),
    Column("digest", String),
)
#: Those who subscribed alone. Only their mail has the token.
SIGN_UPS = Table(
    "sign_ups",
    SQLModel.metadata,
    Column("token_hash", String, primary_key=True),
    Column("address", String, nullable=False, index=True),
    Column("projects", JSON, nullable=False),
    Column("language", String, nullable=False),
    Column("digest", String),
    Column("requested_at", UTCDateTime, nullable=False),
    Column("confirmed_at", UTCDateTime),
)
