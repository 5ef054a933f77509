"""Compares readings with the labels that people gave: what is right, invented and missed. Pure.

Two differences are neither right nor wrong: ``announced`` for a project whose label has a later stage as reached, and a
difference in value within rounding. Outputs count as yearly, whether or not the article says so. Dates agree if they
may mean the same month.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from monitor.core.model import Claim, Fact, FactKind, Reading, State
from monitor.core.periods import Period, Precision

# How well a set of articles was read, and what changed since the previous evaluation. Pure ----------------------------


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
class ReadingMistake:
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
    mistakes: tuple[ReadingMistake, ...]
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


def worst(mistakes: Iterable[ReadingMistake], *, is_invented: bool) -> tuple[ReadingMistake, ...]:
    """The invented or the missed items, worst first: by subject, then by confidence."""
    order = list(Subject)
    found = (mistake for mistake in mistakes if mistake.is_invented is is_invented)
    return tuple(sorted(found, key=lambda mistake: (order.index(mistake.subject), -mistake.confidence)))


@dataclass(frozen=True, slots=True, kw_only=True)
class RunComparison:
    """What changed between two evaluations, in the articles that both contain."""

    articles: int
    #: Mistakes that were made before and are no longer made.
    better: tuple[ReadingMistake, ...]
    #: Mistakes that are made now and were not made before.
    worse: tuple[ReadingMistake, ...]


def compare(before: Evaluation, after: Evaluation) -> RunComparison:
    """What got better and what got worse, case by case."""
    common = set(before.articles) & set(after.articles)
    old, new = ({_case(m): m for m in each.mistakes if m.article in common} for each in (before, after))
    # A reader that loses a claim no longer makes a mistake about its date. That is no improvement.
    lost = {(m.article, m.what) for case, m in new.items() if m.subject is Subject.CLAIMS and case not in old}
    return RunComparison(
        articles=len(common),
        better=tuple(
            m
            for case, m in old.items()
            if case not in new and not (m.subject is Subject.DATES and (m.article, m.what.rpartition(" ")[0]) in lost)
        ),
        worse=tuple(m for case, m in new.items() if case not in old),
    )


def _case(mistake: ReadingMistake) -> tuple[str, Subject, bool, str]:
    return mistake.article, mistake.subject, mistake.is_invented, mistake.what


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


# Whether a reader's confidence is calibrated, and from which confidence on it is right often enough. Pure -------------


#: The number of confidence bands. Each is a tenth wide, and the highest includes 1.
BANDS = 10
#: The required precision of alerting claims: 19 of 20.
RIGHT, OF = 19, 20
#: The fewest decisions for which a threshold is fitted.
LEAST_DECISIONS = 50


class Judged(NamedTuple):
    """A claim that is known to be right or wrong."""

    confidence: float
    is_right: bool


def bands(judged: Iterable[Judged]) -> tuple[Band, ...]:
    """The claims by tenths of confidence, lowest first. Tenths without claims are left out."""
    by_tenth: defaultdict[int, list[Judged]] = defaultdict(list)
    for claim in judged:
        by_tenth[min(int(claim.confidence * BANDS), BANDS - 1)].append(claim)
    return tuple(_band(number, claims) for number, claims in sorted(by_tenth.items()))


def _band(number: int, claims: Sequence[Judged]) -> Band:
    return Band(
        least=number / BANDS,
        claims=len(claims),
        right=_right(claims),
        confidence=sum(claim.confidence for claim in claims) / len(claims),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """What the decisions imply for ``alert_from``."""

    #: How many more decisions are needed before a threshold is fitted. 0 if there are enough.
    missing: int = 0
    #: The lowest confidence from which on claims are right often enough, in hundredths. None if there is no such value.
    alert_from: float | None = None
    #: The number of judged claims with at least that confidence, and how many of them are right.
    claims: int = 0
    right: int = 0


def fit(judged: Collection[Judged], *, decisions: int) -> Threshold:
    """The lowest threshold for which at least 19 in 20 alerting claims are right, with at least 20 alerting claims.

    It is never below the lowest confidence among these claims, because nothing is known about lower ones.

    Args:
        judged: the claims of a reader that a decision concerns.
        decisions: the number of decisions on claims, whatever this reader claims.
    """
    if decisions < LEAST_DECISIONS:
        return Threshold(missing=LEAST_DECISIONS - decisions)
    for least in sorted({_hundredth(claim.confidence) for claim in judged}):
        alerting = [claim for claim in judged if claim.confidence >= least]
        right = _right(alerting)
        if len(alerting) >= OF and right * OF >= RIGHT * len(alerting):
            return Threshold(alert_from=least, claims=len(alerting), right=right)
    return Threshold()


def _hundredth(confidence: float) -> float:
    """The confidence rounded down to hundredths. 0.29 stays 0.29, although 0.29 * 100 is less than 29."""
    return math.floor(round(confidence * 100, 6)) / 100


def _right(claims: Iterable[Judged]) -> int:
    return sum(claim.is_right for claim in claims)


#: Values that differ by at most this share of the labelled value are equal.
ROUNDING = 0.02
_PLANNED = "announced"
_BY_THE_YEAR = {"t": "t/yr", "GWh": "GWh/yr", "GW/yr": "GWh/yr", "GW": "GWh/yr", "units": "units/yr"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledClaim:
    """A claim that a careful reader finds in an article."""

    project: str
    stage: str
    state: State
    date: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledFact:
    """A fact that a careful reader finds in an article."""

    project: str
    kind: FactKind
    value: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a careful reader finds in one article."""

    article: str
    language: str
    relevant: frozenset[str] = frozenset()
    claims: tuple[LabelledClaim, ...] = ()
    facts: tuple[LabelledFact, ...] = ()

    @property
    def projects(self) -> frozenset[str]:
        """All projects that it says something about."""
        return self.relevant | {claim.project for claim in self.claims} | {fact.project for fact in self.facts}


def evaluate(read: Iterable[tuple[Label, Reading]], *, skip: frozenset[str] = frozenset()) -> Evaluation:
    """Compare the reading of each article with its label.

    Args:
        read: labels with the readings of their articles.
        skip: projects that are not scored. A fact that repeats a fact of theirs is not scored either. Example: a label
            gives the sum of two plants to a project of its own, so the sum is no mistake on either plant.
    """
    articles: list[str] = []
    counts: defaultdict[tuple[Subject, By, str], Counter[str]] = defaultdict(Counter)
    mistakes: list[ReadingMistake] = []
    judged: list[Judged] = []
    for label, reading in read:
        articles.append(label.article)
        claims = _Claims.of(label, reading, skip)
        for case in (
            *_relevance(label, reading, skip),
            *_claims(claims),
            *_dates(claims),
            *_facts(label, reading, skip),
        ):
            for by, name in ((By.ALL, ""), (By.LANGUAGE, label.language), *case.groups):
                counts[case.subject, by, name][case.outcome] += 1
            if case.outcome != "right" and case.subject is not Subject.BEYOND:
                mistakes.append(case.mistake(label.article))
        for key, found in claims.found.items():
            judged += [Judged(claim.confidence, key in claims.truth) for claim in found]
    return Evaluation(
        articles=tuple(articles),
        counts=tuple(_in_order(Count(subject=s, by=by, name=n, **count) for (s, by, n), count in counts.items())),
        mistakes=tuple(mistakes),
        bands=bands(judged),
    )


def _in_order(counts: Iterable[Count]) -> list[Count]:
    subjects, ways = list(Subject), list(By)
    return sorted(counts, key=lambda count: (subjects.index(count.subject), ways.index(count.by), count.name))


# ---------------------------------------------------------------- the cases of one article


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One item that is labelled, or read, or both."""

    subject: Subject
    is_true: bool
    is_found: bool
    what: str
    groups: tuple[tuple[By, str], ...] = ()
    instead: str = ""
    sentence: str = ""
    confidence: float = 0.0

    @property
    def outcome(self) -> str:
        """The outcome, named as the fields of ``Count``."""
        if self.is_true:
            return "right" if self.is_found else "missed"
        return "wrong"

    def mistake(self, article: str) -> ReadingMistake:
        return ReadingMistake(
            article=article,
            subject=self.subject,
            is_invented=self.is_found and not self.is_true,
            what=self.what,
            instead=self.instead,
            sentence=self.sentence,
            confidence=self.confidence,
        )


def _relevance(label: Label, reading: Reading, skip: frozenset[str]) -> Iterator[_Case]:
    truth, found = label.relevant - skip, set(reading.projects) - skip
    for project in sorted(truth | found):
        yield _Case(
            subject=Subject.RELEVANCE,
            is_true=project in truth,
            is_found=project in found,
            what=project,
            sentence=next((claim.evidence for claim in reading.claims if claim.project == project), ""),
        )


_Key = tuple[str, str, State]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claims:
    """The scored claims of one article, by label and by reading."""

    labelled: Sequence[LabelledClaim]
    truth: frozenset[_Key]
    found: Mapping[_Key, Sequence[Claim]]

    @classmethod
    def of(cls, label: Label, reading: Reading, skip: frozenset[str]) -> "_Claims":
        truth = {_key(claim) for claim in label.claims if claim.project not in skip}
        further = {project for project, stage, state in truth if state is State.REACHED and stage != _PLANNED}
        neutral = {(project, _PLANNED, State.REACHED) for project in further}
        found: defaultdict[_Key, list[Claim]] = defaultdict(list)
        for claim in reading.claims:
            if claim.project not in skip and _key(claim) not in neutral:
                found[_key(claim)].append(claim)
        return cls(
            labelled=[claim for claim in label.claims if _key(claim) in truth - neutral],
            truth=frozenset(truth - neutral),
            found=dict(found),
        )


def _key(claim: Claim | LabelledClaim) -> _Key:
    return claim.project, claim.stage, claim.state


def _claims(claims: _Claims) -> Iterator[_Case]:
    for key in sorted(claims.truth | claims.found.keys()):
        project, stage, state = key
        # If a claim is missed, the most useful hint is that its stage was read in another state.
        rivals = [claim for other, told in claims.found.items() if other[:2] == key[:2] for claim in told]
        seen = list(claims.found.get(key, rivals))
        is_found = key in claims.found
        case = _Case(
            subject=Subject.CLAIMS,
            is_true=key in claims.truth,
            is_found=is_found,
            what=f"{project} {stage} {state}",
            groups=((By.STAGE, stage), (By.CLAIM, f"{stage} {state}")),
            instead="" if is_found else _listed(claim.state for claim in seen),
            sentence=seen[0].evidence if seen else "",
            confidence=max((claim.confidence for claim in seen), default=0.0) if is_found else 0.0,
        )
        yield case
        if stage != _PLANNED:
            yield replace(case, subject=Subject.BEYOND, groups=())


def _dates(claims: _Claims) -> Iterator[_Case]:
    for want in claims.labelled:
        found = claims.found.get(_key(want))
        if want.date is None or found is None:
            continue
        yield _Case(
            subject=Subject.DATES,
            is_true=True,
            is_found=any(claim.date is not None and agree(claim.date, want.date) for claim in found),
            what=f"{want.project} {want.stage} {want.state} {want.date}",
            groups=((By.STAGE, want.stage),),
            instead=_listed(claim.date or "no date" for claim in found),
            sentence=found[0].evidence,
        )


def agree(one: Period, other: Period) -> bool:
    """Whether the date that was read may mean the labelled date, ``other``."""
    if other.precision is Precision.DAY:
        other = Period.month(other.start.year, other.start.month)
    return one.overlaps(other)


_Quantity = tuple[str, FactKind, str, float]


def _facts(label: Label, reading: Reading, skip: frozenset[str]) -> Iterator[_Case]:
    truth = {_quantity(fact) for fact in label.facts if fact.project not in skip}
    sums = {_quantity(fact)[1:] for fact in label.facts if fact.project in skip}
    found = {
        quantity: fact
        for fact in reversed(reading.facts)
        if (quantity := _quantity(fact)) in truth or (fact.project not in skip and quantity[1:] not in sums)
    }
    wrong = [quantity for quantity in sorted(found) if not any(_same(want, quantity) for want in truth)]
    for want in sorted(truth):
        rivals = [quantity for quantity in wrong if quantity[:2] == want[:2]]
        yield _Case(
            subject=Subject.FACTS,
            is_true=True,
            is_found=any(_same(want, quantity) for quantity in found),
            what=_said(want),
            groups=((By.KIND, want[1]),),
            instead=_listed(f"{value:,.16g} {unit}" for *_, unit, value in rivals),
            sentence=found[rivals[0]].evidence if rivals else "",
        )
    for quantity in wrong:
        yield _Case(
            subject=Subject.FACTS,
            is_true=False,
            is_found=True,
            what=_said(quantity),
            groups=((By.KIND, quantity[1]),),
            sentence=found[quantity].evidence,
            confidence=found[quantity].confidence,
        )


def _quantity(fact: Fact | LabelledFact) -> _Quantity:
    return fact.project, fact.kind, _BY_THE_YEAR.get(fact.unit, fact.unit), fact.value


def is_same_fact(want: Fact | LabelledFact, found: Fact | LabelledFact) -> bool:
    """Whether what was read equals what is true, within rounding."""
    return _same(_quantity(want), _quantity(found))


def _same(want: _Quantity, found: _Quantity) -> bool:
    return want[:3] == found[:3] and abs(want[3] - found[3]) <= ROUNDING * abs(want[3])


def _said(quantity: _Quantity) -> str:
    project, kind, unit, value = quantity
    return f"{project} {kind} {value:,.16g} {unit}"


def _listed(items: Iterable[object]) -> str:
    return ", ".join(dict.fromkeys(map(str, items)))
