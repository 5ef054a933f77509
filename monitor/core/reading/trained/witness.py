"""What speaks for a claim, for a project, for a fact: learnt scores, and the rules as one more witness.

The rules are right for other reasons than the encoder is, so both together are right more often than either. What each
ground weighs is fitted on the writers that are kept for it (``Calibration``).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from monitor.core.model import Claim, Fact, FactKind, Reading, State
from monitor.core.reading.trained.scores import log_odds

#: So surely a project is concerned that more would add nothing.
_SURELY = 6.0
#: The score of a fact for which the encoder sees no amount.
_UNSEEN = 0.0


class RelevanceGrounds(NamedTuple):
    """What speaks for a project being concerned."""

    #: In log odds.
    score: float
    is_read_by_rules: bool
    one: float = 1.0


class ClaimGrounds(NamedTuple):
    """What speaks for a claim."""

    #: In log odds.
    score: float
    #: That the article concerns the project, in log odds.
    relevance: float
    is_read_by_rules: bool
    #: How sure they are, in log odds.
    rules: float
    #: They read the stage in another state.
    is_otherwise_by_rules: bool
    #: They take the project for concerned.
    is_project_of_rules: bool
    is_expected: bool
    is_denied: bool
    one: float = 1.0


class FactGrounds(NamedTuple):
    """What speaks for an amount being a fact of the project."""

    #: In log odds.
    score: float
    is_read_by_rules: bool
    one: float = 1.0


class Witness:
    """What the rules say of one project."""

    def __init__(self, rules: Reading, project: str) -> None:
        self._is_concerned = project in rules.projects
        self._claims: dict[tuple[str, State], list[Claim]] = defaultdict(list)
        for claim in rules.claims:
            if claim.project == project:
                self._claims[claim.stage, claim.state].append(claim)
        self.facts: Mapping[tuple[FactKind, str, float], Fact] = {
            (fact.kind, fact.unit, fact.value): fact for fact in rules.facts if fact.project == project
        }

    def read(self, stage: str, state: State) -> Sequence[Claim]:
        """The claims that they make of a stage in a state: several where it is expected on several dates."""
        return self._claims.get((stage, state), ())

    def other_claims(self, known: frozenset[str]) -> list[Claim]:
        """Those of stages that the encoder does not know."""
        return [claim for same in self._claims.values() for claim in same if claim.stage not in known]

    def relevance_grounds(self, score: float) -> RelevanceGrounds:
        return RelevanceGrounds(score=score, is_read_by_rules=self._is_concerned)

    def claim_grounds(self, stage: str, state: State, *, score: float, relevance: float) -> ClaimGrounds:
        own = self.read(stage, state)
        return ClaimGrounds(
            score=score,
            relevance=min(relevance, _SURELY),
            is_read_by_rules=bool(own),
            rules=max((log_odds(claim.confidence) for claim in own), default=0.0),
            is_otherwise_by_rules=not own and any(self.read(stage, other) for other in State),
            is_project_of_rules=self._is_concerned,
            is_expected=state is State.EXPECTED,
            is_denied=state is State.DENIED,
        )

    def fact_grounds(self, kind: FactKind, unit: str, value: float, *, likely: float | None) -> FactGrounds:
        """``likely`` is the encoder's probability; None where it sees no such amount."""
        is_read = (kind, unit, value) in self.facts
        return FactGrounds(score=_UNSEEN if likely is None else log_odds(likely), is_read_by_rules=is_read)
