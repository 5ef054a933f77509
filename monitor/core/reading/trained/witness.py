"""The evidence for a claim, a project or a fact: the learnt scores, and the rules as one more witness.

The rules are right for other reasons than the encoder, so both together are right more often than either. The weight
of each ground is fitted on the writers that are held out for it (``Calibration``).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from monitor.core.model import Claim, Fact, FactKind, Reading, State
from monitor.core.reading.trained.scores import log_odds

#: The highest relevance that counts, in log odds: more adds nothing.
_SURELY = 6.0
#: The score of a fact whose amount the encoder does not see.
_UNSEEN = 0.0


class RelevanceGrounds(NamedTuple):
    """The evidence that the article concerns a project."""

    #: In log odds.
    score: float
    is_read_by_rules: bool
    one: float = 1.0


class ClaimGrounds(NamedTuple):
    """The evidence for a claim."""

    #: In log odds.
    score: float
    #: That the article concerns the project, in log odds.
    relevance: float
    is_read_by_rules: bool
    #: The confidence of the rules, in log odds; 0 if they do not make the claim.
    rules: float
    #: The rules read the stage only in another state.
    is_otherwise_by_rules: bool
    #: The rules read that the article concerns the project.
    is_project_of_rules: bool
    is_expected: bool
    is_denied: bool
    one: float = 1.0


class FactGrounds(NamedTuple):
    """The evidence that an amount is a fact about the project."""

    #: In log odds.
    score: float
    is_read_by_rules: bool
    one: float = 1.0


class Witness:
    """What the rules say about one project."""

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
        """The rules' claims about a stage in a state: several if it is expected on several dates."""
        return self._claims.get((stage, state), ())

    def other_claims(self, known: frozenset[str]) -> list[Claim]:
        """The rules' claims about stages that are not in ``known``."""
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
        """``likely`` is the encoder's probability. None if the encoder sees no such amount."""
        is_read = (kind, unit, value) in self.facts
        return FactGrounds(score=_UNSEEN if likely is None else log_odds(likely), is_read_by_rules=is_read)
