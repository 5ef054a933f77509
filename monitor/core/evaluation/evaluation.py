"""How well a set of articles was read, and what moved since it was read before. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Subject(StrEnum):
    """What is compared."""

    #: Which projects an article concerns.
    RELEVANCE = "relevance"
    #: Project, stage and state, whatever the date.
    CLAIMS = "claims"
    #: The claims without those that only say that there is a plan.
    BEYOND = "beyond announced"
    #: The dates of the claims that were found; one that is wrong counts as missed.
    DATES = "dates"
    FACTS = "facts"


class By(StrEnum):
    """How what is compared is grouped."""

    ALL = "all"
    LANGUAGE = "language"
    STAGE = "stage"
    #: ``agreed expected``
    CLAIM = "stage and state"
    STATE = "state"
    KIND = "kind"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Count:
    """How much of one group was found rightly, found wrongly, and missed."""

    subject: Subject
    by: By = By.ALL
    #: Of the group: ``fr``, ``agreed``, ``jobs``; "" for all.
    name: str = ""
    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 0 where nothing was found."""
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The share of what is there that was found; 0 where nothing is there."""
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return _share(2 * self.right, 2 * self.right + self.wrong + self.missed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One thing that was invented or missed."""

    #: Its id; where the truth is an operator's decision, the name of the claim that was decided on.
    article: str
    subject: Subject
    is_invented: bool
    #: ``plant agreed reached``, ``plant operating expected 2026-Q3``, ``plant jobs 2500 jobs``
    what: str
    #: What was read in the place of what was missed.
    instead: str = ""
    #: The one that misled the reader; "" where it found none.
    sentence: str = ""
    #: How sure the reader was of what it invented.
    confidence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The claims of which the reader was about equally sure: their number should be right as often as it says."""

    #: The least confidence of the band; 0.9 is from 0.9 on.
    least: float
    claims: int
    right: int
    #: The mean of what the reader said.
    confidence: float

    @property
    def share(self) -> float:
        """How many of them are right."""
        return _share(self.right, self.claims)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """How well a set of articles was read."""

    #: Those that were compared, in the order given.
    articles: tuple[str, ...]
    #: Of every group that has something in it.
    counts: tuple[Count, ...]
    #: In the order of the articles.
    mistakes: tuple[Mistake, ...]
    #: From the least sure up; those without claims are left out.
    bands: tuple[Band, ...]

    def count(self, subject: Subject, by: By = By.ALL, name: str = "") -> Count:
        """The count of one group; of one that has nothing in it, zeros."""
        wanted = (subject, by, name)
        none = Count(subject=subject, by=by, name=name)
        return next((count for count in self.counts if (count.subject, count.by, count.name) == wanted), none)

    def names(self, by: By) -> tuple[str, ...]:
        """The groups of this kind, in alphabetical order."""
        return tuple(sorted({count.name for count in self.counts if count.by is by}))


def worst(mistakes: Iterable[Mistake], *, is_invented: bool) -> tuple[Mistake, ...]:
    """The inventions or the misses, the worst first: by subject, in it those of which the reader was surest."""
    order = list(Subject)
    found = (mistake for mistake in mistakes if mistake.is_invented is is_invented)
    return tuple(sorted(found, key=lambda mistake: (order.index(mistake.subject), -mistake.confidence)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What moved between two evaluations, in the articles that both have."""

    articles: int
    #: Mistakes that are made no more.
    better: tuple[Mistake, ...]
    #: Mistakes that were not made before.
    worse: tuple[Mistake, ...]


def compare(before: Evaluation, after: Evaluation) -> Comparison:
    """Case by case, what got better and what got worse."""
    common = set(before.articles) & set(after.articles)
    old, new = ({_case(m): m for m in each.mistakes if m.article in common} for each in (before, after))
    # Who loses a claim makes no mistake about its date any more, and has not got better.
    lost = {(m.article, m.what) for case, m in new.items() if m.subject is Subject.CLAIMS and case not in old}
    return Comparison(
        articles=len(common),
        better=tuple(
            m
            for case, m in old.items()
            if case not in new and not (m.subject is Subject.DATES and (m.article, m.what.rpartition(" ")[0]) in lost)
        ),
        worse=tuple(m for case, m in new.items() if case not in old),
    )


def _case(mistake: Mistake) -> tuple[str, Subject, bool, str]:
    return mistake.article, mistake.subject, mistake.is_invented, mistake.what


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
