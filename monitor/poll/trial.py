"""The result of trying a feed."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from monitor.core.model import Entry, Feed


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedTrial:
    """What a feed offers now."""

    feed: Feed
    #: As the document says, or "".
    title: str = ""
    #: What kind of document it is, or "".
    format: str = ""
    #: Each with the ids of the projects that it may concern.
    entries: tuple[tuple[Entry, tuple[str, ...]], ...] = ()
    #: Problems with single entries.
    problems: tuple[str, ...] = ()
    #: Why there are no entries; "" if the feed could be read.
    error: str = ""

    @property
    def name(self) -> str:
        """For people: the document's title, else the name that a page gives it, else the host of its address."""
        named = self.feed.name if self.feed.name != self.feed.url else ""
        return self.title or named or urlsplit(self.feed.url).hostname or self.feed.url

    @property
    def newest(self) -> datetime | None:
        """When the newest entry was published. None if no entry says."""
        return max((entry.published_at for entry, _ in self.entries if entry.published_at), default=None)

    @property
    def relevant(self) -> int:
        return sum(1 for _, projects in self.entries if projects)
