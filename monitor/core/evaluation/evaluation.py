"""How well a set of articles was read, and what changed since the previous evaluation. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Subject(StrEnum):
    """What is compared."""

    #: Which projects an article concerns.
    RELEVANCE = "relevance"
    #: Project, stage and state, regardless of the date.
    CLAIMS = "claims"
    #: The claims, except those that only say that there is a plan.
    BEYOND = "beyond announced"
    #: The dates of the claims that were found. A wrong date counts as missed.
    DATES = "dates"
    FACTS = "facts"


class By(StrEnum):
    """How the results are grouped."""

    ALL = "all"
    LANGUAGE = "language"
    STAGE = "stage"
    #: ``agreed expected``
    CLAIM = "stage and state"
    STATE = "state"
    KIND = "kind"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Count:
    """How much in one group was found correctly, found wrongly, and missed."""

    subject: Subject
    by: By = By.ALL
    #: The name of the group: ``fr``, ``agreed``, ``jobs``. "" for all.
    name: str = ""
    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of the findings that are right. 0 if nothing was found."""
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The share of the labelled items that were found. 0 if there are no such items."""
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return _share(2 * self.right, 2 * self.right + self.wrong + self.missed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One item that was invented or missed."""

    #: The id of the article. If the truth is an operator's decision, the name of the decided claim.
    article: str
    subject: Subject
    is_invented: bool
    #: ``plant agreed reached``, ``plant operating expected 2026-Q3``, ``plant jobs 2500 jobs``
    what: str
    #: What was read instead of a missed item.
    instead: str = ""
    #: The sentence that misled the reader. "" if there is none.
    sentence: str = ""
    #: The confidence of the reader in an invented item.
    confidence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Claims with similar confidence. If the reader is calibrated, ``share`` is about equal to ``confidence``."""

    #: The lowest confidence in the band, inclusive, such as 0.9.
    least: float
    claims: int
    right: int
    #: The mean confidence of these claims.
    confidence: float

    @property
    def share(self) -> float:
        """The share of the claims that are right."""
        return _share(self.right, self.claims)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """How well a set of articles was read."""

    #: The compared articles, in the order given.
    articles: tuple[str, ...]
    #: One for every group that is not empty.
    counts: tuple[Count, ...]
    #: In the order of the articles.
    mistakes: tuple[Mistake, ...]
    #: From the lowest confidence up. Bands without claims are left out.
    bands: tuple[Band, ...]

    def count(self, subject: Subject, by: By = By.ALL, name: str = "") -> Count:
        """The count of one group. Zeros if the group is empty."""
        wanted = (subject, by, name)
        none = Count(subject=subject, by=by, name=name)
        return next((count for count in self.counts if (count.subject, count.by, count.name) == wanted), none)

    def names(self, by: By) -> tuple[str, ...]:
        """The names of the groups of this kind, in alphabetical order."""
        return tuple(sorted({count.name for count in self.counts if count.by is by}))


def worst(mistakes: Iterable[Mistake], *, is_invented: bool) -> tuple[Mistake, ...]:
    """The invented or the missed items, worst first: by subject, then by confidence."""
    order = list(Subject)
    found = (mistake for mistake in mistakes if mistake.is_invented is is_invented)
    return tuple(sorted(found, key=lambda mistake: (order.index(mistake.subject), -mistake.confidence)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed between two evaluations, in the articles that both contain."""

    articles: int
    #: Mistakes that were made before and are no longer made.
    better: tuple[Mistake, ...]
    #: Mistakes that are made now and were not made before.
    worse: tuple[Mistake, ...]


def compare(before: Evaluation, after: Evaluation) -> Comparison:
    """What got better and what got worse, case by case."""
    common = set(before.articles) & set(after.articles)
    old, new = ({_case(m): m for m in each.mistakes if m.article in common} for each in (before, after))
    # A reader that loses a claim no longer makes a mistake about its date. That is no improvement.
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
