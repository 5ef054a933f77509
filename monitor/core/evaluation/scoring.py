"""Compares readings with the labels that people gave: what is right, invented and missed. Pure.

Two differences are neither right nor wrong: ``announced`` for a project whose label has a later stage as reached, and a
difference in value within rounding. Outputs count as yearly, whether or not the article says so. Dates agree if they
may mean the same month.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.core.evaluation.evaluation import By, Count, Evaluation, Mistake, Subject
from monitor.core.evaluation.reliability import Judged, bands
from monitor.core.model import Claim, Fact, FactKind, Reading, State
from monitor.core.periods import Period, Precision

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
    mistakes: list[Mistake] = []
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

    def mistake(self, article: str) -> Mistake:
        return Mistake(
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
