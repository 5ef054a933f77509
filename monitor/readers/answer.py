"""Parses the content of a model's answer. It either has the requested form or is rejected."""

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from monitor.core.reading.answered.answer import Answer, SaidClaim, SaidFact


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class _Claim(_Strict):
    project: str
    stage: str
    state: str
    date: str | None
    quote: str


class _Fact(_Strict):
    project: str
    kind: str
    value: float
    unit: str
    quote: str


class _Answer(_Strict):
    projects: list[str]
    claims: list[object]
    facts: list[object]


_M = TypeVar("_M", bound=BaseModel)


def parse_answer(content: str) -> Answer | None:
    """The answer. None if it does not have the requested form. A bad claim or fact is left out."""
    try:
        said = _Answer.model_validate_json(content)
    except ValidationError:
        return None
    claims, facts = _good(said.claims, _Claim), _good(said.facts, _Fact)
    return Answer(
        projects=tuple(said.projects),
        claims=tuple(SaidClaim(**claim.model_dump()) for claim in claims),
        facts=tuple(SaidFact(**fact.model_dump()) for fact in facts),
        malformed=len(said.claims) + len(said.facts) - len(claims) - len(facts),
    )


def _good(items: list[object], model: type[_M]) -> list[_M]:
    found = []
    for item in items:
        try:
            found.append(model.model_validate(item))
        except ValidationError:
            continue
    return found
