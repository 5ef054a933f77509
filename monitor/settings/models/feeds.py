"""``feeds.yaml``: the polled feeds."""

from typing import Annotated

from pydantic import Field

from monitor.core.searches import ENGINES
from monitor.settings.models.base import ABSENT_IS_EMPTY, ONE_IS_SEVERAL, Strict
from monitor.settings.scalars import (
    CSSSelector,
    Duration,
    FeedAddress,
    Identifier,
    Language,
    SearchTemplate,
    Text,
    Tongue,
    between,
)


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
    paused: bool = Field(default=False, description="true: it stays in the file and is not asked.")


class SearchSettings(Strict):
    """A subject that news searches look for. Each query in each engine is a feed."""

    name: Text = Field(description="Its feeds are called by it: Google News, NAME (fr).", examples=["BTR"])
    queries: dict[Tongue, Text] = Field(
        min_length=1,
        max_length=100,
        description="Language, with a country where the press of another than the main one is meant → the words, as "
        "one types them into the engine.",
        examples=[{"fr-MA": '"BTR" (Tanger OR Maroc) (cathodes OR anodes)', "zh": "贝特瑞 摩洛哥"}],
    )
    engines: Annotated[list[Text], ONE_IS_SEVERAL] = Field(
        default=[], min_length=1, description="Engines that are asked; all when absent.", examples=[["google"]]
    )
    trust: float = Field(default=0.3, ge=0, le=1, description="Of what it finds at outlets that have no feed here.")
    every: Annotated[Duration, between("1s", "30d")] | None = Field(
        default=None, description="Fixed interval; adaptive when absent."
    )
    projects: Annotated[list[Identifier], ONE_IS_SEVERAL] = Field(
        default=[], description="Ids of the projects that it is for. It goes when the last of them is removed."
    )


class FeedsFile(Strict):
    """feeds.yaml: what is polled."""

    feeds: Annotated[list[FeedSettings], ABSENT_IS_EMPTY] = Field(
        default=[], description="In any order.", json_schema_extra={"type": ["array", "null"]}
    )
    searches: Annotated[list[SearchSettings], ABSENT_IS_EMPTY] = Field(
        default=[], description="News searches, in any order.", json_schema_extra={"type": ["array", "null"]}
    )
    engines: dict[Identifier, SearchTemplate] = Field(
        default={},
        max_length=20,
        description=f"Templates of addresses by engine, beside {' and '.join(ENGINES)} or in their place.",
        examples=[{"searx": "https://searx.example.org/search?q={query}&format=rss&language={language}-{country}"}],
    )
