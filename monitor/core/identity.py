"""Identity of entries and articles: which of them are the same. Dates never count, as publishers change them freely."""

import re
from base64 import urlsafe_b64decode
from functools import lru_cache
from hashlib import sha256
from urllib.parse import SplitResult, quote, unquote, urlsplit

from monitor.core.model import Entry

# Parameters that say how a reader came, not what is read. Matched by name, by prefix, or by name and value.
_TRACKING = frozenset(
    {
        "_ga", "_gl", "_openstat", "action_object_map", "action_ref_map", "action_type_map", "amp", "cmpid", "dclid",
        "ef_id", "epik", "fb_action_ids", "fb_action_types", "fb_ref", "fb_source", "fbclid", "gaa_at", "gaa_n",
        "gaa_sig", "gaa_ts", "gbraid", "gclid", "gclsrc", "guccounter", "guce_referrer", "guce_referrer_sig", "igsh",
        "igshid", "irclickid", "jsessionid", "li_fat_id", "mibextid", "mkt_tok", "msclkid", "ncid", "ocid", "oref",
        "phpsessid", "rdt_cid", "ref_src", "ref_url", "s_cid", "s_kwcid", "scid", "sfnsn", "smid", "smtyp", "soc_src",
        "soc_trk", "spm", "sr_share", "srsltid", "ssr_src", "taid", "trk", "ttclid", "twclid", "wbraid", "wickedid",
        "xtcr", "xtor", "yclid", "ysclid", "zanpid"
    }
)  # fmt: skip
_TRACKING_PREFIXES = (
    "utm_", "at_", "ga_", "hsa_", "itm_", "mc_", "mtm_", "oly_", "pk_", "piwik_", "vero_", "wt_mc", "_hs",
)  # fmt: skip
_REFERRERS = frozenset(
    {"cmp", "feed", "from", "medium", "origin", "outputtype", "ref", "referrer", "source", "src", "via"}
)
_REFERRER_KINDS = frozenset(
    {
        "amp", "app", "atom", "dlvr.it", "email", "facebook", "fb", "feed", "feedburner", "feedly", "flipboard",
        "google", "googlenews", "home", "homepage", "instagram", "linkedin", "mail", "mobile", "newsletter", "rss",
        "rss2", "rssfeed", "share", "social", "telegram", "tw", "twitter", "whatsapp"
    }
)  # fmt: skip
# Services whose links contain the address of the article: host and path → the parameters that hold it.
_REDIRECTORS = {
    ("google", "/url"): ("url", "q"),
    ("facebook", "/l.php"): ("u",),
    ("bing", "/news/apiclick.aspx"): ("url",),
}
_REDIRECTOR_HOST = re.compile(
    r"(?:www\.|l\.|lm\.)?(google|facebook|bing)\.(?:com|co)(?:\.[a-z]{2})?|www\.(google)\.[a-z]{2}"
)
# Services whose links contain it encoded, or not at all. Then only a request shows where they lead.
_PACKED = re.compile(r"/(?:rss/|__i/rss/rd/)?(?:articles|read)/([A-Za-z0-9_-]{16,4096})=*")
_PACKED_ADDRESS = re.compile(rb"https?://[\x21-\x7e]+")
_SERVICES = frozenset(
    {
        "bit.ly", "buff.ly", "dlvr.it", "feedproxy.google.com", "feeds.feedburner.com", "ift.tt", "lnkd.in",
        "news.google.com", "ow.ly", "rss.feedspot.com", "t.co", "tinyurl.com"
    }
)  # fmt: skip

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[^\s\x00-\x1f\x7f/?#@\\<>\"`{|}^%]+")
_UNRESERVED = re.compile(r"[A-Za-z0-9\-._~]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_LEGAL = "!$&'()*+,;=:@/?%"
_CONTROLS = re.compile(r"[\x00-\x20\x7f]+")
_SESSION = re.compile(r";jsessionid=[^/?]*", re.IGNORECASE)
_AMP_PATH = re.compile(r"/amp/?$|\.amp(?=\.html?$|$)", re.IGNORECASE)
#: RFC 3986, section 3.1: an id that begins like this is meant to be unique everywhere (``urn:``, ``tag:``, ``https:``).
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S")
#: Services and browsers refuse much shorter addresses. One address may contain another, which contains another.
_LONGEST = 20_000
_VARIANT_HOST = re.compile(r"(?:www|m|mobile|amp)\.(?=[^.]+\.[^.]+)")


@lru_cache(maxsize=1024)
def canonical_url(url: str) -> str:
    """The address in its canonical form (RFC 3986, 6).

    It leads where the given one leads, without what identifies readers.

    Scheme and host in lower case, no default port, user or fragment, normalised escapes, no tracking parameters, the
    others sorted by name, no trailing slash, not the AMP page. A link through a redirecting service becomes the address
    that it contains. Idempotent. What is not an http(s) address, or is too long for one, is returned unchanged except
    for white space. Never raises.
    """
    url = _CONTROLS.sub("", url) if "://" in url else url.strip()
    if len(url) > _LONGEST:
        return url
    while True:
        try:
            parts = urlsplit(url)
            carried = _carried(parts)
            if carried is None:
                return _normalized(parts) or url
        except ValueError:
            return url
        url = carried


def is_service_link(url: str) -> bool:
    """Whether a canonical address belongs to a service that leads on to the publisher's address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = _VARIANT_HOST.sub("", parts.hostname or "")
    return host in _SERVICES or (host == "bing.com" and parts.path.startswith("/news/"))


def host_of(url: str | None) -> str:
    """The host of an address for comparisons: without ``www.`` and the like. "" if there is none."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return ""
    return _VARIANT_HOST.sub("", host.lower())


def entry_key(entry: Entry) -> str:
    """The identity of an entry within its feed: its guid, else its address, else its words."""
    return _guid_key(entry) or _url_key(entry) or _content_key(entry)


def article_key(entry: Entry, *, feed: str) -> str:
    """The identity of an article in all feeds: its address, else its guid, else its words.

    Coarser than the canonical URL: http and https are the same, and so are hosts with and without ``www.``, ``m.`` and
    ``amp.``. A guid that is not a URI (``7``) is unique only within the feed with this address.
    """
    scope = "" if _URI.match((entry.guid or "").strip()) else feed
    return _url_key(entry) or _guid_key(entry, scope) or _content_key(entry)


def address_key(url: str) -> str:
    """The identity of the article at this address, as ``article_key`` gives it. Never raises."""
    address = canonical_url(url)
    return _digest("url", _VARIANT_HOST.sub("", address.partition("://")[2] or address, count=1))


def _guid_key(entry: Entry, scope: str = "") -> str | None:
    return _digest("guid", scope, entry.guid.strip()) if entry.guid and entry.guid.strip() else None


def _url_key(entry: Entry) -> str | None:
    if not entry.url or not entry.url.strip():
        return None
    return address_key(entry.url)


def _content_key(entry: Entry) -> str:
    return _digest("content", " ".join(entry.title.split()), " ".join(entry.text.split()))


def _digest(*parts: str) -> str:
    # Surrogates from broken feeds can reach this point. They must hash, not raise.
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _normalized(parts: SplitResult) -> str | None:
    """The canonical form of the address with these parts. None if it is not an http(s) address."""
    scheme, host, port = parts.scheme.lower(), _host(parts.hostname or ""), parts.port
    if scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host):
        return None
    authority = host if port in {None, _DEFAULT_PORTS[scheme]} else f"{host}:{port}"
    query = _query(parts.query)
    # A fragment that routes is part of the address. Without it all articles of such a site would be the same.
    fragment = f"#{_escaped(parts.fragment)}" if parts.fragment.startswith(("!", "/")) else ""
    return f"{scheme}://{authority}{_path(parts.path)}{f'?{query}' if query else ''}{fragment}"


def _host(host: str) -> str:
    host = unquote(host).lower().rstrip(".")
    if ":" in host:
        return f"[{host}]"
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _path(path: str) -> str:
    path = _AMP_PATH.sub("", _SESSION.sub("", _escaped(path)))
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[max(1, len(kept) - 1) :]
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept).rstrip("/") or "/"


def _query(query: str) -> str:
    pairs = [pair for pair in _escaped(query).split("&") if pair and not _is_tracking(*pair.partition("=")[::2])]
    return "&".join(sorted(pairs, key=lambda pair: pair.partition("=")[0]))


def _is_tracking(name: str, value: str) -> bool:
    name, value = name.lower(), value.lower()
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES) or (name in _REFERRERS and value in _REFERRER_KINDS)


def _escaped(text: str) -> str:
    """Escapes in capitals and only where needed. A lone per cent sign is escaped."""
    text = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    text = quote(text, safe=_LEGAL, errors="surrogatepass")
    return _ESCAPE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    char = chr(int(match[1], 16))
    return char if _UNRESERVED.fullmatch(char) else match[0].upper()


def _carried(parts: SplitResult) -> str | None:
    """The address that a redirecting service's link contains, or None."""
    name = (parts.hostname or "").lower()
    if name == "news.google.com":
        return _packed(parts.path)
    host = _REDIRECTOR_HOST.fullmatch(name)
    if host is None:
        return None
    for name in _REDIRECTORS.get((host[1] or host[2], parts.path), ()):
        for pair in parts.query.split("&"):
            if pair.startswith(f"{name}=") and (target := unquote(pair[len(name) + 1 :])).startswith(
                ("http://", "https://")
            ):
                return target
    return None


def _packed(path: str) -> str | None:
    """The address that the path of a news search link holds in base64, the encoding until 2024.

    None if it holds none.
    """
    found = _PACKED.fullmatch(path)
    if found is None:
        return None
    code = found[1]
    try:
        address = _PACKED_ADDRESS.search(urlsafe_b64decode(code + "=" * (-len(code) % 4)))
    except ValueError:
        return None
    return address[0].decode("ascii") if address else None
