"""What stands at a feed's address, whole: a sitemap index with the sitemaps that it names in its place."""

import asyncio
from dataclasses import dataclass, replace

from monitor.errors import FetchError, ParseError
from monitor.feeds.parse import document_text
from monitor.feeds.repair import strip_prolog
from monitor.feeds.sitemap import read_index, spans
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


async def gather(answer: Fetched, fetcher: Fetcher) -> Gathered:
    """The document as it was fetched; of a sitemap index some of its sitemaps, as one.

    They are fetched one after the other, at most ``sitemap.MAX_SITEMAPS``, and one level down only. The validators
    are left out wherever the index may stay the same while one of them changes, or one of them could not be had.

    Raises:
        ParseError: the index names no sitemap, or none of them is one.
        FetchError: none of its sitemaps could be fetched.
    """
    if b"<sitemapindex" not in answer.body[:_HEAD] and not answer.body.startswith(_GZIP):
        return Gathered(answer=answer)
    text = await asyncio.to_thread(_text, answer)
    markup = strip_prolog(text)
    if markup.kind != "sitemapindex":
        return Gathered(answer=answer)
    index = read_index(markup.text, url=answer.url)
    pages: list[str] = []
    errors: list[FetchError | ParseError] = []
    for address in index.addresses:
        try:
            pages += await _pages(address, fetcher)
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


async def _pages(address: str, fetcher: Fetcher) -> list[str]:
    """The elements of the pages that a sitemap names, as written."""
    answer = await fetcher.fetch(address)
    if not isinstance(answer, Fetched):
        # Without validators to send, a server that answers 304 is mistaken.
        raise FetchError(address, "304 Not Modified, though nothing was known of it before", transient=True)
    markup = strip_prolog(await asyncio.to_thread(_text, answer))
    if markup.kind != "urlset":
        raise ParseError(address, f"this is no sitemap (<{markup.kind}>)")
    return list(spans(markup.text, "url"))


def _text(answer: Fetched) -> str:
    return document_text(answer.body, url=answer.url, content_type=answer.content_type)
