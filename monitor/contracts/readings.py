"""What ``monitor read`` prints with ``--json``: one reading, with its claims and facts."""

from monitor.contracts.plain import Json
from monitor.core.event import whole
from monitor.core.folding.listing import date_field
from monitor.core.model import Claim, Fact, Reading, Said


def reading_json(article_id: str, reading: Reading) -> Json:
    """One line of ``monitor read``."""
    return {
        "id": article_id,
        "language": reading.language,
        "projects": list(reading.projects),
        "claims": [claim_json(claim) for claim in reading.claims],
        "facts": [fact_json(fact) for fact in reading.facts],
    }


def claim_json(claim: Claim) -> Json:
    return {
        "project": claim.project,
        "stage": claim.stage,
        "state": claim.state.value,
        "date": date_field(claim.date),
        "confidence": claim.confidence,
        "evidence": claim.evidence,
    }


def said_json(said: Said) -> Json:
    """A claim or a fact, with its confidence."""
    return claim_json(said) if isinstance(said, Claim) else {**fact_json(said), "confidence": said.confidence}


def fact_json(fact: Fact) -> Json:
    return {
        "project": fact.project,
        "kind": fact.kind.value,
        "value": whole(fact.value),
        "unit": fact.unit,
        "evidence": fact.evidence,
    }
