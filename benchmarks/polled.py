"""One pass over all feeds in a process of its own: ours, or that of the peer `reader`. Called by benchmarks.polling.

    python -m benchmarks.polled ours FOLDER             every feed of the configuration once, as the service polls
    python -m benchmarks.polled reader FILE add|update  the peer on its own database; addresses from standard input

Prints what it took, in seconds of the processor: to start, and from the first request to the last commit.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.family import cpu, memory


def ours(folder: Path) -> Callable[[], dict[str, Any]]:
    """The service's way from what is known of the feeds to the last commit."""
    import asyncio  # noqa: PLC0415 - start-up is measured, imports and all
    from collections import Counter  # noqa: PLC0415 - as above
    from contextlib import ExitStack, aclosing  # noqa: PLC0415 - as above

    from monitor.cli.session import opened  # noqa: PLC0415 - as above

    async def polled() -> dict[str, Any]:
        counts: Counter[str] = Counter()
        async with app.fetcher() as fetcher, aclosing(app.poller.poll(app.poller.feeds(), fetcher)) as results:
            async for result in results:
                counts += Counter({result.outcome.value: 1, "new": result.new, "relevant": result.relevant})
                if result.error:
                    print(result.error, file=sys.stderr)
        app.knowledge.keep_states()
        return dict(counts)

    held = ExitStack()
    app = held.enter_context(opened(folder, warm=True))
    app.engine.connect().close()
    # As the service does when it starts, beside its first polls.
    warm(app.crew)

    def work() -> dict[str, Any]:
        counts = asyncio.run(polled())
        # The workers are looked at before they end, with this process.
        held.pop_all()
        return counts

    return work


def warm(crew: Any) -> None:  # noqa: ANN401 - a Crew, whose module is loaded late
    """Wait until its worker has nothing to compile."""
    import asyncio  # noqa: PLC0415 - as above

    from monitor.workers.jobs import Bench  # noqa: PLC0415 - as above

    async def prepare() -> None:
        while await crew.do(0, Bench.prepare):
            pass

    asyncio.run(prepare())


def peer(database: str, what: str) -> Callable[[], dict[str, Any]]:
    from reader import make_reader  # type: ignore[import-not-found] # noqa: PLC0415 - the peer, where it is installed

    reader = make_reader(database)

    def add() -> dict[str, Any]:
        for url in sys.stdin.read().split():
            reader.add_feed(url)
        return {}

    def update() -> dict[str, Any]:
        # All of them, as often as asked, and not only those that it would update of itself.
        reader.update_feeds(scheduled=False, workers=20)
        return {"entries": reader.get_entry_counts().total}

    return add if what == "add" else update


def main() -> None:
    who, where, *rest = sys.argv[1:]
    work = ours(Path(where)) if who == "ours" else peer(where, *rest)
    started, began = cpu(), time.monotonic()
    counts = work()
    wall = time.monotonic() - began
    peak = memory()
    print(json.dumps({"start": started, "work": cpu() - started, "wall": wall, "peak": peak, "counts": counts}))


if __name__ == "__main__":
    main()
