"""What every store of file editions keeps: the fake, and SQL on each database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.ledger.accounts import SQLFileEditions
from monitor.ledger.engine import make_engine
from monitor.ports import KEPT_EDITIONS, FileEdition, FileEditions
from tests.builders import NOW
from tests.fakes import FakeFileEditions

EDITION = FileEdition(at=NOW, actor="لينا", file="lexicons/ar.yaml", content="# é\r\n\0".encode() + b"\xff")


@pytest.fixture(params=["fake", "sql"])
def editions(request: pytest.FixtureRequest, database: str) -> Iterator[FileEditions]:
    if request.param == "fake":
        yield FakeFileEditions()
        return
    engine = make_engine(database)
    yield SQLFileEditions(engine)
    engine.dispose()


def test_an_edition_is_kept_byte_for_byte(editions: FileEditions) -> None:
    editions.add(EDITION)

    last = editions.last("lexicons/ar.yaml")
    assert last is not None
    assert last.id > 0
    assert replace(last, id=0) == EDITION
    assert editions.edition(last.id) == last


def test_what_is_not_there_is_none(editions: FileEditions) -> None:
    editions.add(EDITION)

    assert list(editions.files()) == ["lexicons/ar.yaml"]
    assert editions.edition(4711) is None
    assert editions.last("feeds.yaml") is None
    assert editions.editions(file="feeds.yaml", limit=10) == []


def test_each_edition_has_one_before_it_of_the_same_file(editions: FileEditions) -> None:
    for content, file in ((b"1", "feeds.yaml"), (b"x", "monitor.yaml"), (b"2", "feeds.yaml")):
        editions.add(replace(EDITION, content=content, file=file))

    newest = editions.last("feeds.yaml")
    assert newest is not None
    former = editions.last("feeds.yaml", before=newest.id)
    assert former is not None
    assert (newest.content, former.content) == (b"2", b"1")
    assert editions.last("feeds.yaml", before=former.id) is None


def test_the_newest_come_first_a_page_at_a_time(editions: FileEditions) -> None:
    for hours in range(5):
        editions.add(replace(EDITION, at=NOW + timedelta(hours=hours)))

    first = editions.editions(limit=3)
    second = editions.editions(before=first[-1].id, limit=3)

    assert [(each.at - NOW).seconds // 3600 for each in (*first, *second)] == [4, 3, 2, 1, 0]


def test_only_so_many_editions_of_each_file_are_kept(editions: FileEditions) -> None:
    editions.add(replace(EDITION, file="feeds.yaml"))
    for number in range(KEPT_EDITIONS + 2):
        editions.add(replace(EDITION, content=b"%d" % number))

    kept = editions.editions(limit=10 * KEPT_EDITIONS)

    assert [each.content for each in kept if each.file == EDITION.file] == [
        b"%d" % number for number in range(KEPT_EDITIONS + 1, 1, -1)
    ]
    assert [each.file for each in kept if each.file != EDITION.file] == ["feeds.yaml"]
