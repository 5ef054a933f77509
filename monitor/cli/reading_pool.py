"""Many articles read at once, by as many processes as the machine has cores."""

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from monitor.cli.opening import load_folder
from monitor.core.model import Article, Reading
from monitor.replay import read_article
from monitor.watch import Watch

#: Fewer are read quicker here than processes start, each of which compiles the vocabulary for itself.
WORTH_PROCESSES = 1000
_AT_A_TIME = 20


@contextmanager
def reading_pool(
    watch: Watch, folder: Path, *, articles: int, processes: int | None = None
) -> Iterator[Callable[[Sequence[Article]], Iterable[Reading]]]:
    """What reads articles as this watch does, in their order.

    Args:
        watch: by what they are read.
        folder: of the configuration that the watch was built from; other processes build it again.
        articles: how many are to be read altogether.
        processes: so many; by default one for each core, where there is enough to read.
    """
    if processes is None:
        processes = os.cpu_count() or 1 if articles >= WORTH_PROCESSES else 1
    if processes == 1:
        yield lambda items: [read_article(item, watch) for item in items]
        return
    # Spawned and not forked: what this process has open (threads, databases) is not the others' business.
    with ProcessPoolExecutor(processes, get_context("spawn"), _prepare, (folder,)) as executor:
        yield lambda items: executor.map(_read, items, chunksize=_AT_A_TIME)


class _Process:
    """What one of the other processes has built."""

    watch: Watch


def _prepare(folder: Path) -> None:
    from monitor.setup import set_up  # noqa: PLC0415 - slow to load, and of no use to this process

    # Ctrl-C is answered by the process that started this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _Process.watch = set_up(*load_folder(folder)).watch


def _read(article: Article) -> Reading:
    return read_article(article, _Process.watch)
