"""What an operator puts in place of a wrong claim or fact."""

from dataclasses import replace

import pytest

from monitor.core.model import Said, State
from monitor.core.periods import Period
from monitor.core.review.correction import Correction
from tests.builders import make_claim, make_fact

CLAIM, FACT = make_claim(confidence=0.4), make_fact(confidence=0.4)
STAGES = (CLAIM.stage, "operating")


@pytest.mark.parametrize(
    ("wrong", "correction", "right"),
    [
        (CLAIM, Correction(stage="operating"), replace(CLAIM, stage="operating", confidence=1.0)),
        (CLAIM, Correction(state=State.EXPECTED), replace(CLAIM, state=State.EXPECTED, confidence=1.0)),
        (CLAIM, Correction(date=Period.year(2027)), replace(CLAIM, date=Period.year(2027), confidence=1.0)),
        (FACT, Correction(value=0.0), replace(FACT, value=0.0, confidence=1.0)),
        (FACT, Correction(unit="EUR"), replace(FACT, unit="EUR", confidence=1.0)),
    ],
)
def test_only_the_parts_that_are_wrong_are_replaced(wrong: Said, correction: Correction, right: Said) -> None:
    assert correction.of(wrong, STAGES) == right


@pytest.mark.parametrize(
    ("wrong", "correction", "reason"),
    [
        (CLAIM, Correction(), "say what is right"),
        (FACT, Correction(), "say what is right"),
        (CLAIM, Correction(value=1.0), "value and unit are of amounts"),
        (CLAIM, Correction(stage="operating", unit="t"), "value and unit are of amounts"),
        (FACT, Correction(date=Period.year(2027)), "stage, state and date are of claims"),
        (CLAIM, Correction(stage="launched"), "no stage 'launched'; there are"),
    ],
)
def test_what_cannot_be_right_is_refused(wrong: Said, correction: Correction, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        correction.of(wrong, STAGES)
