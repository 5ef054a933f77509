"""Reads many articles at once, with as many workers as the machine has cores."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from monitor.core.model import Article
from monitor.know.replay import ReadAll
from monitor.ports import Asker, ReadOutcome, Unanswered
from monitor.workers.jobs import Bench, Told

if TYPE_CHECKING:
    from monitor.app.build import App
    from monitor.workers.crew import Crew

#: For fewer articles one worker is faster than starting several.
WORTH_PROCESSES = 1000
_AT_A_TIME = 20


@contextmanager
def reading_pool(app: "App", *, articles: int, warn: Callable[[str], None]) -> Iterator[ReadAll]:
    """Give a function that reads articles as polls do, in order. It gives None for one that exceeds the limits.

    Args:
        app: the monitor with the configuration to read with.
        articles: how many articles are to be read in total.
        warn: called with a message for each article that could not be read.
    """
    processes = os.cpu_count() or 1 if articles >= WORTH_PROCESSES else 1
    with closing(app.new_crew(processes=processes)) as crew:
        yield lambda items: _read(items, crew, app.setup().asker, warn)


def _read(
    articles: Sequence[Article], crew: "Crew", asker: Asker | None, warn: Callable[[str], None]
) -> Iterator[ReadOutcome | None]:
    found = crew.do_all(Bench.read_all, articles, at_a_time=_AT_A_TIME)
    for article, told in zip(articles, found, strict=True):
        read = told if isinstance(told, Exception) else _concluded(article, told, crew, asker)
        if isinstance(read, Exception):
            warn(f"{article.url or article.title}: {read}; it was left as it is")
            yield None
        else:
            yield read


def _concluded(article: Article, told: Told, crew: "Crew", asker: Asker | None) -> ReadOutcome | Exception:
    """Complete a reading with the answer of the language model, if one is configured."""
    if asker is None or told.question is None:
        return ReadOutcome(reading=told.reading)
    answer = asker.ask(told.question)
    if isinstance(answer, Unanswered):
        return ReadOutcome(reading=told.reading, is_provisional=not answer.is_final)
    [done] = crew.do_all(Bench.conclude_all, [(article, answer, told.reading)], at_a_time=1)
    if isinstance(done, Exception):
        return done
    reading, dropped = done
    asker.report(told.question, dropped)
    return ReadOutcome(reading=reading)
