"""What stands at a feed's address, whole: a sitemap index with the sitemaps that it names in its place."""

from dataclasses import dataclass, replace
from typing import Protocol

from monitor.errors import FetchError, ParseError
from monitor.feeds.parse import document_text
from monitor.feeds.repair import strip_prolog
from monitor.feeds.sitemap import SitemapIndex, read_index, spans
from monitor.ports import NO_VALIDATORS, Fetched, Fetcher

# As much of a document as is looked at for what it is.
_HEAD = 2_000
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """A document with what it names in its place."""

    answer: Fetched
    #: What of it could not be had; the rest is there.
    problems: tuple[str, ...] = ()


def may_be_index(body: bytes) -> bool:
    """Whether a document is worth a look for sitemaps that it names."""
    return b"<sitemapindex" in body[:_HEAD] or body.startswith(_GZIP)


def sitemap_index(body: bytes, *, url: str, content_type: str) -> SitemapIndex | None:
    """The sitemaps that an index names; None where the document is no index.

    Raises:
        ParseError: it names none, or cannot be unpacked.
    """
    markup = strip_prolog(document_text(body, url=url, content_type=content_type))
    return read_index(markup.text, url=url) if markup.kind == "sitemapindex" else None


def sitemap_pages(body: bytes, *, url: str, content_type: str) -> list[str]:
    """The elements of the pages that a sitemap names, as written.

    Raises:
        ParseError: the document is no sitemap, or cannot be unpacked.
    """
    markup = strip_prolog(document_text(body, url=url, content_type=content_type))
    if markup.kind != "urlset":
        raise ParseError(url, f"this is no sitemap (<{markup.kind}>)")
    return list(spans(markup.text, "url"))


class SitemapReader(Protocol):
    """Reads sitemaps, wherever that is done."""

    async def index(self, answer: Fetched) -> SitemapIndex | None:
        """``sitemap_index`` of the document."""
        ...

    async def pages(self, answer: Fetched) -> list[str]:
        """``sitemap_pages`` of the document."""
        ...


async def gather(answer: Fetched, fetcher: Fetcher, reader: SitemapReader) -> Gathered:
    """The document as it was fetched; of a sitemap index some of its sitemaps, as one.

    They are fetched one after the other, at most ``sitemap.MAX_SITEMAPS``, and one level down only. The validators
    are left out wherever the index may stay the same while one of them changes, or one of them could not be had.

    Args:
        answer: the document.
        fetcher: gets the sitemaps.
        reader: reads them.

    Raises:
        ParseError: the index names no sitemap, or none of them is one.
        FetchError: none of its sitemaps could be fetched.
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
        # Without validators to send, a server that answers 304 is mistaken.
        raise FetchError(address, "304 Not Modified, though nothing was known of it before", transient=True)
    return answer
