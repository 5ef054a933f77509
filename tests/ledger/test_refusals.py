"""What a database may do to us: it is said in words that a person can act on, without a password, and harms nothing."""

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError

from monitor.errors import LedgerError
from monitor.ledger import engine as engines
from monitor.ledger.backup import upgrade
from monitor.ledger.engine import make_engine, reading, writing
from monitor.ledger.store import SQLLedger
from tests.builders import make_article, make_poll
from tests.ledger.decisions import nothing

Connect = Callable[[str], Engine]
Insist = Callable[[str], None]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Makes engines, and closes their connections at the end."""
    made: list[Engine] = []

    def make(address: str) -> Engine:
        made.append(make_engine(address))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()


@pytest.fixture
def path(tmp_path: Path, connect: Connect) -> Path:
    """The file of an empty SQLite database with all tables."""
    path = tmp_path / "monitor.db"
    engine = connect(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()  # so that nothing is left in the write-ahead log
    return path


@pytest.fixture
def insist(postgresql: str, connect: Connect) -> Insist:
    """Does something to the server as its administrator."""

    def do(statement: str) -> None:
        with connect(postgresql.format("postgres")).connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text(statement))

    return do


def test_too_many_at_a_time_are_told_to_try_again(
    path: Path, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "LOCK_TIMEOUT", 0.05)
    monkeypatch.setattr(engines, "_CONNECTIONS", 5)
    engine = connect(f"sqlite:///{path}")
    with ExitStack() as held:
        for _ in range(5):
            held.enter_context(engine.connect())

        with pytest.raises(LedgerError, match="all connections are in use; try again"), reading(engine):
            pass


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("mysql://host/name", "not the address of a database"),
        ("postgresql://host/name", "not the address of a database"),
        ("nonsense", "not the address of a database"),
        ("sqlite://", "not the address of a database"),
        ("sqlite:///:memory:", "not the address of a database"),
        ("sqlite:////proc/nowhere/monitor.db", "cannot be made"),
        ("sqlite:////proc/monitor.db", "cannot be opened"),
        ("postgresql+psycopg://user:hunter2@127.0.0.1:1/x", "no server answers"),
        ("postgresql+psycopg://user:hunter2@no-such-host.invalid/x", "no such host"),
    ],
)
def test_an_unusable_address_says_what_to_do_and_no_password(address: str, words: str, connect: Connect) -> None:
    with pytest.raises(LedgerError, match=words) as caught:
        upgrade(connect(address))

    assert "hunter2" not in str(caught.value)


def test_a_missing_driver_is_named_with_what_brings_it(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(LedgerError, match=r"psycopg is missing: install milestone-monitor\[postgres\]"):
        connect("postgresql+psycopg://localhost/monitor")


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, connect: Connect) -> None:
    path = tmp_path / "monitor.db"
    path.write_text("My diary, " * 1000)

    with pytest.raises(LedgerError, match="not a SQLite database"):
        upgrade(connect(f"sqlite:///{path}"))

    assert path.read_text().startswith("My diary")


def test_a_read_only_file_is_said_to_be_one(path: Path, connect: Connect) -> None:
    ledger = SQLLedger(connect(f"sqlite:///file:{path}?mode=ro&uri=true"))

    with pytest.raises(LedgerError, match="read-only"):
        ledger.record(make_poll(), nothing)
    assert ledger.feeds() == {}


def test_a_file_that_is_locked_for_too_long_is_said_to_be(
    path: Path, monkeypatch: pytest.MonkeyPatch, connect: Connect
) -> None:
    monkeypatch.setattr(engines, "LOCK_TIMEOUT", 0.1)
    ledger = SQLLedger(connect(f"sqlite:///{path}"))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(LedgerError, match="kept the database locked"):
        ledger.record(make_poll(), nothing)
    assert ledger.feeds() == {}, "who only reads does not wait for who writes"
    other.close()


def test_a_full_disk_is_said_to_be_full_and_loses_nothing(path: Path, connect: Connect) -> None:
    engine = connect(f"sqlite:///{path}")
    ledger = SQLLedger(engine)
    ledger.record(make_poll(make_article("a1")), nothing)
    event.listen(engine, "checkout", lambda connection, *_: connection.execute("PRAGMA max_page_count = 1"))

    with pytest.raises(LedgerError, match="disk is full"):
        ledger.record(make_poll(*(make_article(f"b{number}") for number in range(500))), nothing)
    assert ledger.known(["a1", "b1"]) == {"a1"}


def test_a_damaged_file_is_said_to_be_damaged(path: Path, connect: Connect) -> None:
    # Behind the first page, which says what the file is.
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 40960)

    with pytest.raises(LedgerError, match="damaged"):
        SQLLedger(connect(f"sqlite:///{path}")).feeds()


@pytest.fixture
def stranger(postgresql: str, insist: Insist) -> str:
    """The address of the server for a user who may do nothing, with a password that is wrong."""
    name = f"u{uuid4().hex}"
    insist(f"CREATE USER {name} PASSWORD 'right'")
    return postgresql.format("postgres").replace("postgres:@", f"{name}:hunter2@")


def test_a_user_without_rights_is_told_so(stranger: str, connect: Connect) -> None:
    with pytest.raises(LedgerError, match="give it all rights") as caught:
        upgrade(connect(stranger))

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(("user", "name"), [("postgres", "nowhere"), ("nobody", "postgres")])
def test_a_database_or_user_that_the_server_does_not_have_is_said_to_be_missing(
    postgresql: str, user: str, name: str, connect: Connect
) -> None:
    address = postgresql.format(name).replace("postgres:@", f"{user}:hunter2@")

    with pytest.raises(LedgerError, match="no such database or user"):
        upgrade(connect(address))


@pytest.fixture
def server(postgresql: str, template: str, insist: Insist, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A database with all tables on the server, which does not wait long for locks."""
    monkeypatch.setattr(engines, "LOCK_TIMEOUT", 0.1)
    name = f"t{uuid4().hex}"
    insist(f"CREATE DATABASE {name} TEMPLATE {template}")
    return connect(postgresql.format(name))


def test_a_table_that_is_locked_for_too_long_is_said_to_be(server: Engine) -> None:
    ledger = SQLLedger(server)
    with server.begin() as other:
        other.execute(text("LOCK TABLE feeds"))
        with pytest.raises(LedgerError, match="kept the database locked"):
            ledger.record(make_poll(), nothing)

    ledger.record(make_poll(), nothing)


def test_a_server_that_only_reads_is_said_to_be_one(server: Engine) -> None:
    with server.begin() as connection:
        connection.execute(text(f"ALTER DATABASE {server.url.database} SET default_transaction_read_only = on"))
    server.dispose()

    with pytest.raises(LedgerError, match="connect to the primary"):
        SQLLedger(server).record(make_poll(), nothing)


def test_a_connection_that_the_server_ends_is_told_of_and_replaced(server: Engine, insist: Insist) -> None:
    def be_ended() -> None:
        with writing(server) as connection:
            number = connection.execute(text("SELECT pg_backend_pid()")).scalar()
            insist(f"SELECT pg_terminate_backend({number})")
            connection.execute(text("SELECT 1"))

    with pytest.raises(LedgerError, match="ended the connection"):
        be_ended()

    assert SQLLedger(server).feeds() == {}


def test_a_mistake_of_the_program_is_not_taken_for_the_operator_s(engine: Engine) -> None:
    with pytest.raises(DBAPIError, match="no_such_table"), reading(engine) as connection:
        connection.execute(text("SELECT * FROM no_such_table"))
