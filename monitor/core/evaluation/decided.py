"""Measures a reader against the decisions of operators, which count as true. Pure.

A decision concerns one claim or fact of its article and no other. Anything without a decision is neither right nor
wrong. The decision is matched to a claim of a reading by the same rule as in the ledger (``core.review``).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.core.evaluation.scoring import By, Judged, ReadingMistake, Subject, agree, is_same_fact
from monitor.core.model import Article, Claim, Fact, Reading, Said
from monitor.core.review import Review, Ruling, claim_id, latest_of, review_of
from monitor.core.state import Report

#: The group of articles whose language is unknown.
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedArticle:
    """An article with the decisions on it."""

    article: Article
    reviews: Sequence[Review]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """The decisions that readers are measured on, and the number of those left out."""

    articles: tuple[DecidedArticle, ...]
    #: Articles whose text is no longer stored.
    without_text: int = 0
    #: Decisions on projects that are no longer watched.
    unwatched: int = 0

    @property
    def decisions(self) -> int:
        return sum(len(each.reviews) for each in self.articles)

    @property
    def on_claims(self) -> int:
        """The number of decisions on claims. The others are on amounts."""
        return sum(isinstance(review.claim, Claim) for each in self.articles for review in each.reviews)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Tally:
    """The result of one reader on the decisions of one kind in one group."""

    ruling: Ruling
    by: By = By.ALL
    #: The name of the group: ``fr``, ``reached``, ``jobs``. "" for all.
    name: str = ""
    decisions: int = 0
    #: How often the reader is right. After a rejection: how often it does not repeat what was rejected.
    right: int = 0
    #: How often the reader repeats what was rejected, corrected or assigned elsewhere.
    again: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedScores:
    """The result of one reader on the decisions."""

    #: One for every group with a decision.
    tallies: tuple[Tally, ...]
    #: What it repeats (invented) and what it omits (missed).
    mistakes: tuple[ReadingMistake, ...]
    #: Its claims that a decision concerns.
    judged: tuple[Judged, ...]

    def tally(self, ruling: Ruling, by: By = By.ALL, name: str = "") -> Tally:
        """The tally of one group. Zeros for a group without a decision."""
        wanted = (ruling, by, name)
        none = Tally(ruling=ruling, by=by, name=name)
        return next((tally for tally in self.tallies if (tally.ruling, tally.by, tally.name) == wanted), none)

    def names(self, by: By) -> tuple[str, ...]:
        """The names of the groups of this kind, in alphabetical order."""
        return tuple(sorted({tally.name for tally in self.tallies if tally.by is by}))


def material(reviews: Iterable[Review], articles: Mapping[str, Article | None], projects: Collection[str]) -> Material:
    """The decisions that readers can be measured on: those in force, and for each claim only the latest.

    Args:
        reviews: all decisions.
        articles: their articles, by key. None for an article whose text is no longer stored.
        projects: the watched projects.
    """
    standing = latest_of(review for review in reviews if review.is_in_force)
    by_article: defaultdict[str, list[Review]] = defaultdict(list)
    for review in standing:
        if all(project in projects for project in review.projects):
            by_article[review.source.article].append(review)
    there = [(articles[key], reviews) for key, reviews in by_article.items()]
    return Material(
        articles=tuple(DecidedArticle(article=article, reviews=reviews) for article, reviews in there if article),
        without_text=sum(article is None for article, _ in there),
        unwatched=len(standing) - sum(map(len, by_article.values())),
    )


def evaluate_decided(read: Iterable[tuple[DecidedArticle, Reading]]) -> DecidedScores:
    """Compare the reading of each article with the decisions on it."""
    counts: defaultdict[tuple[Ruling, By, str], Counter[str]] = defaultdict(Counter)
    mistakes: list[ReadingMistake] = []
    judged: list[Judged] = []
    for article, reading in read:
        for outcome in _outcomes(article.reviews, reading):
            ruling = outcome.review.verdict
            for by, name in ((By.ALL, ""), (By.LANGUAGE, article.article.language or UNKNOWN), outcome.group):
                counts[ruling, by, name]["decisions"] += 1
                counts[ruling, by, name]["right"] += outcome.is_right
                counts[ruling, by, name]["again"] += bool(outcome.again)
            mistakes += outcome.mistakes()
            for told, is_right in ((outcome.right, True), (outcome.again, False)):
                judged += [Judged(said.confidence, is_right) for said in told if isinstance(said, Claim)]
    rulings, ways = list(Ruling), list(By)
    order = sorted(counts, key=lambda key: (rulings.index(key[0]), ways.index(key[1]), key[2]))
    return DecidedScores(
        tallies=tuple(Tally(ruling=key[0], by=key[1], name=key[2], **counts[key]) for key in order),
        mistakes=tuple(mistakes),
        judged=tuple(judged),
    )


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a reading says about the claim or fact of one decision."""

    review: Review
    #: What it says that agrees with the decision.
    right: Sequence[Said]
    #: What it says that contradicts the decision.
    again: Sequence[Said]

    @property
    def is_right(self) -> bool:
        return not self.again if self.review.verdict is Ruling.REJECT else bool(self.right)

    @property
    def group(self) -> tuple[By, str]:
        claim = self.review.claim
        return (By.STATE, claim.state) if isinstance(claim, Claim) else (By.KIND, claim.kind)

    def mistakes(self) -> Iterator[ReadingMistake]:
        for said in self.again:
            yield self._mistake(said, said)
        if not self.is_right and not self.again:
            yield self._mistake(self.review.instead or self.review.claim, None)

    def _mistake(self, what: Said, said: Said | None) -> ReadingMistake:
        return ReadingMistake(
            article=claim_id(self.review.claim, self.review.source),
            subject=Subject.CLAIMS if isinstance(what, Claim) else Subject.FACTS,
            is_invented=said is not None,
            what=_words(what),
            sentence=what.evidence,
            confidence=said.confidence if said else 0.0,
        )


def _outcomes(reviews: Sequence[Review], reading: Reading) -> Iterator[_Outcome]:
    for review in reviews:
        report = Report(source=review.source, claims=reading.claims, facts=reading.facts)
        right: list[Said] = []
        again: list[Said] = []
        for said in report.said:
            is_meant = review_of(said, report, reviews) == review
            if review.instead is None:
                if is_meant:
                    (right if review.verdict is Ruling.CONFIRM else again).append(said)
            elif _is_same(said, review.instead) and not _is_repeated(said, review.claim):
                right.append(said)
            elif is_meant:
                again.append(said)
        yield _Outcome(review, right, again)


def _is_same(said: Said, true: Said) -> bool:
    """Whether this says what is true. A date may be finer than the true one. Amounts are equal within rounding."""
    if (said.project, said.phase) != (true.project, true.phase):
        return False
    if isinstance(said, Claim) and isinstance(true, Claim):
        if (said.stage, said.state) != (true.stage, true.state):
            return False
        return true.date is None or (said.date is not None and agree(said.date, true.date))
    return isinstance(said, Fact) and isinstance(true, Fact) and is_same_fact(true, said)


def _is_repeated(said: Said, wrong: Said) -> bool:
    """Whether this repeats exactly what was wrong. A date corrected by a few days may still agree in its month."""
    return (said.project, said.told) == (wrong.project, wrong.told)


def _words(said: Said) -> str:
    if isinstance(said, Claim):
        return " ".join(str(part) for part in (said.project, said.stage, said.state, said.date) if part)
    return f"{said.project} {said.kind} {said.value:,.16g} {said.unit}"
