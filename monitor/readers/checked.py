"""A reader whose readings are checked: by the gate on the subject, and by the operator's phrases."""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Protocol

from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Article, Reading
from monitor.core.reading.layout import Surveyor
from monitor.core.reading.overrules.overrules import Overrules
from monitor.core.reading.overrules.phrase import Phrase
from monitor.core.reading.subject import SubjectGate
from monitor.ports import Reader


class Check(Protocol):
    """Something that changes what any reader has read."""

    def applied(self, article: Article, reading: Reading) -> Reading:
        """The reading as it holds after the check."""
        ...


def checks(phrases: Sequence[Phrase], surveyor: Surveyor, lifecycles: Mapping[str, Lifecycle]) -> tuple[Check, ...]:
    """The checks of a configuration, in their order: the operator's phrases have the last word."""
    gate = SubjectGate(surveyor)
    return (gate, Overrules(phrases, surveyor, lifecycles)) if phrases else (gate,)


def checked(checks: Sequence[Check], article: Article, reading: Reading) -> Reading:
    """The reading after all checks."""
    return reduce(lambda read, check: check.applied(article, read), checks, reading)


class CheckedReader:
    """Reads with another reader, then applies the checks. Safe to share between threads.

    Implements ``monitor.ports.Reader``.
    """

    def __init__(self, reader: Reader, checks: Sequence[Check]) -> None:
        self._reader = reader
        self._checks = checks

    def read(self, article: Article) -> Reading:
        """The other reader's reading after the checks."""
        return checked(self._checks, article, self._reader.read(article))
