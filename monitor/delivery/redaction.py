"""Finds the secrets in a destination's address and masks them in texts. Pure."""

import re
from hashlib import sha256
from urllib.parse import quote, unquote

from monitor.core.plain import clean, shorten

MASK = "***"
#: The longest detail of a service's answer that is stored.
MAX_DETAIL = 300
#: Shorter ones are not treated as secrets: masking them would damage every text.
_MIN_PASSWORD, _MIN_PIECE = 4, 6
#: Apprise's options with fixed words as values.
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

#: Webhooks that sign what they send, and the option of the address with the secret.
SIGNED = frozenset({"json", "jsons"})
_SECRET = re.compile(r"(?<=[?&])secret=[^&#]*&?", re.IGNORECASE)


def scheme_of(address: str) -> str:
    """The scheme before ``://``, in lower case; "" if there is none."""
    match = _ADDRESS.match(address)
    return match["scheme"].lower() if match else ""


def identity(address: str, *parts: str) -> str:
    """A stable identifier of the address that does not reveal it.

    It stays the same if the password changes, or the secret with which a webhook signs.
    """
    match = _ADDRESS.match(address)
    name = address if match is None else address[: match.start("authority")].lower() + _without_password(match)
    if match is not None and match["scheme"].lower() in SIGNED:
        name = _SECRET.sub("", name).rstrip("?&")
    return sha256("\x1f".join((name.strip(), *parts)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _without_password(match: re.Match[str]) -> str:
    userinfo, at, host = match["authority"].rpartition("@")
    return f"{userinfo.partition(':')[0]}{at}{host}{match.string[match.end('authority') :]}"


class AddressRedactor:
    """Masks the secrets of one address."""

    def __init__(self, address: str, *, shown: str = "") -> None:
        """Find the secrets of the address.

        Args:
            address: the address with its secrets.
            shown: its label; words in it are not secrets, unless they are the password.
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
        """Mask every secret in the text."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return text

    def detail(self, text: str) -> str:
        """Mask the text, put it on one line and shorten it, as it is stored with a delivery."""
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
