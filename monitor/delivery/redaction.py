"""What in a destination's address is secret, and text without it. Pure."""

import re
from hashlib import sha256
from urllib.parse import quote, unquote

from monitor.core.plain import clean, shorten

MASK = "***"
#: What a service says is kept up to this length.
MAX_DETAIL = 300
#: Shorter ones are no secrets worth the name, and would tear holes into every text.
_MIN_PASSWORD, _MIN_PIECE = 4, 6
#: Options of Apprise that are words of its own, the same in every configuration.
_PLAIN_OPTIONS = frozenset(
    {
        "cto",
        "emojis",
        "format",
        "method",
        "mode",
        "optional",
        "overflow",
        "redirect",
        "retry",
        "rto",
        "store",
        "tz",
        "verify",
        "wait",
    }
)
_ADDRESS = re.compile(
    r"\s*(?P<scheme>[A-Za-z0-9][A-Za-z0-9.+-]*)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<fragment>#.*)?",
    re.DOTALL,
)

#: Webhooks that sign what they send, and by which option of the address.
SIGNED = frozenset({"json", "jsons"})
_SECRET = re.compile(r"(?<=[?&])secret=[^&#]*&?", re.IGNORECASE)


def scheme_of(address: str) -> str:
    """What stands before ``://``, in lower case; "" where nothing does."""
    match = _ADDRESS.match(address)
    return match["scheme"].lower() if match else ""


def identity(address: str, *parts: str) -> str:
    """A stable name of the address, from which it cannot be told.

    The same after its password was changed, or the secret by which a webhook is signed.
    """
    match = _ADDRESS.match(address)
    name = address if match is None else address[: match.start("authority")].lower() + _without_password(match)
    if match is not None and match["scheme"].lower() in SIGNED:
        name = _SECRET.sub("", name).rstrip("?&")
    return sha256("\x1f".join((name.strip(), *parts)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _without_password(match: re.Match[str]) -> str:
    userinfo, at, host = match["authority"].rpartition("@")
    return f"{userinfo.partition(':')[0]}{at}{host}{match.string[match.end('authority') :]}"


class Redactor:
    """Knows the secrets of one address."""

    def __init__(self, address: str, *, shown: str = "") -> None:
        """Take the address apart.

        Args:
            address: the address with its secrets.
            shown: its label: words in it are no secrets, unless they are the password.
        """
        pieces, password = _pieces(address)
        hidden = {piece for piece in pieces if len(piece) >= _MIN_PIECE and unquote(piece) not in shown}
        if len(password) >= _MIN_PASSWORD:
            hidden.add(password)
        spellings = {
            spelling
            for piece in hidden
            for spelling in (piece, unquote(piece), quote(piece, safe="", errors="surrogatepass"))
        }
        self._secrets = sorted(spellings, key=len, reverse=True)

    def redact(self, text: str) -> str:
        """The text with every secret masked."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return text

    def detail(self, text: str) -> str:
        """The text masked, on one line and short, as it is kept with a delivery."""
        return shorten(clean(self.redact(text)), MAX_DETAIL)


def _pieces(address: str) -> tuple[set[str], str]:
    """The parts of an address that may be secret, and the password."""
    match = _ADDRESS.match(address)
    if match is None:
        return {address.strip()}, ""
    userinfo, _, host = match["authority"].rpartition("@")
    user, _, password = userinfo.partition(":")
    pieces = {userinfo, user, host, *host.split(":"), *re.split(r"[/,]", match["path"]), (match["fragment"] or "")[1:]}
    for option in (match["query"] or "")[1:].split("&"):
        name, _, value = option.partition("=")
        if name.lower() not in _PLAIN_OPTIONS:
            pieces |= {value, *value.split(",")}
    return pieces, password
