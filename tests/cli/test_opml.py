"""``monitor feeds import`` and ``export``: lists of feeds as OPML."""

import stat
from pathlib import Path

import pytest
from lxml import etree

from monitor.contracts.opml import parse_opml, write_opml
from monitor.core.model import Feed, Selectors
from monitor.errors import InputError
from monitor.settings.loading import load
from tests.cli.conftest import Monitor

OPML = """<?xml version="1.0"?>
<opml version="2.0"><head><title>News</title></head><body>
  <outline text="Morocco">
    <outline type="rss" text="Daily &amp; Co" xmlUrl="https://example.org/feed.xml" language="fr-MA"/>
    <outline type="rss" title="Weekly: $5" xmlUrl="https://example.net/feed.xml"/>
  </outline>
  <outline type="rss" text="Again" xmlUrl="https://example.org/feed.xml"/>
  <outline text="No feed"/>
</body></opml>"""


def feeds(monitor: Monitor) -> list[tuple[str, str, float, str | None]]:
    listed = monitor("feeds", "list", "--json").json
    return [(each["feed"], each["name"], each["trust"], each["language"]) for each in listed]


@pytest.mark.parametrize(
    "written",
    [
        pytest.param('# Ours\nfeeds:\n  - {url: "file:history.xml", name: Chronicle}  # the past\n', id="indented"),
        pytest.param('feeds:\n- url: "file:history.xml"\n  name: Chronicle\n# the end', id="not indented"),
        pytest.param("feeds:\n# none yet\n", id="empty"),
        pytest.param("# nothing\n", id="without the key"),
        pytest.param(None, id="absent"),
    ],
)
def test_feeds_are_added_behind_what_the_operator_wrote(monitor: Monitor, folder: Path, written: str | None) -> None:
    path = folder / "feeds.yaml"
    path.unlink()
    if written is not None:
        path.write_text(written)
    before = feeds(monitor)

    done = monitor("feeds", "import", "-", "--trust", "0.3", "--json", stdin=OPML)

    assert done.json == {"added": ["https://example.org/feed.xml", "https://example.net/feed.xml"]}
    assert path.read_text().startswith((written or "").rstrip("\n"))
    assert feeds(monitor) == [
        *before,
        ("https://example.org/feed.xml", "Daily & Co", 0.3, "fr"),
        ("https://example.net/feed.xml", "Weekly: $5", 0.3, None),
    ]


def test_who_may_read_the_list_may_read_it_still(monitor: Monitor, folder: Path) -> None:
    file = folder / "feeds.yaml"
    file.chmod(0o640)
    monitor("feeds", "add", "https://example.org/feed.xml")

    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_what_is_polled_already_is_not_added_again(monitor: Monitor, folder: Path) -> None:
    monitor("feeds", "import", "-", stdin=OPML)
    before = (folder / "feeds.yaml").read_text()

    assert monitor("feeds", "import", "-", stdin=OPML).out == "0 feeds added.\n"
    assert (folder / "feeds.yaml").read_text() == before


def test_what_is_given_can_be_taken(monitor: Monitor, folder: Path) -> None:
    monitor("feeds", "import", "-", "--trust", "0.3", stdin=OPML)
    given = monitor("feeds", "export").out
    before = feeds(monitor)
    (folder / "feeds.yaml").unlink()

    monitor("feeds", "import", "-", stdin=given)

    assert feeds(monitor) == [feed for feed in before if not feed[0].startswith("file:")]
    assert etree.fromstring(given.encode()).get("version") == "2.0"


def test_pages_and_intervals_are_given_and_taken_too(monitor: Monitor, folder: Path) -> None:
    written = """feeds:
  - url: "https://port.example/news"
    name: Port
    every: 2h
    page: {item: "article.news", title: "h2 > a[href]", date: "time, .date"}
"""
    (folder / "feeds.yaml").write_text(written)
    before = load(folder, {}).feeds
    given = monitor("feeds", "export").out
    (folder / "feeds.yaml").unlink()

    monitor("feeds", "import", "-", stdin=given)

    assert load(folder, {}).feeds == before
    assert before[0].page == Selectors(item="article.news", title="h2 > a[href]", date="time, .date")


def test_no_key_of_an_address_is_given_away(monitor: Monitor, folder: Path) -> None:
    (folder / "feeds.yaml").write_text('feeds: [{url: "https://example.org/feed?token=s3cr3t"}]\n')

    assert "s3cr3t" not in monitor("feeds", "export").out


@pytest.mark.parametrize(
    ("outline", "reason"),
    [
        ('<outline text="Odd" xmlUrl="gopher://example.org/1"/>', "Odd: url: "),
        ('<outline text="Odd" xmlUrl="https://example.com/1" language="klingon"/>', "Odd: language: "),
        (
            '<outline text="Odd" xmlUrl="https://example.com/1" xmlns:m="urn:milestone-monitor" m:trust="a"/>',
            "not a number",
        ),
        (
            '<outline text="Odd" xmlUrl="https://example.com/1" xmlns:m="urn:milestone-monitor" m:trust="7"/>',
            "Odd: trust",
        ),
        (
            '<outline text="Odd" xmlUrl="https://example.com/1" xmlns:m="urn:milestone-monitor" m:every="soon"/>',
            "Odd: every",
        ),
        (
            '<outline text="Odd" xmlUrl="https://example.com/1" xmlns:m="urn:milestone-monitor" m:page-title="a"/>',
            "no page-item",
        ),
        (
            '<outline text="Odd" xmlUrl="https://example.com/1" xmlns:m="urn:milestone-monitor" m:page-item="a["/>',
            "is not a CSS selector",
        ),
    ],
)
def test_a_bad_feed_costs_only_itself(monitor: Monitor, outline: str, reason: str) -> None:
    done = monitor("feeds", "import", "-", "--json", stdin=OPML.replace("<body>", f"<body>{outline}"))

    assert done.code == 1
    assert reason in done.err
    assert len(done.json["added"]) == 2


@pytest.mark.parametrize("document", ["", "no markup", "<rss/>"])
def test_what_is_no_opml_is_told(monitor: Monitor, document: str) -> None:
    done = monitor("feeds", "import", "-", stdin=document)

    assert done.code == 1
    assert "is not an OPML document" in done.err


def test_a_list_that_cannot_be_added_to_stays_as_it_is(monitor: Monitor, folder: Path) -> None:
    written = 'feeds: [{url: "file:history.xml", name: Chronicle}]\n'
    (folder / "feeds.yaml").write_text(written)

    done = monitor("feeds", "import", "-", stdin=OPML)

    assert done.code == 2
    assert "nothing can be added at its end" in done.err
    assert (folder / "feeds.yaml").read_text() == written
    assert sorted(path.name for path in folder.iterdir() if "feeds" in path.name) == ["feeds.yaml"]


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(b'text="A\xed\xa0\x80"', id="bytes that are no character"),
        pytest.param(b'text="&#xD800;A"', id="a reference to no character"),
        pytest.param(b'text="A\x01"', id="a control character"),
        pytest.param(b'text="A & B"', id="a bare ampersand"),
    ],
)
def test_what_is_no_character_costs_itself(odd: bytes) -> None:
    data = b'<opml version="2.0"><body><outline xmlUrl="https://example.org/feed.xml" ' + odd + b"/></body></opml>"

    [feed] = parse_opml(data, name="a.opml", trust=0.5)

    assert isinstance(feed, Feed)
    assert feed.url == "https://example.org/feed.xml"
    assert "A" in feed.name
    assert write_opml([feed])


@pytest.mark.parametrize("data", [b"", b"<opml>" + b"<a/>" * 300_000, b"<a/>", b"\x00", b"<opm"])
def test_what_is_no_list_of_feeds_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match=r"^a\.opml: is not an OPML document"):
        list(parse_opml(data, name="a.opml", trust=0.5))
