"""What other processes do in the tests of the ledger; a module of its own, so that they can import it quickly."""

import multiprocessing
from collections.abc import Callable
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from monitor.ledger.backup import upgrade
from monitor.ledger.engine import make_engine
from monitor.ledger.store import SQLLedger
from tests.builders import make_article, make_change, make_poll
from tests.ledger.decisions import owing

# A clean process that has imported everything once: each of its children starts in no time.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__])


def start(work: Callable[..., None], *args: object) -> tuple[BaseProcess, Connection]:
    """A process that is at work; its first argument is the sending end of the pipe that is returned."""
    receive, send = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=work, args=(send, *args), daemon=True)
    process.start()
    send.close()
    return process, receive


def create(out: Connection, address: str) -> None:
    """Bring the database up to date, and say that it went well."""
    engine = make_engine(address)
    upgrade(engine)
    out.send("done")
    engine.dispose()


def record_one(out: Connection, address: str, number: int) -> None:
    """Record the article that all bring, in a feed of its own, and say how many changes were new."""
    engine = make_engine(address)
    poll = make_poll(make_article("shared"), feed=f"https://example.org/{number}")
    out.send(len(SQLLedger(engine).record(poll, owing(make_change()))))
    engine.dispose()


def record_for_ever(out: Connection, address: str, first: int) -> None:
    """Record one article after the other, each with a change that is owed, and name each when it is committed."""
    ledger = SQLLedger(make_engine(address))
    for number in count(first):
        ledger.record(make_poll(make_article(f"a{number}")), owing(make_change(id=f"c{number}")))
        out.send(number)
