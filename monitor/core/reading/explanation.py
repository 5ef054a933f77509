"""An explained reading: what was found where in an article, what came of it, and why the rest led to nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise

from monitor.core.model import Claim, Fact, FactKind, Reading, State
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
    #: A hypothesis, or about somebody else.
    UNREAL = auto()
    #: In this state the phrase means nothing.
    NO_OUTCOME = auto()
    #: Another phrase covers the same words better.
    OTHER_PHRASE = auto()

    #: The words are about no project.
    NO_FOCUS = auto()
    #: The lifecycle of the project has no such stage.
    NO_STAGE = auto()
    #: It is an old plan that no longer holds.
    SUPERSEDED = auto()
    #: It was expected for a day that has passed.
    GONE_BY = auto()
    #: It is expected, but without a date.
    UNDATED = auto()
    #: Other words of the article, which say more or come first, make the claim.
    SAID_ELSEWHERE = auto()
    #: Another claim of the article contradicts it.
    CONTRADICTED = auto()
    #: It did not hold against everything else that the article says.
    OUTWEIGHED = auto()

    #: The trained reader considers it less likely than the threshold of a claim.
    UNSURE = auto()

    #: It measures nothing that can be a fact.
    NO_MEASURE = auto()
    #: The words are about several projects.
    SEVERAL_PROJECTS = auto()
    #: Its size, or the words around it, show that it does not belong to the project.
    NOT_ITS_OWN = auto()


class Basis(Enum):
    """What a claim is made from."""

    #: Phrases that state it.
    TOLD = auto()
    #: A completed share of the works: so they have begun.
    PROGRESS = auto()
    #: The article tells of no reached stage: a project that is merely described counts as announced.
    DESCRIBED = auto()


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Half-open stretch of the published article, with title and text as one (``Explanation.text``)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A stretch that the reader recognised as something."""

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
    """A word that decides the state of the events in its reach."""

    tone: Tone
    #: Where the events are that it may govern: a cue that stands before events reaches those after it, and so on.
    sides: tuple[Side, ...]
    #: The heads of the events that it governs; empty if no event is in its reach.
    governs: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What a phrase tells about one project, at one date."""

    stage: str
    #: The state in the words. In the claim, the date may have changed it.
    state: State
    #: None if no project is in focus.
    project: str | None
    date: Period | None
    #: 0 to 1
    sureness: float
    #: The claim that it became. None if it became none.
    claim: Claim | None
    #: Why it became no claim.
    reason: Reason | None
    #: The claim that says it in other words, or contradicts it.
    because: Claim | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMark(Mark):
    """A phrase of the lexicon that tells an event."""

    #: Its verb, or the whole phrase.
    head: Place
    #: The stages and conditions that it may tell; empty for a phrase that only looks like news.
    stages: tuple[str, ...]
    #: The words that decided its state; empty if its own form did.
    cues: tuple[Place, ...]
    hearsay: bool
    tellings: tuple[Telling, ...]
    #: Why it tells nothing at all.
    reason: Reason | None
    #: The phrase that covers the same words better.
    because: Place | None = None

    @property
    def is_claimed(self) -> bool:
        return any(telling.claim for telling in self.tellings)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMark(Mark):
    """A time expression."""

    #: Its meaning for a past event, and for a future one.
    behind: Period
    ahead: Period
    is_superseded: bool
    #: Whether something in its sentence is dated by it.
    is_used: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityMark(Mark):
    """A quantity: both ends of a range."""

    low: float
    high: float
    unit: str
    kind: FactKind | None
    #: The facts that it became; their values may be in another unit.
    facts: tuple[Fact, ...]
    reason: Reason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Focused:
    """A stretch of a sentence, with the projects that it is about."""

    place: Place
    projects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a sentence in which marks and focus do not change."""

    place: Place
    #: The marks that cover it, in the order of the sentence.
    marks: tuple[Mark, ...]
    projects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedSentence:
    """A sentence, or the headline, with all that was found in it."""

    place: Place
    is_title: bool
    #: By their start, the longest first. They may nest and overlap.
    marks: tuple[Mark, ...]
    #: Covers the sentence, in order.
    focus: tuple[Focused, ...]

    def pieces(self) -> Iterator[Piece]:
        """The sentence, cut wherever a mark begins or ends or the focus changes. Renderings are built from these."""
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
    """A claim, and what it is made from."""

    claim: Claim
    basis: Basis
    #: What its confidence is made of.
    grounds: tuple[Ground, ...]
    #: The phrases that state it, if any.
    places: tuple[Place, ...]


def _same(said: Claim | Fact) -> tuple[object, ...]:
    """What identifies a claim or fact of an article, however sure it is."""
    return said.project, said.told, said.evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How an article was read."""

    #: Title and text, as published.
    text: str
    language: str | None
    published: Period | None
    #: The projects that the article concerns, in configuration order.
    projects: tuple[str, ...]
    #: In order; together they contain everything but the white space between them.
    sentences: tuple[ExplainedSentence, ...]
    claims: tuple[ExplainedClaim, ...]
    facts: tuple[Fact, ...]
    #: Why nothing was read at all. None if something was read.
    reason: Reason | None
    #: For each project that the article may concern, the probability that it does. Empty if the reader weighs none.
    relevance: tuple[tuple[str, float], ...] = ()

    @property
    def reading(self) -> Reading:
        """The reading that it explains."""
        claims = tuple(each.claim for each in self.claims)
        return Reading(language=self.language, projects=self.projects, claims=claims, facts=self.facts)

    def checked(self, reading: Reading) -> "Explanation":
        """The same explanation, with the claims and facts as they stand in this reading, without those it lacks."""
        claims = {_same(claim): claim for claim in reading.claims}
        facts = {_same(fact): fact for fact in reading.facts}

        def of_telling(telling: Telling) -> Telling:
            if telling.claim is None:
                return telling
            claim = claims.get(_same(telling.claim))
            if claim is None:
                return replace(telling, claim=None, reason=Reason.NO_FOCUS)
            return replace(telling, claim=claim, sureness=claim.confidence)

        def of_mark(mark: Mark) -> Mark:
            match mark:
                case EventMark():
                    return replace(mark, tellings=tuple(map(of_telling, mark.tellings)))
                case QuantityMark():
                    own = tuple(facts[_same(fact)] for fact in mark.facts if _same(fact) in facts)
                    return replace(mark, facts=own, reason=mark.reason if own or not mark.facts else Reason.NOT_ITS_OWN)
                case _:
                    return mark

        return replace(
            self,
            projects=reading.projects,
            sentences=tuple(replace(each, marks=tuple(map(of_mark, each.marks))) for each in self.sentences),
            claims=tuple(
                replace(each, claim=claims[_same(each.claim)]) for each in self.claims if _same(each.claim) in claims
            ),
            facts=reading.facts,
        )

    def words(self, place: Place) -> str:
        """The words at a place."""
        return self.text[place.start : place.end]
