"""An explained reading: what was found where in an article, what came of it, and why the rest led to nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise

from monitor.core.model import Claim, Fact, FactKind, Reading, State
from monitor.core.periods import Period
from monitor.core.reading.projects.matching import MentionRole


class DropReason(Enum):
    """Why nothing came of an article, of words, or of a quantity."""

    #: The article is in a language without a lexicon.
    NO_LEXICON = auto()
    #: It names nothing that is watched.
    NOTHING_NAMED = auto()
    #: It names something, but most likely concerns no project.
    NOT_CONCERNED = auto()
    #: The words are about no watched project.
    NO_FOCUS = auto()
    #: The claim is less likely than the threshold.
    UNSURE = auto()
    #: The quantity does not belong to the project.
    NOT_ITS_OWN = auto()


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """Half-open stretch of the published article, with title and text as one (``Explanation.text``)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A stretch that the reader recognised as something."""

    place: Stretch


@dataclass(frozen=True, slots=True, kw_only=True)
class NameMark(Mark):
    """A word by which projects are known."""

    role: MentionRole
    #: As configured.
    word: str
    #: In configuration order.
    projects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HintMark(Mark):
    """A phrase or cue of the vocabulary, or a word for a plant or for others, of which the reader is told."""

    #: What the reader is told: a stage or condition, or the name of the cue.
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedClaim:
    """What some words tell about one project, at one date."""

    stage: str
    state: State
    project: str
    date: Period | None
    #: 0 to 1
    sureness: float
    #: The claim that it became. None if it became none.
    claim: Claim | None
    #: Why it became no claim.
    reason: DropReason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMark(Mark):
    """Words that tell an event."""

    tellings: tuple[ExplainedClaim, ...]


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
    reason: DropReason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a sentence in which its marks do not change."""

    place: Stretch
    #: The marks that cover it, in the order of the sentence.
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedSentence:
    """A sentence, or the headline, with all that was found in it."""

    place: Stretch
    is_title: bool
    #: By their start, the longest first. They may nest and overlap.
    marks: tuple[Mark, ...]

    def pieces(self) -> Iterator[Piece]:
        """The sentence, cut wherever a mark begins or ends. Renderings are built from these."""
        last = self.place.end
        cuts = {self.place.start, last}
        for mark in self.marks:
            cuts |= {min(mark.place.start, last), min(mark.place.end, last)}
        coming, open_ = list(reversed(self.marks)), list[Mark]()
        for start, end in pairwise(sorted(cuts)):
            while coming and coming[-1].place.start <= start:
                open_.append(coming.pop())
            open_ = [mark for mark in open_ if mark.place.end > start]
            yield Piece(place=Stretch(start, end), marks=tuple(open_))


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
    claims: tuple[Claim, ...]
    facts: tuple[Fact, ...]
    #: Why nothing was read at all. None if something was read.
    reason: DropReason | None
    #: For each project that the article may concern, the probability that it does.
    relevance: tuple[tuple[str, float], ...] = ()

    @property
    def reading(self) -> Reading:
        """The reading that it explains."""
        return Reading(language=self.language, projects=self.projects, claims=self.claims, facts=self.facts)

    def checked(self, reading: Reading) -> "Explanation":
        """The same explanation, with the claims and facts as they stand in this reading, without those it lacks."""
        claims = {_same(claim): claim for claim in reading.claims}
        facts = {_same(fact): fact for fact in reading.facts}

        def of_telling(telling: ExplainedClaim) -> ExplainedClaim:
            if telling.claim is None:
                return telling
            claim = claims.get(_same(telling.claim))
            if claim is None:
                return replace(telling, claim=None, reason=DropReason.NO_FOCUS)
            return replace(telling, claim=claim, sureness=claim.confidence)

        def of_mark(mark: Mark) -> Mark:
            match mark:
                case EventMark():
                    return replace(mark, tellings=tuple(map(of_telling, mark.tellings)))
                case QuantityMark():
                    own = tuple(facts[_same(fact)] for fact in mark.facts if _same(fact) in facts)
                    return replace(
                        mark, facts=own, reason=mark.reason if own or not mark.facts else DropReason.NOT_ITS_OWN
                    )
                case _:
                    return mark

        return replace(
            self,
            projects=reading.projects,
            sentences=tuple(replace(each, marks=tuple(map(of_mark, each.marks))) for each in self.sentences),
            claims=tuple(claims[_same(claim)] for claim in self.claims if _same(claim) in claims),
            facts=reading.facts,
        )

    def words(self, place: Stretch) -> str:
        """The words at a place."""
        return self.text[place.start : place.end]
