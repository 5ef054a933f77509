"""The result of trying a feed."""

from dataclasses import dataclass

from monitor.core.model import Entry, Feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a feed offers now."""

    feed: Feed
    #: Each with the ids of the projects that it may concern.
    entries: tuple[tuple[Entry, tuple[str, ...]], ...] = ()
    #: Problems with single entries.
    problems: tuple[str, ...] = ()
    #: Why there are no entries; "" if the feed could be read.
    error: str = ""

    @property
    def relevant(self) -> int:
        return sum(1 for _, projects in self.entries if projects)
