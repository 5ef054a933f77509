"""Feed documents of every kind, and what is no feed."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.core.identity import canonical_url
from monitor.core.model import Entry
from monitor.errors import ParseError
from monitor.feeds.parse import ParsedFeed, parse_feed

DATA = Path(__file__).parent / "data"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
URL = "https://feed.example/dir/feed"


def parse(body: bytes | str, *, content_type: str = "") -> ParsedFeed:
    return parse_feed(body if isinstance(body, bytes) else body.encode(), url=URL, content_type=content_type, now=NOW)


def rss(*items: str, channel: str = "") -> str:
    return f'<rss version="2.0"><channel>{channel}{"".join(items)}</channel></rss>'


def item(title: str = "Title", *, date: str = "", more: str = "") -> str:
    return f"<item><title>{title}</title>{f'<pubDate>{date}</pubDate>' if date else ''}{more}</item>"


def refusal(body: bytes | str) -> str:
    with pytest.raises(ParseError) as caught:
        parse(body)
    assert caught.value.url == URL
    return caught.value.reason


# ---------------------------------------------------------------- whole documents, beside what is in them


def _expected(written: dict[str, Any]) -> ParsedFeed:
    def entry(fields: dict[str, Any]) -> Entry:
        date = fields["published_at"]
        return Entry(**{**fields, "published_at": datetime.fromisoformat(date) if date else None})

    return ParsedFeed(
        title=written["title"],
        ttl=timedelta(seconds=written["ttl"]) if written["ttl"] else None,
        entries=tuple(entry(fields) for fields in written["entries"]),
        problems=tuple(written["problems"]),
        is_whole=written.get("is_whole", True),
    )


@pytest.mark.parametrize(
    "name",
    ["rss20.xml", "rss091.xml", "rdf.xml", "atom.xml", "news_search.xml", "sloppy.xml", "jsonfeed.feed"],
)
def test_a_document_gives_the_entries_beside_it(name: str) -> None:
    expected = _expected(json.loads((DATA / name).with_suffix(".json").read_text("utf-8")))

    assert parse((DATA / name).read_bytes()) == expected


# ---------------------------------------------------------------- what is no feed


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(b"", "the document is empty", id="empty"),
        pytest.param(b"\xef\xbb\xbf \n\t", "the document is empty", id="blank"),
        pytest.param(b"%PDF-1.7\n%", "this is a PDF document, not a feed", id="pdf"),
        pytest.param(b"\x89PNG\r\n", "this is a picture, not a feed", id="picture"),
        pytest.param(b"not found", "this is neither XML nor JSON, so no feed", id="words"),
        pytest.param(b"<", "this is neither XML nor JSON, so no feed", id="a sign"),
        pytest.param(b"<?xml version='1.0'?>", "this is neither XML nor JSON, so no feed", id="a declaration"),
        pytest.param(b"<sitemapindex/>", "this is XML (<sitemapindex>), not a feed", id="sitemap index"),
        pytest.param(b"<opml:OPML/>", "this is XML (<opml>), not a feed", id="opml"),
        pytest.param(b"<!doctype html><html><p>Hi", "this is an HTML page, not a feed", id="page"),
        pytest.param(b"<div><body>Hi", "this is an HTML page, not a feed", id="half a page"),
        pytest.param(
            b"<html><title>Just a moment...</title>",
            "this is an HTML page ('Just a moment...'), not a feed",
            id="titled",
        ),
        pytest.param(b"[1, 2]", "this is JSON, but no JSON Feed", id="list"),
        pytest.param(b'{"items": 5}', "this is JSON, but no JSON Feed", id="object"),
        pytest.param(b'{"items": [', "the JSON is broken or cut off", id="half a JSON Feed"),
        pytest.param(b"[" * 100_000, "the JSON is broken or cut off", id="deep JSON"),
        pytest.param(b'{"items":[' + b"9" * 10_000 + b"]}", "the JSON is broken or cut off", id="huge number"),
    ],
)
def test_what_is_no_feed_is_said_to_be_what_it_is(body: bytes, words: str) -> None:
    assert refusal(body) == words


# ---------------------------------------------------------------- cut off, ill-formed


def test_a_feed_without_entries_is_a_feed() -> None:
    assert parse(rss(channel="<title>Quiet</title>")) == ParsedFeed(title="Quiet", entries=())


def test_the_entry_at_the_cut_is_left_for_the_next_poll() -> None:
    whole = rss(item("One"), item("Two"), item("Three", more="<description>Long text</description>"))

    feed = parse(whole[: whole.index("text")])

    assert [entry.title for entry in feed.entries] == ["One", "Two"]
    assert feed.problems == ("the document is cut off; its last, unfinished entry was left out",)


def test_an_ill_formed_document_is_mended_and_said_to_be() -> None:
    feed = parse(rss(item("AT&T &eacute;t&eacute; &nosuch; &#233;&#XE9;&#xD800;&#9999999; <b>bold"), item("Two")))

    assert feed.entries[0].title.startswith("AT&T été &nosuch; éé bold")
    assert "the document is not well-formed and was mended (EntityRef: expecting ';', line 1" in feed.problems[0]


def test_control_characters_do_no_harm() -> None:
    feed = parse(rss(item("One\x00\x08\x0b\x1b[31m")))

    assert feed == ParsedFeed(title="", entries=feed.entries)
    assert feed.entries[0].title == "One[31m"


# ---------------------------------------------------------------- bounds


def dated(numbers: range) -> list[str]:
    return [item(f"T{n}", date=f"Mon, {n % 28 + 1:02} Jan {2000 + n // 28} 10:00:00 GMT") for n in numbers]


@pytest.mark.parametrize("order", [pytest.param(-1, id="newest first"), pytest.param(1, id="oldest first")])
def test_of_too_many_entries_the_newest_are_read_and_the_rest_reported(order: int) -> None:
    feed = parse(rss(*dated(range(600))[::order], channel="<pubDate>Mon, 01 Jan 2024 10:00:00 GMT</pubDate>"))

    titles = {entry.title for entry in feed.entries}
    assert len(titles) == 500
    # Beside the oldest, which stays with the head of the document when it stands first.
    assert titles >= {f"T{number}" for number in range(101, 600)}
    assert feed.problems == ("100 entries left out: no more than 500 are read of one document",)


def test_of_too_many_entries_without_dates_the_first_are_read() -> None:
    feed = parse(rss(*(item(f"T{number}") for number in range(501))))

    assert [feed.entries[0].title, feed.entries[-1].title] == ["T0", "T499"]


def test_problems_of_entries_are_counted_when_they_are_many() -> None:
    feed = parse(rss(*["<item/>"] * 30, *[item()]))

    assert len(feed.entries) == 1
    assert len(feed.problems) == 21
    assert feed.problems[-1] == "10 more entries left out"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(rss(item("&" * 500_000)), id="ampersands"),
        pytest.param(rss("<a/>" * 100_000), id="elements"),
        pytest.param(rss(item("<" * 1_000_000)), id="angle brackets"),
        pytest.param(rss("".join(f"<p{number}:a/>" for number in range(60))), id="prefixes"),
        pytest.param(rss(item("<![CDATA[" * 500_000)), id="open sections"),
        pytest.param("<!--" * 1_000_000, id="open comments"),
        pytest.param("<?" * 1_000_000, id="open instructions"),
        pytest.param("<!" * 1_000_000, id="open declarations"),
        pytest.param("<![" * 1_000_000, id="open subsets"),
        pytest.param('<rss version="2.0"><channel>' + "<item>" * 500_000, id="nested items"),
        pytest.param("<rss " * 800_000, id="open roots"),
        pytest.param("<rss " + "".join(f"a{n}='1' " for n in range(100_000)) + f">{item()}</rss>", id="attributes"),
    ],
)
@pytest.mark.timeout(20)
def test_documents_made_to_exhaust_the_reader_are_refused(body: str) -> None:
    assert refusal(body)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(rss(*["<item><title>x</title></item>"] * 150_000), id="150,000 entries"),
        pytest.param(rss(item(more=f"<description>{'<a>' * 20_000}{'</a>' * 20_000}</description>")), id="deep XML"),
        pytest.param(rss(item(more=f"<description><![CDATA[{'<div>' * 100_000}]]></description>")), id="deep HTML"),
        pytest.param(rss(item(), "<a>" * 100_000), id="open elements"),
        pytest.param(rss(item(), "<a b='" * 60_000), id="open attributes"),
        pytest.param(rss(item("&#38;" * 100_000)), id="references"),
    ],
)
def test_documents_made_to_exhaust_the_reader_are_read_in_bounds(body: str) -> None:
    assert parse(body).entries


def test_an_entity_bomb_stays_a_name() -> None:
    declarations = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {name} "{f"&{inner};" * 10}">' for inner, name in zip("abcdefgh", "bcdefghi", strict=True)
    )

    feed = parse(f"<?xml version='1.0'?><!DOCTYPE rss [{declarations}]>{rss(item('&i;'))}")

    assert feed.entries[0].title == "&i;"


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        '<!ENTITY x PUBLIC "-" "http://127.0.0.1:1/">',
        '<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;',
    ],
)
def test_entities_from_elsewhere_are_not_fetched(declaration: str) -> None:
    feed = parse(f"<!DOCTYPE rss [{declaration}]>{rss(item('[&x;]'))}")

    assert feed.entries[0].title == "[&x;]"


def test_a_document_is_never_taken_for_the_name_of_one(tmp_path: Path) -> None:
    secret = tmp_path / "feed.xml"
    secret.write_text(rss(item("secret")))

    for body in (str(secret), f"file://{secret}", f"http://127.0.0.1{secret}"):
        assert refusal(body) == "this is neither XML nor JSON, so no feed"


# ---------------------------------------------------------------- single fields


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://a.example/x", "https://a.example/x"),
        ("  https://a.example/x\n", "https://a.example/x"),
        ("HTTPS://a.example/x", "https://a.example/x"),
        ("https://a.example:8080/x?y=1", "https://a.example:8080/x?y=1"),
        ("https://a.example/x?#", "https://a.example/x"),
        ("//a.example/x", "https://a.example/x"),
        ("/x", "https://feed.example/x"),
        ("x?y=1", "https://feed.example/dir/x?y=1"),
        ("https://a.example/é", "https://a.example/é"),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt:alert(1)", None),
        ("data:text/html,x", None),
        ("mailto:a@b.example", None),
        ("ftp://a.example/x", None),
        ("file:///etc/passwd", None),
        ("http://", None),
        ("http://[::1", None),
        ("https://a.example/" + "x" * 5000, None),
        ("", None),
    ],
)
def test_a_link_is_an_absolute_web_address_or_none(link: str, url: str | None) -> None:
    assert parse(rss(item(more=f"<link>{link}</link>"))).entries[0].url == url
    assert parse(json.dumps({"items": [{"title": "T", "url": link}]})).entries[0].url == url


def test_the_publishers_own_link_is_preferred_to_a_counting_one() -> None:
    counted = "<link>https://feeds.example/~r/1</link><f:origLink>https://paper.example/1</f:origLink>"
    feed = parse(rss(item(more=counted)).replace("<rss", '<rss xmlns:f="http://rssnamespace.org/feedburner/ext/1.0"'))

    assert feed.entries[0].url == "https://paper.example/1"


@pytest.mark.parametrize(
    ("ttl", "interval"),
    [
        ("60", timedelta(hours=1)),
        (" 60 ", timedelta(hours=1)),
        ("99999", timedelta(days=7)),
        ("0", None),
        ("-5", None),
        ("hourly", None),
        ("999999999999", None),
        ("", None),
    ],
)
def test_a_time_to_live_is_kept_within_reason(ttl: str, interval: timedelta | None) -> None:
    assert parse(rss(item(), channel=f"<ttl>{ttl}</ttl>")).ttl == interval


def test_a_date_that_cannot_be_read_is_none_and_not_guessed() -> None:
    assert parse(rss(item(date="2024년 04월 01일  10:00:00"))).entries[0].published_at is None


def test_an_outlet_is_cut_off_the_headline_only_where_it_ends_it() -> None:
    source = "<source url='https://a.example'>Daily</source>"

    assert parse(rss(item("News - Daily", more=source))).entries[0].title == "News"
    assert parse(rss(item("News - Daily - more", more=source))).entries[0].title == "News - Daily - more"


@pytest.mark.parametrize(
    "odd",
    [
        '<ttl unit="minutes">60</ttl>',
        '<item><title>A</title><summary:detail xmlns:summary="urn:s">x</summary:detail></item>',
        '<item><title>A</title><title:detail xmlns:title="urn:t" a="b">x</title:detail></item>',
        '<item><title>A</title><feedburner:origLink xmlns:feedburner="urn:f" a="b">x</feedburner:origLink></item>',
    ],
)
def test_elements_that_stand_in_the_place_of_others_cost_nothing(odd: str) -> None:
    text = f"<rss version='2.0'><channel>{odd}<item><title>Whole</title></item></channel></rss>"
    parsed = parse_feed(text.encode(), url="https://e.example/feed", content_type="", now=NOW)

    assert [entry.title for entry in parsed.entries][-1:] == ["Whole"]
    assert not parsed.problems
    assert parsed.ttl is None


@pytest.mark.parametrize("prefix", ["News", "news"])
def test_a_search_may_have_an_element_of_its_own_for_the_outlet(prefix: str) -> None:
    space = f'xmlns:{prefix}="https://www.bing.com/news/search?q=BTR&amp;format=rss"'
    link = "http://www.bing.com/news/apiclick.aspx?ref=FexRss&amp;url=https%3a%2f%2fdaily.example%2fa&amp;c=1"
    item = f"<item><title>T</title><link>{link}</link><{prefix}:Source>Daily</{prefix}:Source></item>"
    [entry] = parse(f'<rss version="2.0" {space}><channel>{item}</channel></rss>').entries

    assert (entry.outlet, entry.site) == ("Daily", None)
    assert canonical_url(entry.url or "") == "https://daily.example/a"
