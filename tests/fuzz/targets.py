"""What is fuzzed: each target takes any bytes, and raises nothing but what it declares."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from zoneinfo import ZoneInfo

from monitor.contracts.articles import GivenArticle, parse_articles
from monitor.contracts.lines import is_exported, parse_exported
from monitor.contracts.opml import parse_opml, write_opml
from monitor.core.articles import may_be_published
from monitor.core.backoff import as_duration, parse_retry_after
from monitor.core.identity import article_key, canonical_url, host_of
from monitor.core.model import Article, Entry, Feed, Said, Selectors
from monitor.core.periods import Period
from monitor.core.reading.dates.timex import time_expressions
from monitor.core.reading.quantities.quantities import quantities
from monitor.core.reading.segment import segment
from monitor.delivery.redaction import AddressRedactor, identity
from monitor.errors import ConfigError, InputError, ParseError
from monitor.feeds.dates import read_instant
from monitor.feeds.fetch import fresh_for, validator
from monitor.feeds.page import extract_article
from monitor.feeds.parse import parse_feed
from monitor.feeds.parsed import in_headers
from monitor.feeds.robots import parse_robots
from monitor.ports import Reader
from monitor.readers.plug import TRAINED, reader_factory
from monitor.settings.lexicons import load_lexicons
from monitor.settings.loading import load
from monitor.settings.scalars import check_feed_address
from tests.fuzz import seeds
from tests.fuzz.mutators import mutated
from tests.fuzz.seeds import FILES, LANGUAGES, ROOT

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://feed.example/dir/feed"
#: When articles are said to be published; the reader is to bear any of them.
PUBLISHED = (
    None,
    "2024-05-10",
    "2024-05",
    "2024",
    "2024-02-29",
    "2024-H1",
    "2024-Q4",
    "0001",
    "0001-01-01",
    "9999-12-31",
)
CONTENT_TYPES = (
    "",
    "text/xml; charset=utf-8",
    "application/rss+xml",
    "text/xml; charset=utf-16",
    "application/atom+xml; charset=gb2312",
    "application/feed+json",
    "text/html; charset=windows-1256",
    "text/html; charset=hz",
    "\x00; charset=\x00",
)
PAGES = (
    Selectors(item="li"),
    Selectors(item="article, .item", title="h2", link="a", date="time", text="p"),
    Selectors(item="*", title="*", date="*"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Something that reads bytes of strangers."""

    run: Callable[[bytes], None]
    #: Valid inputs.
    seeds: Callable[[], Sequence[bytes]]
    #: Where the pieces of an input meet.
    joint: re.Pattern[bytes]
    #: What means something in an input.
    tokens: Sequence[bytes] = ()
    #: Inputs are no longer, so that many are tried.
    size: int = 3_000

    def mutated(self, random: Random, of: bytes | None = None) -> bytes:
        """An input that is nearly valid, as ``of`` is or one of the valid ones."""
        known = self.seeds()
        return mutated(
            random.choice(known) if of is None else of,
            random,
            others=known,
            joint=self.joint,
            tokens=self.tokens,
            size=self.size,
        )


def _first(data: bytes) -> tuple[int, bytes]:
    """A choice, and the input without it."""
    return (data[0] if data else 0), data[1:]


def _text(data: bytes) -> str:
    """The text of an input; what is no UTF-8 makes halves of surrogate pairs, which come from broken documents."""
    return data.decode("utf-8", "surrogateescape")


# ---------------------------------------------------------------- documents of the web


def _feed(data: bytes) -> None:
    choice, body = _first(data)
    with suppress(ParseError):
        feed = parse_feed(body, url=URL, content_type=CONTENT_TYPES[choice % len(CONTENT_TYPES)], now=NOW)
        _check(feed.entries)
        again = parse_feed(
            body, url=URL, content_type=CONTENT_TYPES[choice % len(CONTENT_TYPES)], now=NOW, known=feed.digests
        )
        assert again.known == len(feed.digests)


def _listing(data: bytes) -> None:
    choice, body = _first(data)
    with suppress(ParseError):
        _check(parse_feed(body, url=URL, content_type="", now=NOW, page=PAGES[choice % len(PAGES)]).entries)


def _check(entries: Iterable[Entry]) -> None:
    """What a ledger and a terminal rely on."""
    for entry in entries:
        article_key(entry, feed=URL)
        "".join((entry.title, entry.text, entry.guid or "", entry.url or "", entry.outlet or "")).encode()
        assert entry.published_at is None or may_be_published(entry.published_at, NOW)


def _page(data: bytes) -> None:
    choice, body = _first(data)
    with suppress(ParseError):
        page = extract_article(body, URL, CONTENT_TYPES[choice % len(CONTENT_TYPES)])
        f"{page.title}{page.text}".encode()


def _robots(data: bytes) -> None:
    rules = parse_robots(data.decode("utf-8", "replace"))
    rules.allows(URL)
    assert 0 <= rules.delay <= 10


def _headers(data: bytes) -> None:
    value = _text(data)
    in_headers([value], URL)
    fresh_for({"Cache-Control": value, "Age": value})
    validator({"ETag": value}, "ETag")
    seconds = parse_retry_after(value, NOW, date=value)
    assert seconds is None or as_duration(seconds) is not None
    canonical = canonical_url(value)
    assert canonical_url(canonical) == canonical
    host_of(value)


def _opml(data: bytes) -> None:
    with suppress(InputError):
        feeds = [feed for feed in parse_opml(data, name="a.opml", trust=0.5) if isinstance(feed, Feed)]
        # What the configuration takes can be exported.
        good = [replace(feed, language=None) for feed in feeds if _is_address(feed.url)]
        again = [feed.url for feed in parse_opml(write_opml(good), name="", trust=0.5) if isinstance(feed, Feed)]
        assert again == [feed.url for feed in good]


def _is_address(url: str) -> bool:
    try:
        return bool(check_feed_address(url))
    except ValueError:
        return False


# ---------------------------------------------------------------- what is read in articles


@cache
def _reader() -> Reader:
    config = load(ROOT / "config", {})
    return reader_factory(TRAINED)(config.projects, load_lexicons(), config.lifecycles)


def _article(data: bytes) -> Article:
    choice, body = _first(data)
    title, _, text = _text(body).partition("\n")
    published = PUBLISHED[choice // len(LANGUAGES) % len(PUBLISHED)]
    return Article(
        key="a",
        url=None,
        title=title,
        text=text,
        published=Period.parse(published) if published else None,
        language=LANGUAGES[choice % len(LANGUAGES)],
    )


def _reading(data: bytes) -> None:
    article = _article(data)
    reading = _reader().read(article)
    told: list[Said] = [*reading.claims, *reading.facts]
    assert all(said.evidence in article.text or said.evidence in article.title for said in told)


def _dates(data: bytes) -> None:
    article = _article(data)
    instant = read_instant(article.text, now=NOW)
    assert instant is None or may_be_published(instant, NOW)
    with suppress(ValueError):
        period = Period.parse(article.text)
        assert period.since <= period.until
    lexicon = load_lexicons_once()[article.language or ""]
    for time in time_expressions(segment(article, lexicon), lexicon.dates):
        assert str(time.behind)


def _numbers(data: bytes) -> None:
    article = _article(data)
    lexicon = load_lexicons_once()[article.language or ""]
    document = segment(article, lexicon)
    assert list(lexicon.numbers.find(document.text.bare)) is not None
    for quantity in quantities(document, lexicon.numbers, lexicon.quantities):
        assert quantity.low <= quantity.high


load_lexicons_once = cache(load_lexicons)


# ---------------------------------------------------------------- files of operators


@cache
def _folder() -> Path:
    return Path(mkdtemp(prefix="fuzz-"))


def _config(data: bytes) -> None:
    choice, body = _first(data)
    name = FILES[choice % len(FILES)]
    folder = _folder()
    for each in FILES:
        (folder / each).unlink(missing_ok=True)
    (folder / "projects.yaml").write_text("projects: [{id: plant, name: Plant, who: [BTR], what: [cathode]}]\n")
    (folder / name).write_bytes(body)
    with suppress(ConfigError):
        load(folder, {"HOME": "/nowhere"})


def _lines(data: bytes) -> None:
    zone = ZoneInfo("America/Los_Angeles")
    lines = data.splitlines(keepends=True)
    for item in parse_articles(lines, name="a.jsonl", detect=lambda _, hint: hint, timezone=zone, now=NOW):
        if isinstance(item, GivenArticle) and item.published_at is not None:
            assert may_be_published(item.published_at, NOW)
    for line in lines:
        is_exported(line)
    for told in parse_exported(lines, name="a.jsonl", now=NOW):
        assert told is not None


def _addresses(data: bytes) -> None:
    address, _, text = _text(data).partition("\n")
    redactor = AddressRedactor(address)
    redactor.detail(text)
    redactor.redact(f"{text}{address}")
    identity(address)


TARGETS: Mapping[str, Target] = {
    "feed": Target(run=_feed, seeds=seeds.feeds, joint=seeds.MARKUP, tokens=seeds.TAGS, size=4_000),
    "jsonfeed": Target(run=_feed, seeds=seeds.json_feeds, joint=seeds.JSON, tokens=seeds.SIGNS_OF_JSON, size=6_000),
    "listing": Target(run=_listing, seeds=seeds.listings, joint=seeds.MARKUP, tokens=seeds.TAGS),
    "page": Target(run=_page, seeds=seeds.pages, joint=seeds.MARKUP, tokens=seeds.TAGS),
    "reading": Target(run=_reading, seeds=seeds.stories, joint=seeds.WORDS, tokens=seeds.TOLD, size=1_200),
    "dates": Target(run=_dates, seeds=seeds.date_phrases, joint=seeds.WORDS, tokens=seeds.TOLD, size=400),
    "numbers": Target(run=_numbers, seeds=seeds.number_phrases, joint=seeds.WORDS, tokens=seeds.TOLD, size=400),
    "config": Target(run=_config, seeds=seeds.folders, joint=seeds.SIGNS, tokens=seeds.SIGNS_OF_YAML, size=1_500),
    "lines": Target(run=_lines, seeds=seeds.line_files, joint=seeds.JSON, tokens=seeds.SIGNS_OF_JSON, size=8_000),
    "robots": Target(
        run=_robots, seeds=lambda: seeds.ROBOTS, joint=seeds.SIGNS, tokens=(b"User-agent: *\n", b"*", b"$"), size=2_000
    ),
    "headers": Target(
        run=_headers,
        seeds=lambda: seeds.HEADERS,
        joint=seeds.SIGNS,
        tokens=(b"<", b">", b";rel=hub", b"utm_a=b"),
        size=800,
    ),
    "opml": Target(
        run=_opml,
        seeds=lambda: seeds.OUTLINES,
        joint=seeds.SIGNS,
        tokens=(*seeds.TAGS, b"<outline ", b"xmlUrl='x'"),
        size=2_000,
    ),
    "addresses": Target(
        run=_addresses,
        seeds=lambda: seeds.DESTINATIONS,
        joint=seeds.SIGNS,
        tokens=(b"://", b"@", b"?secret="),
        size=800,
    ),
}
