"""Extracts the article from its page with trafilatura, without navigation and other surroundings."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from monitor.core.model import MAX_TEXT
from monitor.errors import ParseError
from monitor.feeds.charset import decode
from monitor.feeds.parsed import language_tag
from monitor.feeds.plaintext import one_line, tidy, trimmed

# Above these limits extraction takes more than a second. Articles are smaller.
_MAX_BYTES = 2_000_000
_MAX_TAGS = 60_000

# In bytes of UTF-8, since a Chinese character says as much as three Latin ones.
_SHORTEST_ARTICLE = 200
_LONGEST_TEASER = 700

# It ends at its first ">", as in browsers.
_XML_DECLARATION = re.compile(r"\s*+<\?xml[^>]*+>?")
_HTML_TYPE = re.compile(
    r"\s*+(?:text/(?:html|xml|plain)|application/(?:xhtml\+xml|xml|octet-stream))?\s*+(?:;|$)", re.IGNORECASE
)
_LANGUAGE = re.compile(r"<html\b[^<>]{0,500}?\slang\s*=\s*[\"']?([A-Za-z_-]{2,20})", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]*>([^<]{1,500})", re.IGNORECASE)
_PASSWORD = re.compile(r"<input\b[^<>]{0,500}type\s*=\s*[\"']?password", re.IGNORECASE)
# Marks of paywalls: what publishers declare to search engines (schema.org), and the usual phrases.
_PAYWALL = re.compile(
    r"isAccessibleForFree[\"']?\s*:\s*[\"']?false|\bpaywall\b|subscribe to (?:read|continue)|réservé aux abonnés"
    r"|contenido exclusivo para suscriptores|للمشتركين فقط|订阅后(?:可|继续)?阅读",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(r"_cf_chl_opt|captcha-delivery\.com|_Incapsula_Resource|px-captcha|awsWafCookieDomainList")
# If trafilatura finds next to no article, it recognises paragraphs by their stop words. By default it loads those of a
# hundred languages: 27 MB and half a second, at the first such page of a service.
_LANGUAGES = ("Arabic", "English", "French", "German", "Italian", "Portuguese", "Spanish")
_TABLE_ROW = re.compile(r"^\|(.*)\|\s*$", re.MULTILINE)
_BULLET = re.compile(r"^- ", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """The contents of an article page."""

    title: str
    #: Plain text, one line per paragraph, without the title.
    text: str
    #: As the page declares it. None if it does not.
    language: str | None
    #: As the page declares it. None if it does not.
    published: date | None


def extract_article(body: bytes, url: str, content_type: str) -> PageText:
    """Extract the article from its page.

    Takes up to a second of CPU for the largest pages: call it off the event loop.

    Args:
        body: the page.
        url: the address of the page.
        content_type: the Content-Type header, or "".

    Raises:
        ParseError: the page contains no article or only its beginning, or cannot be read. The message says why.
        MemoryError: the page takes more memory than there is.
    """
    try:
        return _extract(body, url, content_type)
    except (ParseError, MemoryError):
        raise
    except ImportError as error:
        raise ParseError(url, f"the page reader cannot be loaded ({_told(error)}); reinstall the monitor") from error
    except Exception as error:  # trafilatura does not document what it raises on hostile pages
        raise ParseError(url, f"reading the page failed ({type(error).__name__}: {_told(error)})") from error


def _extract(body: bytes, url: str, content_type: str) -> PageText:
    if body.startswith(b"%PDF"):
        raise ParseError(url, "this is a PDF document, not a page")
    if not _HTML_TYPE.match(content_type):
        raise ParseError(url, f"this is {tidy(content_type)[:60]}, not a page")
    if len(body) > _MAX_BYTES:
        raise ParseError(url, f"the page is larger than {_MAX_BYTES:,} bytes")
    markup = decode(body, content_type)
    declaration = _XML_DECLARATION.match(markup)
    markup = trimmed(markup[declaration.end() :] if declaration else markup)
    if not markup.strip():
        raise ParseError(url, "the page is empty")
    if markup.count("<") > _MAX_TAGS:
        raise ParseError(url, "the page holds more markup than any article")
    document = _trafilatura(markup)
    title = one_line(getattr(document, "title", None) or _first(_TITLE, markup))
    text = _clean(getattr(document, "text", None) or "", title)
    written = getattr(document, "date", None)
    reason = _wanting(markup, text)
    if reason is not None:
        raise ParseError(url, reason)
    return PageText(
        title=title,
        text=text,
        language=language_tag(_first(_LANGUAGE, markup)),
        published=date.fromisoformat(written) if written else None,
    )


def _trafilatura(markup: str) -> Any:  # noqa: ANN401 - its document declares no types for its fields
    # Importing it takes half a second and 60 MB. Most commands do not need it.
    from trafilatura import bare_extraction, external  # noqa: PLC0415 - as above

    external.JT_STOPLIST = _little_words()  # type: ignore[assignment] # it is None only until it is first needed
    return bare_extraction(
        markup,
        favor_precision=True,
        include_comments=False,
        with_metadata=True,
        # No date is better than one guessed from any number in the text.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )


def _told(error: Exception) -> str:
    return one_line(str(error))[:100]


@cache
def _little_words() -> tuple[str, ...]:
    from justext.utils import get_stoplist  # type: ignore[import-untyped] # noqa: PLC0415 - comes with trafilatura

    return tuple(sorted(word for language in _LANGUAGES for word in get_stoplist(language)))


def _first(pattern: re.Pattern[str], markup: str) -> str:
    found = pattern.search(markup)
    return found[1] if found else ""


def _clean(text: str, title: str) -> str:
    """The text without list and table marks, and without the title if it starts with it."""
    plain = _BULLET.sub("", _TABLE_ROW.sub(lambda row: row[1].replace("|", " "), tidy(text)))
    lines = [" ".join(line.split()) for line in plain.splitlines()]
    lines = [line for line in lines if line]
    if lines and lines[0] == title:
        del lines[0]
    return "\n".join(lines)[:MAX_TEXT]


def _wanting(markup: str, text: str) -> str | None:
    """The reason why the text is not the article. None if it is the article."""
    size = len(text.encode())
    if size < _SHORTEST_ARTICLE and _CHALLENGE.search(markup):
        return "blocked by bot protection (the page is a challenge)"
    if size < _SHORTEST_ARTICLE and _PASSWORD.search(markup):
        return "the page asks to log in"
    if size < _LONGEST_TEASER and _PAYWALL.search(markup):
        return "the article is behind a paywall; the page holds its beginning at most"
    return "the page holds no article" if size < _SHORTEST_ARTICLE else None
