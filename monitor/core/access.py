"""Who may do what: roles, the person or program that acts, and the rules for sessions, tokens and names."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

#: A session ends when it is not used for this long, and in any case this long after the login.
IDLE, ABSOLUTE = timedelta(hours=12), timedelta(days=7)
#: The use of a session or a token is recorded once in this time. To store each request would keep the database busy.
NOTED = timedelta(minutes=5)
#: The characters of a password. There are no rules of composition (NIST SP 800-63B).
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 1_000
_LONGEST_NAME = 64
#: Who has one IPv6 address has all of its network.
_OF_ONE_HOUSE = 64
#: The name of whoever uses the command line, or the pages while there are no accounts.
_RESERVED = "local"


class Role(StrEnum):
    """What an account may do. Each role may do what those before it may."""

    #: Reads everything that is known.
    VIEWER = "viewer"
    #: Decides on claims; edits feeds, projects and subscribers; sends again what was given up.
    OPERATOR = "operator"
    #: Edits the other settings, and sees who did what.
    ADMIN = "admin"

    def includes(self, needed: "Role") -> bool:
        """Whether this role may do what the other may."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needed)


class Scope(StrEnum):
    """What a token may be used for."""

    #: Asks for what a viewer sees, and changes nothing.
    READ = "read"
    #: Whatever its account may do.
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever makes a request: an account, or a person on this machine while there are no accounts."""

    #: Written into the audit log.
    name: str
    role: Role


#: A person on this machine while there are no accounts.
LOCAL = Actor(_RESERVED, Role.ADMIN)


def name_of(written: str) -> str:
    """The name of an account as it is stored: however it is typed, it is the same account."""
    return unicodedata.normalize("NFKC", written).casefold().strip()


def fault_of_name(name: str) -> str:
    """Why no account can have this name. "" if one can."""
    if not 1 <= len(name) <= _LONGEST_NAME or not all(char.isalnum() or char in "._-+@" for char in name):
        return f"a name has 1 to {_LONGEST_NAME} letters, digits and . _ - + @"
    if name == _RESERVED:
        return f"'{_RESERVED}' is a person at the machine itself; write another name"
    return ""


def fault_of_password(password: str, name: str) -> str:
    """Why this password cannot be used by this account. "" if it can."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        return f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD:,} characters"
    if name_of(password) == name:
        return "the password is the name; write another one"
    return ""


def is_over(begun: datetime, seen: datetime, now: datetime) -> bool:
    """Whether a session has ended: it began, and was last used, at these instants."""
    return now - begun >= ABSOLUTE or now - seen >= IDLE


def is_loopback(host: str) -> bool:
    """Whether this name or address leads to this machine only."""
    bare = host.strip("[]").lower().rstrip(".")
    if bare == "localhost" or bare.endswith(".localhost"):
        return True
    try:
        return ip_address(bare).is_loopback
    except ValueError:
        return False


def network_of(address: str) -> str:
    """What one person holds: an IPv4 address, or the network of an IPv6 address."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(ip, IPv6Address):
        return str(ip)
    return str(ip.ipv4_mapped or ip_network((ip, _OF_ONE_HOUSE), strict=False))


def own_path(text: str) -> str:
    """The path if it leads to a page of this site, otherwise "/".

    A browser takes two slashes, or a slash and a backslash, for the beginning of another site.
    """
    is_plain = text.startswith("/") and text.isascii() and text.isprintable() and " " not in text and "\\" not in text
    if not is_plain or text.startswith("//"):
        return "/"
    return "/" if urlsplit(text).path.startswith(("/login", "/logout")) else text


def let_in(allowed: Mapping[str, Role], subject: str, email: str) -> tuple[str, Role] | None:
    """The entry of the allow-list for a person whom a provider vouches for, with the role. None if there is none.

    An entry with an ``@`` is an e-mail address, any other one a subject. So nobody passes for an address by a subject
    that they chose.

    Args:
        allowed: the role by subject or e-mail address.
        subject: the provider's id of the person.
        email: the address that the provider has verified; "" if it has not.
    """
    for entry, role in allowed.items():
        if entry == subject if "@" not in entry else entry.lower() == email.lower():
            return entry, role
    return None


# How long to wait after failed logins. Pure: each new failure makes the wait longer, up to a limit --------------------
#
# Nobody is locked out: the longest wait is short, and who shares a counter with others stands in line with them. It
# only has to make guessing hopeless.


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """The policy for one kind of counter."""

    #: Failures without any wait.
    free: int
    #: The wait after the first failure beyond these. It doubles with each further one.
    first: timedelta
    longest: timedelta
    #: Failures are forgotten after this time without another one.
    memory: timedelta
    #: How far ahead an attempt may be given its turn. Zero if attempts do not stand in line: they are refused until the
    #: wait is over, and whoever asks then comes first.
    line: timedelta = timedelta(0)


#: For one account, from one network or browser. A person who mistypes five times in a row waits for seconds.
OF_ACCOUNT = Patience(free=5, first=timedelta(seconds=1), longest=timedelta(minutes=1), memory=timedelta(hours=12))
#: For all strangers of one network, who may try many accounts with one password, and for all who try one account.
OF_STRANGERS = Patience(
    free=50,
    first=timedelta(seconds=0.25),
    longest=timedelta(seconds=1),
    memory=timedelta(minutes=30),
    line=timedelta(seconds=8),
)


@dataclass(frozen=True, slots=True)
class Failures:
    """Failed logins in a row."""

    number: int = 0
    #: The instant of the last one: of its turn, if it stands in line.
    last: datetime | None = None

    def wait(self, patience: Patience, now: datetime) -> timedelta:
        """How long the next attempt must still wait. Zero if it may be made now."""
        beyond = self.number - patience.free
        if self.last is None or beyond < 0 or self._is_forgotten(patience, now):
            return timedelta(0)
        # Two to the power of a very long row is longer than any time.
        due = min(patience.first * float(2 ** min(beyond, 30)), patience.longest)
        wait = self.last + due - now
        # What lies further ahead was counted before the clock was set back.
        return wait if timedelta(0) < wait <= due + patience.line else timedelta(0)

    def and_one(self, patience: Patience, now: datetime) -> "Failures":
        """With one more failure."""
        return Failures(1 if self._is_forgotten(patience, now) else self.number + 1, now)

    def _is_forgotten(self, patience: Patience, now: datetime) -> bool:
        return self.last is not None and now - self.last >= patience.memory
