"""What a language has to say to tell of every change."""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.core.model import FactKind
from monitor.core.news import ChangeType
from monitor.core.state import Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words of one language. Templates have their places in braces."""

    #: Its Babel locale, where the reader's language tag names no region.
    locale: str
    rtl: bool = False
    #: Between what was and what is.
    arrow: str = "→"
    #: Around a project's name and what is said of it.
    headline: str = "{project}: {news}"
    #: After a label.
    labelled: str = "{label}: {value}"
    #: Around words of an article.
    quoted: str = "“{sentence}”"
    #: Where a project stands, when this is its status.
    statuses: Mapping[str, str]
    #: A stage or condition as something that happens.
    events: Mapping[str, str]
    kinds: Mapping[FactKind, str]
    #: Units that are words; others are written as they are.
    units: Mapping[str, str]
    #: What stands for ``/yr``.
    per_year: str
    #: First and second half of a ``{year}``.
    halves: tuple[str, str]
    labels: Mapping[ChangeType, str]
    reached: str = "{event}"
    expected: str
    later: str
    earlier: str
    overdue: str
    confirmed: str
    disputed: str
    quiet: str
    #: Where the date of the last news is known.
    quiet_since: str
    #: Label of the date on which it happened.
    effective: str
    confidence: Mapping[Confidence, str]
    #: Said below changes that the clock raised and no article told.
    inferred: Mapping[ChangeType, str]
    #: Said below changes that an operator's decision brought.
    decided: str
    sources: str
    reference: str
