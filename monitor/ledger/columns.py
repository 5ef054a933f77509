"""Column types that behave alike on both databases."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Dialect, String, TypeDecorator

from monitor.core.periods import Period


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
