"""``feeds.yaml``: the polled feeds."""

from typing import Annotated

from pydantic import Field

from monitor.settings.models.base import ABSENT_IS_EMPTY, Strict
from monitor.settings.scalars import CSSSelector, Duration, FeedAddress, Language, Text, between


class PageSettings(Strict):
    """Where the entries of a page that has no feed stand: CSS selectors, all but item within the item."""

    item: CSSSelector = Field(description="Each entry, whole.", examples=["article.news"])
    title: CSSSelector | None = Field(
        default=None, description="Its title; the words of its link when absent.", examples=["h2"]
    )
    link: CSSSelector | None = Field(
        default=None, description="Its link; the first one in it when absent.", examples=["h2 a"]
    )
    date: CSSSelector | None = Field(
        default=None, description="Its date, for machines or in words; none when absent.", examples=["time"]
    )
    text: CSSSelector | None = Field(
        default=None, description="What it says in short; nothing when absent.", examples=[".teaser"]
    )


class FeedSettings(Strict):
    """An address that is polled."""

    url: FeedAddress = Field(
        description="Feed, sitemap or page; file:NAME for a file of this folder.",
        examples=["https://example.org/feed.xml"],
    )
    name: Text | None = Field(default=None, description="As shown to people; the host when absent.")
    trust: float = Field(default=0.5, ge=0, le=1, description="1.0 official source, 0.5 press, 0.3 aggregator.")
    language: Language | None = Field(default=None, description="ISO 639 code of its articles; detected when absent.")
    every: Annotated[Duration, between("1s", "30d")] | None = Field(
        default=None, description="Fixed interval; adaptive when absent."
    )
    page: PageSettings | None = Field(
        default=None, description="Watches a page that has no feed; the address is a feed when absent."
    )


class FeedsFile(Strict):
    """feeds.yaml: what is polled."""

    feeds: Annotated[list[FeedSettings], ABSENT_IS_EMPTY] = Field(
        default=[], description="In any order.", json_schema_extra={"type": ["array", "null"]}
    )
