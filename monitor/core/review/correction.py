"""What an operator puts in place of a wrong claim or fact."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from monitor.core.model import Fact, Said, State
from monitor.core.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """The parts that are wrong, as they should be. None leaves a part as it is."""

    stage: str | None = None
    state: State | None = None
    date: Period | None = None
    #: Of a fact, in full units.
    value: float | None = None
    unit: str | None = None

    def of(self, wrong: Said, stages: Collection[str]) -> Said:
        """The corrected claim or fact, without doubt.

        Args:
            wrong: what was read.
            stages: the stages and conditions that a claim of its project may name.

        Raises:
            ValueError: nothing is corrected, a claim has no such part, or there is no such stage.
        """
        of_claim, of_amount = (self.stage, self.state, self.date), (self.value, self.unit)
        if not _any((*of_claim, *of_amount)):
            raise ValueError("say what is right: stage, state or date; of an amount value or unit")
        if _any(of_claim if isinstance(wrong, Fact) else of_amount):
            raise ValueError("value and unit are of amounts; stage, state and date are of claims")
        if isinstance(wrong, Fact):
            value = wrong.value if self.value is None else self.value
            return replace(wrong, value=value, unit=self.unit or wrong.unit, confidence=1.0)
        stage = self.stage or wrong.stage
        if stage not in stages:
            raise ValueError(f"no stage '{stage}'; there are {', '.join(stages)}")
        return replace(
            wrong, stage=stage, state=self.state or wrong.state, date=self.date or wrong.date, confidence=1.0
        )


def _any(parts: Collection[object]) -> bool:
    return any(part is not None for part in parts)
