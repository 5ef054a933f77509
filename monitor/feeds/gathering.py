"""Completes the document at a feed's address: the sitemaps of a sitemap index replace the index."""

from dataclasses import dataclass, replace
from typing import Protocol

from monitor.errors import FetchError, ParseError
from monitor.feeds.parse import document_text
from monitor.feeds.repair import strip_prolog
from monitor.feeds.sitemap import SitemapIndex, read_index, spans
from monitor.ports import NO_VALIDATORS, Fetched, Fetcher

# Bytes of a document that are searched to recognise an index.
_HEAD = 2_000
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """A document. If it was a sitemap index, it holds the pages of its sitemaps."""

    answer: Fetched
    #: The parts that could not be fetched or read. The rest is present.
    problems: tuple[str, ...] = ()


def may_be_index(body: bytes) -> bool:
    """Whether a document may be a sitemap index. A cheap test of its first bytes."""
    return b"<sitemapindex" in body[:_HEAD] or body.startswith(_GZIP)


def sitemap_index(body: bytes, *, url: str, content_type: str) -> SitemapIndex | None:
    """The sitemaps that an index names. None if the document is not an index.

    Raises:
        ParseError: the index names no sitemap, or the document cannot be decompressed.
    """
    markup = strip_prolog(document_text(body, url=url, content_type=content_type))
    return read_index(markup.text, url=url) if markup.kind == "sitemapindex" else None


def sitemap_pages(body: bytes, *, url: str, content_type: str) -> list[str]:
    """The elements of the pages that a sitemap names, as written.

    Raises:
        ParseError: the document is not a sitemap, or cannot be decompressed.
    """
    markup = strip_prolog(document_text(body, url=url, content_type=content_type))
    if markup.kind != "urlset":
        raise ParseError(url, f"this is not a sitemap (<{markup.kind}>)")
    return list(spans(markup.text, "url"))


class SitemapReader(Protocol):
    """Parses sitemaps, in this process or elsewhere."""

    async def index(self, answer: Fetched) -> SitemapIndex | None:
        """Run ``sitemap_index`` on the document."""
        ...

    async def pages(self, answer: Fetched) -> list[str]:
        """Run ``sitemap_pages`` on the document."""
        ...


async def gather(answer: Fetched, fetcher: Fetcher, reader: SitemapReader) -> Gathered:
    """The document as it was fetched. Some sitemaps of a sitemap index are fetched and joined into one document.

    The sitemaps are fetched one after the other, at most ``sitemap.MAX_SITEMAPS``, and only one level deep. The
    validators are dropped if the index may stay the same while a sitemap changes, or if a sitemap could not be read.

    Args:
        answer: the document.
        fetcher: fetches the sitemaps.
        reader: parses them.

    Raises:
        ParseError: the index names no sitemap, or none of the named documents is one.
        FetchError: no sitemap could be fetched.
    """
    index = await reader.index(answer) if may_be_index(answer.body) else None
    if index is None:
        return Gathered(answer=answer)
    pages: list[str] = []
    errors: list[FetchError | ParseError] = []
    for address in index.addresses:
        try:
            pages += await reader.pages(await _sitemap(address, fetcher))
        except (FetchError, ParseError) as error:
            errors.append(error)
    if len(errors) == len(index.addresses):
        raise errors[0]
    body = f"<urlset>{''.join(pages)}</urlset>".encode(errors="replace")
    is_whole = index.is_dated and not errors
    return Gathered(
        answer=replace(
            answer,
            body=body,
            content_type="application/xml; charset=utf-8",
            validators=answer.validators if is_whole else NO_VALIDATORS,
        ),
        problems=tuple(f"a sitemap of the index was left out: {error}" for error in errors),
    )


async def _sitemap(address: str, fetcher: Fetcher) -> Fetched:
    answer = await fetcher.fetch(address)
    if not isinstance(answer, Fetched):
        # The request has no validators, so a server that answers 304 makes a mistake.
        raise FetchError(address, "304 Not Modified, though nothing was known of it before", transient=True)
    return answer
