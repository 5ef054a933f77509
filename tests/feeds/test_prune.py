"""Known entries are cut out; what is left reads as it did in the whole document."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.parse import parse_feed
from monitor.feeds.parsed import ParsedFeed
from monitor.feeds.xmlfeed import Cuts

NOW = datetime(2026, 11, 24, tzinfo=UTC)
DATA = Path(__file__).parent / "data"


def read(body: bytes, known: Sequence[bytes] = ()) -> ParsedFeed:
    return parse_feed(body, url="https://feed.example/sub/", content_type="", now=NOW, known=known)


def rss(*items: str) -> str:
    return f'<rss version="2.0"><channel><title>T</title>{"".join(items)}<ttl>60</ttl></channel></rss>'


ONE, TWO = "<item><title>One</title></item>", "<item><title>Two</title></item>"


def test_a_known_entry_is_not_read_again_and_the_feed_is() -> None:
    first = read(rss(ONE).encode())
    second = read(rss(TWO, ONE).encode(), first.digests)

    assert ([entry.title for entry in second.entries], second.known) == (["Two"], 1)
    assert (second.title, second.ttl) == (first.title, first.ttl)
    assert second.digests[1:] == first.digests


def test_an_entry_that_was_edited_is_read_again() -> None:
    first = read(rss(ONE).encode())
    again = read(rss(ONE.replace("One", "One!")).encode(), first.digests)

    assert [entry.title for entry in again.entries] == ["One!"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(rss("<item><title>A</title><item><title>B</title></item></item>"), id="one in another"),
        pytest.param(rss("<item/>", ONE), id="an empty one"),
        pytest.param(rss(f"<!-- {ONE} -->", "<item><title><![CDATA[</item>]]></title></item>"), id="in a comment"),
        pytest.param(
            '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>A</a:title></a:entry></a:feed>',
            id="with a prefix",
        ),
        pytest.param(rss(ONE) + "</item>", id="more ends than beginnings"),
        pytest.param(rss(ONE, "<item><title>cut"), id="cut off"),
        pytest.param(rss("<item><title>a & b</title></item>", ONE), id="not well-formed"),
    ],
)
def test_where_entries_cannot_be_told_apart_for_sure_the_whole_is_read_as_before(text: str) -> None:
    whole = read(text.encode())

    assert read(text.encode(), whole.digests).entries == (whole.entries if not whole.digests else ())


def test_a_document_that_holds_no_entries_of_its_kind_is_left_as_it_is() -> None:
    assert Cuts.of("<rss><entry></entry></rss>", "rss").spans == ()
    assert Cuts.of("<item></item></item>", "rss").spans == ()
    assert Cuts.of("<item></item><item>", "rss").spans == ()
    assert Cuts.of("<channel><item></item></channel>", "channel").spans == ()


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.glob("*.xml")))
def test_every_entry_of_a_feed_reads_alone_as_it_does_among_the_others(name: str) -> None:
    body = (DATA / name).read_bytes()
    whole = read(body)

    for at in range(len(whole.digests)):
        others = [digest for index, digest in enumerate(whole.digests) if index != at]
        alone = read(body, others)
        assert alone.entries == whole.entries[at : at + 1]
        assert alone.title == whole.title


BODIES = st.sampled_from(
    [
        "<title>Plain</title>",
        "<title><![CDATA[<item>odd</item>]]></title>",
        "<title>a &lt;b&gt; c</title><link>https://e.example/1?a=1&amp;b=2</link>",
        "<!-- </item> --><title>Commented</title>",
        "<?x </item> ?><title>Instructed</title>",
        '<guid isPermaLink="false">x&gt;y</guid><title>G</title>',
        '<dc:date xmlns:dc="http://purl.org/dc/elements/1.1/">2026-11-01T10:00:00Z</dc:date><title>D</title>',
        '<description xml:base="https://other.example/">&lt;a href="x"&gt;text&lt;/a&gt;</description>',
        '<link rel="alternate" title="a>b">https://e.example/2</link><title>Attribute</title>',
        "<title>حجر الأساس 奠基</title><pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate>",
        "<items><title>No item</title></items><title>Items</title>",
        "",
    ]
)


@given(st.lists(BODIES, min_size=1, max_size=6), st.data())
def test_what_is_not_known_reads_as_it_would_without_pruning(bodies: list[str], data: st.DataObject) -> None:
    # Numbered, so that no two entries are the same byte for byte.
    items = [f'<item id="{at}">{body}</item>' for at, body in enumerate(bodies)]
    whole = read(rss(*items).encode())
    known = data.draw(st.lists(st.sampled_from(whole.digests), unique=True) if whole.digests else st.just([]))
    pruned = read(rss(*items).encode(), known)

    singles = {digest: read(rss(item).encode()).entries for digest, item in zip(whole.digests, items, strict=False)}
    assert whole.entries == tuple(entry for digest in whole.digests for entry in singles[digest])
    assert pruned.entries == tuple(
        entry for digest in whole.digests if digest not in known for entry in singles[digest]
    )
    assert (pruned.title, pruned.ttl, pruned.digests) == (whole.title, whole.ttl, whole.digests)
