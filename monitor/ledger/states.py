"""What is known of each project, as it was folded last: a view of the log that may be thrown away at any time.

A row stands only for as long as it says what the log says: whoever writes anything that bears on a project takes its
row away in the same transaction. So a state that is there is true under the rules that it names.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, or_, select

from monitor.core.listing import Listed
from monitor.core.state import ProjectState
from monitor.ledger import recall
from monitor.ledger.chunks import chunks
from monitor.ledger.inserts import insert_or_replace
from monitor.ledger.tables import ARTICLES, CONCERNS, READINGS, REVIEWS, STATES
from monitor.ports import Fold


def states(connection: Connection, rules: str, projects: Sequence[str] | None = None) -> dict[str, ProjectState]:
    """The states, by project, that were folded by these rules; of these projects only, where some are named."""
    read = _adapter().validate_json
    query = select(STATES.c.project, STATES.c.state).where(STATES.c.rules == rules)
    if projects is not None:
        query = query.where(STATES.c.project.in_(projects))
    return {project: read(state) for project, state in connection.execute(query)}


def listed(connection: Connection, rules: str) -> dict[str, Listed]:
    """The same with their fields."""
    read = _adapter().validate_json
    query = select(STATES).where(STATES.c.rules == rules)
    return {
        row.project: Listed(brief=read(row.state), fields=json.loads(row.fields)) for row in connection.execute(query)
    }


def keep(connection: Connection, projects: Sequence[str], rules: str, fold: Fold) -> None:
    """Fold these projects by these rules, and keep what comes of it. No other transaction may be writing reports."""
    reports = recall.reports(connection, projects)
    found = {project: fold(project, reports.get(project, ())) for project in projects}
    write = _adapter().dump_json
    rows = [
        {"project": name, "rules": rules, "state": write(each.brief).decode(), "fields": json.dumps(each.fields)}
        for name, each in found.items()
    ]
    insert_or_replace(connection, STATES, rows)


def missing(connection: Connection, projects: Sequence[str], rules: str) -> list[str]:
    """Those of these projects of which no state is kept that was folded by these rules."""
    kept = recall.among(connection, STATES.c.project, projects, STATES.c.rules == rules)
    return [project for project in projects if project not in kept]


def forget(connection: Connection, projects: Iterable[str]) -> None:
    """Something is written that bears on what is known of these projects."""
    for chunk in chunks(sorted(set(projects))):
        connection.execute(delete(STATES).where(STATES.c.project.in_(chunk)))


def forget_stories(connection: Connection, stories: Mapping[str, str]) -> None:
    """These stories have grown: that bears on every project that one of their articles concerns, or counts for."""
    for chunk in chunks(sorted(set(stories.values()))):
        concerned = (
            select(CONCERNS.c.project).join_from(CONCERNS, READINGS).join(ARTICLES).where(ARTICLES.c.story.in_(chunk))
        )
        assigned = select(REVIEWS.c.to_project).join_from(REVIEWS, ARTICLES).where(ARTICLES.c.story.in_(chunk))
        in_either = or_(STATES.c.project.in_(concerned), STATES.c.project.in_(assigned))
        connection.execute(delete(STATES).where(in_either))


@cache
def _adapter() -> TypeAdapter[ProjectState]:
    return TypeAdapter(ProjectState)
