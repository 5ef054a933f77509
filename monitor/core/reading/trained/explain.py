"""Explains a reading by the trained reader: what it found where, what came of it, and how likely that is."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from monitor.core.model import Article, Claim
from monitor.core.reading.explanation import (
    Basis,
    DateMark,
    EventMark,
    ExplainedClaim,
    Explanation,
    Mark,
    Place,
    QuantityMark,
    Reason,
    Telling,
)
from monitor.core.reading.marks import names, place_of, sentences, unread
from monitor.core.reading.trained.decoding import Decoder, Told, Weighed, claims_of
from monitor.core.reading.trained.layout import Layout
from monitor.core.reading.trained.scores import Scored

#: Claims less likely than this are not shown.
_FLOOR = 0.1
#: Takes a project and a stage or condition: whether the project can have it.
HasStage = Callable[[str, str], bool]


def explain(article: Article, scored: Sequence[Scored], decoder: Decoder, has_stage: HasStage) -> Explanation:
    """Explain how the trained reader reads an article. The claims and facts are those of its reading.

    Args:
        article: the article, as it is read.
        scored: its scores for each candidate; empty if it can concern no project.
        decoder: the decoder of the reader.
        has_stage: whether the lifecycle of a project has a stage.
    """
    if not scored:
        return unread(article, Reason.NOTHING_NAMED)
    layout = scored[0].layout
    weighed = [decoder.weigh(one, floor=_FLOOR) for one in scored]
    concerned = [one for one in weighed if one.is_relevant]
    told = _Told(concerned, decoder.calibration.claim, has_stage)
    facts = [fact for one in concerned for fact in decoder.facts_of(one)]
    marks: list[Mark] = [*names(layout.document, layout.mentions), *told.marks(), *_dates(layout, told)]
    for quantity, same in groupby(layout.amounts, key=lambda amount: amount.quantity):
        place = place_of(layout.document, quantity.span)
        own = tuple(fact for fact in facts if fact.span == (place.start, place.end))
        kinds = [amount.kind for amount in same]
        marks.append(
            QuantityMark(
                place=place,
                low=quantity.low,
                high=quantity.high,
                unit=quantity.unit,
                kind=kinds[0],
                facts=own,
                reason=None if own else Reason.NOT_ITS_OWN,
            )
        )
    return Explanation(
        text=layout.document.text.original,
        language=article.language,
        published=article.published,
        projects=tuple(one.scored.project for one in concerned),
        sentences=tuple(sentences(layout.document, marks)),
        claims=(*told.claims(), *_unlearnt(concerned, decoder)),
        facts=tuple(facts),
        reason=None if concerned else Reason.NOT_CONCERNED,
        relevance=tuple((one.scored.project, one.relevance) for one in weighed),
    )


class _Told:
    """The claims about the projects that an article concerns, if they are likely enough to show."""

    def __init__(self, concerned: Sequence[Weighed], least: float, has_stage: HasStage) -> None:
        self._least = least
        self._all = [
            (one.scored, told) for one in concerned for told in one.told if has_stage(one.scored.project, told.stage)
        ]

    def claims(self) -> Iterator[ExplainedClaim]:
        for scored, told in self._all:
            if told.sureness >= self._least:
                for claim in claims_of(scored, told):
                    yield ExplainedClaim(claim=claim, basis=Basis.TOLD, grounds=(), places=(_words(scored, told),))

    def times(self) -> set[int]:
        """The indices of the time expressions that date a claim."""
        return {told.time for _, told in self._all if told.time is not None and told.sureness >= self._least}

    def marks(self) -> Iterator[EventMark]:
        """The words that state something, each stretch once."""
        tellings: dict[Place, list[Telling]] = defaultdict(list)
        for scored, told in self._all:
            for claim in claims_of(scored, told):
                tellings[_words(scored, told)].append(self._telling(claim, told))
        for place, some in tellings.items():
            yield EventMark(
                place=place,
                head=place,
                stages=tuple(dict.fromkeys(telling.stage for telling in some)),
                cues=(),
                hearsay=False,
                tellings=tuple(some),
                reason=None,
            )

    def _telling(self, claim: Claim, told: Told) -> Telling:
        is_claimed = told.sureness >= self._least
        return Telling(
            stage=told.stage,
            state=told.state,
            project=claim.project,
            date=claim.date,
            sureness=claim.confidence,
            claim=claim if is_claimed else None,
            reason=None if is_claimed else Reason.UNSURE,
        )


def _unlearnt(concerned: Sequence[Weighed], decoder: Decoder) -> Iterator[ExplainedClaim]:
    """Claims about stages that only the rules know."""
    for one in concerned:
        for claim in decoder.unlearnt(one.scored):
            yield ExplainedClaim(claim=claim, basis=Basis.TOLD, grounds=(), places=())


def _words(scored: Scored, told: Told) -> Place:
    return Place(*scored.pieces.place(told.words))


def _dates(layout: Layout, told: _Told) -> Iterator[DateMark]:
    used = told.times()
    for number, time in enumerate(layout.times):
        yield DateMark(
            place=place_of(layout.document, time.span),
            behind=time.behind,
            ahead=time.ahead,
            is_superseded=time.is_superseded,
            is_used=number in used,
        )
