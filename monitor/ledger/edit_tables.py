"""The tables of edits: who did what, and the former contents of files. ``tables`` has them too, beside all others."""

from sqlalchemy import JSON, Column, Index, Integer, LargeBinary, String, Table
from sqlmodel import SQLModel

from monitor.ledger.columns import CleanText, UTCDateTime

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
