"""The tables of accounts, sessions and tokens. ``tables`` has them too, beside all others."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table
from sqlmodel import SQLModel

from monitor.ledger.columns import CleanText, UTCDateTime

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
