"""PostgreSQL goes under the running service, and comes back; or its lock goes, and another service takes it."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from monitor.errors import LedgerError
from monitor.ledger.engine import make_engine
from monitor.ledger.lock import service_lock
from tests.acceptance.conftest import Installation, Running, Site, wait_until
from tests.conftest import PostgreSQL
from tests.sinks import WebhookSink

TITLE, TEXT = "BTR {} cathode plant in Morocco", "BTR has {} work on its cathode plant in Morocco."


@pytest.fixture
def address(fragile: PostgreSQL) -> str:
    return fragile.make_database()


@pytest.fixture
def running(installation: Installation, site: Site, address: str, tmp_path: Path) -> Iterator[Running]:
    """The service on PostgreSQL, once it has told of something."""
    settings = installation.folder / "monitor.yaml"
    settings.write_text(f"database: '{address}'\nweb: {{port: 0}}\n{settings.read_text()}")
    site.publish_past("one.xml")
    site.publish_past("two.xml")
    service = Running(installation, tmp_path / "said.txt")
    try:
        wait_until(lambda: "service.started" in service.events())
        yield service
    finally:
        service.kill()


def publish(site: Site, verb: str) -> None:
    site.publish("one.xml", slug=verb, title=TITLE.format(verb), text=TEXT.format(verb))


def pending(address: str) -> int:
    with closing(psycopg.connect(address.replace("+psycopg", ""))) as connection:
        return len(connection.execute("SELECT id FROM deliveries WHERE state = 'pending'").fetchall())


@contextmanager
def usurped(address: str) -> Iterator[None]:
    """Another service takes the lock as soon as its holder has lost it."""
    engine = make_engine(address)
    holders = text("SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1")
    while True:
        with engine.connect() as connection:
            connection.execute(holders).all()
        try:
            with service_lock(engine):
                yield
            break
        except LedgerError:
            pass  # it was quicker
    engine.dispose()


def test_the_service_outlives_a_restart_of_the_database_and_tells_what_comes_then_once(
    running: Running, site: Site, hook: WebhookSink, fragile: PostgreSQL, address: str
) -> None:
    publish(site, "suspended")
    # What is in flight when the database goes is sent again once its lease has ended.
    wait_until(lambda: bool(hook.events) and not pending(address))
    fragile.stop()
    try:
        wait_until(lambda: "service.lock_lost" in running.events())
        publish(site, "resumed")
    finally:
        fragile.start()
    wait_until(lambda: "service.lock_taken_again" in running.events())
    wait_until(lambda: any("has resumed work" in json.dumps(event) for event in hook.events))

    assert running.stop() == 0
    told = [event["id"] for event in hook.events]
    assert len(told) == len(set(told))


def test_the_service_ends_in_time_while_the_database_is_down(running: Running, fragile: PostgreSQL) -> None:
    fragile.stop()
    try:
        wait_until(lambda: "service.lock_lost" in running.events())
        assert running.stop() == 0
    finally:
        fragile.start()


def test_a_service_whose_lock_another_one_has_taken_ends_and_says_so(running: Running, address: str) -> None:
    with usurped(address):
        assert running.process.wait(60) == 1

    assert "another monitor has taken it since; this one has ended" in " ".join(running.said().split())
