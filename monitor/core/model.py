"""The words of the monitor as values: what is watched, published and read. The words are in docs/glossary.md.

What is known stands in ``core.state``, what moves and who hears of it in ``core.news``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.core.periods import Period

# ---------------------------------------------------------------- what is watched


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMilestone:
    """A milestone that the operator knew before monitoring started."""

    stage: str
    state: "State"
    date: Period | None
    source: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A part of a project that is built by itself: the first 25,000 t, the second line."""

    name: str
    #: A sentence that has one of these speaks of this phase; matched as the words of a project are.
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Something built over years, described by who, what and where."""

    id: str
    #: The name in each language; the key "" holds a name given without one.
    name: Mapping[str, str]
    who: tuple[str, ...] = ()
    what: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    #: Words that show that a text speaks of something else.
    not_: tuple[str, ...] = ()
    lifecycle: str = "industrial"
    known: tuple[KnownMilestone, ...] = ()
    #: In the order in which they are to be built.
    phases: tuple[Phase, ...] = ()
    #: What subscribers may follow many projects by.
    tags: tuple[str, ...] = ()
    #: How long without news is a silence; the ledger's own idea of it when None.
    quiet_after: timedelta | None = None

    def name_in(self, language: str) -> str:
        """The name in this language, else in English, else any: never empty."""
        return self.name.get(language) or self.name.get("") or self.name.get("en") or next(iter(self.name.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """Where on a page that has no feed its entries stand, and in each of them what is known of it: CSS selectors."""

    item: str
    #: Within the item; its link's own words when None.
    title: str | None = None
    #: Within the item; the first link in it when None.
    link: str | None = None
    #: Within the item; entries have no date when None.
    date: str | None = None
    #: Within the item; entries have no text but their pages' when None.
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """An address that is polled."""

    url: str
    name: str
    #: 1.0 official source, 0.5 press, 0.3 aggregator.
    trust: float = 0.5
    #: Of its articles; detected when None.
    language: str | None = None
    #: The operator's fixed interval; adaptive when None.
    every: timedelta | None = None
    #: Where it is a page: where its entries stand on it. None where it is a feed.
    page: Selectors | None = None


# ---------------------------------------------------------------- what is published


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed document."""

    guid: str | None
    #: Absolute http(s) address, or None where the item has no usable link.
    url: str | None
    #: Plain text, without markup.
    title: str
    #: Plain text of the longest of the item's content and summary.
    text: str
    #: Aware, UTC; None where absent or impossible. An instant in the future is kept: the reader of it decides.
    published_at: datetime | None
    language: str | None = None
    #: The publisher, where a feed of several publishers says so (RSS ``source``).
    outlet: str | None = None
    #: Where that publisher is on the web, where the feed says so.
    site: str | None = None
    #: When it last said something else, where that is all that is said of its date: its page may tell a better one.
    modified_at: datetime | None = None


#: An article is read so far; what stands beyond in a longer one is not.
MAX_TEXT = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An entry with its canonical URL and, where fetched, its full text."""

    #: Identity: the same article in two feeds has the same key (core.identity).
    key: str
    url: str | None
    title: str
    text: str
    #: With the precision that is known; relative dates in the text are resolved against it.
    published: Period | None
    #: ISO 639-1 code; None where it could not be told.
    language: str | None
    outlet: str = ""


# ---------------------------------------------------------------- what is read


class State(StrEnum):
    """What an article says of a stage or condition."""

    #: It has happened, or is so.
    REACHED = "reached"
    #: It will or may happen.
    EXPECTED = "expected"
    #: It has not happened, or is denied.
    DENIED = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one article says of one stage or condition of one project."""

    project: str
    #: A stage of the project's lifecycle, or a condition.
    stage: str
    state: State
    #: When it happened or is expected; None where the article does not say.
    date: Period | None
    #: How sure the reader is of its reading, 0 to 1; says nothing of the outlet.
    confidence: float
    #: The sentence that says so, exactly as published.
    evidence: str
    #: The phase of the project that the sentence names; None where it speaks of the whole.
    phase: str | None = None
    #: Where the words that tell it begin and end in the title, a line break and the text; None where that is not known.
    #: It bears on nothing: the same claim in other words is the same.
    span: tuple[int, int] | None = field(default=None, compare=False)

    @property
    def told(self) -> tuple[object, ...]:
        """What it says of its project, in whatever words and however surely."""
        return self.phase, self.stage, self.state, self.date


class FactKind(StrEnum):
    """What a fact measures."""

    #: Full units of an ISO 4217 currency.
    INVESTMENT = "investment"
    #: ``t/yr``, ``GWh/yr``, ``MW``, ``units/yr``…
    CAPACITY = "capacity"
    #: ``jobs``
    JOBS = "jobs"
    #: ``ha``
    AREA = "area"
    #: ``%``
    PROGRESS = "progress"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What one article says of one quantity of one project."""

    project: str
    kind: FactKind
    value: float
    unit: str
    evidence: str
    confidence: float = 1.0
    #: The phase of the project that the sentence names; of one that is not configured, or of another part of the
    #: project, the words of the article. None where it speaks of the whole.
    phase: str | None = None
    #: Of the amount; as of a claim.
    span: tuple[int, int] | None = field(default=None, compare=False)

    @property
    def told(self) -> tuple[object, ...]:
        """As of a claim."""
        return self.phase, self.kind, self.unit, self.value


#: What an article may say of a project.
Said = Claim | Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that was read in one article."""

    language: str | None
    #: Projects that the article concerns, whether or not it claims anything of them; in configuration order.
    projects: tuple[str, ...]
    claims: tuple[Claim, ...]
    facts: tuple[Fact, ...]
