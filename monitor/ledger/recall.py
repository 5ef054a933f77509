"""What the tables hold, as core values: what articles say, by project and by article."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, select, true

from monitor.core.model import Claim, Fact, Report
from monitor.ledger import rows
from monitor.ledger.tables import ARTICLES, CLAIMS, CONCERNS, FACTS
from monitor.ports import ReadArticle

_SOURCE = [ARTICLES.c[name] for name in ("id", "key", "url", "outlet", "trust", "published_at", "seen_at", "story")]

#: Keys in one question: SQLite takes at most 32,766 variables.
_CHUNK = 5000

#: A project's id, an article's number.
_Place = tuple[str, int]


def among(
    connection: Connection, column: ColumnElement[str], values: Sequence[str], *where: ColumnElement[bool]
) -> set[str]:
    """Those of the values that the column holds."""
    found: set[str] = set()
    for start in range(0, len(values), _CHUNK):
        found.update(connection.scalars(select(column).where(column.in_(values[start : start + _CHUNK]), *where)))
    return found


def reports(connection: Connection, projects: Sequence[str] | None) -> dict[str, list[Report]]:
    """Reports of these projects, or of all, oldest publication first."""
    claims, facts = _told(connection, projects)
    sources = select(CONCERNS.c.project, *_SOURCE).join(CONCERNS, CONCERNS.c.article == ARTICLES.c.id)
    found: dict[str, list[Report]] = defaultdict(list)
    for row in connection.execute(sources.where(_of(CONCERNS, projects))):
        place = row.project, row.id
        if place in claims or place in facts:
            report = Report(
                source=rows.source(row), claims=tuple(claims.get(place, ())), facts=tuple(facts.get(place, ()))
            )
            found[row.project].append(report)
    # Here and not in the database, whose idea of the order of texts depends on its locale.
    return {project: sorted(found[project], key=rows.by_publication) for project in sorted(found)}


def _told(
    connection: Connection, projects: Sequence[str] | None
) -> tuple[dict[_Place, list[Claim]], dict[_Place, list[Fact]]]:
    """All that was read of these projects, in the order in which it was read."""
    claims: dict[_Place, list[Claim]] = defaultdict(list)
    for row in connection.execute(select(CLAIMS).where(_of(CLAIMS, projects)).order_by(CLAIMS.c.id)):
        claims[row.project, row.article].append(rows.claim(row))
    facts: dict[_Place, list[Fact]] = defaultdict(list)
    for row in connection.execute(select(FACTS).where(_of(FACTS, projects)).order_by(FACTS.c.id)):
        facts[row.project, row.article].append(rows.fact(row))
    return claims, facts


def _of(table: Table, projects: Sequence[str] | None) -> ColumnElement[bool]:
    return true() if projects is None else table.c.project.in_(projects)


def articles(connection: Connection, project: str | None, limit: int | None) -> list[ReadArticle]:
    """The articles that came last, the newest last, each with all that was read in it."""
    chosen = select(ARTICLES.c.id).order_by(ARTICLES.c.id.desc()).limit(limit)
    if project is not None:
        chosen = chosen.join(CONCERNS).where(CONCERNS.c.project == project)
    latest = chosen.cte("latest")

    def by_article(query: Select[Any], table: Table) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for row in connection.execute(query.where(table.c.article.in_(select(latest.c.id)))):
            found[row.article].append(row)
        return found

    concerns = by_article(select(CONCERNS).order_by(CONCERNS.c.position), CONCERNS)
    claims = by_article(select(CLAIMS).order_by(CLAIMS.c.id), CLAIMS)
    facts = by_article(select(FACTS).order_by(FACTS.c.id), FACTS)
    found = connection.execute(select(ARTICLES).where(ARTICLES.c.id.in_(select(latest.c.id))).order_by(ARTICLES.c.id))
    return [
        rows.read_article(row, concerns.get(row.id, ()), claims.get(row.id, ()), facts.get(row.id, ())) for row in found
    ]
