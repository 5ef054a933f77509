"""Sitemaps as feeds: news, what changed lately, and indexes that name others."""

import gzip
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from monitor.errors import FetchError, ParseError
from monitor.feeds.parse import gather, parse_feed
from monitor.feeds.parsed import MAX_ENTRIES, ParsedFeed
from monitor.feeds.sitemap import MAX_SITEMAPS
from monitor.ports import NO_VALIDATORS, Fetched, Validators
from tests.fakes import FakeFetcher, InlineDocuments, make_watch

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://daily.example/sitemap.xml"
DOCUMENTS = InlineDocuments.of(make_watch())
NEWS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'


def parse(body: str | bytes) -> ParsedFeed:
    return parse_feed(body.encode() if isinstance(body, str) else body, url=URL, content_type="", now=NOW)


def page(name: str, *, changed: str = "", more: str = "") -> str:
    date = f"<lastmod>{changed}</lastmod>" if changed else ""
    return f"<url><loc>https://daily.example/{name}</loc>{date}{more}</url>"


def news(title: str, date: str) -> str:
    about = f"<n:publication><n:name>Daily</n:name><n:language>zh-cn</n:language></n:publication><n:title>{title}"
    return f"<n:news>{about}</n:title><n:publication_date>{date}</n:publication_date></n:news>"


def urlset(*pages: str, namespaces: str = NEWS) -> str:
    return f"<?xml version='1.0'?><?xml-stylesheet href='x'?><urlset {namespaces}>{''.join(pages)}</urlset>"


def test_news_are_entries_with_their_headlines_dates_and_languages() -> None:
    picture = "<image:image><image:loc>https://cdn.example/1.jpg</image:loc></image:image>"
    feed = parse(
        urlset(
            page("a", more=picture + news("BTR &amp; Co: <![CDATA[works <b>begin</b>]]>", "2026-11-23T08:00:00+01:00")),
            page("b?x=1&amp;y=2", changed="2026-11-24", more=news("Second", "2026-11-22")),
            page("an-old-page", changed="2026-11-24"),
        )
    )

    assert [(e.url, e.title, e.published_at, e.language, e.modified_at) for e in feed.entries] == [
        ("https://daily.example/a", "BTR & Co: works begin", datetime(2026, 11, 23, 7, tzinfo=UTC), "zh", None),
        ("https://daily.example/b?x=1&y=2", "Second", datetime(2026, 11, 22, tzinfo=UTC), "zh", None),
    ]
    assert feed.problems == ()


def test_without_news_what_changed_lately_is_named_by_its_address() -> None:
    feed = parse(
        urlset(
            page("2026/11/btr-cathode-plant-opens-12345.html", changed="2026-11-23T10:00:00Z"),
            page(
                "%D9%85%D8%B5%D9%86%D8%B9-%D8%A7%D9%84%D8%A8%D8%B7%D8%A7%D8%B1%D9%8A%D8%A7%D8%AA", changed="2026-11-22"
            ),
            page("economie/", changed="2026-11-23"),
            page("article?id=77", changed="2026-11-23"),
            page("last-year-in-short", changed="2025-11-01"),
        )
    )

    assert [(e.title, e.published_at, e.modified_at) for e in feed.entries] == [
        ("btr cathode plant opens", None, datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("مصنع البطاريات", None, datetime(2026, 11, 22, tzinfo=UTC)),
    ]
    assert feed.problems == ("2 pages left out: nothing in their addresses tells what they are about",)


def test_a_sitemap_that_tells_nothing_new_is_refused() -> None:
    with pytest.raises(ParseError, match="says of no page that it is news, or when it changed"):
        parse(urlset(page("a"), page("b")))


def test_a_packed_sitemap_is_unpacked() -> None:
    packed = gzip.compress(urlset(page("a", more=news("Title", "2026-11-23"))).encode())

    assert [entry.title for entry in parse(packed).entries] == ["Title"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(gzip.compress(b"<urlset/>")[:-9], "cannot be unpacked", id="cut off"),
        pytest.param(gzip.compress(bytes(30_000_000)), "larger than 20,000,000 bytes", id="bomb"),
    ],
)
def test_a_packed_file_that_is_bad_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        parse(body)


def test_a_sitemap_that_is_cut_off_costs_its_last_page() -> None:
    whole = urlset(page("a", more=news("One", "2026-11-23")), page("b", more=news("Two", "2026-11-22")))
    feed = parse(whole[: whole.index("Two")])

    assert [entry.title for entry in feed.entries] == ["One"]
    assert "cut off" in feed.problems[0]


def test_of_too_many_the_newest_are_read() -> None:
    days = [f"{NOW - timedelta(minutes=number):%Y-%m-%dT%H:%M:%SZ}" for number in range(MAX_ENTRIES + 10)]
    feed = parse(urlset(*(page(f"{n}", more=news(f"N{n}", day)) for n, day in reversed(list(enumerate(days))))))

    assert {entry.title for entry in feed.entries} == {f"N{n}" for n in range(MAX_ENTRIES)}
    assert "10 entries left out" in feed.problems[0]


@pytest.mark.parametrize("piece", ["<url>", "</url>", "<url><lastmod>", "<sitemap>", "<url a="])
def test_a_hostile_sitemap_takes_no_more_than_one_walk(piece: str) -> None:
    entries = None
    with suppress(ParseError):
        entries = parse(f"<urlset>{piece * 200_000}").entries
    assert not entries


# ---------------------------------------------------------------- indexes


def index(*named: tuple[str, str]) -> bytes:
    parts = (
        f"<sitemap><loc>{address}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</sitemap>"
        for address, changed in named
    )
    return f"<sitemapindex>{''.join(parts)}</sitemapindex>".encode()


def fetched(body: bytes) -> Fetched:
    return Fetched(url=URL, body=body, content_type="text/xml", validators=Validators(etag="1"))


def at(name: str) -> str:
    return f"https://daily.example/{name}"


async def test_the_sitemaps_of_an_index_are_read_as_one() -> None:
    fetcher = FakeFetcher(
        {
            at("news.xml.gz"): gzip.compress(urlset(page("a", more=news("One", "2026-11-23"))).encode()),
            at("posts-2.xml"): urlset(page("b", more=news("Two", "2026-11-22"))).encode(),
        }
    )
    document = index((at("news.xml.gz"), "2026-11-23"), (at("posts-2.xml"), "2026-11-20"))
    gathered = await gather(fetched(gzip.compress(document)), fetcher, DOCUMENTS)

    assert [entry.title for entry in parse(gathered.answer.body).entries] == ["One", "Two"]
    assert gathered.answer.validators == Validators(etag="1")
    assert gathered.problems == ()


async def test_few_sitemaps_are_asked_first_those_of_news_then_those_that_changed_last() -> None:
    names = ["post-sitemap1.xml", "post-sitemap2.xml", "post-sitemap3.xml", "google-news.xml", "category-sitemap.xml"]
    days = ["2026-11-01", "2026-11-03", "2026-11-02", "", "2026-11-24"]
    fetcher = FakeFetcher({at(name): urlset(page(name)).encode() for name in names})
    gathered = await gather(fetched(index(*zip(map(at, names), days, strict=True))), fetcher, DOCUMENTS)

    assert fetcher.asked == [at("google-news.xml"), at("post-sitemap2.xml"), at("post-sitemap3.xml")]
    assert len(fetcher.asked) == MAX_SITEMAPS
    # One of them may change without the index.
    assert gathered.answer.validators == NO_VALIDATORS


async def test_a_sitemap_that_fails_costs_itself_and_the_validators() -> None:
    fetcher = FakeFetcher(
        {at("a.xml"): urlset(page("a", more=news("One", "2026-11-23"))).encode(), at("b.xml"): index()}
    )
    document = index((at("a.xml"), "2026-11-23"), (at("b.xml"), "2026-11-22"), (at("gone.xml"), "2026-11-21"))
    gathered = await gather(fetched(document), fetcher, DOCUMENTS)

    assert [entry.title for entry in parse(gathered.answer.body).entries] == ["One"]
    assert gathered.answer.validators == NO_VALIDATORS
    assert [("not a sitemap" in problem, "404" in problem) for problem in gathered.problems] == [
        (True, False),
        (False, True),
    ]


async def test_an_index_of_which_nothing_can_be_had_fails() -> None:
    with pytest.raises(FetchError, match="404"):
        await gather(fetched(index((at("gone.xml"), ""))), FakeFetcher(), DOCUMENTS)
    with pytest.raises(ParseError, match="names no sitemap"):
        await gather(fetched(index(("javascript:1", ""))), FakeFetcher(), DOCUMENTS)


async def test_any_other_document_is_left_as_it_is() -> None:
    for body in (b"", b"<rss/>", gzip.compress(b"<rss/>")):
        assert (await gather(fetched(body), FakeFetcher(), DOCUMENTS)).answer == fetched(body)
