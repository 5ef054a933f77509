"""A reader that is expensive to make is made when it first reads, and once."""

from concurrent.futures import ThreadPoolExecutor

from monitor.core.model import Article, Reading
from monitor.ports import Reader
from monitor.readers.plug import DEFAULT, SHIPPED, TRAINED, DeferredReader, reader_factory
from tests.core.reading.texts import lexicons, make_text

NOTHING = Reading(language="en", projects=(), claims=(), facts=())


class Silent:
    def read(self, article: Article) -> Reading:
        return NOTHING


class Workshop:
    def __init__(self) -> None:
        self.made = 0

    def make(self) -> Reader:
        self.made += 1
        return Silent()


def test_it_is_not_made_before_something_is_to_be_read() -> None:
    workshop = Workshop()

    reader = DeferredReader(workshop.make)

    assert workshop.made == 0
    assert reader.read(make_text("All are glad.")) == NOTHING
    assert workshop.made == 1


def test_many_threads_that_read_first_share_one() -> None:
    workshop = Workshop()
    reader = DeferredReader(workshop.make)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(reader.read, [make_text("All are glad.")] * 40))

    assert workshop.made == 1


def test_the_reader_that_comes_with_the_program_reads_where_none_is_named() -> None:
    assert DEFAULT == TRAINED
    assert (SHIPPED / "manifest.json").exists()

    reader = reader_factory(DEFAULT)([], lexicons(), {})

    assert reader.read(make_text("All are glad.")) == NOTHING
