"""The same article has the same key, whatever feed, tracker or device its address went through."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.core import identity
from monitor.core.identity import canonical_url, entry_key, host_of, is_service_link
from monitor.core.model import Entry


def entry(*, guid: str | None = None, url: str | None = None, title: str = "Title", text: str = "Text") -> Entry:
    return Entry(guid=guid, url=url, title=title, text=text, published_at=None)


def article_key(of: Entry, feed: str = "https://a.org/feed") -> str:
    return identity.article_key(of, feed=feed)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        pytest.param("HTTPS://News.Example.ORG/A", "https://news.example.org/A", id="case"),
        pytest.param("https://example.org:443/a", "https://example.org/a", id="default https port"),
        pytest.param("http://example.org:80/a", "http://example.org/a", id="default http port"),
        pytest.param("http://example.org:8080/a", "http://example.org:8080/a", id="another port stays"),
        pytest.param("https://example.org", "https://example.org/", id="empty path"),
        pytest.param("https://example.org./a/", "https://example.org/a", id="trailing dot and slash"),
        pytest.param("https://example.org/a/./b/../c", "https://example.org/a/c", id="dot segments"),
        pytest.param("https://example.org/../../a", "https://example.org/a", id="dot segments above the root"),
        pytest.param("https://example.org/%7euser/%c3%a9", "https://example.org/~user/%C3%A9", id="escapes"),
        pytest.param("https://example.org/a%2fb", "https://example.org/a%2Fb", id="an escaped slash is not a slash"),
        pytest.param("https://example.org/طنجة", "https://example.org/%D8%B7%D9%86%D8%AC%D8%A9", id="arabic path"),
        pytest.param("https://example.org/100%", "https://example.org/100%25", id="lone per cent sign"),
        pytest.param("https://bücher.example/a", "https://xn--bcher-kva.example/a", id="international host"),
        pytest.param("https://user:secret@example.org/a", "https://example.org/a", id="no credentials"),
        pytest.param("https://[2001:DB8::1]:443/a", "https://[2001:db8::1]/a", id="ipv6"),
        pytest.param("  https://example.org/a\n", "https://example.org/a", id="white space"),
        pytest.param("https://example.org/a\r\n  b", "https://example.org/ab", id="a wrapped address"),
        pytest.param("https://example.org/a#comments", "https://example.org/a", id="fragment"),
        pytest.param("https://example.org/#!/a/1", "https://example.org/#!/a/1", id="a fragment that routes stays"),
        pytest.param("https://example.org/a?", "https://example.org/a", id="empty query"),
        pytest.param("https://example.org/a?b=2&a=1", "https://example.org/a?a=1&b=2", id="sorted"),
        pytest.param(
            "https://example.org/?id=2&x=1&id=1", "https://example.org/?id=2&id=1&x=1", id="repeated in order"
        ),
        pytest.param("https://example.org/a?utm_source=rss&id=7&fbclid=x", "https://example.org/a?id=7", id="tracking"),
        pytest.param("https://example.org/a?ref=rss", "https://example.org/a", id="ref that says how one came"),
        pytest.param(
            "https://example.org/a?ref=12345", "https://example.org/a?ref=12345", id="ref that says what is read"
        ),
        pytest.param(
            "https://example.org/a;jsessionid=0F1?id=7", "https://example.org/a?id=7", id="session in the path"
        ),
        pytest.param("https://example.org/a/amp/", "https://example.org/a", id="amp path"),
        pytest.param("https://example.org/a.amp.html", "https://example.org/a.html", id="amp suffix"),
        pytest.param("https://example.org/a?amp=1", "https://example.org/a", id="amp parameter"),
        pytest.param("https://example.org/a?outputType=amp", "https://example.org/a", id="amp output"),
        pytest.param("https://example.org/camp", "https://example.org/camp", id="a word that ends in amp"),
        pytest.param(
            "https://www.google.com/url?rct=j&sa=t&url=https://example.org/a%3Fid%3D7%26utm_medium%3Dx&ct=ga&usg=1",
            "https://example.org/a?id=7",
            id="an alert's link carries the article's",
        ),
        pytest.param(
            "https://www.google.fr/url?q=https://www.google.com/url%3Furl%3Dhttps://example.org/a",
            "https://example.org/a",
            id="one in the other",
        ),
        pytest.param("https://www.google.com/url?sa=t", "https://www.google.com/url?sa=t", id="carries nothing"),
        pytest.param(
            "https://www.google.com/url?url=javascript:x", "https://www.google.com/url?url=javascript:x", id="odd"
        ),
        pytest.param("mailto:a@example.org", "mailto:a@example.org", id="no http"),
        pytest.param("http://[::1", "http://[::1", id="broken ipv6"),
        pytest.param("http://example.org:99999/", "http://example.org:99999/", id="impossible port"),
        pytest.param("http:///a", "http:///a", id="no host"),
        pytest.param("http://a..example/b", "http://a..example/b", id="no host name, but as good as one"),
        pytest.param(" nonsense ", "nonsense", id="no address"),
    ],
)
def test_an_address_has_one_form(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


ADDRESSES = st.one_of(
    st.text(),
    st.text(alphabet="htps:/.?#&=%@[]abcA1é;\\~ ", max_size=60).map("http://".__add__),
    st.builds("https://{}/{}?{}".format, st.text(max_size=12), st.text(max_size=20), st.text(max_size=20)),
    st.text(alphabet="url=&q:/htps%3Aa.", max_size=40).map("https://www.google.com/url?url=http://".__add__),
)


@given(ADDRESSES)
@example("HTTP://%00")
def test_normalising_twice_changes_nothing(url: str) -> None:
    once = canonical_url(url)

    assert canonical_url(once) == once


@given(st.one_of(st.none(), ADDRESSES), st.one_of(st.none(), st.text()), st.text())
def test_no_entry_is_too_broken_for_a_key(url: str | None, guid: str | None, title: str) -> None:
    broken = entry(guid=guid, url=url, title=title + "\ud800")

    assert len(entry_key(broken)) == len(article_key(broken)) == 64


def test_an_entry_is_known_by_its_guid_before_all_else() -> None:
    one = entry(guid="7", url="https://example.org/a", title="Plant planned")
    same = entry(guid=" 7\n", url="https://example.org/b", title="Plant built")
    other = entry(guid="8", url="https://example.org/a", title="Plant planned")

    assert entry_key(one) == entry_key(same)
    assert entry_key(one) != entry_key(other)


def test_an_entry_without_guid_is_known_by_its_address() -> None:
    one = entry(guid=" ", url="https://example.org/a?utm_source=rss", title="Plant planned")
    same = entry(url="https://example.org/a", title="Plant built")

    assert entry_key(one) == entry_key(same)


def test_an_entry_with_neither_is_known_by_its_words() -> None:
    one = entry(title="Plant  planned", text="In\nTangier", url=" ")
    same = entry(title="Plant planned", text="In Tangier")
    other = entry(title="Plant planned In", text="Tangier")

    assert entry_key(one) == entry_key(same) == article_key(one)
    assert entry_key(one) != entry_key(other)


def test_dates_never_count() -> None:
    undated = entry(title="Plant planned")
    dated = Entry(
        guid=None, url=None, title="Plant planned", text="Text", published_at=datetime(2026, 9, 1, tzinfo=UTC)
    )

    assert entry_key(undated) == entry_key(dated)
    assert article_key(undated) == article_key(dated)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/a",
        "https://www.example.org/a/",
        "https://m.example.org/a",
        "https://amp.example.org/a",
        "https://example.org/a/amp?utm_campaign=feed",
    ],
)
def test_the_same_article_in_two_feeds_is_one(url: str) -> None:
    assert article_key(entry(guid="a", url=url)) == article_key(entry(guid="b", url="https://example.org/a"))


@pytest.mark.parametrize(
    ("guid", "is_one"),
    [
        ("7", False),
        ("news 7", False),
        ("urn:uuid:7", True),
        ("tag:example.org,2026:7", True),
        ("https://e.org/7", True),
    ],
)
def test_only_a_guid_that_is_a_uri_means_the_same_in_two_feeds(guid: str, is_one: bool) -> None:
    keys = {article_key(entry(guid=guid), feed=feed) for feed in ("https://a.org/feed", "https://b.org/feed")}

    assert (len(keys) == 1) is is_one


# ---------------------------------------------------------------- services that lead to publishers


def packed(address: str) -> str:
    """A news search's link as it was up to 2024: the address between what says its length and what follows."""
    code = b"\x08\x13\x22" + bytes([len(address)]) + address.encode() + b"\xd2\x01\x00"
    return f"https://news.google.com/rss/articles/{urlsafe_b64encode(code).decode().rstrip('=')}?oc=5"


def test_an_address_that_is_packed_in_a_link_is_taken_out_of_it() -> None:
    assert canonical_url(packed("https://www.daily.example/a?utm_source=x")) == "https://www.daily.example/a"


@pytest.mark.parametrize(
    "link",
    [
        "https://news.google.com/rss/articles/CBMiqwFBVV95cUxNMTRqdUZpNl9hQldXbGo2YVVLOGFQ",
        "https://news.google.com/rss/articles/A",
        "https://news.google.com/rss/articles/AAAAAAAAAAAAAAAAA",
        "https://news.google.com/topics/CAAqJggKIiBDQkFTRWdvSUwyMHZNRGx1",
    ],
)
def test_a_link_that_carries_no_address_stays_what_it_is(link: str) -> None:
    assert canonical_url(link) == link


@pytest.mark.parametrize(
    ("link", "is_one"),
    [
        ("https://news.google.com/rss/articles/CBMiqwFBVV95cUxN", True),
        ("https://www.bing.com/news/apiclick.aspx?ref=FexRss", True),
        ("https://bit.ly/3xyz", True),
        ("https://www.bing.com/search?q=x", False),
        ("https://daily.example/a", False),
        ("http://[bad", False),
        ("", False),
    ],
)
def test_services_are_told_by_their_hosts(link: str, is_one: bool) -> None:
    assert is_service_link(link) is is_one


def test_hosts_are_compared_without_their_variants() -> None:
    assert host_of("https://WWW.Daily.example:8443/a") == "daily.example"
    assert [host_of(url) for url in (None, "", "http://[bad", "file:x")] == ["", "", "", ""]


def test_an_address_that_is_longer_than_any_stays_what_it_is() -> None:
    # One that holds one that holds one: each would be taken out of the rest of it.
    nested = "https://www.google.com/url?q=" * 1_000

    assert canonical_url(nested) == nested
