"""An explained reading: what was found where in an article, what came of it, and why of some of it nothing did."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from monitor.core.model import Claim, Fact, FactKind, State
from monitor.core.periods import Period
from monitor.core.reading.claims.confidence import Ground
from monitor.core.reading.lexicon import Side, Tone
from monitor.core.reading.projects.mention import Role


class Reason(Enum):
    """Why nothing came of an article, a phrase, what it tells, or a quantity."""

    #: The article is in a language without a lexicon.
    NO_LEXICON = auto()
    #: It names nothing that is watched.
    NOTHING_NAMED = auto()
    #: It names something, but no project fully enough.
    NOT_CONCERNED = auto()

    #: The lexicon lists the phrase as one that only looks like news.
    NO_NEWS = auto()
    #: A hypothesis, or somebody else's business.
    UNREAL = auto()
    #: Told in this state the phrase means nothing.
    NO_OUTCOME = auto()
    #: Another phrase tells the same words better.
    OTHER_PHRASE = auto()

    #: No project is spoken of there.
    NO_FOCUS = auto()
    #: The lifecycle of the project has no such stage.
    NO_STAGE = auto()
    #: It was planned once, and is no more.
    SUPERSEDED = auto()
    #: It was expected for a day gone by.
    GONE_BY = auto()
    #: It is expected, but not said when.
    UNDATED = auto()
    #: The article claims it by other words, which say more or come first.
    SAID_ELSEWHERE = auto()
    #: Another claim of the article stands against it.
    CONTRADICTED = auto()
    #: Beside all else that the article says it did not hold.
    OUTWEIGHED = auto()

    #: The trained reader takes it for less likely than what it claims.
    UNSURE = auto()

    #: It measures nothing that facts are made of.
    NO_MEASURE = auto()
    #: Several projects are spoken of there.
    SEVERAL_PROJECTS = auto()
    #: By its size, or by the words around it, it is not the project's own.
    NOT_ITS_OWN = auto()


class Basis(Enum):
    """What a claim is made from."""

    #: Phrases that tell of it.
    TOLD = auto()
    #: A share of the works that is done: they have begun.
    PROGRESS = auto()
    #: Nothing that is reached is told: a project that is merely described is announced.
    DESCRIBED = auto()


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Half-open stretch of the article as published, title and text as one (``Explanation.text``)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A stretch that the reader took for something."""

    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class NameMark(Mark):
    """A word by which projects are known."""

    role: Role
    #: As configured.
    word: str
    #: In configuration order.
    projects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CueMark(Mark):
    """A word that decides in which state the events in its reach are told."""

    tone: Tone
    #: Where the events stand that it may govern: it reaches those behind a cue that stands before them, and so on.
    sides: tuple[Side, ...]
    #: The heads of the events that it governs; none where no event is in its reach.
    governs: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What a phrase tells of one project, at one date."""

    stage: str
    #: As the words have it; the date may have made another of it in the claim.
    state: State
    #: None where no project is in focus.
    project: str | None
    date: Period | None
    #: 0 to 1
    sureness: float
    #: What it became; None for nothing.
    claim: Claim | None
    #: Why it became nothing.
    reason: Reason | None
    #: The claim that says it in other words, or stands against it.
    because: Claim | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMark(Mark):
    """A phrase of the lexicon that tells an event."""

    #: Its verb, or the whole.
    head: Place
    #: The stages and conditions that it may tell; none for what only looks like news.
    stages: tuple[str, ...]
    #: The words that decided on its state; none where its own form did.
    cues: tuple[Place, ...]
    hearsay: bool
    tellings: tuple[Telling, ...]
    #: Why it tells nothing at all.
    reason: Reason | None
    #: The phrase that tells the same words better.
    because: Place | None = None

    @property
    def is_claimed(self) -> bool:
        return any(telling.claim for telling in self.tellings)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMark(Mark):
    """A time expression."""

    #: What it means of something that has happened, and of something to come.
    behind: Period
    ahead: Period
    is_superseded: bool
    #: Whether something in its sentence is dated by it.
    is_used: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityMark(Mark):
    """So much of something: both ends of a range."""

    low: float
    high: float
    unit: str
    kind: FactKind | None
    #: What it became; its values may be in another unit.
    facts: tuple[Fact, ...]
    reason: Reason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Focused:
    """A stretch of a sentence with the projects that are spoken of in it."""

    place: Place
    projects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a sentence throughout which the same holds."""

    place: Place
    #: Those that lie over it, in the order of the sentence.
    marks: tuple[Mark, ...]
    projects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedSentence:
    """A sentence, or the headline, with all that was found in it."""

    place: Place
    is_title: bool
    #: By where they begin, the longest first; they nest and overlap freely.
    marks: tuple[Mark, ...]
    #: Covers the sentence, in order.
    focus: tuple[Focused, ...]

    def pieces(self) -> Iterator[Piece]:
        """The sentence cut wherever a mark begins or ends or the focus moves: what a rendering is laid from."""
        last = self.place.end
        cuts = {self.place.start, last}
        for place in (*(mark.place for mark in self.marks), *(part.place for part in self.focus)):
            cuts |= {min(place.start, last), min(place.end, last)}
        bounds = sorted(cuts)
        coming, open_ = list(reversed(self.marks)), list[Mark]()
        parts = list(reversed(self.focus))
        for start, end in pairwise(bounds):
            while coming and coming[-1].place.start <= start:
                open_.append(coming.pop())
            open_ = [mark for mark in open_ if mark.place.end > start]
            while parts and parts[-1].place.end <= start:
                parts.pop()
            yield Piece(
                place=Place(start, end),
                marks=tuple(open_),
                projects=parts[-1].projects if parts and parts[-1].place.start <= start else (),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedClaim:
    """A claim with what it is made from."""

    claim: Claim
    basis: Basis
    #: What makes it as sure as it is.
    grounds: tuple[Ground, ...]
    #: The phrases that tell of it, where any do.
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How an article was read."""

    #: Title and text, as published.
    text: str
    language: str | None
    published: Period | None
    #: Those that the article concerns, in configuration order.
    projects: tuple[str, ...]
    #: In order; all but the white space between them is in one.
    sentences: tuple[ExplainedSentence, ...]
    claims: tuple[ExplainedClaim, ...]
    facts: tuple[Fact, ...]
    #: Why nothing was read at all; None where something was.
    reason: Reason | None
    #: How likely it is, of each project that the article may concern, that it does; none where that is not weighed.
    relevance: tuple[tuple[str, float], ...] = ()

    def words(self, place: Place) -> str:
        """The words that stand there."""
        return self.text[place.start : place.end]
