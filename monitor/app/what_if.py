"""Tries an edit of the configuration on what came lately, within a bounded time."""

import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.core.model import Article, Reading
from monitor.core.reading.lexicon import Lexicon
from monitor.know.what_if import Reread, Routed, reread, routed
from monitor.settings.config import Config
from monitor.settings.fingerprints import reading_fingerprint
from monitor.settings.whole import words_of
from monitor.watch.setup import set_up
from monitor.watch.watch import Watch
from monitor.workers.jobs import Bench
from monitor.workers.limits import Limits

if TYPE_CHECKING:
    from monitor.app.build import App

#: Seconds after which no further article is read. An answer of the web server must be there before its connection ends.
PATIENCE = 14.0
#: Seconds of processor time for one article. One that takes longer is left as it is.
_FOR_ONE = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EditTrial:
    """What an edit would have done."""

    #: The watch with the edit.
    watch: Watch
    routed: Routed
    #: None if articles would be read as they are.
    reread: Reread | None
    #: Whether articles were only matched with projects, for a language model reads them and is not asked.
    is_only_matched: bool
    #: The names of those who would be told as well, and of those who would be told no longer.
    new_subscribers: tuple[str, ...]
    old_subscribers: tuple[str, ...]
    #: The names of the feeds that would be polled as well, and of those that would be polled no longer.
    new_feeds: tuple[str, ...]
    old_feeds: tuple[str, ...]


def try_edit(
    app: "App",
    config: Config,
    lexicons: Mapping[str, Lexicon],
    instead: Mapping[str, bytes],
    *,
    span: timedelta,
    patience: float,
) -> EditTrial:
    """Try a valid configuration on the changes and articles of the last time. Blocks for some seconds.

    Args:
        app: the monitor with the configuration in use.
        config: the configuration with the edit.
        lexicons: its vocabulary.
        instead: the contents of the edited files, by name.
        span: how far back.
        patience: seconds after which no further article is read.
    """
    until = time.monotonic() + patience
    before, since = app.watch, app.clock() - span

    def is_time_left() -> bool:
        return time.monotonic() < until

    with words_of(config.folder, instead) as words:
        # The operator's words are read from the folder of the configuration.
        edited = replace(config, folder=words)
        is_read_otherwise = reading_fingerprint(edited) != before.fingerprint
        # No language model is asked for a trial: that costs, and a budget could be spent by trying.
        setup = set_up(replace(edited, reader=replace(edited.reader, llm=None)), lexicons, clock=app.clock)
        after = replace(setup.watch, subscribers=app.joined(config))
        told = routed(before, after, app.ledger, since=since, is_time_left=is_time_left)
        found = None
        if is_read_otherwise:
            limits = Limits(time=min(config.workers.time.total_seconds(), _FOR_ONE), memory=config.workers.memory)
            with closing(app.trial_crew(setup.recipe, limits)) as crew:

                def read_some(articles: Sequence[Article]) -> list[Reading | None]:
                    read = crew.do_all(Bench.read_all, articles, at_a_time=len(articles))
                    return [None if isinstance(each, Exception) else each.reading for each in read]

                found = reread(
                    before,
                    after,
                    app.ledger,
                    since=since,
                    read_some=read_some if config.reader.llm is None else None,
                    is_time_left=is_time_left,
                )
    had, has = ({feed.url: feed.name for feed in each.feeds} for each in (app.config, config))
    names, named = ([each.name for each in watch.audience.subscribers] for watch in (before, after))
    return EditTrial(
        watch=after,
        routed=told,
        reread=found,
        is_only_matched=found is not None and config.reader.llm is not None,
        new_subscribers=tuple(name for name in named if name not in names),
        old_subscribers=tuple(name for name in names if name not in named),
        new_feeds=tuple(name for url, name in has.items() if url not in had),
        old_feeds=tuple(name for url, name in had.items() if url not in has),
    )
