"""The tables of what readers choose and ask for alone. ``tables`` has them too, beside all others."""

from sqlalchemy import JSON, Column, String, Table
from sqlmodel import SQLModel

from monitor.ledger.columns import UTCDateTime

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
