"""What became of each event: the claim that it makes, or why it makes none.

The reason is found by trial: what an event would claim alone, and next to which claim of the article it no longer
does. So this module needs no copy of the rules that assemble claims.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from monitor.core.lifecycle import PLANNED, UNDER_WAY
from monitor.core.model import Claim, State
from monitor.core.periods import Period
from monitor.core.reading.claims.claims import assemble
from monitor.core.reading.claims.dated import Dated
from monitor.core.reading.events.events import Told
from monitor.core.reading.explanation import Basis, ExplainedClaim, Place, Reason, Telling
from monitor.core.reading.reader import RuleReader, Steps
from monitor.core.reading.text.document import Document, Span

#: The key of a claim, without its confidence.
_Key = tuple[str, str, State, Period | None, str]


class Outcomes:
    """What became of the events of one article."""

    def __init__(self, reader: RuleReader, document: Document, steps: Steps) -> None:
        self._reader = reader
        self._document = document
        self._events: dict[Told, list[Dated]] = defaultdict(list)
        self._told: dict[tuple[Span, Span], list[Told]] = defaultdict(list)
        for told in dict.fromkeys(steps.told):
            self._told[told.span, told.head].append(told)
        # Two phrases may tell the same in the same words.
        events = dict.fromkeys(steps.events)
        for event in events:
            self._events[event.told].append(event)
        claimed = [each for each in steps.claims if reader.has_stage(each.claim.project, each.claim.stage)]
        self._claims = {_key(each.claim): each.claim for each in claimed}
        self._grounds = {_key(each.claim): each.grounds for each in claimed}
        #: For each claim, the events that make it, in text order.
        self._makers: dict[_Key, list[Dated]] = defaultdict(list)
        for event in events:
            for key in self._alone(event):
                self._makers[key].append(event)

    @property
    def claims(self) -> tuple[ExplainedClaim, ...]:
        """The claims of the article, with what they are made from."""
        return tuple(self._explained(key, claim) for key, claim in self._claims.items())

    def told_at(self, span: Span, head: Span) -> Sequence[Told]:
        """The events that the phrase at this place tells."""
        return self._told[span, head]

    def of(self, told: Told) -> Iterator[Telling]:
        """What became of one event, for each project and date."""
        for event in self._events[told]:
            yield self._telling(event)
        if not self._events[told]:
            yield Telling(
                stage=told.stage,
                state=told.state,
                project=None,
                date=None,
                sureness=told.sureness,
                claim=None,
                reason=Reason.NO_FOCUS,
            )

    def _explained(self, key: _Key, claim: Claim) -> ExplainedClaim:
        heads = [event.told.head for event in self._makers[key]]
        places = dict.fromkeys(Place(*self._document.text.original_span(head.start, head.end)) for head in heads)
        basis = Basis.TOLD if places else Basis.PROGRESS if claim.stage == UNDER_WAY else Basis.DESCRIBED
        return ExplainedClaim(claim=claim, basis=basis, grounds=self._grounds[key], places=tuple(places))

    def _telling(self, event: Dated) -> Telling:
        claim = next((self._claims[key] for key in self._alone(event) if key in self._claims), None)
        reason, because = (None, None) if claim else self._why_not(event)
        return Telling(
            stage=event.told.stage,
            state=event.told.state,
            project=event.project,
            date=event.date,
            sureness=event.told.sureness,
            claim=claim,
            reason=reason,
            because=because,
        )

    def _why_not(self, event: Dated) -> tuple[Reason, Claim | None]:
        if not self._reader.has_stage(event.project, event.told.stage):
            return Reason.NO_STAGE, None
        alone = self._alone(event)
        if not alone:
            return self._why_nothing(event), None
        standing = {key: claim for key, claim in self._claims.items() if claim.project == event.project}
        said = {(stage, state) for _, stage, state, _, _ in alone}
        for claim in standing.values():
            if (claim.stage, claim.state) in said:
                return Reason.SAID_ELSEWHERE, claim
        rivals = ((claim, rival) for key, claim in standing.items() for rival in self._makers[key][:1])
        for claim, rival in rivals:
            if not alone & self._assembled(event, rival):
                return Reason.CONTRADICTED, claim
        return Reason.OUTWEIGHED, None

    def _why_nothing(self, event: Dated) -> Reason:
        """Why an event claims nothing even if it is alone."""
        if event.told.superseded or event.dating.is_superseded:
            return Reason.SUPERSEDED
        return Reason.GONE_BY if event.date else Reason.UNDATED

    def _alone(self, event: Dated) -> frozenset[_Key]:
        """What an event would claim if the article told nothing else."""
        return frozenset(
            key
            for key in self._assembled(event)
            # Any project that is merely described counts as announced.
            if key[1] == event.told.stage and not (key[1:4] == _DESCRIBED and event.told.state is not State.REACHED)
        )

    def _assembled(self, *events: Dated) -> frozenset[_Key]:
        ordered = sorted(events, key=lambda event: event.told.span)
        assembled = assemble(ordered, (), self._document, (events[0].project,), end=len(self._document.sentences))
        return frozenset(_key(each.claim) for each in assembled)


_DESCRIBED = (PLANNED, State.REACHED, None)


def _key(claim: Claim) -> _Key:
    return claim.project, claim.stage, claim.state, claim.date, claim.evidence
