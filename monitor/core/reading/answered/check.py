"""Checks a language model's answer against its article. Drops and reports what the article does not prove. Pure.

This holds for any answer and any article, whoever wrote it: the result has only projects, stages and states that were
asked about, each with a sentence of the article. Dates and amounts are those that the grammar finds in the article.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from math import isclose
from typing import TypeVar
from unicodedata import east_asian_width

from monitor.core.lifecycle import CONDITIONS, Lifecycle
from monitor.core.model import Claim, Fact, FactKind, Project, Reading, State
from monitor.core.periods import Period
from monitor.core.reading.answered.answer import Answer, Dropped, SaidClaim, SaidFact
from monitor.core.reading.layout import Layout
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.projects.matching import PhaseNames
from monitor.core.reading.quantities.amounts import Amount, amounts
from monitor.core.reading.quantities.measures import PEOPLE
from monitor.core.reading.quantities.quantities import Quantity, far_quantities, quantities
from monitor.core.reading.text.text import Document, Span, Text, apart, bare

# Finds the words that a model quotes in an article --------------------------------------------------------------------


#: The most places at which a quote is looked up: the first ones.
_MOST_PLACES = 16
#: Characters that models write for one another. Folding already unifies other quotation marks and hyphens.
_ALIKE = str.maketrans({**dict.fromkeys("“”„‟«»″", '"'), **dict.fromkeys("–—―", "-"), **dict.fromkeys("\t\r\n", " ")})


class Quotes:
    """Finds quotes in one article. Letter case and the shapes of quotation marks, dashes and spaces may differ."""

    def __init__(self, document: Document) -> None:
        self._text = document.text.lower.translate(_ALIKE)

    def find(self, quote: str) -> Iterator[Span]:
        """The places of a quote in the folded text, in order. Nothing for a quote without a letter or digit."""
        wanted = Text.of(quote.strip()).lower.translate(_ALIKE)
        if not any(char.isalnum() for char in wanted):
            return
        at = -1
        for _ in range(_MOST_PLACES):
            at = self._text.find(wanted, at + 1)
            if at < 0:
                return
            yield Span(at, at + len(wanted))


#: The confidence of a claim or fact that only the model makes.
MODEL_ALONE = 0.88
#: The fewest letters of a quote that prove a claim; two Chinese characters suffice.
SHORTEST_QUOTE = 6
#: Two amounts are the same one, rounded, if their relative difference is at most this.
_ROUNDING = 0.005
#: Units as models write them → as the grammar does.
_UNITS = {"pax": "passengers", "passenger": "passengers", "unit": "units", "barrels": "bbl", "beds": "seats"}
_RATES = {"d": "day", "y": "yr", "a": "yr", "year": "yr"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What holds in an answer."""

    #: The projects that the article concerns, including those of the claims and facts.
    projects: frozenset[str]
    #: In the order of the answer, each once.
    claims: tuple[Claim, ...]
    facts: tuple[Fact, ...]
    dropped: tuple[Dropped, ...]


class Checker:
    """Checks answers. Build it once for a configuration; safe to share."""

    def __init__(
        self, projects: Sequence[Project], lifecycles: Mapping[str, Lifecycle], lexicons: Mapping[str, Lexicon]
    ) -> None:
        self._places = {project.id: project.where for project in projects}
        self._lexicons = lexicons
        self._lifecycles = {project.id: lifecycles[project.lifecycle] for project in projects}
        self._phases = PhaseNames(projects)

    def check(self, answer: Answer, layout: Layout) -> Checked:
        """What holds in an answer about the candidates of this article. Raises no error, whatever the text is."""
        places = [place for project in layout.candidates for place in self._places[project]]
        page = _CheckedArticle(layout, self._lexicons[layout.document.language], places)
        phases = self._phases.within(layout.document)
        dropped = [_drop("claim", "it does not have the form that was asked for")] * answer.malformed
        projects = {project for project in answer.projects if project in layout.candidates}
        dropped += [_drop("project", "it was not asked about") for each in answer.projects if each not in projects]
        claims: dict[object, Claim] = {}
        for said in answer.claims:
            if isinstance(held := self._place(page, said), Dropped):
                dropped.append(held)
                continue
            state = State(said.state)
            date, objection = page.date(said.date, state, held)
            if objection is not None:
                dropped.append(_drop("date", objection, said.project, said.stage))
            claim = Claim(
                project=said.project,
                stage=said.stage,
                state=state,
                date=date,
                confidence=MODEL_ALONE,
                evidence=page.evidence(held),
                phase=phases.at(said.project, held),
                span=layout.document.text.original_span(*held),
            )
            claims.setdefault(_saying(claim), claim)
        facts: dict[object, Fact] = {}
        for said_fact in answer.facts:
            fact = self._fact(page, said_fact)
            if isinstance(fact, Dropped):
                dropped.append(fact)
            else:
                facts.setdefault((fact.project, fact.told), fact)
        projects |= {claim.project for claim in claims.values()} | {fact.project for fact in facts.values()}
        return Checked(
            projects=frozenset(projects),
            claims=tuple(claims.values()),
            facts=tuple(facts.values()),
            dropped=tuple(dropped),
        )

    def _place(self, page: "_CheckedArticle", said: SaidClaim) -> Span | Dropped:
        """The place of a claim's quote, or what is wrong with the claim."""
        if said.project not in page.candidates:
            return _drop("claim", "its project was not asked about")
        if not self._lifecycles[said.project].has(said.stage) and said.stage not in CONDITIONS:
            return _drop("claim", "its stage was not asked about", said.project)
        if said.state not in set(State):
            return _drop("claim", "its state was not asked about", said.project, said.stage)
        if _length(said.quote.strip()) < SHORTEST_QUOTE:
            return _drop("claim", "its quote is too short to prove it", said.project, said.stage)
        place = next(page.places(said.quote), None)
        if place is None:
            return _drop("claim", "its quote is not in the news of the article", said.project, said.stage)
        return place

    def _fact(self, page: "_CheckedArticle", said: SaidFact) -> Fact | Dropped:
        if said.project not in page.candidates:
            return _drop("fact", "its project was not asked about")
        if said.kind not in set(FactKind):
            return _drop("fact", "its kind was not asked about", said.project)
        kind, is_quoted = FactKind(said.kind), False
        for place in page.places(said.quote):
            is_quoted = True
            for amount, value in page.amounts(kind, place, said.unit):
                if _bears_out(amount.unit, said.unit) and isclose(value, said.value, rel_tol=_ROUNDING):
                    return Fact(
                        project=said.project,
                        kind=kind,
                        value=value,
                        unit=amount.unit,
                        evidence=page.evidence(amount.quantity.span),
                        confidence=MODEL_ALONE,
                    )
        reason = (
            "no such amount is in the sentence of its quote"
            if is_quoted
            else "its quote is not in the news of the article"
        )
        return _drop("fact", reason, said.project, kind)


class _CheckedArticle:
    """An article, and what the grammar finds in it."""

    def __init__(self, layout: Layout, lexicon: Lexicon, places: Sequence[str]) -> None:
        self._layout = layout
        self._lexicon = lexicon
        self._project_places = places
        #: By the unit that no vocabulary knows, or "".
        self._far: dict[str, Sequence[Amount]] = {}
        self._document = layout.document
        self._quotes = Quotes(layout.document)
        self._ends = [sentence.span.end for sentence in layout.document.sentences]
        self.candidates = frozenset(layout.candidates)

    def places(self, quote: str) -> Iterator[Span]:
        """The places of a quote in the news. Leaves out places outside all sentences (a dateline, "About X")."""
        for place in self._quotes.find(quote):
            if self._sentences(place):
                yield place

    def _sentences(self, place: Span) -> range:
        """The indices of the sentences that a stretch touches."""
        sentences = self._document.sentences
        first = last = bisect_right(self._ends, place.start)
        while last < len(sentences) and sentences[last].span.start < place.end:
            last += 1
        return range(first, last)

    def evidence(self, place: Span) -> str:
        """The sentence in which a quote begins, as published."""
        return self._document.quote(self._document.sentences[self._sentences(place).start].span)

    @cached_property
    def _times(self) -> list[tuple[int, Period, Period]]:
        """For each time expression: the index of its sentence, and its meaning for a past and for a future event."""
        times = self._layout.times
        numbers = self._document.sentences_at(time.span for time in times)
        return [(number, time.behind, time.ahead) for number, time in zip(numbers, times, strict=True)]

    def date(self, said: str | None, state: State, place: Span) -> tuple[Period | None, str | None]:
        """The date of a claim, as exact as both the answer and the article support; or why it has none."""
        if said is None:
            return None, None
        try:
            date = Period.parse(said)
        except ValueError:
            return None, "it is not a date"
        near = self._sentences(place)
        found = [
            ahead if state is State.EXPECTED else behind
            for number, behind, ahead in self._times
            if near.start - 1 <= number <= near.stop or self._document.sentences[number].is_title
        ]
        if date not in found:
            # The article's date is coarser than the answer's and contains it: both support the coarser one.
            coarser = [period for period in found if period.contains(date)]
            if coarser:
                date = min(coarser, key=lambda period: period.end - period.start)
            elif not any(date.contains(period) for period in found):
                return None, "it is not in or beside the quote"
        published = self._document.published
        if published is not None:
            if state is State.REACHED and date.start > published.end:
                return None, "it lies behind the day of publication, and was reached already"
            if state is State.EXPECTED and date.end < published.start:
                return None, "it lies before the day of publication, and is still expected"
        return date, None

    def amounts(self, kind: FactKind, place: Span, unit: str) -> Iterator[tuple[Amount, float]]:
        """The amounts of this kind in the sentences of a quote, each with its values: first what the grammar finds.

        Then come numbers with their unit further away; in a sentence on capacity, one that no vocabulary knows too.
        """
        near, text = self._sentences(place), self._document.text.bare
        sentences = self._document.sentences
        stretch = Span(sentences[near.start].span.start, sentences[near.stop - 1].span.end)
        cues = self._lexicon.amounts.capacity.find(text, *stretch)
        name = bare(unit.partition("/")[0].strip())
        is_told = kind is FactKind.CAPACITY and name in text and any(True for _ in cues)
        for amount in chain(self._layout.amounts, self._far_amounts(name if is_told else "")):
            if amount.kind is kind and amount.quantity.span.overlaps(stretch):
                for value in amount.values:
                    yield amount, value

    def _far_amounts(self, unit: str) -> Iterator[Amount]:
        if unit not in self._far:
            words, document = self._lexicon, self._document
            found = far_quantities(
                document, words.numbers, words.quantities, self._quantities, places=self._project_places, unit=unit
            )
            times = [time.span for time in self._layout.times]
            untimed = set(apart((quantity.span for quantity in found), times))
            self._far[unit] = [
                amount
                for amount in amounts(document, [each for each in found if each.span in untimed], words.amounts)
                if amount.kind is FactKind.JOBS or amount.quantity.unit != PEOPLE
            ]
        yield from self._far[unit]

    @cached_property
    def _quantities(self) -> Sequence[Quantity]:
        words = self._lexicon
        return quantities(self._document, words.numbers, words.quantities, self._project_places)


def _drop(what: str, reason: str, project: str | None = None, of: str | None = None) -> Dropped:
    return Dropped(what=what, reason=reason, project=project, of=of)


def _length(quote: str) -> int:
    """The length of a quote in letters. A Chinese character counts as three."""
    return sum(3 if east_asian_width(char) in "WF" else 1 for char in quote)


def _saying(claim: Claim) -> tuple[object, ...]:
    """The key of a claim. A stage is reached or denied once, but may be expected at several dates."""
    date = claim.date if claim.state is State.EXPECTED else None
    return claim.project, claim.phase, claim.stage, claim.state, date


def _bears_out(unit: str, said: str) -> bool:
    """Whether an amount in this unit of the article bears out one in the unit that was said: an output is yearly."""
    return _unit(said) in {_unit(unit), f"{_unit(unit)}/yr"}


def _unit(unit: str) -> str:
    """A unit in the form in which it is compared: letter case and synonyms do not matter."""
    name, slash, rate = unit.strip().casefold().partition("/")
    return f"{_UNITS.get(name, name)}{slash}{_RATES.get(rate, rate)}"


# Combines two readings of an article, a language model's and another reader's, into one. Pure -------------------------


#: The confidence of a claim or fact that both readers make.
BOTH = 0.97
#: A claim that only the other reader makes is kept if its confidence is at least this.
SURE = 0.9
#: The confidence of such a claim. It is doubtful because the model read the same words and did not make it.
OTHER_ALONE = 0.5

Said = TypeVar("Said", Claim, Fact)


def agreed(checked: Checked, other: Reading, order: Sequence[str]) -> Reading:
    """Combine the model's checked answer with the other reader's reading.

    Args:
        checked: what holds in the model's answer.
        other: the reading of the other reader.
        order: the projects in the order of the configuration.
    """
    claims = (*_surer(checked.claims, other.claims), *_alone(checked.claims, other.claims))
    # Facts that only the other reader has are left out: there are no doubtful facts.
    facts = tuple(_surer(checked.facts, other.facts))
    projects = checked.projects | {claim.project for claim in claims} | {fact.project for fact in facts}
    return Reading(
        language=other.language,
        projects=tuple(project for project in order if project in projects),
        claims=claims,
        facts=facts,
    )


def _surer(told: Iterable[Said], others: Iterable[Said]) -> Iterator[Said]:
    """What the model says, with confidence ``BOTH`` if the other reader says the same."""
    found = list(others)
    for said in told:
        yield replace(said, confidence=BOTH) if any(_is_same(said, other) for other in found) else said


def _alone(told: Iterable[Claim], others: Iterable[Claim]) -> Iterator[Claim]:
    """The claims that only the other reader makes, if it is sure of them."""
    known = {_subject(said) for said in told}
    for other in others:
        if other.confidence >= SURE and _subject(other) not in known:
            yield replace(other, confidence=OTHER_ALONE)


def _subject(said: Claim | Fact) -> Hashable:
    """What is said, without its date: if the model says it, the model's date counts."""
    if isinstance(said, Claim):
        return said.project, said.stage, said.state
    return said.project, said.kind, said.unit, said.value


def _is_same(said: Claim | Fact, other: Claim | Fact) -> bool:
    """Whether both say the same, and their dates overlap if both have one."""
    if _subject(said) != _subject(other):
        return False
    dates = [each.date for each in (said, other) if isinstance(each, Claim) and each.date is not None]
    return len(dates) < 2 or dates[0].overlaps(dates[1])  # noqa: PLR2004 - of both
