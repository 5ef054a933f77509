"""A database that an older version has filled comes up to today's schema with all that it knew, and back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import Engine, text

from monitor.core.model import FactKind, State
from monitor.core.periods import Period
from monitor.errors import SchemaVersionError
from monitor.ledger.engine import make_engine, writing
from monitor.ledger.migrate import _config, upgrade
from monitor.ledger.store import SQLLedger
from monitor.ports import Decision, EntryRecord
from tests.builders import NOW, make_article, make_change, make_poll
from tests.conftest import DATABASES
from tests.ledger.decisions import nothing

#: What the first version wrote: three articles, of which two concern projects and one concerns none.
FIRST = """
INSERT INTO feeds (id, url, body_hash, failures, last_error, last_status)
    VALUES (1, 'https://example.org/feed.xml', 'abc', 0, '', 'read');
INSERT INTO entries (feed, key) VALUES (1, 'e1'), (1, 'e2'), (1, 'e3');
INSERT INTO articles
    (id, key, url, title, text, published, language, outlet, trust, published_at, seen_at, story, feed)
    VALUES
    (1, 'a1', 'https://example.org/1', 'One', 'Signed.', '2024-03-29', 'en', 'Daily', 0.5,
        '2024-03-29 08:00:00', '2024-03-29 09:00:00', 'a1', 1),
    (3, 'a3', NULL, 'Three', 'Football.', NULL, NULL, 'Daily', 0.5,
        '2024-04-01 08:00:00', '2024-04-01 09:00:00', 'a3', 1),
    (7, 'a7', 'https://example.org/7', 'Seven', '开工', '2024-04', 'zh', 'Weekly', 1.0,
        '2024-04-02 08:00:00', '2024-04-02 09:00:00', 'a7', 1);
INSERT INTO concerns (article, project, position) VALUES (1, 'plant', 0), (1, 'other', 1), (7, 'plant', 0);
INSERT INTO claims (id, article, project, stage, state, date, confidence, evidence) VALUES
    (1, 1, 'plant', 'agreed', 'reached', '2024-03-29', 0.9, 'Signed.'),
    (2, 7, 'plant', 'construction', 'reached', NULL, 0.8, '开工'),
    (3, 7, 'plant', 'operating', 'expected', '2026-Q3', 0.7, '开工');
INSERT INTO facts (id, article, project, kind, value, unit, evidence, confidence)
    VALUES (1, 1, 'other', 'investment', 3e9, 'MAD', 'Signed.', 1.0);
INSERT INTO changes (number, id, type, project, stage, before, after, at, effective, confidence, sources, evidence)
    VALUES (1, 'c1', 'status', 'plant', 'agreed', NULL, '"agreed"', '2024-03-29 09:00:00', '2024-03-29', 'reported',
        '["https://example.org/1"]', '["Signed."]');
INSERT INTO deliveries (id, change, subscriber, destination, state, due_at, attempts, last_outcome)
    VALUES (1, 'c1', 'Desk', 'd1', 'sent', '2024-03-29 09:00:00', 1, 'sent');
INSERT INTO attempts (id, delivery, at, outcome) VALUES (1, 1, '2024-03-29 09:00:01', 'sent')
"""
NAMES = ("feeds", "entries", "articles", "concerns", "claims", "facts", "changes", "deliveries", "attempts")


@pytest.fixture(params=DATABASES)
def first(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of the first schema, filled by its program, on each kind."""
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path}/old.db")
    else:
        server: str = request.getfixturevalue("postgresql")
        name = f"t{uuid4().hex}"
        admin = make_engine(server.format("postgres"))
        with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        admin.dispose()
        engine = make_engine(server.format(name))
    _migrate(engine, command.upgrade, "0001")
    with writing(engine) as connection:
        for statement in FIRST.split(";\n"):
            connection.exec_driver_sql(statement)
        if engine.dialect.name == "postgresql":
            numbered = (("articles", "id"), ("claims", "id"), ("facts", "id"), ("feeds", "id"), ("changes", "number"))
            for table, column in numbered:
                connection.exec_driver_sql(f"SELECT setval('{table}_{column}_seq', 7)")
    yield engine
    engine.dispose()


def _migrate(engine: Engine, step: Callable[..., None], to: str) -> None:
    config = _config()
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        step(config, to)


def _rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            name: sorted((tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}"))), key=repr)
            for name in NAMES
        }


def test_what_the_first_version_knew_is_known_after_the_upgrade(first: Engine) -> None:
    upgrade(first)
    ledger = SQLLedger(first)

    [signed, started] = ledger.reports()["plant"]
    [amount] = ledger.reports()["other"]
    assert [(c.stage, c.state, str(c.date)) for c in signed.claims] == [("agreed", State.REACHED, "2024-03-29")]
    assert [(c.stage, c.evidence, c.date) for c in started.claims] == [
        ("construction", "开工", None),
        ("operating", "开工", Period.parse("2026-Q3")),
    ]
    assert [(f.kind, f.value) for f in amount.facts] == [(FactKind.INVESTMENT, 3e9)]
    assert (started.source.story, started.source.trust) == ("a7", 1.0)
    assert [item.article.key for item in ledger.articles()] == ["a1", "a3", "a7"]
    assert [change.to for change in ledger.changes()] == ["agreed"]
    # Whether an old change was history is not known. It must not disappear from the news.
    assert [change.to for change in ledger.changes(history=False)] == ["agreed"]
    assert ledger.seen("https://example.org/feed.xml", ["e1", "e4"], [])[0] == {"e1": EntryRecord(key="e1")}


def test_an_upgraded_database_goes_on_where_the_old_one_ended(first: Engine) -> None:
    upgrade(first)
    ledger = SQLLedger(first)

    ledger.record(make_poll(make_article("a8")), nothing)

    assert [report.source.article for report in ledger.reports()["plant"]] == ["a1", "a7", "a8"]


def test_the_way_back_to_the_first_schema_loses_nothing(first: Engine) -> None:
    before = _rows(first)

    upgrade(first)
    _migrate(first, command.downgrade, "0001")

    assert _rows(first) == before


def test_what_came_since_goes_back_to_its_own_article(first: Engine) -> None:
    upgrade(first)
    ledger = SQLLedger(first)
    with writing(first) as connection:
        # As after a poll that was given up: the numbers of articles and of readings go apart.
        if first.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT nextval('articles_id_seq')")
        else:
            connection.exec_driver_sql("UPDATE readings SET id = 9 WHERE id = 3")
    for key in ("a8", "a9"):
        ledger.record(make_poll(make_article(key)), nothing)

    _migrate(first, command.downgrade, "0001")

    told = "SELECT articles.key FROM claims JOIN articles ON articles.id = claims.article ORDER BY claims.id"
    with first.connect() as connection:
        assert list(connection.scalars(text(told))) == ["a1", "a7", "a7", "a8", "a9"]


def test_there_is_no_way_back_for_what_was_read_anew(first: Engine) -> None:
    upgrade(first)
    with writing(first) as connection:
        connection.execute(text("UPDATE readings SET retired_at = seen_at WHERE id = 1"))

    with pytest.raises(SchemaVersionError, match="read anew"):
        _migrate(first, command.downgrade, "0001")


def test_copies_that_came_before_the_upgrade_are_one_story_after_it(first: Engine) -> None:
    with writing(first) as connection:
        connection.execute(text("UPDATE articles SET title = 'Work begins', text = 'Signed on Friday in Rabat.'"))
    upgrade(first)

    assert {item.article.key: item.source.story for item in SQLLedger(first).articles()} == {
        "a1": "a1",
        "a3": "a3",
        "a7": "a1",
    }


def test_history_that_was_stored_before_is_dated_by_its_publication(first: Engine) -> None:
    upgrade(first)
    proof = make_change().proof[0]
    young, old = (replace(proof, published=NOW - timedelta(days=days)) for days in (30, 900))
    undated = make_change(id="u", project="other", is_history=True, proof=(replace(proof, published=None),))
    SQLLedger(first).note(
        Decision(
            changes=(
                make_change(id="young", project="third", is_history=True, proof=(young, old), at=NOW),
                make_change(id="old", project="third", is_history=True, proof=(old,), at=NOW + timedelta(days=1)),
                undated,
            )
        )
    )
    _migrate(first, command.downgrade, "0026")
    upgrade(first)

    last = SQLLedger(first).last_changes(["plant", "other", "third"])

    assert {project: [change.id for change in found] for project, found in last.items()} == {
        "plant": ["c1"],
        "other": ["u"],
        "third": ["young"],
    }
