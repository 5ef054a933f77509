"""The values of what is watched, published and read. docs/glossary.md defines the words.

``core.state`` has the values of what is known, ``core.news`` those of changes and their receivers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from monitor.core.periods import Period

# ---------------------------------------------------------------- what is watched


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMilestone:
    """A milestone that the operator knew before monitoring started."""

    stage: str
    state: "State"
    date: Period | None
    source: str | None
    #: Whether an official source says so. Otherwise it confirms nothing.
    official: bool = False
    #: When the source said so. None if it is not known.
    said: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A part of a project that is built separately: the first 25,000 t, the second line."""

    name: str
    #: A sentence with one of these words concerns this phase. Matched like the words of a project.
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Something built over years, described by who, what and where."""

    id: str
    #: The name in each language. The key "" holds a name given without a language.
    name: Mapping[str, str]
    who: tuple[str, ...] = ()
    what: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    #: Words that show that a text is about something else.
    not_: tuple[str, ...] = ()
    lifecycle: str = "industrial"
    known: tuple[KnownMilestone, ...] = ()
    #: In the planned order of construction.
    phases: tuple[Phase, ...] = ()
    #: Labels by which subscribers can follow many projects.
    tags: tuple[str, ...] = ()
    #: How long without news makes it quiet. None for the ledger's default.
    quiet_after: timedelta | None = None

    def name_in(self, language: str) -> str:
        """The name in this language, else the one without a language, else in English, else any. Never empty."""
        return self.name.get(language) or self.name.get("") or self.name.get("en") or next(iter(self.name.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """CSS selectors for a page without a feed: where its entries stand, and where their parts stand in them."""

    item: str
    #: Within the item. None for the text of its link.
    title: str | None = None
    #: Within the item. None for the first link in it.
    link: str | None = None
    #: Within the item. If None, entries have no date.
    date: str | None = None
    #: Within the item. If None, entries have only the text of their pages.
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """An address that is polled."""

    url: str
    name: str
    #: 1.0 official source, 0.5 press, 0.3 aggregator.
    trust: float = 0.5
    #: The language of its articles. Detected if None.
    language: str | None = None
    #: The operator's fixed interval. Adaptive if None.
    every: timedelta | None = None
    #: Where the entries stand, if the address is a page. None if it is a feed.
    page: Selectors | None = None
    #: Whether it is not polled for now. The operator set it aside.
    is_paused: bool = False


# ---------------------------------------------------------------- what is published


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed document."""

    guid: str | None
    #: Absolute http(s) address. None if the item has no usable link.
    url: str | None
    #: Plain text, without markup.
    title: str
    #: Plain text: the longer of the item's content and summary.
    text: str
    #: Aware, UTC. None if absent or impossible. A future instant is kept; the reader of the entry decides about it.
    published_at: datetime | None
    language: str | None = None
    #: The publisher, if a feed of several publishers names it (RSS ``source``).
    outlet: str | None = None
    #: The web address of that publisher, if the feed gives it.
    site: str | None = None
    #: When it was last modified, if the feed gives no other date. Its page may give a better one.
    modified_at: datetime | None = None


#: The most characters of an article that are read. The rest of a longer article is ignored.
MAX_TEXT = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An entry with its canonical URL and, if fetched, its full text."""

    #: The identity: the same article in two feeds has the same key (``core.identity``).
    key: str
    url: str | None
    title: str
    text: str
    #: With its known precision. Relative dates in the text are resolved against it.
    published: Period | None
    #: ISO 639-1 code. None if it could not be detected.
    language: str | None
    outlet: str = ""


# ---------------------------------------------------------------- what is read


class State(StrEnum):
    """What an article says about a stage or condition."""

    #: It has happened, or holds.
    REACHED = "reached"
    #: It will or may happen.
    EXPECTED = "expected"
    #: It has not happened, or is denied.
    DENIED = "denied"


class ObjectionKind(StrEnum):
    """Why something is most likely not told of its project."""

    #: The article does not name the company of the project.
    UNNAMED = "unnamed"
    #: The words are about a plant of somebody else, or for something else.
    OTHER_PLANT = "other_plant"
    #: They are about a plant in a place where the project is not.
    ELSEWHERE = "elsewhere"
    #: They are about another watched project.
    OTHER_PROJECT = "other_project"
    #: They are about plants in general, or about none.
    NOBODYS = "nobodys"
    #: They are only supposed: if, a scenario.
    SUPPOSED = "supposed"
    #: It would end or halt the project, and neither the sentence nor the headline names the project.
    NOT_IN_SENTENCE = "not_in_sentence"


class Objection(NamedTuple):
    """Why something that was read is most likely not told of its project."""

    kind: ObjectionKind
    #: The other company, as published. "" if the article names none.
    company: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one article says about one stage or condition of one project."""

    project: str
    #: A stage of the project's lifecycle, or a condition.
    stage: str
    state: State
    #: When it happened or is expected. None if the article does not say.
    date: Period | None
    #: How sure the reader is of its reading, from 0 to 1. Says nothing about the outlet.
    confidence: float
    #: The sentence that says so, exactly as published.
    evidence: str
    #: The phase of the project that the sentence names. None if it concerns the whole.
    phase: str | None = None
    #: Start and end of the words that say it, in title, line break and text joined. None if unknown. Not compared: the
    #: same claim in other words is equal.
    span: tuple[int, int] | None = field(default=None, compare=False)
    #: Why it is most likely not told of its project. None if nothing shows that.
    objection: Objection | None = field(default=None, compare=False)

    @property
    def told(self) -> tuple[object, ...]:
        """What it says about its project, regardless of its words and confidence."""
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


class Portion(StrEnum):
    """The ``phase`` of an amount of a part of a project that has no name, in any language."""

    #: "Of which 300 million."
    PART = "part"
    #: "An initial capacity of 20 GWh."
    FIRST = "at first"
    #: "Eventually 100 GWh."
    LAST = "in the end"
    #: "Two phases of 20 GWh each."
    EACH = "each"
    #: "2,000 indirect jobs."
    INDIRECT = "indirect"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What one article says about one quantity of one project."""

    project: str
    kind: FactKind
    value: float
    unit: str
    evidence: str
    confidence: float = 1.0
    #: The phase of the project that the sentence names. If the part is not a configured phase, the words of the
    #: article. None if it concerns the whole.
    phase: str | None = None
    #: Start and end of the amount, as in ``Claim.span``.
    span: tuple[int, int] | None = field(default=None, compare=False)
    #: As in ``Claim.objection``.
    objection: Objection | None = field(default=None, compare=False)

    @property
    def told(self) -> tuple[object, ...]:
        """As in ``Claim.told``."""
        return self.phase, self.kind, self.unit, self.value


#: What an article may say about a project.
Said = Claim | Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything that was read in one article."""

    language: str | None
    #: Projects that the article concerns, even without a claim on them. In configuration order.
    projects: tuple[str, ...]
    claims: tuple[Claim, ...]
    facts: tuple[Fact, ...]
