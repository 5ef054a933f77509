"""Plain values, as every contract prints them.

Numbers are whole where they can be. Dates have the precision that is known. Instants are ISO 8601 in UTC.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

Json = Mapping[str, object]


def instant_json(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None
