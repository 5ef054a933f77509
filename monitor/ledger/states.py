"""Cached project states. They are a view of the reports and may be deleted at any time.

A row exists only while it agrees with the reports. Every transaction that writes something affecting a project deletes
its row. So an existing state is correct for the rules that the row names.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, Row, delete, or_, select

from monitor.core.folding.listing import Listed
from monitor.core.state import ProjectState
from monitor.ledger import recall
from monitor.ledger.engine import chunks, insert_or_replace
from monitor.ledger.tables import ARTICLES, CONCERNS, READINGS, REVIEWS, STATES
from monitor.ports import Fold, Folded

#: Project → fingerprint of the rules by which it is folded.
Rules = Mapping[str, str]

#: Up to so many states are looked up one by one.
_FEW = 50
#: Nothing in it keeps SQLite from answering by the index alone. A state is long, and its edition stands behind it.
_ALL_EDITIONS = select(STATES.c.project, STATES.c.rules, STATES.c.edition)


class Decoded:
    """Reads cached states, and holds in memory what it has read: decoding takes longer than all else of a list.

    A state that has not changed is the same object each time. Safe to use from several threads.
    """

    def __init__(self) -> None:
        #: By project: the edition and its state.
        self._held: dict[str, tuple[str, ProjectState]] = {}

    def states(self, connection: Connection, rules: Rules) -> dict[str, ProjectState]:
        """The cached states of these projects for their current rules, by project."""
        found: dict[str, ProjectState] = {}
        changed: dict[str, str] = {}
        for project, edition in _editions(connection, rules):
            held = self._held.get(project)
            if held is not None and held[0] == edition:
                found[project] = held[1]
            else:
                changed[project] = rules[project]
        for row in _kept(connection, changed, STATES.c.edition, STATES.c.state):
            found[row.project] = _adapter().validate_json(row.state)
            self._held[row.project] = row.edition, found[row.project]
        return found


def listed(connection: Connection, rules: Rules) -> dict[str, Listed]:
    """As ``Decoded.states``, with the fields for programs."""
    read = _adapter().validate_json
    return {
        row.project: Listed(brief=read(row.state), fields=json.loads(row.fields))
        for row in _kept(connection, rules, STATES.c.state, STATES.c.fields)
    }


def keep(connection: Connection, rules: Rules, fold: Fold) -> None:
    """Fold these projects by their rules and cache the states. No other transaction may be writing reports."""
    reports = recall.reports(connection, list(rules))
    save(connection, {each: Folded(rule, fold(each, reports.get(each, ()))) for each, rule in rules.items()})


def save(connection: Connection, folded: Mapping[str, Folded]) -> None:
    """Cache these states. Each is that of the present reports, and no other transaction may be writing reports."""
    write = _adapter().dump_json
    rows = []
    for project, found in folded.items():
        state = write(found.listed.brief)
        kept = {"edition": hashlib.sha256(state).hexdigest()[:32], "state": state.decode()}
        rows.append({"project": project, "rules": found.rules, **kept, "fields": json.dumps(found.listed.fields)})
    insert_or_replace(connection, STATES, rows)


def missing(connection: Connection, rules: Rules) -> dict[str, str]:
    """The projects without a cached state for their current rules, with these rules."""
    kept = {project for project, _ in _editions(connection, rules)}
    return {project: rule for project, rule in rules.items() if project not in kept}


def _editions(connection: Connection, rules: Rules) -> Iterator[tuple[str, str]]:
    """These projects with the editions of their states. If they are many, only the index of all editions is read."""
    if len(rules) <= _FEW:
        for row in _kept(connection, rules, STATES.c.edition):
            yield row.project, row.edition
    else:
        for project, rule, edition in connection.execute(_ALL_EDITIONS).all():
            if rule == rules.get(project):
                yield project, edition


def _kept(connection: Connection, rules: Rules, *columns: ColumnElement[str]) -> Iterator[Row[Any]]:
    query = select(STATES.c.project, STATES.c.rules, *columns)
    for some in chunks(list(rules)):
        for row in connection.execute(query.where(STATES.c.project.in_(some))):
            if row.rules == rules[row.project]:
                yield row


def forget(connection: Connection, projects: Iterable[str]) -> None:
    """Delete the cached states of these projects, because something that affects them is being written."""
    for chunk in chunks(sorted(set(projects))):
        connection.execute(delete(STATES).where(STATES.c.project.in_(chunk)))


def forget_stories(connection: Connection, stories: Mapping[str, str]) -> None:
    """Delete the cached states that depend on these stories, because the stories have grown.

    A state depends on a story if one of its articles concerns the project, or was assigned to it by a decision.
    """
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
