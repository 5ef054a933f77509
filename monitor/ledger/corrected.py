"""Corrections by publishers: readings that were replaced because the article changed."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, select

from monitor.core.model import Claim, Fact
from monitor.core.state import Correction, Report
from monitor.ledger import rows
from monitor.ledger.chunks import chunks
from monitor.ledger.tables import ARTICLES, CLAIMS, CONCERNS, FACTS, READINGS
from monitor.ports import ReadFor

_LATER = READINGS.alias("later")
_COLUMNS = [
    *(ARTICLES.c[name] for name in ("key", "url", "outlet", "trust", "published_at", "story", "language", "title")),
    *(READINGS.c[name] for name in ("id", "seen_at", "retired_at")),
    _LATER.c.id.label("later"),
]


def corrections(connection: Connection, project: str, as_of: datetime | None) -> list[Correction]:
    """What publishers no longer say about a project, in the order of their edits.

    Args:
        connection: the connection.
        project: the project.
        as_of: if given, only edits that were seen by this instant.
    """
    query = (
        select(*_COLUMNS)
        .join_from(CONCERNS, READINGS)
        .join(ARTICLES)
        .join(_LATER, and_(_LATER.c.article == READINGS.c.article, _LATER.c.seen_at == READINGS.c.retired_at))
        .where(CONCERNS.c.project == project, _LATER.c.reason == ReadFor.CORRECTION.value)
    )
    if as_of is not None:
        query = query.where(READINGS.c.retired_at <= as_of)
    found = connection.execute(query.order_by(READINGS.c.retired_at, ARTICLES.c.key)).all()
    claims, facts = _said(connection, project, [number for row in found for number in (row.id, row.later)])
    made = (
        Correction.of(
            Report(source=rows.source(row), claims=tuple(claims[row.id]), facts=tuple(facts[row.id])),
            Report(source=rows.source(row), claims=tuple(claims[row.later]), facts=tuple(facts[row.later])),
            at=row.retired_at,
        )
        for row in found
    )
    return [correction for correction in made if correction is not None]


def _said(
    connection: Connection, project: str, readings: Sequence[int]
) -> tuple[dict[int, list[Claim]], dict[int, list[Fact]]]:
    """The claims and facts on the project in these readings, by the number of the reading."""
    claims: dict[int, list[Claim]] = defaultdict(list)
    facts: dict[int, list[Fact]] = defaultdict(list)
    for some in chunks(readings):
        for row in connection.execute(select(CLAIMS).where(CLAIMS.c.reading.in_(some), CLAIMS.c.project == project)):
            claims[row.reading].append(rows.claim(row))
        for row in connection.execute(select(FACTS).where(FACTS.c.reading.in_(some), FACTS.c.project == project)):
            facts[row.reading].append(rows.fact(row))
    return claims, facts
