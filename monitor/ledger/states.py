"""What is known of each project, as it was folded last: a view of the log that may be thrown away at any time.

A row stands only for as long as it says what the log says: whoever writes anything that bears on a project takes its
row away in the same transaction. So a state that is there is true under the rules that it names.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, Row, delete, or_, select

from monitor.core.folding.listing import Listed
from monitor.core.state import ProjectState
from monitor.ledger import recall
from monitor.ledger.chunks import chunks
from monitor.ledger.inserts import insert_or_replace
from monitor.ledger.tables import ARTICLES, CONCERNS, READINGS, REVIEWS, STATES
from monitor.ports import Fold

#: By project the fingerprint of the rules by which it is folded.
Rules = Mapping[str, str]


def states(connection: Connection, rules: Rules) -> dict[str, ProjectState]:
    """The states of these projects, by project, that were folded by their rules."""
    read = _adapter().validate_json
    return {row.project: read(row.state) for row in _kept(connection, rules, STATES.c.state)}


def listed(connection: Connection, rules: Rules) -> dict[str, Listed]:
    """The same with their fields."""
    read = _adapter().validate_json
    return {
        row.project: Listed(brief=read(row.state), fields=json.loads(row.fields))
        for row in _kept(connection, rules, STATES.c.state, STATES.c.fields)
    }


def keep(connection: Connection, rules: Rules, fold: Fold) -> None:
    """Fold these projects by their rules, and keep what comes of it. No other transaction may be writing reports."""
    reports = recall.reports(connection, list(rules))
    write = _adapter().dump_json
    rows = []
    for project, rule in rules.items():
        found = fold(project, reports.get(project, ()))
        kept = {"state": write(found.brief).decode(), "fields": json.dumps(found.fields)}
        rows.append({"project": project, "rules": rule, **kept})
    insert_or_replace(connection, STATES, rows)


def missing(connection: Connection, rules: Rules) -> dict[str, str]:
    """Those of these projects, with their rules, of which no state is kept that was folded by them."""
    kept = {row.project for row in _kept(connection, rules)}
    return {project: rule for project, rule in rules.items() if project not in kept}


def _kept(connection: Connection, rules: Rules, *columns: ColumnElement[str]) -> Iterator[Row[Any]]:
    query = select(STATES.c.project, STATES.c.rules, *columns)
    for some in chunks(list(rules)):
        for row in connection.execute(query.where(STATES.c.project.in_(some))):
            if row.rules == rules[row.project]:
                yield row


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
