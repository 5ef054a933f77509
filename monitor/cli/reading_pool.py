"""Many articles read at once, by as many workers as the machine has cores."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from monitor.cli.output import warn
from monitor.core.model import Article, Reading
from monitor.replay import ReadAll
from monitor.workers.jobs import Bench

if TYPE_CHECKING:
    from monitor.app import App
    from monitor.workers.crew import Crew

#: Fewer are read quicker by one worker than several take to begin.
WORTH_PROCESSES = 1000
_AT_A_TIME = 20


@contextmanager
def reading_pool(app: "App", *, articles: int) -> Iterator[ReadAll]:
    """What reads articles as polls do, in their order; None for one that takes more time or memory than it may.

    Args:
        app: on the configuration that they are read by.
        articles: how many are to be read altogether.
    """
    processes = os.cpu_count() or 1 if articles >= WORTH_PROCESSES else 1
    with closing(app.new_crew(processes=processes)) as crew:
        yield lambda items: _read(items, crew, app.setup().settle)


def _read(
    articles: Sequence[Article], crew: "Crew", settle: Callable[[Article, Reading], Reading] | None
) -> Iterator[Reading | None]:
    readings = crew.do_all(Bench.read_all, articles, at_a_time=_AT_A_TIME)
    for article, reading in zip(articles, readings, strict=True):
        if isinstance(reading, Exception):
            warn(f"{article.url or article.title}: {reading}; it was left as it is")
            yield None
        else:
            yield settle(article, reading) if settle is not None else reading
