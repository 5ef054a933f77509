"""Every error that the monitor raises on purpose, in one tree.

::

    MonitorError                 something a user, an operator or an admin can act on
    ├── ConfigError              the configuration is wrong; holds every problem found, each with file, line and key
    ├── InputError               a file given on the command line cannot be read or has the wrong format
    ├── FetchError               an address could not be fetched; says whether the failure is temporary
    │   ├── ForbiddenAddressError  the guard refused the address
    │   ├── NoNetworkError       the address was not asked, or not reached, because there is no network
    │   └── DisallowedError      a site asks not to fetch this page
    ├── ParseError               a document is not a feed, or an article page holds no text
    │   └── HostileError         a document exceeds the limits on time or memory for reading it
    ├── LedgerError              the database refused: locked, read-only, full or unreachable
    │   └── SchemaVersionError   the database was written by another version
    ├── WeightsError             the weights of the trained reader are missing, damaged or of another version
    ├── DeliveryError            a destination is unusable as written
    ├── AccessError              an account, password or token cannot be used, or a provider vouches for nobody
    └── ServeError               the web server cannot listen on its address

Expected outcomes (not modified, nothing new, already known) are return values, not errors. The one module that knows a
library catches its errors and raises one of these, with its cause. Bugs are let through.
"""

from collections.abc import Sequence
from dataclasses import dataclass


class MonitorError(Exception):
    """An error that a person can act on. The message names what failed, where, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigProblem:
    """One problem in the configuration, described so that an operator can fix it."""

    #: The file name, as the operator wrote it or would write it.
    file: str
    #: The line, counted from 1. None if the problem has no line, such as a missing file.
    line: int | None
    #: Dotted path of the key, such as ``projects[2].who``. Empty if the problem concerns the whole file.
    key: str
    #: What is wrong, and what would be right.
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line is not None else self.file
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


class ConfigError(MonitorError):
    """The configuration is wrong. Holds all problems, ordered by file and line."""

    def __init__(self, problems: Sequence[ConfigProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class InputError(MonitorError):
    """A file given on the command line cannot be read or has the wrong format."""


class FetchError(MonitorError):
    """An address could not be fetched.

    Attributes:
        url: the requested address, without credentials.
        reason: what went wrong.
        transient: whether the same request may succeed later.
        status: the HTTP status, if a server answered.
        retry_after: the seconds that the server asked to wait, if it did.
        is_unreached: whether no connection to its host could be made.
    """

    def __init__(
        self,
        url: str,
        reason: str,
        *,
        transient: bool,
        status: int | None = None,
        retry_after: float | None = None,
        is_unreached: bool = False,
    ) -> None:
        self.url = url
        self.reason = reason
        self.transient = transient
        self.status = status
        self.retry_after = retry_after
        self.is_unreached = is_unreached
        super().__init__(f"{url}: {reason}")


class ForbiddenAddressError(FetchError):
    """The guard refused the address: it is inside the network, uses an unusual port, or is not http(s)."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason, transient=False)


class NoNetworkError(FetchError):
    """The address was not asked, or not reached, because this machine has no network."""

    def __init__(self, url: str) -> None:
        super().__init__(url, "there is no network", transient=True)


class DisallowedError(FetchError):
    """The site's robots.txt asks not to fetch this page."""

    def __init__(self, url: str) -> None:
        super().__init__(url, "its site asks not to fetch it (robots.txt)", transient=False)


class ParseError(MonitorError):
    """A document has the wrong content: it is not a feed, or the page contains no article."""

    def __init__(self, url: str, reason: str) -> None:
        self.url = url
        self.reason = reason
        super().__init__(f"{url}: {reason}")


class HostileError(ParseError):
    """Reading the document exceeded the limits on time or memory and was abandoned."""


class LedgerError(MonitorError):
    """The database refused: locked, read-only, full or unreachable."""


class SchemaVersionError(LedgerError):
    """The database was written by another version of the monitor."""


class WeightsError(MonitorError):
    """The weights of the trained reader are missing, damaged or of another version."""


class DeliveryError(MonitorError):
    """A destination is unusable as written. Sending again would not help."""


class AccessError(MonitorError):
    """An account, a password or a token cannot be used as given, or a provider does not vouch for a person."""


class ServeError(MonitorError):
    """The web server cannot listen on its address."""
