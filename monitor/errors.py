"""Every error that the monitor raises on purpose, in one tree.

::

    MonitorError                 something a user, an operator or an admin can act on
    ├── ConfigError              the configuration is wrong; holds every problem found, each with file, line and key
    ├── InputError               a file given on the command line cannot be read as what it should be
    ├── FetchError               an address could not be fetched; says whether it will pass
    │   ├── ForbiddenAddressError  the guard refused the address
    │   └── DisallowedError      a site asks not to fetch this page
    ├── ParseError               a document is no feed, or an article page holds no text
    │   └── HostileError         a document takes more time or memory to read than any should
    ├── LedgerError              the database refused; locked, read-only, full or unreachable
    │   └── SchemaVersionError   the database was written by another version
    ├── WeightsError             what the trained reader learnt is missing, damaged or of another version
    ├── DeliveryError            a destination is unusable as written
    └── ServeError               the web server cannot listen where it should

Expected outcomes (not modified, nothing new, already known) are return values, not errors. A library's error is
caught in the one module that knows the library and raised again from here, with its cause; bugs are let through.
"""

from collections.abc import Sequence
from dataclasses import dataclass


class MonitorError(Exception):
    """Something that a person can act on: the message names what failed, where, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong in the configuration, said so that an operator can mend it."""

    #: The file, as the operator wrote or would write its name.
    file: str
    #: 1-based; None when the problem has no place (a missing file).
    line: int | None
    #: Dotted path of the key, ``projects[2].who``; empty for the file as a whole.
    key: str
    #: What is wrong, and what would be right.
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line is not None else self.file
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


class ConfigError(MonitorError):
    """The configuration is wrong. All problems at once, in the order of files and lines."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class InputError(MonitorError):
    """A file given on the command line cannot be read as what it should be."""


class FetchError(MonitorError):
    """An address could not be fetched.

    Attributes:
        url: the address as asked for, without credentials.
        transient: whether the same request may succeed later.
        status: the HTTP status, where a server answered.
        retry_after: seconds the server asked to wait, where it said so.
    """

    def __init__(
        self, url: str, reason: str, *, transient: bool, status: int | None = None, retry_after: float | None = None
    ) -> None:
        self.url = url
        self.reason = reason
        self.transient = transient
        self.status = status
        self.retry_after = retry_after
        super().__init__(f"{url}: {reason}")


class ForbiddenAddressError(FetchError):
    """The guard refused the address: inside the network, an odd port, or no http(s) at all."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason, transient=False)


class DisallowedError(FetchError):
    """The site's robots.txt asks not to fetch this page."""

    def __init__(self, url: str) -> None:
        super().__init__(url, "its site asks not to fetch it (robots.txt)", transient=False)


class ParseError(MonitorError):
    """A document is not what it should be: no feed, or a page without an article."""

    def __init__(self, url: str, reason: str) -> None:
        self.url = url
        self.reason = reason
        super().__init__(f"{url}: {reason}")


class HostileError(ParseError):
    """The document takes more time or memory to read than any should, and was given up."""


class LedgerError(MonitorError):
    """The database refused: locked, read-only, full or unreachable."""


class SchemaVersionError(LedgerError):
    """The database was written by another version of the monitor."""


class WeightsError(MonitorError):
    """The weights of the trained reader are missing, damaged or of another version."""


class DeliveryError(MonitorError):
    """A destination is unusable as written; sending again would not help."""


class ServeError(MonitorError):
    """The web server cannot listen where it should."""
