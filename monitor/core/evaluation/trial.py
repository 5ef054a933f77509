"""A language model tried on labelled articles beside the trained reader: figures, advice and cost. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from monitor.core.evaluation.scoring import Count, Label, Subject, evaluate
from monitor.core.model import Article, Project, Reading

#: Fewer articles than this tell too little.
ENOUGH = 20
#: If more than this share of the articles has no usable answer, the model is of no use.
_UNANSWERED = 0.2
#: The articles of a month, for want of better knowledge.
_FOR_WANT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A labelled article, with the projects that are watched where it is read."""

    article: Article
    projects: tuple[Project, ...]
    label: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedArticle:
    """What came of one article."""

    label: Label
    #: As it would be read with the model.
    reading: Reading
    #: As the trained reader reads it.
    beside: Reading
    #: Why there is no usable answer, and the trained reader's reading counts. "" if there is one.
    fault: str = ""
    #: Whether the fault is that it took too long.
    is_late: bool = False
    #: The seconds that the model took, and the trained reader.
    seconds: float
    seconds_beside: float
    tokens: int
    #: The bytes of the question.
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How well and how quickly one reader read."""

    claims: Count
    dates: Count
    #: The median for an article.
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialNews:
    """Articles about which a language model would be asked."""

    articles: int
    #: Bytes of the questions about them.
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What the articles of a month would cost."""

    articles: int
    tokens: int
    #: Whether they are the operator's own; else they are so many for want of these.
    is_own: bool


class Advice(StrEnum):
    """Whether the model ought to read."""

    YES = "yes"
    NO = "no"
    #: Too few articles were read to tell.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderTrial:
    """What came of all articles that were read; at least one."""

    articles: int
    unanswered: int
    model: Figures
    beside: Figures
    tokens: int
    #: Bytes of all questions.
    size: int

    @classmethod
    def of(cls, tried: Sequence[TriedArticle]) -> "ReaderTrial":
        """The sum of these articles; at least one."""
        return cls(
            articles=len(tried),
            unanswered=sum(bool(each.fault) for each in tried),
            model=_figures(((each.label, each.reading) for each in tried), [each.seconds for each in tried]),
            beside=_figures(((each.label, each.beside) for each in tried), [each.seconds_beside for each in tried]),
            tokens=sum(each.tokens for each in tried),
            size=sum(each.size for each in tried),
        )

    @property
    def advice(self) -> Advice:
        """Whether the model reads at least as well as the trained reader: by the claims, to the hundredth."""
        if self.articles < ENOUGH:
            return Advice.UNKNOWN
        is_as_good = round(self.model.claims.f1, 2) >= round(self.beside.claims.f1, 2)
        return Advice.YES if is_as_good and self.unanswered <= _UNANSWERED * self.articles else Advice.NO

    @property
    def tokens_each(self) -> int:
        """The tokens of an article, question and answer together."""
        return round(self.tokens / self.articles)

    def month(self, news: TrialNews) -> Month:
        """What the news of a month would cost, by the bytes of the questions. Without news, what 100 articles would."""
        if news.articles:
            return Month(articles=news.articles, tokens=round(news.size * self.tokens / self.size), is_own=True)
        return Month(articles=_FOR_WANT, tokens=_FOR_WANT * self.tokens_each, is_own=False)


def _figures(read: Iterable[tuple[Label, Reading]], seconds: Sequence[float]) -> Figures:
    found = evaluate(read)
    return Figures(claims=found.count(Subject.CLAIMS), dates=found.count(Subject.DATES), seconds=median(seconds))
