"""Explains a reading by the trained reader: what it found where, what came of it, and how likely that is."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from monitor.core.model import Article, Claim
from monitor.core.reading.explanation import (
    DateMark,
    DropReason,
    EventMark,
    ExplainedClaim,
    ExplainedSentence,
    Explanation,
    HintMark,
    Mark,
    NameMark,
    QuantityMark,
    Stretch,
)
from monitor.core.reading.layout import Layout
from monitor.core.reading.projects.matching import MentionRole
from monitor.core.reading.segment import text_of
from monitor.core.reading.text.text import Document, Span
from monitor.core.reading.trained.decoding import DecodedClaim, Decoder, ScoredCandidate, claim_of
from monitor.core.reading.trained.scores import Scored

#: Claims less likely than this are not shown.
_FLOOR = 0.1
#: Takes a project and a stage or condition: what its lifecycle calls it. None if it has none like it.
CallStage = Callable[[str, str], str | None]


def explain(article: Article, scored: Sequence[Scored], decoder: Decoder, called: CallStage) -> Explanation:
    """Explain how the trained reader reads an article. The claims and facts are those of its reading.

    Args:
        article: the article, as it is read.
        scored: its scores for each candidate; empty if it can concern no project.
        decoder: the decoder of the reader.
        called: what the lifecycle of a project calls a stage.
    """
    if not scored:
        return unread(article, DropReason.NOTHING_NAMED)
    layout = scored[0].layout
    weighed = [decoder.weigh(one, floor=_FLOOR) for one in scored]
    concerned = [one for one in weighed if one.is_relevant]
    told = _LikelyClaims(concerned, decoder.calibration.claim, called)
    facts = tuple(fact for one in concerned for fact in decoder.facts_of(one))
    marks: list[Mark] = [*_names(layout), *_hints(layout), *told.marks(), *_dates(layout, told.times())]
    for quantity, same in groupby(layout.amounts, key=lambda amount: amount.quantity):
        place = _place(layout.document, quantity.span)
        own = tuple(fact for fact in facts if fact.span == (place.start, place.end))
        kind = next(amount.kind for amount in same)
        marks.append(
            QuantityMark(
                place=place,
                low=quantity.low,
                high=quantity.high,
                unit=quantity.unit,
                kind=kind,
                facts=own,
                reason=None if own else DropReason.NOT_ITS_OWN,
            )
        )
    return Explanation(
        text=layout.document.text.original,
        language=article.language,
        published=article.published,
        projects=tuple(one.scored.project for one in concerned),
        sentences=tuple(_sentences(layout.document, marks)),
        claims=tuple(told.claims()),
        facts=facts,
        reason=None if concerned else DropReason.NOT_CONCERNED,
        relevance=tuple((one.scored.project, one.relevance) for one in weighed),
    )


def unread(article: Article, reason: DropReason) -> Explanation:
    """The explanation of an article in which nothing is looked for."""
    text = text_of(article).original
    return Explanation(
        text=text,
        language=article.language,
        published=article.published,
        projects=(),
        sentences=(ExplainedSentence(place=Stretch(0, len(text)), is_title=False, marks=()),),
        claims=(),
        facts=(),
        reason=reason,
    )


class _LikelyClaims:
    """The claims about the projects that an article concerns, if they are likely enough to show."""

    def __init__(self, concerned: Sequence[ScoredCandidate], least: float, called: CallStage) -> None:
        self._least = least
        self._all = [
            (one.scored, told._replace(stage=stage))
            for one in concerned
            for told in one.told
            if (stage := called(one.scored.project, told.stage))
        ]

    def claims(self) -> Iterator[Claim]:
        return (claim_of(scored, told) for scored, told in self._all if told.sureness >= self._least)

    def times(self) -> set[int]:
        """The indices of the time expressions that date a claim."""
        return {told.time for _, told in self._all if told.time is not None and told.sureness >= self._least}

    def marks(self) -> Iterator[EventMark]:
        """The words that state something, each stretch once."""
        tellings: dict[Stretch, list[ExplainedClaim]] = defaultdict(list)
        for scored, told in self._all:
            place = Stretch(*scored.pieces.place(told.words))
            tellings[place].append(self._telling(claim_of(scored, told), told))
        return (EventMark(place=place, tellings=tuple(some)) for place, some in tellings.items())

    def _telling(self, claim: Claim, told: DecodedClaim) -> ExplainedClaim:
        is_claimed = told.sureness >= self._least
        return ExplainedClaim(
            stage=told.stage,
            state=told.state,
            project=claim.project,
            date=claim.date,
            sureness=claim.confidence,
            claim=claim if is_claimed else None,
            reason=None if is_claimed else DropReason.UNSURE,
        )


def _place(document: Document, span: Span) -> Stretch:
    return Stretch(*document.text.original_span(*span))


def _names(layout: Layout) -> Iterator[NameMark]:
    """The words by which projects are known, each once with all its projects."""
    projects: dict[tuple[Span, MentionRole], dict[str, None]] = defaultdict(dict)
    words: dict[tuple[Span, MentionRole], str] = {}
    for mention in layout.mentions:
        projects[mention.span, mention.role].update(dict.fromkeys(mention.projects))
        words.setdefault((mention.span, mention.role), mention.word)
    for (span, role), named in projects.items():
        place = _place(layout.document, span)
        yield NameMark(place=place, role=role, word=words[span, role], projects=tuple(named))


def _hints(layout: Layout) -> Iterator[HintMark]:
    for span, flag in dict.fromkeys(layout.hits):
        yield HintMark(place=_place(layout.document, span), says=flag.name.lower().replace("_", " "))


def _dates(layout: Layout, used: set[int]) -> Iterator[DateMark]:
    for number, time in enumerate(layout.times):
        yield DateMark(
            place=_place(layout.document, time.span),
            behind=time.behind,
            ahead=time.ahead,
            is_superseded=time.is_superseded,
            is_used=number in used,
        )


def _sentences(document: Document, marks: Sequence[Mark]) -> Iterator[ExplainedSentence]:
    """The sentences with their marks."""
    ordered = sorted(marks, key=lambda mark: (mark.place.start, -mark.place.end))
    starts = [mark.place.start for mark in ordered]
    for sentence in document.sentences:
        place = _place(document, sentence.span)
        yield ExplainedSentence(
            place=place,
            is_title=sentence.is_title,
            marks=tuple(ordered[bisect_left(starts, place.start) : bisect_left(starts, place.end)]),
        )
