"""What an operator puts in place of a wrong claim or fact."""

from dataclasses import replace

import pytest

from monitor.core.model import Said, State
from monitor.core.periods import Period
from monitor.core.review import ClaimCorrection
from tests.builders import make_claim, make_fact

CLAIM, FACT = make_claim(confidence=0.4), make_fact(confidence=0.4)
STAGES = (CLAIM.stage, "operating")


@pytest.mark.parametrize(
    ("wrong", "correction", "right"),
    [
        (CLAIM, ClaimCorrection(stage="operating"), replace(CLAIM, stage="operating", confidence=1.0)),
        (CLAIM, ClaimCorrection(state=State.EXPECTED), replace(CLAIM, state=State.EXPECTED, confidence=1.0)),
        (CLAIM, ClaimCorrection(date=Period.year(2027)), replace(CLAIM, date=Period.year(2027), confidence=1.0)),
        (FACT, ClaimCorrection(value=0.0), replace(FACT, value=0.0, confidence=1.0)),
        (FACT, ClaimCorrection(unit="EUR"), replace(FACT, unit="EUR", confidence=1.0)),
    ],
)
def test_only_the_parts_that_are_wrong_are_replaced(wrong: Said, correction: ClaimCorrection, right: Said) -> None:
    assert correction.of(wrong, STAGES) == right


@pytest.mark.parametrize(
    ("wrong", "correction", "reason"),
    [
        (CLAIM, ClaimCorrection(), "say what is right"),
        (FACT, ClaimCorrection(), "say what is right"),
        (CLAIM, ClaimCorrection(value=1.0), "value and unit are of amounts"),
        (CLAIM, ClaimCorrection(stage="operating", unit="t"), "value and unit are of amounts"),
        (FACT, ClaimCorrection(date=Period.year(2027)), "stage, state and date are of claims"),
        (CLAIM, ClaimCorrection(stage="launched"), "no stage 'launched'; there are"),
    ],
)
def test_what_cannot_be_right_is_refused(wrong: Said, correction: ClaimCorrection, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        correction.of(wrong, STAGES)
